#!/usr/bin/env bash
# without_xsimd.sh <compiler> <flags>...
# emulator.hpp compiles with nothing but a standard library: the compiler sees its system folders as links to all
# that they hold except xsimd.
set -eu
compiler=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

number=0
flags=()
while read -r directory; do
  number=$((number + 1))
  mkdir "$folder/$number"
  find "$directory" -mindepth 1 -maxdepth 1 ! -name xsimd -exec ln -s -t "$folder/$number" {} +
  flags+=(-isystem "$folder/$number")
done < <("$compiler" -E -v -x c++ /dev/null 2>&1 >/dev/null |
  sed -n '/^#include <...> search starts here:/,/^End of search list/ s/^ //p')

cat >"$folder/unit.cpp" <<'UNIT'
#if __has_include(<xsimd/xsimd.hpp>)
#error "this test must not see xsimd"
#endif
#include <chemnne/emulator.hpp>
UNIT
"$compiler" "$@" -nostdinc -nostdinc++ "${flags[@]}" "$folder/unit.cpp"
