#!/usr/bin/env bash
# two_units.sh <compiler> <flags>...
# A program of units with and without OpenMP: the linker keeps one definition of each inline function, and whichever it
# is, all units have the threads of the program. Nothing is inlined, so that the one that is kept is the one that runs.
set -eu
folder=$(dirname "$0")/two_units
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compiler=("$@" -O0)

"${compiler[@]}" -fopenmp -c "$folder/with_openmp.cpp" -o "$work/with.o"
for unit in without_openmp main; do
  "${compiler[@]}" -c "$folder/$unit.cpp" -o "$work/$unit.o"
done
for units in "with.o without_openmp.o" "without_openmp.o with.o"; do
  # shellcheck disable=SC2086
  (cd "$work" && "$1" -fopenmp main.o $units -o program)
  echo "$units:"
  OMP_NUM_THREADS=3 "$work/program"
done
