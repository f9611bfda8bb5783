#!/usr/bin/env bash
# device.sh NVCC HOST_COMPILER INCLUDE_FOLDER: steps of emulators for GPUs of the architectures 80 and 90, without one.
# nvcc 13 is silent where code of a device calls a function that only the host has, or needs the place in memory of a
# constant: it compiles a trap and leaves out what follows. So none may be there, and no call of what is elsewhere. Nor a
# generic load of a number: what memory it is in was not seen then.
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

compile() { # <architecture> <source> <output> <option>...: two kernels, as they should be
  local kept="$folder/$2" text
  mkdir "$kept"
  "${nvcc[@]}" -Xptxas -v --keep --keep-dir "$kept" -gencode "arch=compute_$1,code=sm_$1" "$2" -o "$folder/$3" "${@:4}" \
    >"$kept/said" 2>&1 || { cat "$kept/said"; exit 1; }
  [ "$(grep -c 'Used [0-9]* registers' "$kept/said")" -eq 2 ] || complain "$2: not two kernels"
  spilled=$(grep 'spill' "$kept/said" | grep -v ' 0 bytes spill stores, 0 bytes spill loads')
  [ -z "$spilled" ] || complain "$2: registers are spilled: $spilled"

  text=("$kept"/*.ptx)
  [ "$(grep -c '\.entry ' "${text[0]}")" -eq 2 ] || complain "$2: not two kernels in the text"
  grep -qE '^\s*trap;|\.extern \.func|\.callprototype' "${text[0]}" && complain "$2: a trap, or a call of what is not there"
  [ "$(grep -c 'bar\.sync' "${text[0]}")" -gt 60 ] || complain "$2: fewer phases than two steps have"
  grep -q 'div\.rn\.f64' "${text[0]}" || complain "$2: no projection on element totals"
  grep -q 'ld\.global\.v4\.f32' "${text[0]}" || complain "$2: weights are not read by words of four"
  grep -qE '^\s*ld\.(v[24]\.)?f32' "${text[0]}" && complain "$2: numbers are read without knowing where they are"
}

compile 80 device.cu program
compile 90 device_default.cu object -c

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
