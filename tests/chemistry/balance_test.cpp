#define BOOST_TEST_MODULE chemistry_balance
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/balance.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>

using namespace chemnne;

namespace {

const Mechanism mechanism = parse_kpp(R"(
#ATOMS H; C; N; O; Pls;
#DEFVAR CH4 = C + 4H; OH = O + H; CH3O2 = C + 3H + 2O; NO = N + O; NO2 = N + 2O; X = 2C + IGNORE; ION = N + Pls;
#DEFFIX N2O5 = 2N + 5O;
#EQUATIONS
<closes_C> CH4 + OH = CH3O2 : 1;
<closes_all> NO + NO2 = NO2 + NO : 1;
<loses_C> CH4 + OH = 0.9 CH3O2 : 1;
<unknown> X = CH3O2 : 1;
<fixed> N2O5 = 2 NO2 : 1;
<takes_up> N2O5 = NO2 - NO : 1;
<leaves> ION = PROD : 1;
)",
                                      "test");

double created(std::size_t reaction, const std::string& element) {
  for (std::size_t e = 0; e < mechanism.elements.size(); ++e)
    if (mechanism.elements[e] == element) return atoms_created(mechanism, mechanism.reactions[reaction], e);
  return 0;
}

// Sums of a few products.
const auto rounding = boost::test_tools::tolerance(1e-14);

}  // namespace

BOOST_AUTO_TEST_CASE(atoms_by_hand) {
  BOOST_TEST(created(0, "C") == 0);
  BOOST_TEST(created(0, "H") == -2);
  BOOST_TEST(created(0, "O") == 1);
  BOOST_TEST(created(2, "C") == -0.1, rounding);
  BOOST_TEST(created(4, "N") == 0);
  BOOST_TEST(created(4, "O") == -1);
  BOOST_TEST(created(5, "N") == -2);  // one made, one taken up, two lost
  BOOST_TEST(created(5, "O") == -4);
  BOOST_TEST(created(6, "Pls") == -1);
}

BOOST_AUTO_TEST_CASE(carbon_and_nitrogen_are_looked_at_by_default) {
  const Balance balance = check_balance(mechanism);
  BOOST_TEST(balance.elements.size() == 2u);
  BOOST_TEST_REQUIRE(balance.imbalances.size() == 3u);
  BOOST_TEST(mechanism.reactions[balance.imbalances[0].reaction].label == "loses_C");
  BOOST_TEST(mechanism.elements[balance.imbalances[0].element] == "C");
  BOOST_TEST(balance.imbalances[0].atoms == -0.1, rounding);
  BOOST_TEST(mechanism.reactions[balance.imbalances[1].reaction].label == "takes_up");
  BOOST_TEST(mechanism.reactions[balance.imbalances[2].reaction].label == "leaves");
  BOOST_TEST(balance.balanced_reactions == 3u);
  BOOST_TEST_REQUIRE(balance.unknown_reactions.size() == 1u);
  BOOST_TEST(mechanism.reactions[balance.unknown_reactions[0]].label == "unknown");
  BOOST_TEST_REQUIRE(balance.unknown_species.size() == 1u);
  BOOST_TEST(mechanism.species[balance.unknown_species[0]].name == "X");
}

BOOST_AUTO_TEST_CASE(all_elements_on_request) {
  const Balance balance = check_balance(mechanism, {0, 1, 2, 3, 4});
  BOOST_TEST(balance.balanced_reactions == 1u);
}

BOOST_AUTO_TEST_CASE(composition_matrix_holds_the_atoms) {
  const std::vector<double> matrix = composition_matrix(mechanism);
  const std::size_t row = mechanism.index_of("CH4") * mechanism.elements.size();
  BOOST_TEST(matrix.size() == mechanism.species.size() * mechanism.elements.size());
  BOOST_TEST(matrix[row + 0] == 4);
  BOOST_TEST(matrix[row + 1] == 1);
  BOOST_TEST(matrix[row + 2] == 0);
}

BOOST_AUTO_TEST_CASE(oxygen_hydrogen_and_charge_are_left_out_in_any_case) {
  const Mechanism lower =
      parse_kpp("#ATOMS h; o; c; PLS;\n#DEFVAR A = h + O + C + Pls;\n#EQUATIONS A = : 1;", "lower.kpp");
  BOOST_TEST(conserved_elements(lower) == (std::vector<std::size_t>{2}), boost::test_tools::per_element());
}
