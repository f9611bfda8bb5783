#!/usr/bin/env bash
# Instructions that a step and a training chunk take, before and now: repeatable where clocks are not.
#   bash bench/instructions/run.sh [commit]     commit: what the headers as they lie here are compared with
# Without a commit that is the last one (HEAD), or the one before it where nothing has changed since the last.
# The table also goes to build/bench/instructions.txt. Where nothing can be compared it says why and ends with 0.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

# One processor for all machines, so that counts may be compared between them; valgrind 3.19 knows no AVX-512.
flags=(-std=c++20 -O3 -march=haswell -mtune=generic)
works=(step partial_step training)
table=build/bench/instructions.txt

skip() {
  echo "Instructions not counted: $1"
  exit 0
}
fail() {
  echo "bench/instructions: $1" >&2
  exit 1
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
mkdir -p build/bench && rm -f "$table" || exit 1 # a table that is there is of this run

compiler=${CXX:-g++}
command -v "$compiler" >/dev/null || skip "$compiler is not installed."
{ command -v valgrind && echo '#include <valgrind/callgrind.h>' | "$compiler" -E -x c++ -; } >/dev/null 2>&1 ||
  skip "valgrind is not installed (Debian: valgrind)."
grep -qw avx2 /proc/cpuinfo || skip "this processor has no AVX2."

commit=${1:-HEAD}
[ $# -eq 0 ] && [ -z "$(git status --porcelain -- include 2>&1)" ] && commit=HEAD~1
name=$(git rev-parse --quiet --verify --short "$commit^{commit}" 2>/dev/null) ||
  skip "there is no commit $commit (no repository, a shallow clone, or the first commit)."
mkdir "$scratch/before"
git archive "$commit" include 2>/dev/null | tar -x -C "$scratch/before" 2>/dev/null ||
  skip "there are no headers in commit $name."

# build <folder with include/> <program>; the weights file is the program's own, as its format may change.
build() {
  "$compiler" "${flags[@]}" -I "$1/include" bench/instructions/instructions.cpp -o "$2" && "$2" weights "$2.weights"
}
# instructions <program> <work>: their number
instructions() {
  valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file="$scratch/counts" "$1" "$2" "$1.weights" \
    >"$scratch/log" 2>&1 && awk '$1 == "totals:" && $2 > 0 {print $2; found = 1} END {exit !found}' "$scratch/counts"
}

build . "$scratch/now" || fail "the headers as they are do not compile with instructions.cpp."
build "$scratch/before" "$scratch/then" 2>/dev/null ||
  skip "the headers of commit $name do not compile with instructions.cpp."

rows=()
for work in "${works[@]}"; do
  now=$(instructions "$scratch/now" "$work") || { tail -n 5 "$scratch/log" >&2; fail "$work could not be counted."; }
  before=$(instructions "$scratch/then" "$work") || skip "$work could not be counted with the headers of commit $name."
  rows+=("$work $before $now")
done
printf '%s\n' "${rows[@]}" | LC_ALL=C awk -v name="$name" '
  BEGIN {printf "%-14s %14s %14s %8s\n", "instructions", "before " name, "now", "ratio"}
  {printf "%-14s %14d %14d %8.4f\n", $1, $2, $3, $3 / $2}' | tee "$table"
