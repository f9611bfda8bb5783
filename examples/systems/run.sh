#!/usr/bin/env bash
# Emulators of four test problems that are no atmosphere: data, training and evaluation of each, and one table.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
  cat <<'TEXT'
bash examples/systems/run.sh [--minutes M] [--threads N] [--help]

Installs what is missing from Debian, builds, and for each of Lotka-Volterra, Robertson, POLLU and the Brusselator with
diffusion: samples scenarios, trains an emulator, evaluates it against the reference on held-out scenarios, with 24 hourly
steps fed back. Takes about a quarter of an hour on two cores. Started again, it goes on where it stopped.

  --minutes M   time to train each network (default 1)
  --threads N   threads of data generation and training (default: one a core)

Results: build/systems/SYSTEM/results.json, report.html, model.safetensors
TEXT
}

minutes=1
threads=$(nproc)
while [ $# -gt 0 ]; do
  case "$1 $#" in
    "--minutes "[2-9]*) minutes=$2; shift ;;
    "--threads "[2-9]*) threads=$2; shift ;;
    "--help "* | "-h "*) usage; exit 0 ;;
    *) echo "run: '$1' is not an option or lacks its value" >&2; usage >&2; exit 2 ;;
  esac
  shift
done

programs=build/release/bin

# step <name> <command>...: runs the command unless an earlier run has finished it.
step() {
  local name=$1
  shift
  if [ -e "$results/.done/$name" ]; then
    echo "== $system, $name: done before"
    return
  fi
  echo "== $system, $name"
  "$@"
  touch "$results/.done/$name"
}

generate() { # <split> <scenarios>
  "$program" generate --scenarios "$2" --windows 2 --seed 1 --split "$1" --threads "$threads" --output "$results/$1.nc"
}

# run <system> <scenarios> <conditions>: the conditions are columns of the data set, parameters of the mechanism.
run() {
  system=$1
  program=$programs/chemnne_$system
  results=build/systems/$system
  # Results of other settings or of another program are no part of this run.
  local settings
  settings="minutes $minutes, scenarios $2, program $(sha256sum <"$program" | cut -c1-16)"
  mkdir -p "$results"
  if [ "$(cat "$results/settings" 2>/dev/null)" != "$settings" ]; then
    rm -rf "${results:?}"
    mkdir -p "$results/.done"
    echo "$settings" >"$results/settings"
  fi
  step "training data" generate train "$2"
  step "validation data" generate validation 500
  step "test data" generate test 500
  step "training" "$program" train --data "$results/train.nc" --validation "$results/validation.nc" --conditions "$3" \
    --out "$results/model.safetensors" --minutes "$minutes" --threads "$threads" --resume
  step "evaluation" "$program" evaluate --data "$results/test.nc" --model "$results/model.safetensors" --report "$results" \
    --threads "$threads"
}

number() { # <key>: its first value in results.json, to three digits
  local value
  value=$(sed -nE "s/.*\"$1\": *([-+0-9.eE]+).*/\\1/p" "$results/results.json" | sed 1q)
  LC_ALL=C printf "%.3g" "${value:-nan}"
}

row() { # <system> <name>
  results=build/systems/$1
  printf "%-17s %10s %12s %10s %12s %10s %10s\n" "$2" "$(number rmse_standardised)" \
    "$(number persistence_rmse_standardised)" "$(number rollout_24h_rmse_standardised)" \
    "$(number mean_persistence_rmse_standardised)" "$(number microseconds_per_cell)" \
    "$(number reference_microseconds_per_cell)"
}

source examples/build_environment.sh
install_missing_packages
configure_and_build release chemnne_lotka_volterra chemnne_robertson chemnne_pollu chemnne_brusselator

run lotka_volterra 10000 growth,death
run robertson 5000 slow
run pollu 10000 light
run brusselator 10000 b

cat <<'TEXT'

Held-out scenarios, error of standardised log10 concentrations (RMSE), and microseconds for an hour in a cell:

                         one hour              24 hourly steps fed back      microseconds
                    emulator  persistence   emulator  persistence   emulator      CVODE
TEXT
row lotka_volterra "Lotka-Volterra"
row robertson "Robertson"
row pollu "POLLU"
row brusselator "Brusselator, 1-D"
cat <<'TEXT'

CVODE: relative tolerance 1e-4, one call an hour. Reports: build/systems/*/report.html
TEXT
