#!/usr/bin/env bash
# From a mechanism to a trained emulator and a step in a host program.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
bash examples/quickstart.sh [--minutes M] [--scenarios N] [--help]

Installs what is missing from Debian, builds, and runs the main job on the embedded mechanism of 49 compounds:
reference trajectories, training, evaluation against the reference and two baselines, report, one step of a host.
Takes 12 minutes on two cores, and some for the build. Started again, it goes on where it stopped.

  --minutes M     time to train each of the two networks (default 4)
  --scenarios N   sampled scenarios in the training set, two one-hour windows each (default 26000)

Results: build/quickstart/results.json, report.html, model.safetensors
TEXT
}

minutes=4
scenarios=26000
while [ $# -gt 0 ]; do
  case "$1 $#" in
    "--minutes "[2-9]*) minutes=$2; shift ;;
    "--scenarios "[2-9]*) scenarios=$2; shift ;;
    "--help "* | "-h "*) usage; exit 0 ;;
    *) echo "quickstart: '$1' is not an option or lacks its value" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
held_out=$((scenarios < 5000 ? (scenarios + 9) / 10 : 500))

results=build/quickstart
programs=build/release/bin
emulator=$programs/chemnne_troposphere

# step <name> <command>...: runs the command unless an earlier run has finished it.
step() {
  local name=$1
  shift
  if [ -e "$results/.done/$name" ]; then
    echo "== $name: done before"
    return
  fi
  echo "== $name"
  "$@"
  touch "$results/.done/$name"
}

generate() { # <split> <scenarios>
  "$emulator" generate --scenarios "$2" --windows 2 --seed 1 --split "$1" --output "$results/$1.nc"
}

train() { # <file> <architecture>
  "$emulator" train --data "$results/train.nc" --validation "$results/validation.nc" --out "$results/$1" \
    --architecture "$2" --minutes "$minutes" --threads "$(nproc)" --resume
}

number() { # <key> [<object>]: its first value in results.json, or the first in the named object, to four digits
  local value
  value=$(sed -nE "/\"${2:-}/,\$ s/.*\"$1\": *([-+0-9.eE]+).*/\\1/p" "$results/results.json" | sed 1q)
  LC_ALL=C printf "%.4g" "${value:-nan}"
}

source examples/build_environment.sh
install_missing_packages
configure_and_build release chemnne_troposphere chemnne_mechanism 02_columns

# Results of other settings or of another program are no part of this run.
mkdir -p "$results"
settings="minutes $minutes, scenarios $scenarios, program $(sha256sum <"$emulator" | cut -c1-16)"
if [ "$(cat "$results/settings" 2>/dev/null)" != "$settings" ]; then
  rm -rf "${results:?}"
  mkdir -p "$results/.done"
  echo "$settings" >"$results/settings"
fi

"$programs/chemnne_mechanism" info examples/mechanisms/troposphere.eqn
step "training data" generate train "$scenarios"
step "validation data" generate validation "$held_out"
step "test data" generate test "$held_out"
step "training ChemNNE" train model.safetensors chemnne
step "training the baseline, an MLP for each output time" train mlp.safetensors mlp
step "calibration of the uncertainty" "$emulator" calibrate --model "$results/model.safetensors" --data "$results/train.nc" \
  --held-out "$results/validation.nc"
step "evaluation" "$emulator" evaluate --data "$results/test.nc" --model "$results/model.safetensors" \
  --baseline "mlp=$results/mlp.safetensors" --report "$results"
echo "== one step in a host program"
"$programs/02_columns" "$results/model.safetensors"

cat <<TEXT

Held-out scenarios, error of standardised log10 concentrations (RMSE):
  ChemNNE                        $(number rmse_standardised)
  MLP, same training time        $(number rmse_standardised mlp)
  persistence, x(t) = x(0)       $(number persistence_rmse_standardised)
  ChemNNE fed back for 24 hours  $(number rollout_24h_rmse_standardised)
Time for an hour of chemistry in a cell, microseconds:
  ChemNNE                        $(number microseconds_per_cell)
  CVODE, relative tolerance 1e-4 $(number reference_microseconds_per_cell)
  Rodas3 over SIMD lanes, 1e-3   $(number solver_microseconds_per_cell)
Drift of total mass, mean: $(number mass_drift_mean)

Report:  $results/report.html
Numbers: $results/results.json
Network: $results/model.safetensors
TEXT
