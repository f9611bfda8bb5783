#!/usr/bin/env bash
# The three tasks of the ChemNNE paper on ARCA's Hyde scheme, and 400 to 400 species.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/../.."

usage() {
  cat <<'TEXT'
bash examples/arca/run.sh [--data FOLDER] [--minutes M] [--more N] [--days N] [--mechanism FOLDER] [--baselines] [--help]

Installs what is missing from Debian, builds, trains the emulators of the tasks 49 -> 49, 49 -> 100, 49 -> 400 and
400 -> 400 species, and evaluates them on the validation file. Started again, it goes on where it stopped.

  --data FOLDER       holds arca_hyde_train.nc, arca_hyde_validation.nc and, for roll-outs, arca_hyde_long.nc
                      (default ../shared/data)
  --minutes M         time to train each network, one thread (default 10); in tasks 2 and 3 twenty epochs on the data set
                      of the task alone follow
  --more N            ten thousands of windows of new scenarios that enlarge the training data (default 1; 0: none). Each
                      takes about four minutes on two cores, 0.6 GB of disk and, in training on 400 species, 1 GB of memory
  --days N            ten thousands of windows of days as a host has them, for 49 -> 49 and 400 -> 400, which are fed back
                      (default 1; 0: none). Each takes about two minutes. With them come 36 scenarios of ten days that no
                      training sees, to judge by
  --mechanism FOLDER  second.def and Elements.txt of ARCA's Hyde scheme, for --more (default ../shared/mechanisms/arca/hyde)
  --baselines         trains what ChemNNE is compared with, too, as long each (tasks 1 to 3)

Results: build/arca/<task>/results.json and report.html, build/arca/<task>.safetensors
TEXT
}

data=../shared/data
mechanism=../shared/mechanisms/arca/hyde
minutes=10
more=1
days_files=1
baselines=()
while [ $# -gt 0 ]; do
  case "$1 $#" in
    "--data "[2-9]*) data=$(cd "$here" && realpath -m "$2"); shift ;;
    "--mechanism "[2-9]*) mechanism=$(cd "$here" && realpath -m "$2"); shift ;;
    "--minutes "[2-9]*) minutes=$2; shift ;;
    "--more "[2-9]*) more=$2; shift ;;
    "--days "[2-9]*) days_files=$2; shift ;;
    "--baselines "*) baselines=(linear-ode deeponet pod mlp gru transformer fno) ;;
    "--help "* | "-h "*) usage; exit 0 ;;
    *) echo "arca: '$1' is not an option or lacks its value" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
for file in arca_hyde_train.nc arca_hyde_validation.nc; do
  [ -e "$data/$file" ] || { echo "arca: $data/$file is not there (--data FOLDER)" >&2; exit 2; }
done

results=build/arca
programs=build/release/bin
mkdir -p "$results"

source examples/build_environment.sh
source examples/arca/tasks.sh
install_missing_packages
tasks=(task1 task2 task3)
if [ ${#baselines[@]} -gt 0 ]; then tasks=(compare_task1 compare_task2 compare_task3); fi
configure_and_build release chemnne_mechanism chemnne_arca_full "${tasks[@]/#/chemnne_arca_}"

program() { # <task>: its program, with the baselines where they are wanted
  if [ ${#baselines[@]} -gt 0 ] && [ "$1" != full ]; then echo "$programs/chemnne_arca_compare_$1"; else echo "$programs/chemnne_arca_$1"; fi
}

predicted=$data/arca_hyde_train.nc
training=("$data/arca_hyde_train.nc")
for ((file = 101; file <= 100 + more; ++file)); do
  generate examples/arca/hyde.toml 2500 4 "$file" 1e-5 train "$results/scenarios$file.nc"
  training+=("$results/scenarios$file.nc")
done
held_out=("$data/arca_hyde_validation.nc")
if [ "$more" -gt 0 ]; then
  generate examples/arca/hyde.toml 250 4 401 1e-5 validation "$results/held_out.nc"
  held_out+=("$results/held_out.nc")
fi
days=()
long=$data/arca_hyde_long.nc
if [ "$days_files" -gt 0 ]; then
  host_ranges "$days_of_windows" >"$results/days.toml"
  host_ranges 'plume_share = 0' | sed '/^\[scatter\]/,$d' >"$results/long.toml"
  for ((file = 201; file <= 200 + days_files; ++file)); do
    generate "$results/days.toml" 250 40 "$file" 1e-4 train "$results/days$file.nc"
    days+=("$results/days$file.nc")
  done
  long=$results/long.nc
  generate "$results/long.toml" 36 240 302 1e-5 test "$long"
fi

# train <task> <architecture> <file>: unless an earlier run with the same settings has finished it.
train() {
  local settings="minutes $minutes, data ${training[*]} ${days[*]-}"
  [ "$(cat "$3.done" 2>/dev/null)" = "$settings" ] && return
  echo "== $1, $2"
  train_network "$(program "$1")" "$1" "$2" "$3" "$minutes" || exit 1
  echo "$settings" >"$3.done"
}

# Trains two networks at a time on two cores and more: each is one thread, so that all have the same time.
pids=()
run() {
  train "$@" &
  pids+=($!)
  if [ ${#pids[@]} -ge "$(($(nproc) < 8 ? $(nproc) : 8))" ]; then wait_for_all; fi
}
wait_for_all() {
  local pid
  for pid in "${pids[@]}"; do wait "$pid"; done
  pids=()
}

for task in task1 task2 task3 full; do run "$task" chemnne "$results/$task.safetensors"; done
wait_for_all
for task in task1 task2 task3; do
  for baseline in ${baselines[@]+"${baselines[@]}"}; do run "$task" "$baseline" "$results/$task-$baseline.safetensors"; done
done
wait_for_all

for task in task1 task2 task3 full; do
  seen=("${training[@]}")
  [ "$task" = task1 ] || [ "$task" = full ] && seen+=(${days[@]+"${days[@]}"})
  "$(program "$task")" calibrate --model "$results/$task.safetensors" --data "${seen[@]}" --held-out "${held_out[@]}"
  compare=()
  if [ "$task" != full ]; then
    for baseline in ${baselines[@]+"${baselines[@]}"}; do
      compare+=(--baseline "$baseline=$results/$task-$baseline.safetensors")
    done
  fi
  [ -e "$long" ] && [ "$task" != task2 ] && [ "$task" != task3 ] && compare+=(--long "$long")
  echo "== $task"
  "$(program "$task")" evaluate --data "$data/arca_hyde_validation.nc" --model "$results/$task.safetensors" \
    --report "$results/$task" ${compare[@]+"${compare[@]}"}
done
