#!/usr/bin/env bash
# refusals.sh <cmake> <source root> <compiler> <options of configuring>...
# A library that is missing or of a version that we do not know is refused by one message that says what to do: when
# CMake configures, and by #error where the headers are used without it.
set -u
cmake=$1
root=$2
compiler=$3
shift 3
options=("$@" -DCHEMNNE_BUILD_TESTS=OFF -DCHEMNNE_BUILD_PROGRAMS=OFF "-DCMAKE_CXX_COMPILER=$compiler")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0

configuring_says() { # <sentence> <option>...: CMake refuses, with the sentence, however it breaks the lines
  local sentence=$1 said
  shift
  rm -rf "$folder/build"
  if said=$("$cmake" -S "$root" -B "$folder/build" "${options[@]}" "$@" 2>&1); then
    echo "configures, but must not: $*"
    status=1
  elif ! tr -s ' \n' ' ' <<<"$said" | grep -qF -- "$sentence"; then
    printf '%s: it does not say: %s\n%s\n' "$*" "$sentence" "$said"
    status=1
  fi
}

compiling_says() { # <sentence> <header> <flag>...: the first error is the sentence
  local sentence=$1 header=$2 first
  shift 2
  first=$(echo "#include <$header>" | "$compiler" -std=c++20 -fsyntax-only "-I$root/include" "$@" -x c++ - 2>&1 | grep -m 1 'error')
  grep -qF -- "$sentence" <<<"$first" || { printf '%s %s: the first error is not: %s\n%s\n' "$header" "$*" "$sentence" "$first"; status=1; }
}

sundials() { # <version> <precision>: a folder with such a package
  local place=$folder/sundials-$1
  mkdir -p "$place/include/sundials" "$place/include/cvode"
  printf 'set(PACKAGE_VERSION %s)\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n' "$1" >"$place/SUNDIALSConfigVersion.cmake"
  echo 'add_library(SUNDIALS::cvode INTERFACE IMPORTED)' >"$place/SUNDIALSConfig.cmake"
  printf '#define SUNDIALS_VERSION_MAJOR %s\n#define SUNDIALS_%s_PRECISION\n' "${1%%.*}" "$2" >"$place/include/sundials/sundials_config.h"
  touch "$place/include/cvode/cvode.h"
  echo "$place"
}

xsimd() { # <major> <minor>: an include folder with such headers
  local place=$folder/xsimd-$1.$2
  mkdir -p "$place/xsimd/config"
  printf '#define XSIMD_VERSION_MAJOR %s\n#define XSIMD_VERSION_MINOR %s\n' "$1" "$2" >"$place/xsimd/config/xsimd_config.hpp"
  echo '#include "config/xsimd_config.hpp"' >"$place/xsimd/xsimd.hpp"
  echo "$place"
}

for version in 5.8.0 8.0.0; do
  place=$(sundials $version DOUBLE)
  configuring_says "works with SUNDIALS 6 and 7, not with $version of $place" -DSUNDIALS_DIR="$place"
  compiling_says "works with SUNDIALS 6 and 7" chemnne/reference/sundials_version.hpp -isystem "$place/include"
done
compiling_says "needs a SUNDIALS of double precision" chemnne/reference/sundials_version.hpp \
  -isystem "$(sundials 7.0.0 SINGLE)/include"

for version in "7 6" "8 0"; do
  place=$(xsimd $version)
  configuring_says "needs xsimd 8.1 or later, or none: $place has xsimd ${version/ /.}" -DCHEMNNE_TRAINING=OFF \
    -DCHEMNNE_XSIMD_INCLUDE_DIRECTORY="$place"
  compiling_says "needs xsimd 8.1 or later, or none" chemnne/emulator.hpp -isystem "$place"
done
compiling_says "needs C++20" chemnne/emulator.hpp -std=c++17

# All that is missing in one message, each with its package.
missing=(-DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF)
for package in OpenMP SUNDIALS Eigen3 Spectra CLI11 tomlplusplus; do missing+=("-DCMAKE_DISABLE_FIND_PACKAGE_$package=ON"); done
for package in libomp-dev libsundials-dev libsuitesparse-dev libeigen3-dev libspectra-dev libnetcdf-dev libyaml-dev libcli11-dev \
  libtomlplusplus-dev "docs/install.md names those of Fedora, conda-forge and Spack"; do
  configuring_says "$package" "${missing[@]}"
done
exit $status
