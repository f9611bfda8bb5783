#define BOOST_TEST_MODULE chemistry_cam_reader
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "damaged_texts.hpp"
#include "rate_evaluators.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/balance.hpp>
#include <chemnne/chemistry/cam_reader.hpp>

using namespace chemnne;

namespace {

const std::string small = R"(* Comments say what they like: -> ; End Species
BEGSIM
output_file = small.doc
   SPECIES
     Solution
 O3, O, O1D -> O, NO2, NO,
 bc_a1 -> C, e -> E
 CLY, MEK -> C4H8O
     End solution
     Fixed
 M, O2, OH
     End Fixed
     Col-int
 O3 = 0.
     End Col-int
   END Species
   Solution classes
     Explicit
 CLY
     End Explicit
   End Solution Classes
 CHEMISTRY
     Photolysis
 [jno2]                  NO2 + hv -> NO + O
 [jmek->,.28*jno2]       MEK -> 2.* O + .5*NO +.25 CO2
 [jo3_a->,jref]          O3 + hv -> O1D
 [jo3_b=userdefined,]    O3 + hv ->
     End Photolysis
     Reactions
* a comment between
 [usr_O_O2,cph=101.39]   O + O2 + M -> O3 + M
                         O + O3 -> 2*O2          ; 8e-12, -2060
 [tag_NO_O]              NO + O + M -> NO2       ; 9.0e-32, 1.5, 3.0e-11, 0.0, 0.6
                              + M
    + .5 * e
 [soak]                  bc_a1 ->                ; 7.1D-6
                         OH + OH -> O            ; 1.8E-12
                         NO2 + e -> sink
     End Reactions
     Ext Forcing
 NO <- dataset
 O3
     End Ext Forcing
     Heterogeneous
 O3, NO2
     End Heterogeneous
 END CHEMISTRY
 SIMULATION PARAMETERS
   Version Options
     model = cam
   End Version Options
 End simulation parameters
ENDSIM
)";

Mechanism parse(const std::string& text) { return parse_cam(text, "folder/chem_mech.in"); }

/// The small mechanism with something in the place of something else.
std::string edited(const std::string& from, const std::string& to) {
  std::string text = small;
  BOOST_REQUIRE(text.find(from) != std::string::npos);
  return text.replace(text.find(from), from.size(), to);
}

