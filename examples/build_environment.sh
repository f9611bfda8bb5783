# To be sourced by quickstart.sh and tests/run.sh: Debian packages, number of jobs, configuration.

# What a bare Debian 12 or 13 lacks; the only list of them. Their names elsewhere: docs/install.md.
debian_packages=(
  g++ cmake make ninja-build                # toolchain
  libxsimd-dev                              # vector instructions (headers)
  libsundials-dev libsuitesparse-dev        # CVODE and KLU, the reference solution
  libspectra-dev libeigen3-dev              # eigenvalues of its Jacobian (headers)
  libnetcdf-dev                             # data sets
  libcli11-dev libtomlplusplus-dev          # command line, configuration files
  libyaml-dev                               # mechanisms in YAML and JSON
  gnuplot-nox                               # figures of the report
  libboost-test-dev libfftw3-dev            # tests
  locales                                   # tests of numbers in another locale
  libopenmpi-dev openmpi-bin                # tests of several processes
  gfortran pkg-config                       # tests of hosts in other languages and of the package
  doxygen                                   # API reference, and the test of it
)

# Installs those packages that are missing, where that goes without a password. Where it does not, the libraries may lie
# elsewhere (modules, Spack, conda): it says what is not there, and CMake judges.
packages_not_installed=()
install_missing_packages() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "No apt here: going on with what CMake finds, also below CMAKE_PREFIX_PATH."
    return
  fi
  local package
  packages_not_installed=()
  for package in "${debian_packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || packages_not_installed+=("$package")
  done
  [ ${#packages_not_installed[@]} -gt 0 ] || return 0

  local as_root=() log
  log=$(mktemp)
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  echo "Installing from Debian: ${packages_not_installed[*]}"
  if { "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      "${packages_not_installed[@]}"; } >"$log" 2>&1; then
    packages_not_installed=()
  else
    tail -n 3 "$log" >&2
    echo "They could not be installed: going on with what CMake finds, also below CMAKE_PREFIX_PATH." >&2
  fi
  rm -f "$log"
}

# What to do when CMake did not find enough.
explain_missing_packages() {
  if [ ${#packages_not_installed[@]} -gt 0 ]; then
    echo "Not installed are these packages of Debian; as root:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends ${packages_not_installed[*]}" >&2
  fi
  echo "Their names in Fedora, conda-forge and Spack, and how to do without root: docs/install.md" >&2
}

# One compiler a core, and no more than fit in memory at 2 GB each.
build_jobs() {
  local cores kilobytes jobs
  cores=$(nproc)
  kilobytes=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)
  jobs=$((kilobytes / 2000000))
  [ "$jobs" -gt "$cores" ] && jobs=$cores
  [ "$jobs" -lt 1 ] && jobs=1
  echo "$jobs"
}

# configure_and_build <preset> <target>...: in build/<preset>, with Ninja and ccache where they are installed.
configure_and_build() {
  local preset=$1
  shift
  command -v ninja >/dev/null && export CMAKE_GENERATOR="${CMAKE_GENERATOR:-Ninja}"
  command -v ccache >/dev/null && export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER-ccache}"
  if ! cmake --preset "$preset"; then
    explain_missing_packages
    return 1
  fi
  cmake --build "build/$preset" --parallel "$(build_jobs)" --target "$@"
}
