#!/usr/bin/env bash
# The rule of numbers: include/ writes and reads them by support/number_text.hpp, the same in every locale. Whole numbers may go
# through std::to_string and %zu, which follow none; std::to_string of others is refused by locale.hpp, which compile/ includes.
set -u
cd "$1" || exit 1
status=0

# refuse WHY PATTERN EXCEPTION: lines of code that match the pattern, but for those that match the exception.
refuse() {
  local found
  found=$(grep -rnP "^(?!\s*(//|\*)).*($2)" include --include='*.hpp' --include='*.h' --include='*.cpp' | grep -vE "$3")
  [ -z "$found" ] && return
  echo "$1:"
  sed 's/^/  /' <<<"$found"
  status=1
}
none='^$'

refuse "Formats of printf and scanf that follow the locale: number_text, fixed_text, scientific_text, parse_number" \
  '"[^"]*%[-+#0]*[0-9*]*(\.[0-9*]+)?[lL]?[aAeEfFgG]' "set format"  # gnuplot's own formats
refuse "Functions that follow the locale: number_text, parse_number" \
  '\b(strto(d|f|ld)|ato(f|ld)|sto(d|f|ld)|localeconv|setlocale|strfmon|(put|get)_(time|money))\b' "$none"
refuse "Dates that follow the locale" '\bstrftime\b' '"%Y-%m-%d %H:%M UTC"'  # digits alone
refuse "Streams write numbers in the locale: a std::string and number_text" \
  '<([io]?(string|f)?stream|sstream|iomanip|locale|regex)>|\bstd::(cout|cerr|clog|cin|[io]?(string|f)?stream)\b' "$none"
refuse "Letters that follow the locale: support/text.hpp has those of ASCII" \
  '<c?(ctype|locale)>|\bstd::(is(alnum|alpha|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit)|to(lower|upper))\b' "$none"
refuse "CLI11 reads numbers in the locale: add_number and the checks of cli/number_options.hpp" \
  '\bCLI::(Range|Bound|Number|PositiveNumber|NonNegativeNumber|AsNumberWithUnit)\b|\bas<(double|float)>' "$none"

exit $status
