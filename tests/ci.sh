#!/usr/bin/env bash
# What run.sh does not see, each on the few tests that can see it; the last line is 'N passed, N failed[, N skipped]', as there.
#   bash tests/ci.sh [part]...     parts: those below, all of them by default
# A part whose compiler, headers or locale cannot be had is skipped, and counts as one. All tests under a part that has a
# preset: bash tests/run.sh PRESET.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
source examples/build_environment.sh

parts=(addresses threads clang without_xsimd xsimd_13 german)

# Memory and undefined behaviour: what reads foreign bytes, what walks through a host's arrays, what calls C, layers.
addresses() {
  clang_is_there || return
  check sanitize 'io/*' fuzz/{kpp,facsimile,open_atmos,cam,cmaq} chemistry/{kpp,facsimile,open_atmos,camp,cam,cmaq}_reader \
    chemistry/{kpp_fortran,rate_compiler,rate_program,chemical_system} data/{dataset,range_reader,check_states,generator} cli/{csv_lines,cell_table} \
    host/{columns,host_fields,hostile_states,solver_hostile,damaged_weights,c_interface,c_solver,c_fallback} 'layers/*' \
    properties/{backend,step}_equality reference/reference_solver solver/{table_kernel,rosenbrock_solver} data/lane_scenario_runner training/fit
}

# Races, by clang and its OpenMP: that of g++ is not instrumented, so each of its barriers would be a race. Archer tells the
# sanitizer of the barriers of clang's.
threads() {
  clang_is_there || return
  local archer
  archer=$(find /usr/lib/llvm-*/lib -name libarcher.so 2>/dev/null | sort -V | tail -n 1)
  [ -n "$archer" ] || { skip "no libarcher.so (Debian: libomp-dev)"; return; }
  export OMP_TOOL_LIBRARIES=$archer TSAN_OPTIONS="ignore_noninstrumented_modules=1 halt_on_error=1"
  check threads support/parallel host/{emulator,shared_emulator,c_solver} backend/fourier_fftw training/{gradient_step,trainer} \
    data/{generator,reference_sensitivity} properties/collective_order host/device_emulator
}

# The other compiler, fully optimised: whether it makes the same numbers and the same bits.
clang() {
  clang_is_there || return
  check clang backend/{cpu,vector_functions} properties/{backend_equality,batch_split} host/{emulator,hostile_states} \
    chemistry/{rate_compiler,kpp_reader} reference/reference_solver solver/rosenbrock_solver host/solver support/number_text
}

without_xsimd() {
  check without_xsimd host/{columns,emulator,exact_step,hostile_states,solver,c_interface} solver/{lanes,rosenbrock_solver} \
    training/sensitivity_matrices examples/{01_hello,08_solver}
}

# xsimd of Debian 13, which is headers alone: from this machine's mirror, beside its own packages.
xsimd_13() {
  local folder=$PWD/build/debian_13
  mkdir -p "$folder"
  [ -e "$folder/usr/include/xsimd/xsimd.hpp" ] || fetch_from_debian_13 libxsimd-dev "$folder" >"$folder/log" 2>&1 ||
    { skip "Debian 13's libxsimd-dev could not be had ($folder/log)"; return; }
  check xsimd_13 backend/{cpu,vector_functions,vector_logarithm} properties/{backend_equality,step_equality} solver/lanes \
    host/{columns,emulator,hostile_states} examples/01_hello
}

# What run.sh has built, in processes whose numbers are German from the first line of main on.
german() {
  local german_host=build/release/tests/libtest_german_host.so folder program log
  [ -e "$german_host" ] || { skip "nothing is built (bash tests/run.sh)"; return; }
  folder=$(mktemp -d)
  if ! localedef -i de_DE -f UTF-8 "$folder/de_DE.UTF-8" 2>/dev/null; then
    skip "localedef cannot make the locale de_DE.UTF-8 (Debian: locales)"
  else
    log=$folder/log  # as ctest writes its own
    for program in build/release/bin/tests/test_{support,io,chemistry,solver,data,host,training,cli}_*; do
      [[ $program != *_mpi ]] || continue
      echo "1/1 Test: $program"
      env "LOCPATH=$folder" LC_ALL=de_DE.UTF-8 "LD_PRELOAD=$PWD/$german_host" BOOST_TEST_REPORT_LEVEL=short \
        BOOST_TEST_COLOR_OUTPUT=no timeout 300 "$program" 2>&1 && echo "Test Passed."
    done >"$log"
    grep -E '^1/1 Test: |error:' "$log" | grep -B 1 'error:'
    count "$(awk -f tests/count.awk "$log")"
  fi
  rm -rf "$folder"
}

clang_is_there() {
  echo '#include <omp.h>' | clang++ -fopenmp -fsyntax-only -x c++ - 2>/dev/null && return
  skip "no clang++ with OpenMP (Debian: clang libomp-dev)"
  return 1
}

# check PRESET TEST...: builds and runs these tests, names or patterns of them, and nothing else.
check() {
  local preset=$1 pattern file targets=() tests=() status
  shift
  for pattern; do
    case $pattern in
      fuzz/*) tests+=("$pattern") targets+=("replay_${pattern#*/}") ;;
      examples/*) tests+=("$pattern") targets+=("${pattern#*/}") ;;
      *) for file in tests/${pattern}_test.cpp; do
        file=${file#tests/} file=${file%_test.cpp}
        tests+=("$file") targets+=("test_${file//\//_}")
      done ;;
    esac
  done
  configure_and_build "$preset" "${targets[@]}" || { echo "The build failed."; count "0 passed, 1 failed"; return; }
  ctest --preset "$preset" --parallel "$(build_jobs)" --no-tests=error --tests-regex "^($(IFS='|'; echo "${tests[*]}"))\$"
  status=$?
  count "$(awk -v ctest_status=$status -f tests/count.awk "build/$preset/Testing/Temporary/LastTest.log")"
}

skip() {
  echo "skipped: $1"
  count "0 passed, 0 failed, 1 skipped"
}

# Each part runs in a shell of its own and leaves its line in this file.
count() { echo "$1" >"$line"; }

# fetch_from_debian_13 PACKAGE FOLDER: what the package holds, not installed. apt gets lists of its own for it.
fetch_from_debian_13() (
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' | head -n 1)
  [ -n "$mirror" ] || { echo "apt knows no mirror of Debian"; exit 1; }
  mkdir -p "$2"/apt/{state/lists/partial,cache/archives/partial} && cd "$2/apt" || exit 1
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >sources.list
  options=(-o "Dir::Etc::SourceList=$PWD/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State=$PWD/state" -o "Dir::Cache=$PWD/cache"
           -o Dir::State::status=/var/lib/dpkg/status -o APT::Sandbox::User=root -o Acquire::Languages=none)
  timeout 300 apt-get "${options[@]}" update && timeout 120 apt-get "${options[@]}" download "$1" && dpkg-deb -x "$1"_*.deb "$2"
)

[ $# -gt 0 ] && parts=("$@")
debian_packages+=(clang libomp-dev)
install_missing_packages
line=$(mktemp)
trap 'rm -f "$line"' EXIT
lines=()
for part in "${parts[@]}"; do
  [ "$(type -t "$part")" = function ] || { echo "ci.sh: no part '$part'" >&2; exit 2; }
  echo "== $part"
  count "0 passed, 1 failed"
  seconds=$SECONDS
  ("$part")
  echo "== $part: $(<"$line"), $((SECONDS - seconds)) s"
  lines+=("$(<"$line")")
done
printf '%s\n' "${lines[@]}" | awk -f tests/sum.awk
