#define BOOST_TEST_MODULE chemistry_elements
#include <cstdio>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/elements.hpp>
#include <chemnne/chemistry/kpp_comments.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/support/text.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(symbols_stand_at_their_atomic_numbers) {
  BOOST_TEST(element_symbols[1 - 1] == "H");
  BOOST_TEST(element_symbols[17 - 1] == "Cl");
  BOOST_TEST(element_symbols[53 - 1] == "I");
  BOOST_TEST(element_symbols[92 - 1] == "U");
  BOOST_TEST(element_symbols[118 - 1] == "Og");
}

/// The list of KPP itself, which `#INCLUDE atoms` means.
BOOST_AUTO_TEST_CASE(the_list_is_that_of_kpp) {
  const std::string path = std::string(CHEMNNE_SHARED_DIRECTORY) + "/mechanisms/kpp/atoms.kpp";
  std::string text;
  try {
    text = read_text_file(path);
  } catch (const Error&) {
    std::printf("skipped: %s is not there\n", path.c_str());
    return;
  }
  const SourceText source = detail::without_kpp_comments(path, text);
  SourceCursor cursor(source);
  std::vector<std::string_view> symbols;
  BOOST_TEST(cursor.take_text("#ATOMS"));
  while (!cursor.at_end()) {
    symbols.push_back(cursor.take_name());
    cursor.require(';', "after an element");
  }
  BOOST_TEST(symbols == element_symbols, boost::test_tools::per_element());
}