std::string message(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

bool says(const std::string& from, const std::string& to, const std::string& part) {
  const std::string found = message(edited(from, to));
  BOOST_TEST_MESSAGE(found);
  return found.find(part) != std::string::npos;
}

const Reaction& reaction(const Mechanism& mechanism, const std::string& label) {
  for (const Reaction& one : mechanism.reactions)
    if (one.label == label) return one;
  throw Error(label, "a reaction", "none");
}

double rate(const Mechanism& mechanism, const std::string& label, double temperature, double pressure) {
  std::vector<double> parameters;
  for (std::size_t i = 0; i < mechanism.parameters.size(); ++i)
    parameters.push_back(static_cast<double>(i + 1));
  RateContext context = make_rate_context({.temperature = temperature, .pressure = pressure});
  context.parameters = parameters;
  return reaction(mechanism, label).rate.value(context);
}

std::map<std::string, int> atoms(const Mechanism& mechanism, const std::string& name) {
  std::map<std::string, int> result;
  for (const AtomCount& atom : mechanism.species[mechanism.index_of(name)].atoms)
    result[mechanism.elements[atom.element]] += atom.count;
  return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(species_come_from_solution_and_fixed_with_their_atoms) {
  const Mechanism mechanism = parse(small);
  BOOST_TEST(mechanism.name == "chem_mech");
  std::string names;
  for (const Species& one : mechanism.species) names += one.name + " ";
  BOOST_TEST(names == "O3 O O1D NO2 NO bc_a1 e CLY MEK M O2 OH ");
  BOOST_TEST(mechanism.variable_species == 9u);
  using Atoms = std::map<std::string, int>;
  BOOST_TEST((atoms(mechanism, "O1D") == Atoms{{"O", 1}}));
  BOOST_TEST((atoms(mechanism, "MEK") == Atoms{{"C", 4}, {"H", 8}, {"O", 1}}));
  BOOST_TEST((atoms(mechanism, "NO2") == Atoms{{"N", 1}, {"O", 2}}));  // the name is the formula
  BOOST_TEST(atoms(mechanism, "e").empty());
  BOOST_TEST(mechanism.species[mechanism.index_of("e")].composition_known);
  BOOST_TEST(!mechanism.species[mechanism.index_of("CLY")].composition_known);
  BOOST_TEST(mechanism.species[mechanism.index_of("M")].abundance.has_value());
  BOOST_TEST(mechanism.species[mechanism.index_of("O2")].abundance.has_value());
  BOOST_TEST(!mechanism.species[mechanism.index_of("OH")].abundance.has_value());
}

BOOST_AUTO_TEST_CASE(reactions_have_labels_texts_orders_and_products) {
  const Mechanism mechanism = parse(small);
  std::string labels;
  for (const Reaction& one : mechanism.reactions) labels += one.label + " ";
  BOOST_TEST(labels == "jno2 jmek jo3_a jo3_b usr_O_O2 6 tag_NO_O soak 9 10 ");
  for (std::size_t i = 0; i < mechanism.reactions.size(); ++i)
    BOOST_TEST(mechanism.reactions[i].photolysis == (i < 4), i);
  BOOST_TEST(mechanism.reactions[6].text ==
             "NO + O + M -> NO2 ; 9.0e-32, 1.5, 3.0e-11, 0.0, 0.6 + M + .5 * e");
  BOOST_TEST(mechanism.reactions[6].line == 33u);
  BOOST_TEST(mechanism.reactions[6].reactants.size() == 3u);
  BOOST_TEST(mechanism.reactions[6].products.size() == 3u);
  BOOST_TEST(mechanism.reactions[6].products[2].coefficient == 0.5);
  BOOST_TEST(mechanism.reactions[8].reactants.at(0).coefficient == 2);  // OH + OH
  // 2.* O + .5*NO, and CO2, which is no species here.
  BOOST_TEST_REQUIRE(mechanism.reactions[1].products.size() == 2u);
  BOOST_TEST(mechanism.reactions[1].products[0].coefficient == 2);
  BOOST_TEST(mechanism.reactions[1].products[1].coefficient == 0.5);
  BOOST_TEST(mechanism.reactions[3].products.empty());
}

/// Values from the format's definition, computed beside: a exp(b/T); k0 = a0 (300/T)^n, ki = ai (300/T)^m,
/// r = k0 [M]/ki, k0/(1+r) Fc^(1/(1+log10(r)^2)).
BOOST_AUTO_TEST_CASE(rates_are_those_of_their_numbers) {
  const Mechanism mechanism = parse(small);
  const auto close = boost::test_tools::tolerance(1e-12);
  for (const auto& [temperature, pressure] : {std::pair{298., 101300.}, std::pair{240., 20000.}}) {
    BOOST_TEST(rate(mechanism, "6", temperature, pressure) == 8e-12 * std::exp(-2060 / temperature), close);
    const double air = make_rate_context({.temperature = temperature, .pressure = pressure}).air;
    const double low = 9e-32 * std::pow(300 / temperature, 1.5), ratio = low * air / 3e-11;
    const double expected = low / (1 + ratio) * std::pow(0.6, 1 / (1 + std::pow(std::log10(ratio), 2)));
    BOOST_TEST(rate(mechanism, "tag_NO_O", temperature, pressure) == expected, close);
    BOOST_TEST(rate(mechanism, "soak", temperature, pressure) == 7.1e-6);
    BOOST_TEST(rate(mechanism, "9", temperature, pressure) == 1.8e-12);
  }
}

BOOST_AUTO_TEST_CASE(what_the_host_gives_is_a_parameter_by_its_label) {
  const Mechanism mechanism = parse(small);
  std::string parameters;
  for (const Parameter& one : mechanism.parameters) parameters += one.name + " [" + one.units + "], ";
  BOOST_TEST(parameters ==
             "jno2 [s-1], jref [s-1], jo3_b [s-1], usr_O_O2 [cm6 molecule-2 s-1], reaction_10 [cm3 "
             "molecule-1 s-1], ");
  BOOST_TEST(rate(mechanism, "jno2", 280, 9e4) == 1);
  BOOST_TEST(rate(mechanism, "jmek", 280, 9e4) == 0.28);
  BOOST_TEST(rate(mechanism, "jo3_a", 280, 9e4) == 2);
  BOOST_TEST(rate(mechanism, "usr_O_O2", 280, 9e4) == 4);
  BOOST_TEST(rate(mechanism, "10", 280, 9e4) == 5);
}

BOOST_AUTO_TEST_CASE(what_is_left_out_is_said) {
  const std::vector<std::string> remarks = parse(small).remarks;
  BOOST_TEST_REQUIRE(remarks.size() == 3u);
  BOOST_TEST(remarks[0] == "emissions (Ext Forcing), which the host gives, left out: NO, O3");
  BOOST_TEST(remarks[1] == "wet deposition (Heterogeneous), which the host gives, left out: NO2, O3");
  BOOST_TEST(remarks[2] == "products that are no species, left out as CAM's preprocessor does: CO2, sink");
}

/// The formulas are written down for the solver's program, none can but be called.
BOOST_AUTO_TEST_CASE(rates_are_the_same_in_all_evaluators) {
  const Mechanism mechanism = parse(small);
  BOOST_TEST(RateProgram(mechanism).calls().empty());
  BOOST_TEST(test::difference_of_evaluators(mechanism) < 1e-12);
}

BOOST_AUTO_TEST_CASE(errors_say_where_and_what) {
  BOOST_TEST(
      says("O3, O, O1D", "O3, O, O3", "line 6, column 9: expected every species listed once, found 'O3'"));
  BOOST_TEST(says("O1D -> O,", "O1D -> ,", "line 6, column 16: expected a formula after '->'"));
  BOOST_TEST(says("O3, O,", "O3 O,", "line 6, column 5: expected ',' between the species"));
  BOOST_TEST(
      says("     End Fixed\n", "", "line 10, column 6: expected a section, which 'End' and its name close"));
  BOOST_TEST(
      says(" END CHEMISTRY\n", "", "expected a section, which 'End' and its name close, found 'CHEMISTRY'"));
  BOOST_TEST(says("     Col-int\n", "     Groups\n     End Groups\n     Col-int\n",
                  "line 13, column 6: expected Solution, Fixed, Col-int or Not-Transported, found 'GROUPS'"));
  BOOST_TEST(says("     Heterogeneous\n", "     Loss\n     End Loss\n     Heterogeneous\n",
                  "expected Photolysis, Reactions, Ext Forcing or Heterogeneous, found 'LOSS'"));
  BOOST_TEST(says("O + O3 ->", "O + O4 ->",
                  "reaction <6>: expected a species that Solution or Fixed lists, found 'O4'"));
  BOOST_TEST(
      says("O + O3 -> 2*O2", "O + O3 = 2*O2", "reaction <6>: expected '+', or '->' after the reactants"));
  BOOST_TEST(
      says("8e-12, -2060", "8e-12, -2060, 1", "reaction <6>: expected one, two or five numbers of a rate"));
  BOOST_TEST(says("8e-12, -2060", "8e-12, x", "reaction <6>: expected a number of the rate, found 'x'"));
  BOOST_TEST(says("8e-12, -2060", "8e-12 -2060", "expected ',' between the numbers of a rate"));
  BOOST_TEST(says("O + O3 ->", "0.5*O + O3 ->", "an order from 1 to 9, a whole number"));
  BOOST_TEST(says("O + O3 ->", "9*O + O3 ->", "at most order 9 in all"));
  BOOST_TEST(says("[jo3_a->,jref]", "[jo3_a->,2 jref]", "'*' after the factor of another photolysis"));
  BOOST_TEST(says("[soak]", "[]", "the label of a reaction"));
  BOOST_TEST(says("[soak]", "[soak", "']' after the label of a reaction"));
  BOOST_TEST(says("[soak]", "[soak,cph]", "',cph=', '=userdefined' or, of a photolysis, '->'"));
  BOOST_TEST(says("[jno2] ", " ", "expected [label] before a photolysis, found none"));
  BOOST_TEST(says("NO2 + hv -> NO + O", "NO2 + hv -> NO + O ; 1", "a photolysis without numbers"));
  BOOST_TEST(says("    + .5 * e", "    + .5 * e ; 1", "rates stand in a reaction's first line"));
  BOOST_TEST(message("SPECIES\nEnd SPECIES\n").find("a mechanism with reactions") != std::string::npos);
  BOOST_CHECK_THROW(parse(""), Error);
  BOOST_CHECK_THROW(read_cam("/nowhere/at.all"), Error);
}

/// No file may crash the reader: whatever random editing makes of a file, it is read or refused with an
/// Error.
BOOST_AUTO_TEST_CASE(damaged_files_are_read_or_refused) {
  static constexpr const char* pieces[] = {"[", "]",  "->",   ";",  ",",     "+",
                                           "*", "\n", "End ", "hv", "1e308", "\xff"};
  const test::DamagedTexts texts(small, pieces, 5000, [](const std::string& text) { parse(text); });
  BOOST_TEST(texts.read > 500u);
  BOOST_TEST(texts.refused > 500u);
}
