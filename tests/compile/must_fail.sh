#!/usr/bin/env bash
# must_fail.sh <file> <compiler> <flags>...
# The file must be refused by a static_assert with the sentence that its '// expected: ...' line states, and must
# compile once -DCHEMNNE_MENDED removes the mistake: so it fails for that reason and no other.
set -u
file=$1
shift
sentence=$(sed -n 's|^// expected: ||p' "$file")
[ -n "$sentence" ] || { echo "$file: no line '// expected: <sentence of the static_assert>'"; exit 1; }

if output=$("$@" "$file" 2>&1); then
  echo "$file: compiles, but must not"
  exit 1
fi
if ! grep -F -- "$sentence" <<<"$output" | grep -qE 'error: static(_assert| assertion) failed'; then
  echo "$file: refused, but no static_assert says: $sentence"
  echo "$output" | head -n 20
  exit 1
fi
if ! output=$("$@" -DCHEMNNE_MENDED "$file" 2>&1); then
  echo "$file: does not compile with -DCHEMNNE_MENDED either"
  echo "$output" | head -n 20
  exit 1
fi
