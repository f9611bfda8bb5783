#!/usr/bin/env bash
# The step of the default network on this machine's GPU: against plain loops on the host, and its times.
#   bash bench/cuda/run.sh [architecture]     90 by default; needs nvcc and a GPU; the program takes under two minutes
# Writes build/cuda/results.json. Ends with status 2 and a message where there is no GPU.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
command -v nvcc >/dev/null || { echo "run.sh: no nvcc (toolkit of CUDA 12 or later)" >&2; exit 2; }

log=build/cuda/build.log
mkdir -p build/cuda
{
  cmake -S . -B build/cuda -DCMAKE_BUILD_TYPE=Release -DCHEMNNE_CUDA=ON "-DCMAKE_CUDA_ARCHITECTURES=${1:-90}" \
    -DCHEMNNE_BUILD_BENCHMARKS=ON -DCHEMNNE_BUILD_TESTS=OFF -DCHEMNNE_BUILD_PROGRAMS=OFF -DCHEMNNE_TRAINING=OFF &&
    cmake --build build/cuda --target bench_cuda_step
} >"$log" 2>&1 || { tail -n 30 "$log"; echo "run.sh: the build failed ($log)" >&2; exit 1; }
build/cuda/bin/bench/cuda_step build/cuda/results.json
