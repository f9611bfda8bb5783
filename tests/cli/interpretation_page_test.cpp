#define BOOST_TEST_MODULE cli_interpretation_page
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/interpretation_page.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;
using test::contains;

namespace {

/// `species` species in and out, two cells: each on itself 0.9, on its neighbour 0.3 (the network: 0.2); the
/// last is absent. The third input is the most important.
Interpretation interpretation(std::size_t species, bool with_reference) {
  Interpretation of;
  for (std::size_t s = 0; s < species; ++s) of.inputs.push_back("S" + std::to_string(s));
  of.inputs[0] = "it's_<0>";
  of.outputs = of.inputs;
  of.conditions = {"temperature", "sun"};
  of.windows = {4, 8};
  of.network = {.cells = 2,
                .outputs = species,
                .inputs = species,
                .conditions = 2,
                .of_species = {},
                .of_conditions = std::vector<double>(4 * species, 0.05)};
  Random random(2);
  for (std::size_t at = 0; at < 2 * species * species; ++at) {
    const std::size_t i = at / species % species, j = at % species;
    of.network.of_species.push_back(i == j       ? 0.8 + 0.001 * static_cast<double>(i)
                                    : i == j + 1 ? 0.2
                                                 : 1e-4 * random.normal());
    const double reference = i == j ? 0.9 - 0.001 * static_cast<double>(i) : i == j + 1 ? 0.3 : 0;
    if (with_reference)
      of.reference.push_back(j + 1 == species ? std::numeric_limits<double>::quiet_NaN() : reference);
  }
  if (with_reference)
    of.agreement = of.balanced =
        compare_sensitivities(of.network.of_species, of.reference, of.own_input(), species);
  of.importance.windows = 10;
  of.importance.input = of.inputs;
  of.importance.input.insert(of.importance.input.end(), of.conditions.begin(), of.conditions.end());
  of.importance.output = of.outputs;
  of.importance.increase.assign(species + 2, 0.2);
  of.importance.increase_of_others.assign(species + 2, 0.1);
  of.importance.increase_of_others[2] = 0.15;
  of.importance.increase_by_output.assign((species + 2) * species, 0.1);
  of.attention = AttentionMap{1, 2, {0.25, 0.75, 0.5, 0.5}, {0, 3600}};
  of.model["parameters"] = 12345;
  of.provenance["command"] = "interpret --data 'a & b.nc'";
  return of;
}

bool gnuplot_is_there() { return std::system("gnuplot --version > /dev/null 2>&1") == 0; }

std::size_t pictures(const std::string& html) {
  std::size_t found = 0;
  for (std::size_t at = html.find("<img "); at != html.npos; at = html.find("<img ", at + 1)) ++found;
  return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_page_holds_figures_and_pairs) {
  const test::TemporaryFolder folder;
  // 70 species: the maps show the sixty of largest sums.
  for (const std::size_t species : {4u, 70u}) {
    const std::string trouble = write_interpretation(folder.file("page"), interpretation(species, true));
    const std::string html = read_text_file(folder.file("page/interpretation.html"));
    BOOST_TEST(contains(html, "S1 to it's_&lt;0&gt;"));
    BOOST_TEST((contains(html, "12345") && contains(html, "a &amp; b.nc")));
    BOOST_TEST(contains(html, "Only the species of largest sums") == (species > 60));
    if (gnuplot_is_there()) {
      BOOST_TEST(trouble == "");
      BOOST_TEST(pictures(html) == 5u);
      for (const char* const name :
           {"sensitivity", "sensitivity_scatter", "conditions", "importance", "attention"})
        BOOST_TEST(!std::filesystem::exists(folder.file("page/figures/" + std::string(name) + ".log")), name);
    } else {
      std::puts("skipped: gnuplot is not installed");
    }
  }
}

BOOST_AUTO_TEST_CASE(without_a_reference_and_attention_the_page_has_the_rest) {
  const test::TemporaryFolder folder;
  Interpretation of = interpretation(4, false);
  of.attention.reset();
  write_interpretation(folder.file("page"), of, "no-such-gnuplot");
  const std::string html = read_text_file(folder.file("page/interpretation.html"));
  BOOST_TEST(contains(html, "Figures are missing"));
  BOOST_TEST(!contains(html, "Against the reference"));
  for (const char* const name : {"sensitivity", "conditions", "importance"})
    BOOST_TEST(std::filesystem::exists(folder.file("page/figures/" + std::string(name) + ".gp")), name);
  const Json json = parse_json(read_text_file(folder.file("page/interpretation.json")), "json");
  BOOST_TEST((json.find("agreement") == nullptr && json.find("attention") == nullptr));
}

BOOST_AUTO_TEST_CASE(differences_and_importance_are_sorted) {
  Interpretation of = interpretation(4, true);
  of.network.of_species[4] = of.network.of_species[16 + 4] = -0.6;  // S1 to the first
  const std::vector<SensitivityDifference> differences = sensitivity_differences(of);
  BOOST_TEST(differences.size() == 9u);  // 4 x 3 starts that are there, without the three on themselves
  BOOST_TEST((differences[0].output == 1 && differences[0].input == 0));
  BOOST_TEST(differences[0].network == -0.6);
  BOOST_TEST(differences[0].reference == 0.3, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(by_importance(of.importance)[0] == 2u);
  const Json json = interpretation_json(of);
  BOOST_TEST(
      std::isnan(json.at("sensitivity").at("reference").array()[0].array()[3].number()));  // null in text
  BOOST_TEST(json.at("differences").array()[0].at("output").string() == "S1");
}
