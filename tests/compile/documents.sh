#!/usr/bin/env bash
# documents.sh <root> <compiler> <flags>...
# Every block of C++ in README.md and docs/ is a unit that compiles.
set -u
root=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0
for document in "$root"/README.md "$root"/docs/*.md; do
  awk -v base="$folder/$(basename "$document" .md)" '
    /^```cpp$/ { inside = 1; file = sprintf("%s_line_%d.cpp", base, NR); next }
    /^```$/ { inside = 0 }
    inside { print > file }' "$document"
done
for unit in "$folder"/*.cpp; do
  "$@" "$unit" || { echo "does not compile: $(basename "$unit" .cpp)"; status=1; }
done
[ -e "$folder"/README_line_*.cpp ] || { echo "README.md has no example"; status=1; }
exit $status
