#!/usr/bin/env bash
# What each part of ChemNNE is worth on task 1: networks with one thing changed, several seeds each.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/../.."

usage() {
  cat <<'TEXT'
bash examples/arca/ablations.sh [--data FOLDER] [--minutes M] [--seeds N] [--help]

Trains ChemNNE on task 1 (49 -> 49 species) with one thing changed at a time and prints the validation error of each,
mean and standard deviation over seeds. Training data: arca_hyde_train.nc and what examples/arca/run.sh has added.

  --data FOLDER  holds arca_hyde_train.nc and arca_hyde_validation.nc (default ../shared/data)
  --minutes M    time to train each network, one thread (default 1)
  --seeds N      networks of each kind (default 3)

Results: build/arca/ablations-M-minutes.csv. Started again, it goes on where it stopped.
TEXT
}

data=../shared/data
minutes=1
seeds=3
while [ $# -gt 0 ]; do
  case "$1 $#" in
    "--data "[2-9]*) data=$(cd "$here" && realpath -m "$2"); shift ;;
    "--minutes "[2-9]*) minutes=$2; shift ;;
    "--seeds "[2-9]*) seeds=$2; shift ;;
    "--help "* | "-h "*) usage; exit 0 ;;
    *) echo "ablations: '$1' is not an option or lacks its value" >&2; usage >&2; exit 2 ;;
  esac
  shift
done

results=build/arca/ablations-$minutes-minutes
program=build/release/bin/chemnne_arca_ablations
conditions=temperature,air_number_density,water_vapour_number_density,actinic_scaling,h2so4_condensation_sink
mkdir -p "$results"
source examples/build_environment.sh
install_missing_packages
configure_and_build release chemnne_arca_ablations

# <name> <architecture> [<option of train>...]
changes=(
  "chemnne chemnne"
  "solver-convolution solver-convolution"
  "solver-dense solver-dense"
  "solver-none solver-none"
  "no-attention no-attention"
  "no-exponentials no-exponentials"
  "identity-by-loss identity-by-loss"
  "no-residual-integral no-residual-integral"
  "bands-0 bands-0"
  "bands-8 bands-8"
  "nodes-4 nodes-4"
  "nodes-10 nodes-10"
  "modes-1 modes-1"
  "modes-2 modes-2"
  "blocks-1 blocks-1"
  "blocks-4 blocks-4"
  "width-32 width-32"
  "width-128 width-128"
  "encoder-128 encoder-128"
  "encoder-512 encoder-512"
  "omega-0.5 omega-0.5"
  "omega-5 omega-5"
  "omega-30 omega-30"
  "sine-encoder sine-encoder"
  "no-first-derivative-loss chemnne --weight-first-derivative 0"
  "no-second-derivative-loss chemnne --weight-second-derivative 0"
  "no-conservation-loss chemnne --weight-conservation 0"
  "squared-error-alone chemnne --weight-first-derivative 0 --weight-second-derivative 0 --weight-conservation 0"
)

shopt -s nullglob
training=("$data/arca_hyde_train.nc" build/arca/more*.nc)

train() { # <seed> <name> <architecture> [<option>...]
  local seed=$1 name=$2 architecture=$3
  shift 3
  local log="$results/$name-$seed.log"
  grep -q "validation RMSE .* (standardised)" "$log" 2>/dev/null && return
  "$program" train --data "${training[@]}" --validation "$data/arca_hyde_validation.nc" --conditions "$conditions" \
    --architecture "$architecture" --out "$results/$name-$seed.safetensors" --minutes "$minutes" --threads 1 --seed "$seed" \
    --weight-decay 0.3 "$@" >"$log" 2>&1 || { tail -n 3 "$log" >&2; return 1; }
}

echo "Training ${#changes[@]} networks of $seeds seeds for $minutes minutes each on ${#training[@]} file(s)"
for ((seed = 1; seed <= seeds; ++seed)); do
  for change in "${changes[@]}"; do
    # shellcheck disable=SC2086  # the options are words
    train "$seed" $change &
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
  done
done
wait

echo "change,mean,deviation,seeds" >"$results.csv"
for change in "${changes[@]}"; do
  name=${change%% *}
  sed -n 's/.*validation RMSE \([0-9.]*\) (standardised)/\1/p' "$results/$name"-*.log |
    awk -v name="$name" '{ sum += $1; square += $1 * $1; ++n }
      END { mean = sum / n; variance = n > 1 ? (square - n * mean * mean) / (n - 1) : 0
            printf "%s,%.4f,%.4f,%d\n", name, mean, sqrt(variance > 0 ? variance : 0), n }' >>"$results.csv"
done
column -t -s, "$results.csv"
echo "$results.csv"
