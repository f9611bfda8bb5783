# Sums up ctest's log (Testing/Temporary/LastTest.log): "N passed, N failed[, N skipped]".
# A Boost.Test executable counts by its cases, as its short report states them; any other test counts as one.
# A case that printed "skipped: reason" and returned counts as skipped, not as passed.
# A test that died before its report, or could not start, counts as one failure.

/^[0-9]+\/[0-9]+ Test: / { close_test(); open = 1 }
/^ *[0-9]+ test cases? out of [0-9]+ passed( with warnings)?$/ { case_passed += $1 }
/^ *[0-9]+ test cases? out of [0-9]+ failed$/ { case_failed += $1 }
/^skipped: / { case_skipped += 1 }
/^Test Pass(ed\.| Reason:)$/ { test_passed = 1 }  # the second: by what it printed
END {
  close_test()
  if (ctest_status != 0 && failed == 0) failed = 1
  printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
}

function close_test() {
  if (open) {
    if (case_passed + case_failed == 0) case_passed = 1
    if (!test_passed && case_failed == 0) { case_failed = 1; case_passed -= case_passed > 0 }
    if (case_skipped > case_passed) case_skipped = case_passed
    passed += case_passed - case_skipped
    failed += case_failed
    skipped += case_skipped
  }
  open = test_passed = case_passed = case_failed = case_skipped = 0
}
