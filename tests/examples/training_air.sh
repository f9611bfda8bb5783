#!/usr/bin/env bash
# training_air.sh <mpiexec> <its flag for a number> <11_training_air> <chemnne_troposphere> <weights> <mechanism> <ranges>
# Windows of a host: as many for any number of processes and threads, and such as `evaluate` and an emulator of the same
# mechanism take for theirs.
set -eu
mpiexec=$1 flag=$2 program=$3 emulator=$4 weights=$5
shift 5
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
windows() { # <processes> <threads> <name>: the sum over the processes
  OMP_NUM_THREADS=$2 "$mpiexec" "$flag" "$1" "$program" "${arguments[@]}" "$folder/$3.nc" 1 --scenery 3 --share 0.03 2>/dev/null |
    awk -F '[: ]+' '$NF == "solved" && / 0 boxes and hours not solved/ { sum += $2 } END { print sum }'
}
arguments=("$@")
one=$(windows 1 2 one)
three=$(windows 3 1 three)
echo "$one windows (1 process), $three (3)"
[ "$one" -gt 100 ] && [ "$one" = "$three" ] && [ -s "$folder/three-2.nc" ]
"$emulator" evaluate --data "$folder/one.nc" --model "$weights" --report "$folder/report" >"$folder/log" 2>/dev/null
awk '$1 == "chemnne" { error = $3 } $1 == "persistence" { change = $3 } END { exit !(error > 0 && error < change / 4) }' "$folder/log"
