#!/usr/bin/env bash
# An emulator of 49 species of ARCA's Hyde scheme and twelve lumped species (lumped.toml), for a host.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/../.."

usage() {
  cat <<'TEXT'
bash examples/arca/lumped.sh [--data FOLDER] [--mechanism FOLDER] [--files N] [--hosts N] [--minutes M] [--help]

Installs what is missing from Debian, builds, makes days of a host's air with the lumped species of
examples/arca/lumped.toml, solves hosts for ten days each (examples/host/11_training_air.cpp), trains on both from the weights
of task 1, and evaluates on 36 scenarios of ten days that no training sees. Started again, it goes on where it stopped.

  --data FOLDER       holds arca_hyde_train.nc, whose species are the 49 (default ../shared/data)
  --mechanism FOLDER  second.def and Elements.txt of ARCA's Hyde scheme (default ../shared/mechanisms/arca/hyde)
  --files N           ten thousands of windows of days to train on (default 25); each takes about two minutes on two cores
  --hosts N           hosts of 28 000 windows each to train on (default 12); each takes about three minutes on two cores
  --minutes M         time to train, one thread (default 120)

Results: build/arca/lumped/results.json and report.html, build/arca/lumped.safetensors
TEXT
}

data=../shared/data
mechanism=../shared/mechanisms/arca/hyde
files=25
hosts=12
minutes=120
while [ $# -gt 0 ]; do
  case "$1 $#" in
    "--data "[2-9]*) data=$(cd "$here" && realpath -m "$2"); shift ;;
    "--mechanism "[2-9]*) mechanism=$(cd "$here" && realpath -m "$2"); shift ;;
    "--files "[2-9]*) files=$2; shift ;;
    "--hosts "[2-9]*) hosts=$2; shift ;;
    "--minutes "[2-9]*) minutes=$2; shift ;;
    "--help "* | "-h "*) usage; exit 0 ;;
    *) echo "lumped: '$1' is not an option or lacks its value" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
[ -e "$data/arca_hyde_train.nc" ] || { echo "lumped: $data/arca_hyde_train.nc is not there (--data FOLDER)" >&2; exit 2; }

results=build/arca
programs=build/release/bin
mkdir -p "$results"
source examples/build_environment.sh
source examples/arca/tasks.sh
install_missing_packages
configure_and_build release chemnne_mechanism chemnne_arca_lumped 11_training_air

host_ranges "$days_of_windows" | cat - examples/arca/lumped.toml >"$results/lumped_days.toml"
host_ranges 'plume_share = 0' | sed '/^\[scatter\]/,$d' | cat - examples/arca/lumped.toml >"$results/lumped_long.toml"
frames=3
training=()
for ((file = 401; file <= 400 + files; ++file)); do
  generate "$results/lumped_days.toml" 250 40 "$file" 1e-4 train "$results/lumped$file.nc"
  training+=("$results/lumped$file.nc")
done
cat examples/arca/hyde.toml examples/arca/lumped.toml >"$results/lumped_host.toml"
for ((scenery = 101; scenery <= 100 + hosts; ++scenery)); do
  windows=$results/lumped_host$scenery.nc
  if [ ! -e "$windows" ]; then
    echo "== data, $windows"
    "$programs/11_training_air" "$mechanism/second.def" "$results/lumped_host.toml" "$windows" 10 --scenery "$scenery" \
      --share 0.4 --frames $frames --inputs "$data/arca_hyde_train.nc" --elements "$mechanism/Elements.txt" ||
      [ $? -eq 1 ] # some boxes were left out
  fi
  training+=("$windows")
done
generate "$results/lumped_days.toml" 250 40 408 1e-4 validation "$results/lumped_validation.nc"
generate "$results/lumped_long.toml" 36 240 302 1e-5 test "$results/lumped_long.nc"

program=$programs/chemnne_arca_lumped
model=$results/lumped.safetensors
settings="minutes $minutes, data ${training[*]}"
if [ "$(cat "$model.done" 2>/dev/null)" != "$settings" ]; then
  echo "== training"
  "$program" train --data "${training[@]}" --validation "$results/lumped_validation.nc" --conditions "$conditions" \
    --initial examples/arca/task1.safetensors --learning-rate 6e-4 --weight-decay 0.3 --slow-importance 8 \
    --minutes "$minutes" --threads 1 --out "$model"
  echo "$settings" >"$model.done"
fi
"$program" calibrate --model "$model" --data "${training[@]}" --held-out "$results/lumped_validation.nc"
"$program" evaluate --data "$results/lumped_validation.nc" --model "$model" --long "$results/lumped_long.nc" \
  --report "$results/lumped"
