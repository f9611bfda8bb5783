#define BOOST_TEST_MODULE reference_kept_exception
#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/reference/kept_exception.hpp>

using chemnne::detail::KeptException;

namespace {

std::string message_of(KeptException& kept) {
  try {
    kept.rethrow();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_returned_is_passed_on_and_nothing_is_thrown) {
  KeptException kept;
  BOOST_TEST(kept.keep(-1, [] { return 3; }) == 3);
  BOOST_CHECK_NO_THROW(kept.rethrow());
}

BOOST_AUTO_TEST_CASE(the_first_exception_is_thrown_on_once) {
  KeptException kept;
  BOOST_TEST(kept.keep(-1, []() -> int { throw std::runtime_error("first"); }) == -1);
  BOOST_TEST(kept.keep(-2, []() -> int { throw std::runtime_error("second"); }) == -2);
  BOOST_TEST(kept.keep(-3, [] { return 0; }) == 0);
  BOOST_TEST(message_of(kept) == "first");
  BOOST_TEST(message_of(kept) == "none");
  BOOST_TEST(kept.keep(-1, []() -> int { throw std::runtime_error("third"); }) == -1);
  BOOST_TEST(message_of(kept) == "third");
}

BOOST_AUTO_TEST_CASE(what_is_no_exception_of_the_standard_library_is_kept_too) {
  KeptException kept;
  BOOST_TEST(kept.keep(-1, []() -> int { throw 7; }) == -1);
  BOOST_CHECK_EXCEPTION(kept.rethrow(), int, [](int thrown) { return thrown == 7; });
}

BOOST_AUTO_TEST_CASE(nothing_passes_through_a_function_of_c) {
  // qsort of the C library calls back; it would not know what to do with an exception.
  static KeptException kept;
  std::vector<int> values{3, 1, 2};
  std::qsort(values.data(), values.size(), sizeof(int), [](const void*, const void*) {
    return kept.keep(0, []() -> int { throw std::runtime_error("no order"); });
  });
  BOOST_TEST(message_of(kept) == "no order");
}
