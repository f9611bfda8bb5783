#!/usr/bin/env bash
# All C++ files are as clang-format 14 would write them (other versions differ, so they do not judge).
set -u
cd "$1" || exit 1
formatter=$(command -v clang-format-14 || command -v clang-format)
if [ -z "$formatter" ] || ! "$formatter" --version | grep -q 'version 14\.'; then
  echo "skipped: clang-format 14 is not installed"
  exit 0
fi
mapfile -t files < <(find include examples tests bench -name '*.[ch]pp')
bad=$("$formatter" --dry-run --Werror --ferror-limit=1 "${files[@]}" 2>&1 | sed -n 's/:[0-9:]* error: .*//p')
[ -z "$bad" ] || { echo "Not as clang-format 14 writes them (clang-format -i mends them):"; echo "$bad"; exit 1; }
