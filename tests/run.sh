#!/usr/bin/env bash
# Installs what is missing from Debian, builds and runs all tests; the last line is 'N passed, N failed'.
#   bash tests/run.sh [preset]     preset: release (default), or another of CMakePresets.json
# Counted: Boost.Test cases, and each script test as one. A case that prints 'skipped: reason' counts as skipped.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
source examples/build_environment.sh

preset=${1:-release}
give_up() {
  echo "$1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

install_missing_packages
configure_and_build "$preset" all || give_up "The build failed."

ctest --preset "$preset" --parallel "$(build_jobs)" --no-tests=error
status=$?
awk -v ctest_status=$status -f tests/count.awk "build/$preset/Testing/Temporary/LastTest.log"
exit $status
