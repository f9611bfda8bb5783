#!/usr/bin/env bash
# What ChemNNE is worth against other networks, and what its parts and its size are worth: equal times, several seeds.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/../.."

usage() {
  cat <<'TEXT'
bash examples/arca/compare.sh baselines|ablations|sizes [--tasks LIST] [--data FOLDER] [--minutes M] [--seeds N] [--help]

baselines: trains ChemNNE and the networks it is compared with for the same time on tasks 1 to 3. ablations: trains
the paper's network with one thing changed at a time on task 1 (49 -> 49 species). sizes: trains ChemNNE in ten sizes on
task 1, with days in a host. Prints the errors of each network on the validation windows, mean and standard deviation over
seeds: RMSE in both normalisations, median over the species of the normalised mean error; and the time of a step. Training
data: arca_hyde_train.nc and what examples/arca/run.sh has added.

  --tasks LIST   of the baselines, with commas between (default task1,task2,task3)
  --data FOLDER  holds arca_hyde_train.nc and arca_hyde_validation.nc (default ../shared/data)
  --minutes M    time to train each network, one thread (default 1); in tasks 2 and 3 twenty epochs on the data set of the
                 task alone follow
  --seeds N      networks of each kind (default 3)

Results: build/arca/<what>-M-minutes.csv, of sizes also a figure (.png, where gnuplot is). Started again, it goes on where it stopped. One training a core: leave the
machine alone, or what the others get is not the same time.
TEXT
}

what=${1:-}
case $what in
  baselines | ablations | sizes) shift ;;
  --help | -h) usage; exit 0 ;;
  *) echo "compare: baselines, ablations or sizes?" >&2; usage >&2; exit 2 ;;
esac
data=../shared/data
tasks=task1,task2,task3
minutes=1
seeds=3
while [ $# -gt 0 ]; do
  case "$1 $#" in
    "--data "[2-9]*) data=$(cd "$here" && realpath -m "$2"); shift ;;
    "--tasks "[2-9]*) tasks=$2; shift ;;
    "--minutes "[2-9]*) minutes=$2; shift ;;
    "--seeds "[2-9]*) seeds=$2; shift ;;
    "--help "* | "-h "*) usage; exit 0 ;;
    *) echo "compare: '$1' is not an option or lacks its value" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
for file in arca_hyde_train.nc arca_hyde_validation.nc; do
  [ -e "$data/$file" ] || { echo "compare: $data/$file is not there (--data FOLDER)" >&2; exit 2; }
done

# <task> <name> <architecture> [<option of train>...]
networks=()
programs=()
if [ "$what" = baselines ]; then
  for task in ${tasks//,/ }; do
    case $task in task[123]) ;; *) echo "compare: no task '$task'" >&2; exit 2 ;; esac
    programs+=("chemnne_arca_compare_$task")
    for name in chemnne fno transformer linear-ode gru deeponet pod mlp; do
      networks+=("$task $name $name")
    done
  done
elif [ "$what" = sizes ]; then
  programs=(chemnne_arca_sizes)
  for name in paper paper-residual-5 own-modes-3 plain-3 residual-3 residual-5 residual-7 residual-12 narrow-9 wide-5; do
    networks+=("task1 $name $name")
  done
else
  programs=(chemnne_arca_ablations)
  for name in paper solver-convolution solver-dense solver-none no-attention no-exponentials identity-by-loss \
    no-residual-integral bands-0 bands-8 nodes-4 nodes-10 modes-1 modes-2 blocks-1 blocks-4 width-32 width-128 encoder-128 \
    encoder-512 omega-0.5 omega-5 omega-30 sine-encoder; do
    networks+=("task1 $name $name")
  done
  first="--weight-first-derivative 0" second="--weight-second-derivative 0" conservation="--weight-conservation 0"
  networks+=(
    "task1 no-first-derivative-loss paper $first"
    "task1 no-second-derivative-loss paper $second"
    "task1 no-conservation-loss paper $conservation"
    "task1 state-error-alone paper $first $second $conservation"
    "task1 squared-errors paper --linear-beyond inf"
  )
fi

results=build/arca/$what-$minutes-minutes
mkdir -p "$results"
source examples/build_environment.sh
source examples/arca/tasks.sh
install_missing_packages
configure_and_build release "${programs[@]}"

