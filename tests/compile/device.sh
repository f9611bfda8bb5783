#!/usr/bin/env bash
# device.sh NVCC HOST_COMPILER INCLUDE_FOLDER: the step of device.cu for the architectures 80 and 90, without a GPU.
# nvcc 13 is silent where code of a device calls a function that only the host has, or needs the place in memory of a
# constant: it compiles a trap and leaves out what follows. So none may be there, and no call of what is elsewhere.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
nvcc=("$1" -std=c++20 --expt-relaxed-constexpr -Werror all-warnings -O3 -DNDEBUG "-I$3")
cd "$(dirname "$0")" || exit 1
status=0
complain() {
  echo "$1"
  status=1
}

"${nvcc[@]}" -Xptxas -v --keep --keep-dir "$folder" -gencode arch=compute_80,code=sm_80 -gencode arch=compute_90,code=sm_90 \
  device.cu -o "$folder/program" >"$folder/said" 2>&1 || { cat "$folder/said"; exit 1; }

kernels=$(grep -c 'Used [0-9]* registers' "$folder/said")
[ "$kernels" -eq 4 ] || complain "$kernels kernels, not 2 for each of 2 architectures"
spilled=$(grep 'spill' "$folder/said" | grep -v ' 0 bytes spill stores, 0 bytes spill loads')
[ -z "$spilled" ] || complain "registers are spilled: $spilled"

texts=("$folder"/*.ptx)
[ "${#texts[@]}" -eq 2 ] || complain "${#texts[@]} texts for devices, not 2"
for text in "${texts[@]}"; do
  [ "$(grep -c '\.entry ' "$text")" -eq 2 ] || complain "$text: not two kernels"
  grep -qE '^\s*trap;|\.extern \.func|\.callprototype' "$text" && complain "$text: a trap, or a call of what is not there"
  [ "$(grep -c 'bar\.sync' "$text")" -gt 60 ] || complain "$text: fewer phases than two steps have"
  grep -q 'div\.rn\.f64' "$text" || complain "$text: no projection on element totals"
  grep -q 'ld\.global\.v4\.f32' "$text" || complain "$text: weights are not read by words of four"
done

said=$("$folder/program") || complain "the program ends with $?"
grep -qE 'expected a GPU and its driver, found none|^a GPU$' <<<"$said" || complain "what is said of the GPU: $said"

"${nvcc[@]}" -arch=sm_90 -ptx device_layout.cu -o "$folder/layout.ptx" && "$2" -std=c++20 "-I$3" -x c++ device_layout.cu -o "$folder/layout" ||
  exit 1
# Numbers of eight bytes, the lowest first.
device=$(sed -n 's/.*layout\[[0-9]*\] = {\(.*\)};.*/\1/p' "$folder/layout.ptx" | tr -d ',' |
  awk '{ for (i = 1; i <= NF; i += 8) { number = 0; for (j = 7; j >= 0; --j) number = 256 * number + $(i + j); printf "%d ", number } }')
host=$("$folder/layout")
[ -n "$host" ] && [ "$device" = "$host" ] || complain "device and host disagree on sizes: '$device', '$host'"
exit $status
