#!/usr/bin/env bash
# The thread sanitizer finds no race between the threads of a block, and finds one where barriers are left out.
#   races.sh CLANG INCLUDE_FOLDER
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
program=$folder/races
"$1" -std=c++20 -O1 -g1 -fsanitize=thread "-I$2" "$(dirname "$0")/races.cpp" -o "$program" -pthread || exit 1
"$program" || { echo "a race between the threads of a block"; exit 1; }
"$program" without >"$folder/said" 2>&1 && { echo "barriers are left out, and nothing is seen"; exit 1; }
grep -q 'data race' "$folder/said" || { echo "what is said of left out barriers:"; cat "$folder/said"; exit 1; }
