#!/usr/bin/env bash
# What more output species cost, and how well they are predicted: 49 species of ARCA's Hyde scheme to all of its 2439.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/../.."

usage() {
  cat <<'TEXT'
bash examples/arca/scaling.sh [--data FOLDER] [--mechanism FOLDER] [--scenarios N] [--minutes M] [--help]

Makes data of all species, trains ChemNNE from 49 species to the first 49, 100, 400, 1000 and 2439 of the mechanism for the
same time on them, and prints cost and error. (From the 50th on these are other species than those of tasks 2 and 3.)

  --data FOLDER       holds arca_hyde_train.nc, which names the species that are given (default ../shared/data)
  --mechanism FOLDER  second.def and Elements.txt of ARCA's Hyde scheme (default ../shared/mechanisms/arca/hyde)
  --scenarios N       four windows each, 2.4 MB of disk and memory; a thousand take about 13 minutes of a core (default
                      1000), and a tenth as many to validate
  --minutes M         time to train each network, one thread, one after the other (default 5)

Results: build/arca/scaling/results.csv. Started again, it goes on where it stopped.
TEXT
}

data=../shared/data
mechanism=../shared/mechanisms/arca/hyde
scenarios=1000
minutes=5
while [ $# -gt 0 ]; do
  case "$1 $#" in
    "--data "[2-9]*) data=$(cd "$here" && realpath -m "$2"); shift ;;
    "--mechanism "[2-9]*) mechanism=$(cd "$here" && realpath -m "$2"); shift ;;
    "--scenarios "[2-9]*) scenarios=$2; shift ;;
    "--minutes "[2-9]*) minutes=$2; shift ;;
    "--help "* | "-h "*) usage; exit 0 ;;
    *) echo "scaling: '$1' is not an option or lacks its value" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
for file in "$data/arca_hyde_train.nc" "$mechanism/second.def" "$mechanism/Elements.txt"; do
  [ -e "$file" ] || { echo "scaling: $file is not there (--data FOLDER, --mechanism FOLDER)" >&2; exit 2; }
done

results=build/arca/scaling
programs=build/release/bin
mkdir -p "$results"

source examples/build_environment.sh
source examples/arca/tasks.sh
install_missing_packages
sizes=(49 100 400 1000 2439)
configure_and_build release chemnne_mechanism "${sizes[@]/#/chemnne_arca_outputs_}"

generate() { # <split> <scenarios>
  [ -e "$results/$1-$2.nc" ] && return
  echo "== data for $1"
  "$programs/chemnne_mechanism" generate "$mechanism/second.def" --elements "$mechanism/Elements.txt" \
    --ranges examples/arca/hyde.toml --inputs "$data/arca_hyde_train.nc" --outputs all \
    --rtol 1e-5 --scenarios "$2" --windows 4 --split "$1" --output "$results/$1-$2.nc"
}
held_out=$(((scenarios + 9) / 10))
generate train "$scenarios"
generate validation "$held_out"
training=$results/train-$scenarios.nc
validation=$results/validation-$held_out.nc

number() { # <key> <file>: its first value in results.json
  sed -nE "s/.*\"$1\": *([-+0-9.eE]+).*/\\1/p" "$2" | sed 1q
}

echo "outputs,parameters,epochs,rmse_standardised,persistence,microseconds_per_cell" >"$results/results.csv"
for size in "${sizes[@]}"; do
  program=$programs/chemnne_arca_outputs_$size
  run=$results/$size-$scenarios-$minutes
  # What is not given is learnt by heart: the options of tasks 2 and 3 (examples/arca/tasks.sh).
  if ! grep -q "validation RMSE .* (standardised)" "$run.log" 2>/dev/null; then
    echo "== training, $size species"
    "$program" train --data "$training" --validation "$validation" --conditions "$conditions" --out "$run.safetensors" \
      --minutes "$minutes" --threads 1 --weight-decay 1 --linear-beyond inf >"$run.log" 2>&1 ||
      { tail -n 3 "$run.log" >&2; exit 1; }
  fi
  "$program" evaluate --data "$validation" --model "$run.safetensors" --report "$run" >/dev/null
  sed -n 's/.*: \([0-9]*\) parameters, \([0-9]*\) epochs .*/\1,\2/p' "$run.log" | tail -n 1 | tr '\n' ',' |
    sed "s/^/$size,/" >>"$results/results.csv"
  report=$run/results.json
  LC_ALL=C printf "%.4f,%.4f,%.1f\n" "$(number rmse_standardised "$report")" "$(number persistence_rmse_standardised "$report")" \
    "$(number microseconds_per_cell "$report")" >>"$results/results.csv"
done
column -t -s, "$results/results.csv"
echo "$results/results.csv"
