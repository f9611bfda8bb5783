#define BOOST_TEST_MODULE cli_mechanism_summary
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/cli/mechanism_summary.hpp>

using namespace chemnne;

namespace {

using Names = std::vector<std::string>;

/// <2> loses a C, <3> makes an N; <4> has a species of unknown composition; H and O are not closed in <1>.
const Mechanism& mechanism() {
  static const Mechanism read = parse_kpp(R"(#INCLUDE atoms
#DEFVAR
  A = C + N; P = C + N + O; B = N; Q = N + 2O; X = IGNORE;
#DEFFIX
  O2 = 2O;
#INLINE F90_GLOBAL
  REAL(dp) :: RES1
#ENDINLINE
#INLINE F90_RCONST
  RO2 = C(ind_P)
#ENDINLINE
#EQUATIONS
<1> A + O2 = P : 1e-20 ;
<2> P = B : RO2*1e-13 ;
<3> B = 2Q : RES1 ;
<4> Q + hv = X : J(4) ;
<5> P + hv = A : 1e-4 ;
)",
                                          "folder/summary.kpp", {.collect_unresolved = true});
  return read;
}

double number(const Json& json, const char* name) {
  const Json* const found = json.find(name);
  BOOST_TEST_REQUIRE((found != nullptr), name);
  return found->number();
}

}  // namespace

BOOST_AUTO_TEST_CASE(json_counts_what_is_there) {
  const Json json = MechanismSummary(mechanism(), false).json();
  BOOST_TEST(json.find("name")->string() == "summary");
  BOOST_TEST(json.find("fingerprint")->string() == mechanism().fingerprint());
  BOOST_TEST(number(json, "species") == 6);
  BOOST_TEST(number(json, "variable_species") == 5);
  BOOST_TEST(number(json, "fixed_species") == 1);
  BOOST_TEST(number(json, "reactions") == 5);
  BOOST_TEST(number(json, "photolysis_reactions") == 2);
  BOOST_TEST(number(json, "peroxy_radicals") == 1);
  Names elements = json.find("elements")->strings();
  std::sort(elements.begin(), elements.end());
  BOOST_TEST(elements == (Names{"C", "N", "O"}), boost::test_tools::per_element());
  BOOST_TEST(json.find("parameters")->strings() == (Names{"RES1"}), boost::test_tools::per_element());
  BOOST_TEST((json.find("unresolved_rate_names") == nullptr));
  const Mechanism same = mechanism();
  for (std::size_t i = 0; i < 6; ++i)
    BOOST_TEST(json.find("species_names")->strings().at(i) == same.species[i].name);
  for (std::size_t r = 0; r < 5; ++r)
    BOOST_TEST(json.find("reaction_labels")->strings().at(r) == same.reactions[r].label);
}

BOOST_AUTO_TEST_CASE(json_says_how_the_file_was_read) {
  Mechanism remarked = mechanism();
  remarked.format = "KPP";
  remarked.remarks = {"one", "another"};
  const Json json = MechanismSummary(remarked, false).json();
  BOOST_TEST(json.find("format")->string() == "KPP");
  BOOST_TEST(json.find("remarks")->strings() == remarked.remarks, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(json_lists_the_reactions_that_make_or_lose_atoms) {
  const Json json = MechanismSummary(mechanism(), false).json();
  const Json& balance = *json.find("balance");
  BOOST_TEST(number(balance, "balanced_reactions") == 2);
  BOOST_TEST(number(balance, "reactions_of_unknown_composition") == 1);
  BOOST_TEST(number(balance, "species_of_unknown_composition") == 1);
  BOOST_TEST(number(*balance.find("reactions_not_balanced"), "C") == 1);
  BOOST_TEST(number(*balance.find("reactions_not_balanced"), "N") == 1);
  BOOST_TEST((balance.find("reactions_not_balanced")->find("O") == nullptr));
  const Json::Array& list = balance.find("imbalances")->array();
  BOOST_TEST_REQUIRE(list.size() == 2u);
  BOOST_TEST(list[0].find("reaction")->string() == "2");
  BOOST_TEST(list[0].find("element")->string() == "C");
  BOOST_TEST(number(list[0], "atoms_created") == -1);
  BOOST_TEST(list[0].find("text")->string() == "P = B : RO2*1e-13");
  BOOST_TEST(list[1].find("reaction")->string() == "3");
  BOOST_TEST(number(list[1], "atoms_created") == 1);
}

BOOST_AUTO_TEST_CASE(all_elements_are_balanced_on_demand) {
  const Json json = MechanismSummary(mechanism(), true).json();
  // O: 1 (-1), 2 (-1), 3 (+4), 5 (-1).
  BOOST_TEST(number(*json.find("balance")->find("reactions_not_balanced"), "O") == 4);
  BOOST_TEST(number(*json.find("balance"), "balanced_reactions") == 0);
}

BOOST_AUTO_TEST_CASE(unresolved_names_are_counted) {
  const Mechanism unresolved = parse_kpp(
      "#DEFVAR\nA = IGNORE;\n#INLINE F90_RCONST\nCALL other\n#ENDINLINE\n#EQUATIONS\n<1> A = PROD : KMY*2 ;\n"
      "<2> A = PROD : KMY ;\n<3> A = PROD : F(1, TEMP) ;\n",
      "unresolved.kpp", {.collect_unresolved = true});
  const Json json = MechanismSummary(unresolved, false).json();
  const Json* const names = json.find("unresolved_rate_names");
  BOOST_TEST_REQUIRE((names != nullptr));
  BOOST_TEST(number(*names, "KMY") == 2);
  BOOST_TEST(number(*names, "F") == 1);
  BOOST_TEST(json.find("unresolved_reactions")->strings() == (std::vector<std::string>{"1", "2", "3"}),
             boost::test_tools::per_element());
  BOOST_TEST(json.find("statements_not_understood")->strings().at(0).find("'CALL other'") !=
             std::string::npos);
  // It can be written and read again.
  BOOST_TEST(number(*parse_json(json.dump(), "dump").find("unresolved_rate_names"), "KMY") == 2);
}

BOOST_AUTO_TEST_CASE(json_tells_whose_photolysis_it_is_and_what_was_passed_over) {
  const Mechanism of =
      parse_kpp("// MCM v3.1\n#DEFVAR A;\n#EQUATIONS A + hv = : J(4); , A = : 1;", "told.eqn");
  const Json json = MechanismSummary(of, false).json();
  BOOST_TEST(json.find("photolysis")->string() == "MCM v3.1 and v3.2 (told.eqn states MCM v3.1 in line 1)");
  BOOST_TEST(json.find("remarks")->strings() == (Names{"told.eqn, line 3, column 29: ',' is passed over"}),
             boost::test_tools::per_element());
  const Mechanism dark = parse_kpp("#DEFVAR A;\n#EQUATIONS A = : 1;", "dark.eqn");
  BOOST_TEST(MechanismSummary(dark, false).json().find("photolysis") == nullptr);
}
