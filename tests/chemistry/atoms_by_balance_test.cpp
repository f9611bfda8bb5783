#define BOOST_TEST_MODULE chemistry_atoms_by_balance
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/atoms_by_balance.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>

using namespace chemnne;

namespace {

/// The atoms of nitrogen in a species of a mechanism with these equations; NO2, HNO3, PAN and CO are known.
double nitrogen(const std::string& equations, const std::string& species) {
  const Mechanism mechanism = parse_kpp(
      "#ATOMS N; O; C; H;\n#DEFVAR\nNO2 = N + 2O; HNO3 = H + N + 3O; PAN = 2C + 3H + N + 5O; CO = C + O;\n"
      "A = IGNORE; B = IGNORE; D = IGNORE;\n#EQUATIONS\n" +
          equations,
      "atoms.kpp");
  const auto element = static_cast<std::size_t>(
      std::find(mechanism.elements.begin(), mechanism.elements.end(), "N") - mechanism.elements.begin());
  return atoms_by_balance(mechanism, element)[mechanism.index_of(species)];
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_reaction_with_one_unknown_species_tells_its_atoms) {
  BOOST_TEST(nitrogen("<1> HNO3 = A : 1;\n", "A") == 1);
  BOOST_TEST(nitrogen("<1> HNO3 = A : 1;\n", "HNO3") == 1);
  BOOST_TEST(nitrogen("<1> HNO3 + CO = A : 1;\n", "CO") == 0);
  BOOST_TEST(nitrogen("<1> 2 A = PAN + NO2 : 1;\n", "A") == 1);
  BOOST_TEST(nitrogen("<1> A + CO = NO2 + HNO3 + CO : 1;\n", "A") == 2);
}

BOOST_AUTO_TEST_CASE(what_is_found_helps_with_the_next) {
  const std::string chain = "<1> B = D : 1;\n<2> A + A = B : 1;\n<3> HNO3 = A : 1;\n";
  BOOST_TEST(nitrogen(chain, "A") == 1);
  BOOST_TEST(nitrogen(chain, "B") == 2);
  BOOST_TEST(nitrogen(chain, "D") == 2);
}

BOOST_AUTO_TEST_CASE(most_reactions_decide_and_impossible_ones_have_no_voice) {
  const std::string loses = "<1> A = CO : 1;\n", keeps = "<2> A = NO2 : 1;\n<3> A + CO = HNO3 : 1;\n";
  BOOST_TEST(nitrogen(loses + keeps, "A") == 1);
  BOOST_TEST(nitrogen(loses + "<2> A = NO2 : 1;\n", "A") == 0);
  BOOST_TEST(nitrogen("<1> A + NO2 = CO : 1;\n<2> A = 0.5 NO2 : 1;\n<3> A = HNO3 : 1;\n", "A") == 1);
}

BOOST_AUTO_TEST_CASE(what_no_reaction_tells_has_none) {
  BOOST_TEST(nitrogen("<1> A = B : 1;\n", "A") == 0);
  BOOST_TEST(nitrogen("<1> A + CO = A + CO : 1;\n", "A") == 0);
}
