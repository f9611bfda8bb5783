#define BOOST_TEST_MODULE chemistry_element_list
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/balance.hpp>
#include <chemnne/chemistry/element_list.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>

using namespace chemnne;

namespace {

ElementList parse(const std::string& text) { return parse_element_list(text, "list"); }

bool refuses(const std::string& text, const std::string& where, const std::string& part_of_message) {
  try {
    parse(text);
  } catch (const Error& error) {
    if (error.where() == "list, line " + where &&
        std::string(error.what()).find(part_of_message) != std::string::npos)
      return true;
    BOOST_TEST_MESSAGE(error.what());
  }
  return false;
}

const std::string small = R"(# A note
# name  mass  C H O N Cl is_Radical
CH3O2  47.033 1 3 2 0 0  1
NO     30.006 0 0 1 1 0  0
NA      0.0   0 0 0 0 0  0
HOM   100.5   0 0 0 0 0  0
# between
CH3O2  47.033 1 3 2 0 0  1
CL     35.45  0 0 0 0 1  0
)";

int atoms(const Mechanism& mechanism, const std::string& species, const std::string& element) {
  int sum = 0;
  for (const AtomCount& atom : mechanism.species[mechanism.index_of(species)].atoms)
    if (mechanism.elements[atom.element] == element) sum += atom.count;
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_CASE(columns_come_from_the_last_comment_before_the_data) {
  const ElementList list = parse(small);
  BOOST_TEST(list.elements == (std::vector<std::string>{"C", "H", "O", "N", "Cl"}),
             boost::test_tools::per_element());
  BOOST_TEST(list.species.size() == 5u);
  const ListedSpecies& methylperoxy = list.species.at("CH3O2");
  BOOST_TEST(methylperoxy.molar_mass == 47.033);
  BOOST_TEST(methylperoxy.atoms == (std::vector<int>{1, 3, 2, 0, 0}), boost::test_tools::per_element());
  BOOST_TEST(methylperoxy.is_radical);
  BOOST_TEST(methylperoxy.line == 3u);
  BOOST_TEST(!list.species.at("NO").is_radical);
  // Without such a line: C H O N S Cl Br I.
  BOOST_TEST(parse("# a note\nHBr 80.912 0 1 0 0 0 0 1 0 0").elements[6] == "Br");
}

BOOST_AUTO_TEST_CASE(errors_say_where_and_what) {
  BOOST_TEST(refuses("X 1 2\n", "1, column 6, species X", "its number of H atoms, found the end"));
  BOOST_TEST(refuses("X one", "1, column 3, species X", "molar mass"));
  BOOST_TEST(refuses("X 1 0 0 0 0.5 0 0 0 0 0", "1, column 11, species X", "whole number of N atoms"));
  BOOST_TEST(
      refuses("X 1 0 0 0 -1 0 0 0 0 0", "1, column 11, species X", "its number of N atoms, found '-'"));
  BOOST_TEST(refuses("X 1 0 0 0 1 0 0 0 0 0 7", "1, column 23, species X", "the end of the line"));
  BOOST_TEST(refuses("# name mass C Xx is_Radical\nX 1 0 0 0", "1, column 15", "symbol of an element"));
  BOOST_TEST(refuses("# name mass C C is_Radical\nX 1 0 0 0", "1, column 15", "in one column"));
  BOOST_TEST(refuses("# name mass C H\nX 1 0 0 0", "1, column 16", "is_Radical as the last column"));
  BOOST_TEST(refuses(small + "NO 30.007 0 0 1 1 0 0\n", "10, column 1", "the same as for NO in line 4"));
  BOOST_CHECK_THROW(parse("# nothing\n"), Error);
  BOOST_CHECK_THROW(read_element_list("/nowhere/at.all"), Error);
}

BOOST_AUTO_TEST_CASE(only_unknown_compositions_are_filled) {
  Mechanism mechanism = parse_kpp(
      "#ATOMS N; O; #DEFVAR CH3O2 = O + IGNORE; NO = 2O; NA = IGNORE; HOM = IGNORE; X = IGNORE;"
      "#EQUATIONS CH3O2 + NO = NA + HOM + X : 1;",
      "test.kpp");
  const AppliedElements applied = apply_elements(mechanism, parse(small));
  BOOST_TEST(applied.found == 4u);
  BOOST_TEST(applied.unknown == 3u);
  BOOST_TEST(atoms(mechanism, "CH3O2", "O") == 2);  // the list's, not beside what was given
  BOOST_TEST(atoms(mechanism, "CH3O2", "H") == 3);
  BOOST_TEST(atoms(mechanism, "NO", "O") == 2);  // known: stays, although the list differs
  BOOST_TEST(atoms(mechanism, "NO", "N") == 0);
  BOOST_TEST(mechanism.elements == (std::vector<std::string>{"O", "C", "H"}),
             boost::test_tools::per_element());
  const auto species = [&](const char* name) { return mechanism.species[mechanism.index_of(name)]; };
  BOOST_TEST(species("CH3O2").composition_known);
  BOOST_TEST(species("CH3O2").molar_mass == 47.033);
  BOOST_TEST(!species("HOM").composition_known);
  BOOST_TEST(species("HOM").molar_mass == 100.5);
  BOOST_TEST(std::isnan(species("NA").molar_mass));
  BOOST_TEST(std::isnan(species("NO").molar_mass));
}

/// The README of ../shared/data: five reactions do not conserve nitrogen.
BOOST_AUTO_TEST_CASE(hyde_conserves_nitrogen_but_for_five_reactions) {
  const std::string folder = std::string(CHEMNNE_SHARED_DIRECTORY) + "/mechanisms/arca/hyde/";
  if (!file_exists(folder + "Elements.txt")) {
    std::printf("skipped: %s is not there\n", folder.c_str());
    return;
  }
  Mechanism mechanism = read_kpp(folder + "second.def");
  const ElementList list = read_element_list(folder + "Elements.txt");
  const AppliedElements applied = apply_elements(mechanism, list);
  BOOST_TEST(applied.found == mechanism.species.size());
  BOOST_TEST(applied.unknown == 236u);  // NA, H2SO4 and the HOM of PRAM, which the list leaves open
  std::vector<std::size_t> all;
  for (std::size_t e = 0; e < mechanism.elements.size(); ++e) all.push_back(e);
  std::map<std::string, std::vector<std::string>> lost;
  for (const Imbalance& one : check_balance(mechanism, all).imbalances)
    lost[mechanism.elements[one.element]].push_back(mechanism.reactions[one.reaction].label);
  BOOST_TEST(lost["N"] == (std::vector<std::string>{"3148", "3343", "3603", "5032", "5034"}),
             boost::test_tools::per_element());
  BOOST_TEST(lost["S"].empty());
  BOOST_TEST(lost["Cl"] == std::vector<std::string>{"227"}, boost::test_tools::per_element());  // CL + CH4
  BOOST_TEST(lost["C"].size() == 837u);  // CO2 is not tracked
  // What the list calls a radical is what the mechanism sums up as RO2.
  std::size_t radicals = 0;
  for (const auto& [name, species] : list.species) radicals += species.is_radical;
  BOOST_TEST(radicals == mechanism.peroxy_radicals.size());
  for (const std::size_t i : mechanism.peroxy_radicals)
    BOOST_TEST(list.species.at(mechanism.species[i].name).is_radical);
}
