#define BOOST_TEST_MODULE chemistry_mechanism_builder
#include <cmath>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/balance.hpp>
#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>

using namespace chemnne;

namespace {

const char* const text = R"(
#ATOMS N; O;
#DEFVAR NO = N + O; NO2 = N + 2O; O3 = 3O;
#INLINE F90_RCONST
KX = KY*2
#ENDINLINE
#EQUATIONS
NO + O3 = NO2 : 1;
<het> NO2 = NO : HET(1, TEMP);
<x> NO2 = PROD : 2*KX;
<light> NO2 + hv = NO + O3 : J(4)*own(2);
)";

}  // namespace

BOOST_AUTO_TEST_CASE(unresolved_rates_are_errors_unless_they_are_asked_for) {
  BOOST_CHECK_EXCEPTION(parse_kpp(text, "test.kpp"), UnknownRateName,
                        [](const UnknownRateName& error) { return error.name() == "HET"; });
  ReadOptions options{.collect_unresolved = true};
  options.functions.add("own", 1, [](const RateContext&, std::span<const double> p) { return p[0]; });
  const Mechanism mechanism = parse_kpp(text, "test.kpp", options);
  BOOST_TEST_REQUIRE(mechanism.reactions.size() == 4u);
  BOOST_TEST_REQUIRE(mechanism.unresolved.size() == 2u);
  BOOST_TEST(mechanism.unresolved[0].reaction == 1u);
  BOOST_TEST(mechanism.unresolved[0].name == "HET");
  BOOST_TEST(mechanism.unresolved[1].reaction == 2u);
  BOOST_TEST(mechanism.unresolved[1].name == "KY");
  BOOST_TEST(std::isnan(mechanism.reactions[1].rate.value(make_rate_context({}))));
  BOOST_TEST(check_balance(mechanism).imbalances.size() == 1u);  // <x> loses N
  ChemicalSystem system(mechanism);
  const auto names_reaction = [](const Error& error) { return error.where() == "reaction <het>"; };
  BOOST_CHECK_EXCEPTION(system.set_environment(Environment{}), Error, names_reaction);
}

BOOST_AUTO_TEST_CASE(other_errors_are_not_collected) {
  const ReadOptions options{.collect_unresolved = true};
  for (const char* rate : {"1/0", "EXP(1, 2)", "1 +", "1 < 2"})
    BOOST_CHECK_THROW(parse_kpp(std::string("#DEFVAR A = IGNORE; #EQUATIONS A = PROD : ") + rate + ";",
                                "test.kpp", options),
                      Error);
}

BOOST_AUTO_TEST_CASE(all_that_is_unresolved_is_collected) {
  const ReadOptions options{.collect_unresolved = true};
  const Mechanism mechanism = parse_kpp(
      "#DEFVAR A = IGNORE; #EQUATIONS A = PROD : J(9); A = PROD : C(ind_A); A = PROD : C(ind_NO)*2; "
      "A = PROD : RO2; A = PROD : 1 + KNEW*KOLD; A = PROD : State%x; A = PROD : 1;",
      "test.kpp", options);
  std::vector<std::string> names;
  for (const UnresolvedRate& one : mechanism.unresolved) names.push_back(one.name);
  BOOST_TEST(names == (std::vector<std::string>{"J(9)", "C(ind_A)", "C(ind_NO)", "KNEW", "State%x", "RO2"}),
             boost::test_tools::per_element());
  for (const UnresolvedRate& one : mechanism.unresolved)
    BOOST_TEST(std::isnan(mechanism.reactions[one.reaction].rate.value(make_rate_context({}))), one.name);
}

BOOST_AUTO_TEST_CASE(terms_of_one_species_are_merged) {
  std::vector<Term> terms{{3, 1}};
  detail::MechanismBuilder::merge(terms, {2, 0.5});
  detail::MechanismBuilder::merge(terms, {3, 2});
  BOOST_TEST_REQUIRE(terms.size() == 2u);
  BOOST_TEST(terms[0].coefficient == 3.0);
  BOOST_TEST(terms[1].species == 2u);
}

BOOST_AUTO_TEST_CASE(a_name_comes_from_the_path) {
  BOOST_TEST(detail::stem_of("dir.d/small_strato.def") == "small_strato");
  BOOST_TEST(detail::stem_of("plain") == "plain");
}
