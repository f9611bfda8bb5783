#!/usr/bin/env bash
# The whole way, from mechanism to report, gives the same files and messages in a process that has set a German
# locale as in the locale "C".
#   locale.sh SOURCE EMULATOR MECHANISM GERMAN   (the programs, and what is preloaded to make their numbers German)
set -euo pipefail
source=$1 emulator=$2 mechanism=$3 german=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

export LOCPATH=$folder/locale
mkdir "$LOCPATH"
localedef -i de_DE -f UTF-8 "$LOCPATH/de_DE.UTF-8" 2>/dev/null ||
  { echo "skipped: localedef cannot make the locale de_DE.UTF-8 (Debian: locales)"; exit 0; }

# step NAME COMMAND...: what it prints goes to NAME.txt. The libraries of sanitizers need not come first.
run() { env ASAN_OPTIONS=verify_asan_link_order=0 "${in_locale[@]}" "${@:2}" >"$1.txt" 2>&1; }
step() { run "$@" || { cat "$1.txt"; exit 1; }; }
refused() { ! run "$@" || { cat "$1.txt"; exit 1; }; }

whole_way() {
  mkdir "$folder/$1"
  cd "$folder/$1"
  printf 'name,value,units\nO3,40.5,ppb\nNO2,1.25,ppb\nCO,120,ppb\nCH4,1.85,ppm\n' >start.csv
  for split in train validation; do
    step "$split" "$emulator" generate --scenarios 6 --windows 2 --split "$split" --widen 1.25 --output "$split.nc"
  done
  step training "$emulator" train --data train.nc --validation validation.nc --out model.safetensors --epochs 2 --batch 16 \
    --learning-rate 1.5e-3 --linear-beyond 2.5
  step calibrate "$emulator" calibrate --model model.safetensors --data train.nc --held-out validation.nc
  step evaluate "$emulator" evaluate --data validation.nc --model model.safetensors --report report --hours 2 --rollouts 2
  step interpret "$emulator" interpret --data validation.nc --model model.safetensors --report inside --cells 2
  step box "$mechanism" box "$source/examples/mechanisms/troposphere.eqn" --initial start.csv --hours 0.5 --interval 600 \
    --conditions temperature=288.15 --latitude 47.5 --time 10:15 --output box.csv
  sed '1s/$/,temperature,pressure,relative_humidity,photolysis_scaling/;2,$s/$/,288.15,101325,60.5,1/' box.csv >state.csv
  for ending in csv nc; do
    step "run_$ending" "$emulator" run --model model.safetensors --input state.csv --output "after.$ending" --seconds 1800.5
  done
  step info "$emulator" info --model model.safetensors
  step info_json "$emulator" info --model model.safetensors --json
  step attached "$emulator" info --model "$source/examples/troposphere.safetensors"
  for file in facsimile/grammar.fac kpp/grammar.kpp open_atmos/all_types.yaml open_atmos/music_box.json; do
    step "${file%/*}_${file#*.}" "$mechanism" info "$source/tests/fuzz/corpus/$file"
  done
  step mechanism "$mechanism" info "$source/examples/mechanisms/troposphere.eqn" --stiffness
  step interface "$emulator" interface --output .
  step embed "$emulator" embed --model "$source/examples/troposphere.safetensors" --output weights.hpp
  for command in generate train run evaluate; do step "help_$command" "$emulator" "$command" --help; done
  step help_box "$mechanism" box --help
  refused seconds "$emulator" run --model model.safetensors --input state.csv --output x.csv --seconds 3600.5
  refused german_number "$emulator" run --model model.safetensors --input state.csv --output x.csv --seconds 1800,5
}
# Without what is measured: seconds, microseconds, dates. A weights file is compared by its tensors, and by what `info` says.
comparable() {
  cd "$folder/$1"
  sed -i -E '/training_seconds|a step of a cell:|a cell takes|Time per cell|alt="Training"|per_cell|speed_up|[Dd]ate/d' \
    info*.txt evaluate.txt report/results.json report/report.html inside/interpretation.*
  sed -i -E 's/ in [0-9 hmins]+( left)?(,|$)/ in a while\2/' ./*.txt
  sed -i -E 's/^([0-9]+),[0-9.]+,/\1,/' model.safetensors.csv
  sed -i 's/^[^ ]* //' report/figures/training_curve.dat
  local header
  header=$(head -c 8 model.safetensors | od -An -tu8)
  tail -c +$((9 + header)) model.safetensors >tensors
  rm -f model.safetensors model.safetensors.checkpoint report/figures/training_curve.png
}

in_locale=(LC_ALL=C.UTF-8) && whole_way c
in_locale=(LC_ALL=de_DE.UTF-8 LD_PRELOAD="$german") && whole_way german
# A checkpoint of the one is one of the other: it would be refused if it were of another run.
cp ../c/model.safetensors.checkpoint resumed.safetensors.checkpoint
step resumed "$emulator" train --data train.nc --validation validation.nc --out resumed.safetensors --epochs 2 --batch 16 \
  --learning-rate 1.5e-3 --linear-beyond 2.5 --resume
rm resumed.*

comparable c
comparable german
diff -r "$folder/c" "$folder/german" >"$folder/differences" || { head -c 4000 "$folder/differences"; exit 1; }
# The comparison sees what it is to see.
grep -q '^0,0\.[0-9]*,' "$folder/german/box.csv" && grep -q 'omega_0=1\.5 ' "$folder/german/info_json.txt"
