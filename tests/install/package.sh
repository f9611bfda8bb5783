#!/usr/bin/env bash
# package.sh <cmake> <source root> <build folder> <options of configuring>...
# Installs to a fresh prefix and builds a user's project against it, with hosts in C and Fortran; then the same project by
# FetchContent, and its host without CMake: by pkg-config and with -I alone.
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
cuda=OFF
command -v nvcc >/dev/null && cuda=ON
check find_package -DCMAKE_PREFIX_PATH="$folder/prefix" -DWITH_LANGUAGES=ON -DWITH_CUDA=$cuda
check fetch_content -DCHEMNNE_FETCH="$root"

says() {
  host=$folder/find_package/$1
  [ -x "$host" ] || { echo "skipped: $1, for want of a compiler"; return 0; }
  said=$("$host")
  [ "$said" = "$2" ] || { echo "$1 said '$said', not '$2'"; exit 1; }
}
says c_host 'B is 1 of 2: /no/such/file: expected a readable file, found none'
says fortran_host 'B is 2 of 2: /no/such/file: expected a readable file, found none'
if [ $cuda = ON ]; then # without a GPU it says so, with one it misses the file
  said=$("$folder/find_package/cuda_host") || { echo "cuda_host said '$said'"; exit 1; }
  grep -qE '^(6 emulator on a GPU: expected a GPU and its driver|2 /no/such/file: expected)' <<<"$said" || { echo "cuda_host said '$said'"; exit 1; }
else
  echo "skipped: cuda_host, for want of nvcc"
fi

by_hand() {
  compiler=$1
  shift
  "$compiler" -Wall -Wextra -Wpedantic -Werror "$@" "$root/tests/install/consumer/host.cpp" -o "$folder/by_hand" &&
    [ "$("$folder/by_hand")" = "$version" ] || { echo "$compiler $*: the host does not build or prints another version"; exit 1; }
}
for compiler in g++ clang++-14; do
  command -v "$compiler" >/dev/null || { echo "skipped: no $compiler"; continue; }
  by_hand "$compiler" -std=c++20 "-I$root/include"
  command -v pkg-config >/dev/null || { echo "skipped: no pkg-config"; continue; }
  export PKG_CONFIG_PATH=$folder/prefix/share/pkgconfig
  [ "$(pkg-config --modversion chemnne chemnne-cuda)" = "$version"$'\n'"$version" ] || { echo "pkg-config knows another version"; exit 1; }
  by_hand "$compiler" $(pkg-config --cflags chemnne)
done
