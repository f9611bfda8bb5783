#!/usr/bin/env bash
# Recipes and containers (docs/packages) say what the project says. Dependencies: CMake names Debian's packages of what it
# looks for, and the table of docs/install.md translates them. Version: that of support/version.hpp. Commands: the README's.
set -u
cd "$1" || exit 1
packages=docs/packages
status=0

# same <what> <expected> <found>: the same names, in any order.
same() {
  local expected found
  expected=$(xargs -n 1 <<<"$2" | sort -u) found=$(xargs -n 1 <<<"$3" | sort -u)
  [ "$expected" = "$found" ] && return
  printf '%s, expected:\n%s\nfound:\n%s\n' "$1" "$(xargs <<<"$expected")" "$(xargs <<<"$found")"
  status=1
}

# Rows 'debian conda spack' of the table, a package each; '-' where the other has none.
table=$(awk -F'|' '
  function names(cell, list,   parts, n, i) {
    n = split(cell, parts, "`")
    for (i = 2; i <= n; i += 2) { sub(/ .*/, "", parts[i]); list[i / 2] = parts[i] }
    return int(n / 2)
  }
  /^## / { inside = $0 == "## Packages" }
  inside && /^\|.*`/ {
    delete conda; delete spack
    n = names($3, debian); names($5, conda); names($6, spack)
    for (i = 1; i <= n; ++i) print debian[i], (i in conda ? conda[i] : "-"), (i in spack ? spack[i] : "-")
  }' docs/install.md)
translate() { awk -v names="$1" -v column="$2" 'index(" " names " ", " " $1 " ") { print $column }' <<<"$table" | xargs; }

# What the libraries need; with clang also its OpenMP, which comes with g++.
cmake=(include/chemnne/cmake/chemnne_{host,training}_dependencies.cmake)
needed=$(grep -ohE 'lib[a-z0-9]+-dev' "${cmake[@]}" | grep -v '^libomp-dev$' | sort -u | xargs)
[ -n "$needed" ] || { echo "CMake names no packages of Debian"; status=1; }
sought=$(grep -chE '^ *(find_package|chemnne_find_library)\(|chemnne_mpi\.cmake' "${cmake[1]}")
named=$(grep -chE '^ *chemnne_require\(.*-dev' "${cmake[1]}")
[ "$sought" = "$named" ] || { echo "CMake looks for $sought packages and names $named of Debian"; status=1; }

debian_packages=()
source examples/build_environment.sh
same "Debian's packages in docs/install.md" "${debian_packages[*]}" "$(translate "${debian_packages[*]}" 1)"
same "Debian's packages in build_environment.sh" "$(awk '{ print $1 }' <<<"$table" | xargs)" "${debian_packages[*]}"
same "Debian's packages that CMake names" "$needed" "$(translate "$needed" 1)"

tools="cmake ninja-build"
figures="gnuplot-nox"
same "Spack's recipe" "cxx $(translate "$needed $tools $figures" 3)" \
  "$(grep -oE 'depends_on\("[a-z0-9-]+' $packages/spack/package.py | cut -d'"' -f2 | xargs)"

# requirements <list>: names in a list of the requirements; compilers, which have no name of their own, are left out.
requirements() {
  awk -v list="  $1:" '/^[a-z]/ { inside = $0 == "requirements:"; wanted = 0 } /^  [a-z]/ { wanted = inside && $0 == list }
    wanted && /^ *- [a-z]/ { print $2 }' $packages/conda/recipe.yaml | xargs
}
one_process=${needed/libopenmpi-dev/}
same "conda's recipe, build" "$(translate "$tools" 2)" "$(requirements build)"
same "conda's recipe, host" "$(translate "$one_process" 2)" "$(requirements host)"
same "conda's recipe, run" "$(translate "$one_process $figures" 2)" "$(requirements run)"

version=$(sed -n 's/.*string_view version = "\(.*\)";/\1/p' include/chemnne/support/version.hpp)
grep -qF "version(\"$version\")" $packages/spack/package.py || { echo "Spack's recipe has another version"; status=1; }
grep -qF "version: \"$version\"" $packages/conda/recipe.yaml || { echo "conda's recipe has another version"; status=1; }

mapfile -t commands < <(sed -n 's/^    \(bash [^#]*[^# ]\) *\(#.*\)\{0,1\}$/\1/p' README.md)
[ ${#commands[@]} -gt 0 ] || { echo "README.md has no command"; status=1; }
for file in $packages/Containerfile $packages/apptainer.def; do
  for command in "${commands[@]}"; do
    grep -qF -- "$command" $file || { echo "$file lacks a command of README.md: $command"; status=1; }
  done
done

if command -v python3 >/dev/null; then
  python3 -c 'import ast, sys; ast.parse(sys.stdin.read())' <$packages/spack/package.py || status=1
fi
exit $status
