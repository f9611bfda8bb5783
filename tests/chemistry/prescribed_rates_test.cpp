#define BOOST_TEST_MODULE chemistry_prescribed_rates
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/prescribed_rates.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// One rate that is known, one that follows a parameter, one that nobody knows, one without a label.
Mechanism mechanism() {
  return parse_kpp(R"(#DEFVAR
A = IGNORE; B = IGNORE;
#INLINE F90_GLOBAL
  REAL(dp) :: SINK
#ENDINLINE
#EQUATIONS
<known> A = B : 1E-3 ;
<follows> B = PROD : SINK ;
<model> A = PROD : OF_THE_MODEL(2, TEMP) ;
A + B = PROD : 1E-10 ;
)",
                   "rates.kpp", {.collect_unresolved = true});
}

void prescribe(Mechanism& of, const std::vector<std::string>& names) {
  prescribe_rates(of, names, "rates.csv");
}

}  // namespace

BOOST_AUTO_TEST_CASE(rates_are_parameters_by_their_reactions_labels) {
  Mechanism of = mechanism();
  prescribe(of, {"<model>", "<4>", "<model>"});
  BOOST_TEST(of.unresolved.empty());
  BOOST_TEST_REQUIRE(of.parameters.size() == 3u);
  BOOST_TEST(of.parameters[1].name == "<model>");
  BOOST_TEST(of.parameters[2].name == "<4>");
  ChemicalSystem system(of);
  system.set_parameter("SINK", 2);
  system.set_parameter("<model>", 3);
  system.set_parameter("<4>", 4);
  system.set_environment({});
  const std::vector<double> expected{1e-3, 2, 3, 4};
  BOOST_TEST(system.rate_constants(std::vector<double>{1, 1}) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_remains_unknown_is_an_error_with_line_and_label) {
  Mechanism of = mechanism();
  const std::string message = message_of([&] { prescribe(of, {"<known>"}); });
  BOOST_TEST((contains(message, "line 9") && contains(message, "given as <model> in rates.csv")), message);
}

BOOST_AUTO_TEST_CASE(a_label_that_is_not_one_reactions_is_an_error) {
  Mechanism of = mechanism();
  std::string message = message_of([&] { prescribe(of, {"<model>", "<none>"}); });
  BOOST_TEST((contains(message, "rates.csv") && contains(message, "'<none>', which none have")), message);
  of = mechanism();
  of.reactions[1].label = "model";
  message = message_of([&] { prescribe(of, {"<model>"}); });
  BOOST_TEST(contains(message, "'<model>', which 2 have"), message);
}
