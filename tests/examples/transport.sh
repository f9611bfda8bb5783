#!/usr/bin/env bash
# transport.sh <mpiexec> <its flag for a number> <03_transport> <weights> <mechanism> <ranges>
# A day of the MPI + OpenMP example: bitwise the same for any number of processes and threads, also where a tenth of the
# boxes is solved, which takes the error of ozone to less than half.
set -eu
mpiexec=$1 flag=$2 program=$3
shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
run() { # <processes> <threads> <folder> <option>...
  mkdir "$3"
  OMP_NUM_THREADS=$2 "$mpiexec" "$flag" "$1" "$program" "${arguments[@]}" "$3" 1 "${@:4}" >"$3/log" || { cat "$3/log"; exit 1; }
  grep checksum "$3/log"
}
same() { # <folder> <option>...
  local one three
  one=$(run 1 2 "$1-1" "${@:2}")
  three=$(run 3 1 "$1-3" "${@:2}")
  echo "$one (1 process), $three (3)"
  [ "$one" = "$three" ]
}
arguments=("$@")
same "$folder/alone"
same "$folder/corrected" --solve-every 10
[ "$(grep -c '^[0-9]' "$folder/alone-1/figures/map.csv")" = 288 ]
grep -q 'Errors of each day' "$folder/alone-1/transport.html"
[ -s "$folder/alone-1/visited-0.nc" ] && [ -s "$folder/alone-3/visited-2.nc" ]
awk '/^solved in the emulated run/ { share = $6 } END { exit !(share > 9 && share < 11) }' "$folder/corrected-1/log"
awk '$1 == 1 && NF == 6 { error[FNR == NR] = $6 } END { exit !(error[0] > 0 && error[0] < error[1] / 2) }' \
  "$folder/alone-1/log" "$folder/corrected-1/log"
