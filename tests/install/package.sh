#!/usr/bin/env bash
# package.sh <cmake> <source root> <build folder> <options of configuring>...
# Installs to a fresh prefix and builds a user's project against it, then the same project by FetchContent.
set -eu
cmake=$1
root=$2
build=$3
shift 3
configure=("$@")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
version=$(sed -n 's/.*string_view version = "\(.*\)";/\1/p' "$root/include/chemnne/support/version.hpp")

check() {
  name=$1
  shift
  "$cmake" -S "$root/tests/install/consumer" -B "$folder/$name" "${configure[@]}" -DEXPECTED_VERSION="$version" "$@" >"$folder/log" 2>&1 &&
    "$cmake" --build "$folder/$name" >>"$folder/log" 2>&1 || { cat "$folder/log"; echo "$name: the user's project does not build"; exit 1; }
  [ "$("$folder/$name/host")" = "$version" ] || { echo "$name: host printed another version"; exit 1; }
  grep -q 'ChemNNE<Small>' "$folder/$name/box_generated/model_0.cpp" || { echo "$name: wrong model"; exit 1; }
}

"$cmake" --install "$build" --prefix "$folder/prefix" >/dev/null
[ -z "$(find "$folder/prefix/include" -name '*.cmake' -o -name '*.in')" ] || { echo "CMake files among the headers"; exit 1; }
check find_package -DCMAKE_PREFIX_PATH="$folder/prefix"
check fetch_content -DCHEMNNE_FETCH="$root"
