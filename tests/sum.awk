# Adds up lines 'N passed, N failed[, N skipped]'; the exit status is 1 where something failed or a line is none.
/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ { passed += $1; failed += $3; skipped += $5; next }
{ failed += 1 }
END {
  if (NR == 0) failed = 1
  printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
  exit failed > 0
}
