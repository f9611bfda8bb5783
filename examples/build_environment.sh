# To be sourced by quickstart.sh and tests/run.sh: Debian packages, number of jobs, configuration.

# What a bare Debian 12 lacks; the only list of them.
debian_packages=(
  g++ cmake make ninja-build                # toolchain
  libxsimd-dev                              # vector instructions (headers)
  libsundials-dev libsuitesparse-dev        # CVODE and KLU, the reference solution
  libspectra-dev libeigen3-dev              # eigenvalues of its Jacobian (headers)
  libnetcdf-dev                             # data sets
  libcli11-dev libtomlplusplus-dev          # command line, configuration files
  libyaml-dev                               # mechanisms in YAML and JSON
  gnuplot-nox                               # figures of the report
  libboost-test-dev libfftw3-dev valgrind   # tests
  locales                                   # tests of numbers in another locale
  libopenmpi-dev openmpi-bin                # tests of several processes
  gfortran pkg-config                       # tests of hosts in other languages and of the package
)

# Installs those packages that are missing; asks for no password and says what to do if it cannot.
install_missing_packages() {
  local package missing=()
  for package in "${debian_packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0

  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends
                 "${missing[@]}")
  echo "Installing from Debian: ${missing[*]}"
  if ! { "${as_root[@]}" apt-get update -qq && "${install[@]}"; } >/tmp/chemnne_install.$$.log 2>&1; then
    tail -n 5 /tmp/chemnne_install.$$.log >&2
    echo "Could not install the packages above. Please run, as root:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
    return 1
  fi
  rm -f /tmp/chemnne_install.$$.log
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
  cmake --preset "$preset" && cmake --build "build/$preset" --parallel "$(build_jobs)" --target "$@"
}
