#!/usr/bin/env bash
# The rules of includes: which folder of include/chemnne may include which, and what the doors for hosts must not pull in.
set -u
cd "$1" || exit 1
status=0
complain() {
  echo "$1"
  status=1
}

# A folder may include itself and:
declare -A allowed=(
  [support]=""
  [tensor]="support"
  [backend]="support tensor"
  [layers]="support tensor backend"
  [model]="support tensor backend layers"
  [inference]="support tensor backend layers model"
  [io]="support"
  [host]="support tensor backend layers model inference io solver autodiff"
  [chemistry]="support"
  [reference]="support chemistry"
  [solver]="support tensor backend chemistry"
  [data]="support tensor backend chemistry reference solver io"
  [autodiff]="support tensor backend layers"
  [loss]="support tensor backend layers model"
  [training]="support tensor backend layers model inference host loss data autodiff io chemistry reference solver"
  [cli]="support tensor backend layers model inference loss data autodiff io chemistry reference solver training host emulator.hpp"
  [emulator.hpp]="support tensor backend layers model inference io host"
  [solver.hpp]="support tensor backend layers io solver host"
  [training.hpp]="support tensor backend layers model inference io host loss data autodiff chemistry reference solver training cli emulator.hpp"
)

include='[<"](chemnne/([^/>"]+)[^>"]*)[>"]'
while IFS=: read -r file line text; do
  IFS=/ read -r _ _ from _ <<<"$file"
  [[ $text =~ $include ]]
  header=${BASH_REMATCH[1]} to=${BASH_REMATCH[2]}
  [ -n "${allowed[$from]+known}" ] || complain "$file: the rules of includes do not know the folder $from"
  [ -e "include/$header" ] || complain "$file:$line: there is no $header"
  case " $from ${allowed[$from]-} " in
    *" $to "*) ;;
    *) complain "$file:$line: $from must not include $to ($header)" ;;
  esac
done < <(grep -rnE '^ *# *include *[<"]chemnne/' include --include='*.hpp' --include='*.cuh')

mpi=$(grep -rlE '^ *# *include *<mpi\.h>' include | grep -v '/mpi_communicator\.hpp$')
[ -z "$mpi" ] || complain "Only support/mpi_communicator.hpp includes <mpi.h>: $mpi"

openmp=$(grep -rlE '_OPENMP|^ *# *pragma omp|<omp\.h>' include | grep -v '/support/parallel\.hpp$')
[ -z "$openmp" ] || complain "Only support/parallel.hpp knows OpenMP, or units with and without it differ: $openmp"

quoted=$(grep -rnE '^ *# *include *"' include --include='*.hpp' --include='*.cuh')
[ -z "$quoted" ] || complain "Spell includes as <chemnne/folder/header.hpp>: $quoted"

# The doors for hosts, with everything that they reach, system headers too.
for door in emulator.hpp solver.hpp; do
  closure=$(printf '#include <chemnne/%s>\n' "$door" | "${CXX:-g++}" -std=c++20 -march=native -Iinclude -M -x c++ - |
    tr -s ' \\' '\n\n') || complain "$door does not preprocess"
  for needed in "include/chemnne/$door" include/chemnne/support/error.hpp; do
    grep -qx "$needed" <<<"$closure" || complain "the list of headers behind $door lacks $needed"
  done
  heavy=$(grep -E '/(iostream|fstream|regex|ranges|functional|Eigen/.*|netcdf.*|sundials.*|klu\.h|mpi\.h|CLI/.*|toml.*)$' \
    <<<"$closure")
  [ -z "$heavy" ] || complain "$door pulls in heavy headers: $heavy"
  inside=$(grep -E 'include/chemnne/(chemistry|reference|data|loss|training|cli|autodiff)/' <<<"$closure")
  [ -z "$inside" ] || complain "$door pulls in headers of training: $inside"
done

exit $status
