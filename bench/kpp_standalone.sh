#!/usr/bin/env bash
# A grid cell of GEOS-Chem, as its KPP standalone interface writes it, through our programs, each part checked.
set -euo pipefail

if [ $# -lt 2 ] || [ $# -gt 3 ] || [ "${1-}" = --help ]; then
  cat <<'TEXT'
bash bench/kpp_standalone.sh MECHANISM CELL [RESULT]

MECHANISM  the .eqn of the GEOS-Chem version that wrote the cell (KPP/fullchem/fullchem.eqn)
CELL       what GEOS-Chem's KPP standalone interface wrote: a header with its number of lines before it, then
           NAME, concentration; R<n>, rate constant of reaction n; and in some versions A<n>, its rate
RESULT     what KPP standalone wrote of the cell: NAME,before,after

The rate constants are prescribed by reaction (box --conditions), so that the mechanism's rate functions are not needed.
Compared: the rates of the reactions with A<n>; the concentrations at the end of the chemistry step by Rodas4 and by CVODE,
both at rtol 1e-8, and with RESULT, as |difference| / (concentration + 1 molecule cm-3).
Status 1: a rate differs by more than 1e-6, a species by Rodas4 and CVODE by more than 1e-4, or more than one of twenty
species by more than 0.01 from RESULT: at its own tolerance of 5e-3 a step GEOS-Chem's solver is off by half where
particles are used up, and at 1e-9 it agrees with ours to 1e-7.

CHEMNNE_MECHANISM: the program (build/release/bin/chemnne_mechanism). OUT: a folder to keep what is made.
TEXT
    exit 2
fi
export LC_ALL=C
mechanism=$1 cell=$2 result=${3-}
program=${CHEMNNE_MECHANISM:-$(dirname "$0")/../build/release/bin/chemnne_mechanism}
if [ -n "${OUT-}" ]; then
  folder=$OUT
  mkdir -p "$folder"
else
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
give_up() {
  echo "kpp_standalone.sh: $1" >&2
  exit 2
}

# Names of the mechanism, one a line, in its order.
"$program" info --json "$mechanism" >"$folder/info.json"
names() { sed -n "s/^ *\"$1\": \[\"\(.*\)\"\],*\$/\1/p" "$folder/info.json" | sed 's/", "/\n/g'; }
names species_names >"$folder/species.txt"
names reaction_labels >"$folder/labels.txt"

# Header values, concentrations of our species, rate constants and rates by label; who is not ours is named.
awk -F ' *, *' -v species="$folder/species.txt" -v labels="$folder/labels.txt" -v folder="$folder" '
  function fail(what) { print FILENAME ":" FNR ": " what | "cat >&2"; failed = 1; exit 2 }
  function header(text) { return substr($0, index($0, text) + length(text)) + 0 }
  BEGIN {
    while ((getline name < species) > 0) ours[name] = 1
    while ((getline label < labels) > 0) reaction[++reactions] = label
    number = "^[-+]?[0-9.]+([EeDd][-+]?[0-9]+)?$"
  }
  FNR == 1 { lines = $1 + 1; next }
  FNR <= lines {
    if (index($0, "Temperature (K):")) temperature = header("Temperature (K):")
    if (index($0, "Pressure (hPa):")) pressure = 100 * header("Pressure (hPa):")
    if (index($0, "Cosine of solar zenith angle:")) sun = header("Cosine of solar zenith angle:")
    if (index($0, "Chemistry operator timestep (seconds):")) seconds = header("Chemistry operator timestep (seconds):")
    next
  }
  /^ *$/ || $1 ~ /^ *Name$/ { next }
  NF != 2 { fail("expected a name and a value, found \x27" $0 "\x27") }
  {
    name = $1; gsub(/ /, "", name); value = $2; gsub(/ /, "", value); gsub(/[Dd]/, "E", value)
    if (value !~ number) fail("expected a number, found \x27" value "\x27")
  }
  name ~ /^[RA][0-9]+$/ && !(name in ours) {
    n = substr(name, 2) + 0
    if (!(n in reaction)) fail("expected one of the " reactions " reactions of the mechanism, found " name)
    if (name ~ /^R/) { print "<" reaction[n] ">," value > (folder "/rates.csv"); constants++ }
    else print "reaction_rate(" reaction[n] ")," value > (folder "/expected_rates.csv")
    next
  }
  name in ours { print name "," value ",molecules cm-3" > (folder "/initial.csv"); found[name] = 1; next }
  { left = left " " name }
  END {
    if (failed) exit 2
    if (!temperature || !pressure || !seconds) fail("expected temperature, pressure and time step in the header, found not all")
    if (constants != reactions) fail("expected " reactions " rate constants (the mechanism\x27s), found " constants + 0)
    for (name in ours) if (!(name in found)) missing = missing " " name
    if (missing) fail("expected all species of the mechanism, found none of" missing)
    if (left) print "not in the mechanism, left out:" left
    print "temperature=" temperature " pressure=" pressure " cosine_zenith=" sun + 0 > (folder "/conditions.txt")
    print seconds > (folder "/seconds.txt")
  }' "$cell" || give_up "the cell cannot be read"
seconds=$(cat "$folder/seconds.txt")
hours=$(awk -v s="$seconds" 'BEGIN { printf "%.17g", s / 3600 }')
read -r -a conditions <"$folder/conditions.txt"

for solver in rosenbrock cvode; do
  "$program" box "$mechanism" --initial "$folder/initial.csv" --conditions "$folder/rates.csv" "${conditions[@]}" \
    --hours "$hours" --interval "$seconds" --solver "$solver" --rtol 1e-8 --atol 1e-4 --write rates \
    --output "$folder/$solver.csv" >"$folder/$solver.log" 2>&1 || { cat "$folder/$solver.log" >&2; exit 2; }
done

# difference WHAT LIMIT SHARE ROW FLOOR EXPECTED FOUND: of NAME,value with a row of FOUND, a table with names above; no more
# than SHARE of the values may be above LIMIT.
difference() {
  awk -F, -v what="$1" -v limit="$2" -v share="$3" -v row="$4" -v small="$5" '
    NR == FNR { expected[$1] = $2; next }
    FNR == 1 { for (i = 1; i <= NF; ++i) name[i] = $i; next }
    FNR == row + 2 {
      for (i = 1; i <= NF; ++i) if (name[i] in expected) {
        difference = $i - expected[name[i]]
        size = expected[name[i]] < 0 ? -expected[name[i]] : expected[name[i]]
        difference = difference == 0 ? 0 : (difference < 0 ? -difference : difference) / (size + small)
        ++count
        if (!(difference <= limit)) above = above " " name[i]
        if (!(difference <= limit)) ++many
        if (!(difference <= worst)) { worst = difference; where = name[i] }
      }
    }
    END {
      if (count == 0) { print what ": nothing to compare"; exit 1 }
      printf "%-28s %5d values, largest relative difference %.3g%s\n", what, count, worst, where ? " (" where ")" : ""
      if (many) print "  above " limit ":" above
      if (many > share * count) { print "  NOT as it must be"; exit 1 }
    }' "$6" "$7"
}
last_row() { awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) name[i] = $i; next } { line = $0 }
  END { n = split(line, value, ","); for (i = 3; i <= n; ++i) if (name[i] !~ /^reaction_rate/) print name[i] "," value[i] }' "$1"; }

echo "$cell: $(wc -l <"$folder/initial.csv") species, $(wc -l <"$folder/rates.csv") reactions, $seconds s"
status=0
if [ -e "$folder/expected_rates.csv" ]; then
  difference "rates at the start" 1e-6 0 0 1e-30 "$folder/expected_rates.csv" "$folder/rosenbrock.csv" || status=1
fi
last_row "$folder/cvode.csv" >"$folder/cvode_end.csv"
difference "end by Rodas4 and CVODE" 1e-4 0 1 1 "$folder/cvode_end.csv" "$folder/rosenbrock.csv" || status=1
if [ -n "$result" ]; then
  awk -F, 'NF == 3 && $3 + 0 == $3 { gsub(/ /, ""); print $1 "," $3 }' "$result" >"$folder/result.csv"
  difference "end by Rodas4 and $(basename "$result")" 0.01 0.05 1 1 "$folder/result.csv" "$folder/rosenbrock.csv" || status=1
fi
exit $status
