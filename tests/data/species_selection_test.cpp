#define BOOST_TEST_MODULE data_species_selection
#include <string>
#include <vector>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/species_selection.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

Mechanism mechanism() {
  return parse_kpp(R"(#DEFVAR
A = IGNORE; B = IGNORE; C = IGNORE;
#DEFFIX
M = IGNORE; X = IGNORE;
#EQUATIONS
<1> A + M = B + X : 1 ;
<2> B = C : 2 ;
)",
                   "selection.kpp");
}

/// The names of a selection with their tasks, "A1 B2".
std::string described(const SpeciesChoice& choice) {
  const Mechanism of = mechanism();
  const SpeciesSelection selection = select_species(of, choice);
  BOOST_TEST(selection.species.size() == selection.task.size());
  std::string text;
  for (std::size_t i = 0; i < selection.species.size(); ++i)
    text += (i > 0 ? " " : "") + of.species[selection.species[i]].name + std::to_string(selection.task[i]);
  return text;
}

std::string complaint(const SpeciesChoice& choice) {
  return message_of([&] { select_species(mechanism(), choice); });
}

std::string names(const Mechanism& of, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) text += of.species[i].name;
  return text;
}

/// "ABC|MX": what varies and what does not, after a choice.
std::string kinds_after(const SpeciesChoice& choice) {
  Mechanism edited = mechanism();
  apply_choice(edited, choice);
  return names(edited, 0, edited.variable_species) + "|" +
         names(edited, edited.variable_species, edited.species.size());
}

}  // namespace

BOOST_AUTO_TEST_CASE(without_a_choice_all_variable_species_are_inputs) {
  BOOST_TEST(described({}) == "A1 B1 C1");
}

BOOST_AUTO_TEST_CASE(inputs_come_first_and_then_what_is_predicted_besides) {
  BOOST_TEST(described({.inputs = {"C", "A"}}) == "C1 A1");
  BOOST_TEST(described({.inputs = {"C"}, .outputs = {"A", "C", "B"}}) == "C1 A2 B2");
  BOOST_TEST(described({.outputs = {"B", "A"}}) == "B1 A1");
  BOOST_TEST(described({.inputs = {"C"}, .outputs = {"all"}}) == "C1 A2 B2");
  BOOST_TEST(described({.inputs = {"B"}, .outputs = {"C", "all"}}) == "B1 C2 A2");
  BOOST_TEST(described({.outputs = {"all"}}) == "A1 B1 C1");
}

BOOST_AUTO_TEST_CASE(species_that_cannot_be_chosen_are_errors) {
  BOOST_TEST(contains(complaint({.inputs = {"A", "XENON"}}), "'XENON'"));
  BOOST_TEST(contains(complaint({.inputs = {"M"}}), "expected variable species, found 'M', which is fixed"));
  BOOST_TEST(contains(complaint({.inputs = {"A"}, .outputs = {"X"}}), "'X', which is fixed"));
  BOOST_TEST(
      contains(complaint({.inputs = {"A", "B", "A"}}), "inputs: expected each species once, found 'A'"));
  BOOST_TEST(contains(complaint({.inputs = {"A"}, .outputs = {"B", "B"}}),
                      "outputs: expected each species once, found 'B' twice"));
  BOOST_TEST(contains(complaint({.outputs = {"B", "B"}}), "each species once, found 'B' twice"));
}

BOOST_AUTO_TEST_CASE(a_choice_changes_what_varies) {
  BOOST_TEST(kinds_after({}) == "ABC|MX");
  BOOST_TEST(kinds_after({.variable = {"X"}}) == "ABCX|M");
  BOOST_TEST(kinds_after({.variable = {"all"}}) == "ABCMX|");
  BOOST_TEST(kinds_after({.fixed = {"B"}}) == "AC|BMX");
  BOOST_TEST(kinds_after({.variable = {"all"}, .fixed = {"A", "M"}}) == "BCX|AM");
  Mechanism edited = mechanism();
  BOOST_TEST(contains(message_of([&] { apply_choice(edited, {.variable = {"all", "XENON"}}); }), "'all'"));
  BOOST_TEST(contains(message_of([&] { apply_choice(edited, {.fixed = {"XENON"}}); }), "'XENON'"));
}

BOOST_AUTO_TEST_CASE(lumped_species_stand_behind_the_inputs) {
  const Mechanism of = mechanism();
  const SpeciesSelection selection = select_species(
      of, {.inputs = {"C"}, .outputs = {"C", "B", "SUM"}, .lumped = {{"SUM", {{"A", 1}, {"B", 0.5}}}}});
  BOOST_TEST(selection.size() == 3u);
  BOOST_TEST(selection.names(of) == (std::vector<std::string>{"C", "SUM", "B"}),
             boost::test_tools::per_element());
  const std::vector<double> state{3, 10, 7};
  BOOST_TEST(selection.values(state) == (std::vector<float>{7, 8, 10}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(lumped_species_that_cannot_be_are_refused) {
  const auto said = [](std::vector<LumpedSpecies> lumps) {
    return complaint({.inputs = {"C"}, .lumped = std::move(lumps)});
  };
  BOOST_TEST(contains(said({{"A", {{"B", 1}}}}), "'A', which is there already"));
  BOOST_TEST(contains(said({{"S", {{"B", 1}}}, {"S", {{"A", 1}}}}), "'S', which is there already"));
  BOOST_TEST(contains(said({{"S", {{"M", 1}}}}), "S: expected variable species, found 'M'"));
  BOOST_TEST(contains(said({{"S", {{"C", 1}}}}), "species that are no tracers themselves, found 'C'"));
  BOOST_TEST(contains(said({{"S", {{"D", 1}}}}), "'D'"));
}

BOOST_AUTO_TEST_CASE(what_a_lumped_species_counts_are_atoms) {
  const Mechanism of = parse_kpp(
      "#ATOMS N; O;\n#DEFVAR NO = N + O; N2O5 = 2N + 5O; NA = IGNORE; C = O;\n#EQUATIONS NO = C : 1;\nN2O5 = "
      "NA : 1;\n",
      "counted.kpp");
  const auto select = [&](const std::string& element, double of_n2o5) {
    return select_species(
        of, {.inputs = {"C"}, .lumped = {{"S", {{"NO", 1}, {"N2O5", of_n2o5}, {"NA", 3}}, element}}});
  };
  BOOST_TEST(of.elements[select("N", 2).lumped[0].element.value()] == "N");
  BOOST_TEST(!select("", 1).lumped[0].element);
  const auto said = [&](const std::string& element, double of_n2o5) {
    return message_of([&] { select(element, of_n2o5); });
  };
  BOOST_TEST(contains(said("N", 1), "S, N2O5: expected as many as its atoms of N, 2, found 1"));
  BOOST_TEST(contains(said("Cl", 2), "S: expected an element of the mechanism, found 'Cl'"));
}
