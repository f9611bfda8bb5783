#define BOOST_TEST_MODULE chemistry_stoichiometry
#include <cstddef>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/stoichiometry.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

Mechanism mechanism() {
  return parse_kpp(
      "#DEFVAR\n  A = IGNORE; B = IGNORE; C = IGNORE;\n#DEFFIX\n  X = IGNORE; Y = IGNORE;\n#EQUATIONS\n"
      "<1> B + 2A + Y = A + 0.5C : 1 ;\n<2> 2X = B : 1 ;\n<3> A + B = B + C : 1 ;\n",
      "small.kpp");
}

using Places = std::vector<std::size_t>;

Places factors(const Stoichiometry& stoichiometry, std::size_t reaction) {
  const auto found = stoichiometry.factors(reaction);
  return {found.begin(), found.end()};
}

double change(const Stoichiometry& stoichiometry, std::size_t reaction, std::size_t species) {
  for (const Term& term : stoichiometry.changes(reaction))
    if (term.species == species) return term.coefficient;
  return 0;
}

}  // namespace

BOOST_AUTO_TEST_CASE(factors_repeat_by_order_and_ascend_and_fixed_ones_stand_apart) {
  const Stoichiometry stoichiometry(mechanism());
  BOOST_TEST(stoichiometry.species() == 3);
  BOOST_TEST(stoichiometry.reactions() == 3);
  BOOST_TEST(factors(stoichiometry, 0) == (Places{0, 0, 1}));
  BOOST_TEST(factors(stoichiometry, 1) == Places{});
  BOOST_TEST(factors(stoichiometry, 2) == (Places{0, 1}));
  BOOST_TEST_REQUIRE(stoichiometry.fixed_factors().size() == 2);
  BOOST_TEST(stoichiometry.fixed_factors()[0].reaction == 0);
  BOOST_TEST(stoichiometry.fixed_factors()[0].fixed == 1);
  BOOST_TEST(stoichiometry.fixed_factors()[0].order == 1);
  BOOST_TEST(stoichiometry.fixed_factors()[1].order == 2);
}

BOOST_AUTO_TEST_CASE(changes_are_net_and_never_zero) {
  const Stoichiometry stoichiometry(mechanism());
  BOOST_TEST(change(stoichiometry, 0, 0) == -1);
  BOOST_TEST(change(stoichiometry, 0, 1) == -1);
  BOOST_TEST(change(stoichiometry, 0, 2) == 0.5);
  BOOST_TEST(stoichiometry.changes(1).size() == 1);
  // B comes out as it went in.
  BOOST_TEST(stoichiometry.changes(2).size() == 2);
  BOOST_TEST(change(stoichiometry, 2, 1) == 0);
}

BOOST_AUTO_TEST_CASE(each_species_of_a_rate_has_one_derivative) {
  const Stoichiometry stoichiometry(mechanism());
  Places at, multiplicity;
  stoichiometry.for_each_derivative(0, [&](std::size_t f, std::size_t times) {
    at.push_back(f);
    multiplicity.push_back(times);
  });
  BOOST_TEST(at == (Places{0, 2}));
  BOOST_TEST(multiplicity == (Places{2, 1}));
}

BOOST_AUTO_TEST_CASE(an_order_that_is_not_whole_is_an_error) {
  Mechanism broken = mechanism();
  broken.reactions[1].reactants[0].coefficient = 1.5;
  BOOST_TEST(contains(message_of([&] { Stoichiometry{broken}; }), "reaction 2"));
}
