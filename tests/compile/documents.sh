#!/usr/bin/env bash
# documents.sh <root> <language> <ending> <document> <compiler> <flags>...
# Every block of a language (cpp, c, fortran) in README.md and docs/ is a unit that compiles; <document> has one.
set -u
root=$1
language=$2
ending=$3
needed=$4
shift 4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0
for document in "$root"/README.md "$root"/docs/*.md; do
  awk -v base="$folder/$(basename "$document" .md)" -v language="$language" -v ending="$ending" '
    $0 == "```" language { inside = 1; file = sprintf("%s_line_%d.%s", base, NR, ending); next }
    /^```$/ { inside = 0 }
    inside { print > file }' "$document"
done
for unit in "$folder"/*."$ending"; do
  "$@" "$unit" || { echo "does not compile: $(basename "$unit" ".$ending")"; status=1; }
done
compgen -G "$folder/${needed}_line_*" >/dev/null || { echo "$needed.md has no example"; status=1; }
exit $status
