#define BOOST_TEST_MODULE cli_name_and_value
#include <string>
#include <utility>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/name_and_value.hpp>

using chemnne::name_and_value;
using Sides = std::pair<std::string, std::string>;

BOOST_AUTO_TEST_CASE(the_first_sign_parts_name_and_value) {
  BOOST_TEST((name_and_value("--importance", "SPECIES=FACTOR", "O3=17") == Sides("O3", "17")));
  BOOST_TEST((name_and_value("--baseline", "NAME=FILE", "mlp=a=b.nc") == Sides("mlp", "a=b.nc")));
  BOOST_TEST((name_and_value("--importance", "SPECIES=FACTOR", "O3=") == Sides("O3", "")));
}

BOOST_AUTO_TEST_CASE(an_item_without_one_is_refused_by_option_and_form) {
  const std::string message =
      test::message_of([] { name_and_value("--importance", "SPECIES=FACTOR", "O3"); });
  BOOST_TEST(test::contains(message, "--importance: expected SPECIES=FACTOR, found 'O3'"), message);
}
