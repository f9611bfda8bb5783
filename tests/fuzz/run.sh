#!/usr/bin/env bash
# Fuzzes every reader for so many seconds: run.sh <seconds>. Builds in build/fuzz; what crashes, hangs or eats memory is left there.
set -eu
seconds=${1:?usage: run.sh <seconds>}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build/fuzz
compiler=$(command -v clang++-14 || command -v clang++) || { echo "clang++ is not installed"; exit 1; }

fuzzers=()
for file in "$here"/*_fuzz.cpp; do fuzzers+=("$(basename "${file%_fuzz.cpp}")"); done
cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG= -DCMAKE_CXX_COMPILER="$compiler" \
  -DCHEMNNE_FUZZ=ON -DCHEMNNE_NATIVE=OFF >"$build.log" 2>&1 || { cat "$build.log"; exit 1; }
cmake --build "$build" -j1 --target "${fuzzers[@]/#/fuzz_}"

# Real mechanisms as seeds where they lie beside the project; copies, since they are other people's.
shared=$root/../shared/mechanisms
seeds() {
  case $1 in
    kpp) find "$shared" -size -200k \( -name '*.eqn' -o -name '*.def' -o -name '*.spc' -o -name '*.kpp' \) ;;
    facsimile) find "$shared" -size -200k -name '*.fac' ;;
    open_atmos) find "$shared" -size -200k \( -name '*.json' -o -name '*.yaml' \) ;;
  esac 2>/dev/null || true
}

status=0
for name in "${fuzzers[@]}"; do
  work=$build/work/$name
  mkdir -p "$work/found" "$work/seeds" "$work/artifacts"
  seeds "$name" | while read -r file; do cp -n "$file" "$work/seeds/$(basename "$(dirname "$file")")_$(basename "$file")"; done
  echo "$name: $seconds s"
  # In an empty folder: an #INCLUDE of the fuzzer's finds nothing by a relative name.
  mkdir -p "$work/empty"
  (cd "$work/empty" && nice "$build/bin/fuzz/fuzz_$name" "$work/found" "$here/corpus/$name" "$work/seeds" \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 -max_len=200000 -close_fd_mask=3 -print_final_stats=1 \
    -artifact_prefix="$work/artifacts/" 2>&1 | tail -n 12) || status=1
  find "$work/artifacts" -type f | sed 's/^/found: /'
  [ -z "$(find "$work/artifacts" -type f)" ] || status=1
done
exit $status
