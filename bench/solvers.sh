#!/usr/bin/env bash
# Stiff solvers side by side: CVODE, Rodas3 and Rodas4 over lanes, the network, MICM.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
source examples/build_environment.sh

case "${1-}" in
  --help | -h)
    cat <<'TEXT'
bash bench/solvers.sh [--help] [mechanism...]

Installs what is missing from Debian, builds bench/solvers and runs it: one call of an hour for cells of troposphere,
saprc99, ts1, fullchem, hyde and mcm (or those that are named), one thread, times as ratios to CVODE at rtol 1e-4 of the
same run; bench/solvers/main.cpp says what is compared. Then NCAR's MICM on the cells of mechanisms without RO2, by
bench/solvers_micm.py: musica from PyPI, in build/bench/micm. Takes some fifteen minutes on a quiet machine, and the
compilers five. Mechanisms that are not in ../shared, and MICM where it cannot be installed, are left out, with a line
that says so.

Results: build/bench/solvers.json, solvers.txt
TEXT
    exit 0
    ;;
esac

debian_packages+=(libbenchmark-dev python3-venv)
install_missing_packages
results=build/bench
mkdir -p "$results"
command -v ninja >/dev/null && export CMAKE_GENERATOR="${CMAKE_GENERATOR:-Ninja}"
{
  cmake --preset release -DCHEMNNE_BUILD_BENCHMARKS=ON &&
    cmake --build build/release --parallel "$(build_jobs)" --target bench_solvers
} >"$results/solvers.log" 2>&1 || { tail -n 30 "$results/solvers.log" >&2; exit 1; }
rm -f "$results"/*_cells.json # of an earlier run
build/release/bin/bench/solvers "$results/solvers.json" "$@" | tee "$results/solvers.txt" || exit 1

environment=$results/micm
if { [ -d "$environment" ] || python3 -m venv "$environment"; } >>"$results/solvers.log" 2>&1 &&
  grep -E '^(musica|numpy)==' bench/requirements.txt |
  "$environment/bin/pip" --disable-pip-version-check -q install -r /dev/stdin >>"$results/solvers.log" 2>&1; then
  "$environment/bin/python" bench/solvers_micm.py "$results/solvers.json" | tee -a "$results/solvers.txt"
else
  echo "skipped: MICM, for musica could not be installed from PyPI" | tee -a "$results/solvers.txt"
fi
