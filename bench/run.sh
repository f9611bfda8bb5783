#!/usr/bin/env bash
# Times everything, ours and the peers, and puts them side by side.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
source examples/build_environment.sh

usage() {
  cat <<'TEXT'
bash bench/run.sh [--no-python] [--help]

Installs what is missing from Debian, builds the benchmarks and runs them, then PyTorch and ONNX Runtime on the same
networks (one thread; a virtual environment in build/bench/venv, 1.6 GB), and compares. Takes about an hour; leave the
machine alone meanwhile.

  --no-python   without PyTorch, ONNX Runtime and MICM

Results: build/bench/table.md, results.json, results.svg
TEXT
}

python=yes
for option in "$@"; do
  case "$option" in
    --no-python) python=no ;;
    --help | -h) usage; exit 0 ;;
    *) echo "run.sh: '$option' is not an option" >&2; usage >&2; exit 2 ;;
  esac
done

results=build/bench
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE # where they are set, OpenBLAS takes the kernel of another processor
environment=$results/venv
torch_version=2.15.0
failures=0
failed() {
  echo "== FAILED: $1" >&2
  failures=$((failures + 1))
}

debian_packages+=(libbenchmark-dev libopenblas-dev binutils python3)
[ $python = yes ] && debian_packages+=(python3-venv python3-dev) # torch.compile needs Python.h
install_missing_packages
mkdir -p "$results"

build_programs() {
  local file targets=(chemnne_troposphere)
  for file in bench/*.cpp bench/tools/*.cpp; do targets+=("bench_$(basename "$file" .cpp)"); done
  command -v ninja >/dev/null && export CMAKE_GENERATOR="${CMAKE_GENERATOR:-Ninja}"
  cmake --preset release -DCHEMNNE_BUILD_BENCHMARKS=ON >"$results/configure.log" 2>&1 ||
    { cat "$results/configure.log"; return 1; }
  cmake --build build/release --parallel "$(build_jobs)" --target "${targets[@]}" && return 0
  for target in "${targets[@]}"; do # a program that does not compile must not cost the others
    cmake --build build/release --parallel "$(build_jobs)" --target "$target" || failed "build of $target"
  done
}

# The best of many short runs, as for the peers: one that no other program interrupts is among them.
run_programs() {
  local file name
  for file in bench/*.cpp; do
    name=$(basename "$file" .cpp)
    [ -x "build/release/bin/bench/$name" ] || continue
    echo "== $name"
    OPENBLAS_NUM_THREADS=1 "build/release/bin/bench/$name" --benchmark_repetitions=30 --benchmark_min_time=0.01 \
      --benchmark_display_aggregates_only=true --benchmark_out="$results/$name.json" --benchmark_out_format=json ||
      { failed "$name"; rm -f "$results/$name.json"; }
  done
}

# PyPI has torch for Linux on x86 with CUDA only, and to load it wants 5 GB of libraries that a processor never calls.
# Empty functions of their names take their place; only CUDA's small runtime and cupti are the real ones.
replace_cuda_libraries() {
  local libraries library version work
  libraries=$(echo "$environment"/lib/python3*/site-packages/torch/lib)
  work=$(mktemp -d)
  nm -D --undefined-only "$libraries"/libtorch*.so | awk '{sub(/@.*/, "", $NF); print $NF}' |
    grep -E '^(cublas|cudnn|cufft|cuFile|cusolver|cusparse|nccl|nvJitLink|nvrtc|nvshmem)' | sort -u |
    sed 's/.*/void &(void) {}/' >"$work/empty.c"
  readelf -d "$libraries"/lib*.so | awk '/NEEDED/ {gsub(/[][]/, "", $NF); print $NF}' | sort -u |
    grep -E '^lib(cu|nccl|nv)' | grep -vE '^lib(cuda|cudart|cupti)\.' |
    while read -r library; do
      version=$(readelf -VW "$libraries"/libtorch*.so |
        awk -v l="$library" '/File: / {f = $5} /Name: / && f == l && !found++ {print $3}')
      echo "${version:-$library} { *; };" >"$work/versions"
      gcc -w -shared -fPIC "$work/empty.c" -Wl,-soname="$library",--version-script="$work/versions" \
        -o "$libraries/$library"
    done
  rm -r "$work"
}

install_peers() {
  local pip="$environment/bin/pip --disable-pip-version-check -q" stamp
  stamp="$torch_version $(cksum <bench/requirements.txt)"
  [ "$(cat "$environment/.installed" 2>/dev/null)" = "$stamp" ] && return 0
  echo "== installing PyTorch and ONNX Runtime"
  {
    python3 -m venv --clear "$environment" &&
      $pip install --no-deps "torch==$torch_version" 'nvidia-cuda-runtime==13.*' 'nvidia-cuda-cupti==13.*' &&
      $pip install -r bench/requirements.txt &&
      { { replace_cuda_libraries && "$environment/bin/python" -c 'import torch'; } ||
        $pip install "torch==$torch_version"; } && # the whole of it
      "$environment/bin/python" -c 'import torch, onnxruntime'
  } >"$results/install.log" 2>&1 || { tail -n 5 "$results/install.log" >&2; return 1; }
  echo "$stamp" >"$environment/.installed"
}

# MICM and our own solver on cells of the embedded mechanism.
run_solvers() {
  local bin=build/release/bin
  echo "== MICM and CVODE"
  "$bin/chemnne_troposphere" generate --split test --scenarios 120 --threads 1 --output "$results/cells.nc" \
    >"$results/cells.log" &&
    "$bin/bench/tools/export_solver_cells" examples/mechanisms/troposphere.eqn "$results/cells.nc" "$results/cells.txt" &&
    "$environment/bin/python" bench/peers_micm.py "$results/cells.txt" --out "$results/micm.json"
}

# A process for each peer: one that crashes does not take the others along. The compilers' chatter goes to files.
run_peers() {
  local peer
  if ! install_peers; then
    echo "PyTorch and ONNX Runtime could not be installed (no network?): going on without them." >&2
    return 1
  fi
  run_solvers || failed "MICM"
  build/release/bin/bench/tools/export_model "$results/models" || return 1
  for peer in {torch_eager,torch_script,torch_compile}{,_bf16} onnxruntime; do
    echo "== $peer"
    "$environment/bin/python" bench/peers.py "$results/models" --peers "$peer" --out "$results/$peer.json" \
      2>"$results/$peer.log" || { tail -n 3 "$results/$peer.log" >&2; failed "$peer"; }
  done
}

echo "== building"
build_programs || exit 1
rm -f "$results"/*.json # numbers of an older run are no comparison
run_programs
if [ $python = yes ]; then run_peers || failed "peers"; fi

echo "== report"
rm -f "$results/results.json"
python3 bench/report.py "$results"/*.json --folder "$results" || failed "report"
cat "$results/table.md"
[ $failures -eq 0 ] || echo "$failures step(s) failed, see above." >&2
[ $failures -eq 0 ]
