#!/usr/bin/env bash
# bench/kpp_standalone.sh on a cell of the embedded mechanism in the layout of GEOS-Chem's KPP standalone interface, made
# by the mechanism's own rate expressions: what the script prescribes by number must give the same rates and the same end.
#   kpp_standalone.sh SOURCE PROGRAM
set -euo pipefail
source=$1
export CHEMNNE_MECHANISM=$2 LC_ALL=C
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mechanism=$source/examples/mechanisms/troposphere.eqn

awk 'BEGIN {
  print "O3,1e12\nNO,2e9\nNO2,8e9\nCO,3e12\nCH4,4.6e13\nHCHO,2e10\nHONO,1e8\nH2O2,3e10\nO2,5.1e18\nN2,1.9e19\nH2O,3e17" }' >start.csv
"$CHEMNNE_MECHANISM" box "$mechanism" --initial start.csv --conditions temperature=285 pressure=95000 cosine_zenith=0.6 \
  --hours 0.25 --interval 900 --rtol 1e-8 --atol 1e-4 --write constants,rates --output own.csv >/dev/null 2>&1

# cell.txt and result.txt from the two rows.
awk -F, '
  NR == 1 { for (i = 1; i <= NF; ++i) name[i] = $i }
  NR == 2 { for (i = 1; i <= NF; ++i) first[i] = $i }
  NR == 3 { for (i = 1; i <= NF; ++i) last[i] = $i }
  END {
    print "9\n===\nLocation:   a test\nPressure (hPa):   950.0000\nTemperature (K):   285.00" > "cell.txt"
    print "Cosine of solar zenith angle:  0.6000E+00\nInit KPP Timestep (seconds):  10.0" > "cell.txt"
    print "Chemistry operator timestep (seconds):   900.0000\n===\nName,   Value" > "cell.txt"
    print "30\n===\nSpecies Name,Initial Concentration (molec/cc),Final Concentration (molec/cc)" > "result.txt"
    for (i = 3; i <= NF; ++i)
      if (name[i] ~ /^rate_constant/) constant[++constants] = "R" constants ",   " first[i]
      else if (name[i] ~ /^reaction_rate/) rate[++rates] = "A" rates ",   " first[i]
      else {
        print name[i] ",   " first[i] > "cell.txt"
        print name[i] ",   " first[i] ",   " last[i] > "result.txt"
      }
    print "PCO,   0.0\nO2,   5.1D18\nN2,   1.9E+19\nH2O,   3E17" > "cell.txt"
    for (i = 1; i <= constants; ++i) print constant[i] > "cell.txt"
    for (i = 1; i <= rates; ++i) print rate[i] > "cell.txt"
  }' own.csv

# expect STATUS TEXT CELL [RESULT]
expect() {
  local status=0
  bash "$source/bench/kpp_standalone.sh" "$mechanism" "${@:3}" >log 2>&1 || status=$?
  if [ "$status" != "$1" ] || ! grep -qF "$2" log; then
    cat log
    echo "expected status $1 and '$2' of ${*:3}, found status $status"
    exit 1
  fi
}
expect 0 "52 species, 152 reactions, 900 s" cell.txt result.txt
expect 0 "left out: PCO" cell.txt
sed 's/^A20, .*/A20, 1.234E+05/' cell.txt >rate.txt
expect 1 "reaction_rate(" rate.txt
awk -F, -v OFS=, 'NF == 3 && NR > 3 && NR % 2 == 0 { $3 *= 1.1 } 1' result.txt >wrong.txt
expect 1 "NOT as it must be" cell.txt wrong.txt
sed '/^R152,/d' cell.txt >short.txt
expect 2 "expected 152 rate constants" short.txt
sed 's/^O3, .*/O3, many/' cell.txt >text.txt
expect 2 "expected a number, found 'many'" text.txt
sed '/^O3,/d' cell.txt >without.txt
expect 2 "found none of O3" without.txt
