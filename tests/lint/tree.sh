#!/usr/bin/env bash
# The tree: agreed names at the top level, no file over 400 lines, no marks of unfinished work.
set -u
cd "$1" || exit 1
status=0
complain() {
  echo "$1:"
  sed 's/^/  /' <<<"$2"
  status=1
}

# In a repository what git sees (so no build folder), else every file.
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  mapfile -t files < <(git ls-files --cached --others --exclude-standard | while read -r f; do [ -e "$f" ] && echo "$f"; done | sort -u)
else
  mapfile -t files < <(find . -path ./build -prune -o -type f -printf '%P\n' | sort)
fi

allowed='^(CMakeLists\.txt|CMakePresets\.json|LICENSE|README\.md|CHANGELOG\.md|CITATION\.cff|include|examples|tests|bench|docs|\..*)$'
odd=$(printf '%s\n' "${files[@]}" | cut -d/ -f1 | sort -u | grep -vE "$allowed")
[ -z "$odd" ] || complain "Outside the agreed top level" "$odd"

sources=$(printf '%s\n' "${files[@]}" | grep -E '^(include|examples|tests|bench)/.*\.(hpp|h|cuh|cu|cpp|f90|py|sh|cmake)$')
long=$(xargs -r wc -l <<<"$sources" | awk '$2 != "total" && $1 > 400')
[ -z "$long" ] || complain "Over 400 lines" "$long"

# The letters in brackets keep this line from finding itself.
marks=$(printf '%s\n' "${files[@]}" | grep -E '^(include|examples|tests|bench|docs|README)' |
  xargs -r grep -nIiE '\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K|place[h]older|not[ ]implemented|dummy[ ]implementation)\b')
[ -z "$marks" ] || complain "Marks of unfinished work" "$marks"

exit $status