shopt -s nullglob
training=("$data/arca_hyde_train.nc" build/arca/scenarios*.nc)
days=()
[ "$what" = sizes ] && days=(build/arca/days*.nc)
settings=$(stat -c '%n, %s bytes' "${training[@]}" ${days[@]+"${days[@]}"})
if [ -e "$results/settings" ] && [ "$(cat "$results/settings")" != "$settings" ]; then
  echo "compare: the networks in $results were trained on other data: move that folder away" >&2
  exit 2
fi
echo "$settings" >"$results/settings"

program() { # <task>
  if [ "$what" = baselines ]; then echo "build/release/bin/chemnne_arca_compare_$1"; else echo "build/release/bin/chemnne_arca_$what"; fi
}

train() { # <seed> <task> <name> <architecture> <option>...
  local seed=$1 task=$2 name=$3 architecture=$4
  shift 4
  local file="$results/$task-$name-$seed"
  grep -q "validation RMSE .* (standardised)" "$file.log" 2>/dev/null && return
  train_network "$(program "$task")" "$task" "$architecture" "$file.safetensors" "$minutes" --seed "$seed" "$@"
}

echo "Training ${#networks[@]} networks of $seeds seeds for $minutes minutes each on ${#training[@]} file(s)"
for ((seed = 1; seed <= seeds; ++seed)); do
  for network in "${networks[@]}"; do
    # shellcheck disable=SC2086  # the options are words
    train "$seed" $network &
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
  done
done
while [ "$(jobs -rp | wc -l)" -gt 0 ]; do wait -n; done

echo "task,network,parameters,epochs,rmse,deviation,minmax,deviation,nme,deviation,microseconds,seeds" >"$results.csv"
for network in "${networks[@]}"; do
  read -r task name _ <<<"$network"
  for ((seed = 1; seed <= seeds; ++seed)); do
    file=$results/$task-$name-$seed
    "$(program "$task")" evaluate --data "$data/arca_hyde_validation.nc" --model "$file.safetensors" --report "$file" \
      >"$file.scores"
    for log in "$file-all.log" "$file.log"; do
      [ -e "$log" ] || continue
      sed -n 's/.*: \([0-9]*\) parameters, \([0-9]*\) epochs .*/\1 \2/p' "$log"
    done | awk '{ epochs += $2 } END { printf "%d %d ", $1, epochs }'
    sed -n 's/.*"microseconds_per_cell": \([0-9.]*\),.*/\1/p' "$file/results.json" | sed 1q | tr '\n' ' '
    sed -n '2s/.* RMSE \([0-9.]*\) standardised, \([0-9.]*\) min-max; species median NME \([0-9.]*\),.*/\1 \2 \3/p' "$file.scores"
  done | LC_ALL=C awk -v label="$task,$name" '
    { parameters = $1; epochs += $2; if (NR == 1 || $3 < time) time = $3 }
    { for (i = 4; i <= 6; ++i) { sum[i] += $i; square[i] += $i * $i } }
    END {
      printf "%s,%d,%.0f", label, parameters, epochs / NR
      for (i = 4; i <= 6; ++i) {
        mean = sum[i] / NR
        variance = NR > 1 ? (square[i] - NR * mean * mean) / (NR - 1) : 0
        printf ",%.5f,%.5f", mean, sqrt(variance > 0 ? variance : 0)
      }
      printf ",%.1f,%d\n", time, NR
    }' >>"$results.csv"
done
column -t -s, "$results.csv"
if [ "$what" = sizes ] && command -v gnuplot >/dev/null; then
  gnuplot <<TEXT
set terminal pngcairo size 800,520
set output "$results.png"
set datafile separator ","
set xlabel "microseconds a cell and hour"
set ylabel "RMSE, validation windows [standard deviations]"
set offsets graph 0.1, graph 0.15, graph 0.05, graph 0.05
plot "$results.csv" every ::1 using 11:5:6 with yerrorbars pointtype 7 title "", \
  "" every ::1 using 11:5:2 with labels left offset 1,0.3 title ""
TEXT
  echo "$results.png"
fi
echo "$results.csv"
