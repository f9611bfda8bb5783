#!/usr/bin/env bash
# transport.sh <mpiexec> <its flag for a number> <03_transport> <weights> <mechanism> <ranges>
# A day of the MPI + OpenMP example: bitwise the same for any number of processes and threads.
set -eu
mpiexec=$1 flag=$2 program=$3
shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
run() { # <processes> <threads>
  mkdir "$folder/$1"
  OMP_NUM_THREADS=$2 "$mpiexec" "$flag" "$1" "$program" "${arguments[@]}" "$folder/$1" 1 >"$folder/$1/log" || { cat "$folder/$1/log"; exit 1; }
  grep checksum "$folder/$1/log"
}
arguments=("$@")
one=$(run 1 2)
three=$(run 3 1)
echo "$one (1 process), $three (3)"
[ "$one" = "$three" ]
[ "$(grep -c '^[0-9]' "$folder/1/figures/map.csv")" = 288 ]
grep -q 'Errors of each day' "$folder/1/transport.html"
[ -s "$folder/1/visited-0.nc" ] && [ -s "$folder/3/visited-2.nc" ]
