#define BOOST_TEST_MODULE cli_species_constants
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/species_constants.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

BOOST_AUTO_TEST_CASE(a_constant_is_a_place_from_0_in_c_and_from_1_in_fortran) {
  const SpeciesConstants constants("box", {"O3", "NO2"});
  BOOST_TEST(contains(constants.c_header(), "enum {\n  box_ind_O3 = 0,\n  box_ind_NO2 = 1\n};"),
             constants.c_header());
  BOOST_TEST(contains(constants.fortran_module(),
                      "module box_species\n  implicit none\n  integer, parameter :: ind_O3 = 1\n"
                      "  integer, parameter :: ind_NO2 = 2\nend module\n"),
             constants.fortran_module());
}

BOOST_AUTO_TEST_CASE(numbers_of_a_solver_are_constants_too) {
  const SpeciesConstants constants("box", {"O3", "NO2"}, 5);
  BOOST_TEST(
      contains(constants.c_header(),
               "enum { box_inputs = 2, box_outputs = 2, box_conditions = 5 };\n\nenum {\n  box_ind_O3"),
      constants.c_header());
  BOOST_TEST(contains(constants.fortran_module(),
                      "  integer, parameter :: inputs = 2, outputs = 2, conditions_of_a_cell = 5\n"
                      "  integer, parameter :: ind_O3 = 1\n"),
             constants.fortran_module());
}

BOOST_AUTO_TEST_CASE(what_no_identifier_has_becomes_an_underscore) {
  const SpeciesConstants constants("box", {"NO3-", "O(1D)", "2_ethyl"});
  for (const char* const name : {"ind_NO3_ ", "ind_O_1D_ ", "ind_2_ethyl "})
    BOOST_TEST(contains(constants.fortran_module(), name), constants.fortran_module());
}

BOOST_AUTO_TEST_CASE(two_names_never_become_one) {
  const auto message = [](const std::vector<std::string>& names) {
    return message_of([&] { SpeciesConstants("box", names); });
  };
  BOOST_TEST(contains(message({"CO", "O3", "Co"}), "species 'Co': expected a name that differs from 'CO'"));
  BOOST_TEST(contains(message({"A-B", "A+B"}), "'ind_a_b' of both"));
  const std::string longest(59, 'x');
  BOOST_TEST(message({longest, longest.substr(1)}) == "no error");
  BOOST_TEST(contains(message({longest + "y"}), "up to 59 characters"));
}

BOOST_AUTO_TEST_CASE(a_name_of_files_is_an_identifier) {
  for (const std::string name : {"my-box", "1box", "", "_box"})
    BOOST_TEST(contains(message_of([&] { SpeciesConstants(name, {"O3"}); }), "'" + name + "'"), name);
}
