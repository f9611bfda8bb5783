#define BOOST_TEST_MODULE data_lump_finder
#include <map>
#include <string>
#include <vector>

#include "data_test_tools.hpp"
#include "small_mechanism.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/generator.hpp>
#include <chemnne/data/lump_finder.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// T comes from A, two molecules of it by way of R, which lives a second, and four from B; V comes from U.
Mechanism mechanism() {
  return parse_kpp(R"(#DEFVAR A = IGNORE; B = IGNORE; U = IGNORE; R = IGNORE; T = IGNORE; V = IGNORE;
#EQUATIONS
<1> A = T + R : 1.0E-4 ;
<2> R = T : 1.0 ;
<3> B = 4 T : 1.0E-4 ;
<4> U = V : 2.0E-4 ;
)",
                   "lumps.kpp");
}

/// T and V are so much that what comes changes them in proportion.
ScenarioRanges ranges() {
  std::string text = test::environment_ranges_text + "[species]\n";
  for (const char* const hidden : {"A", "B", "U"})
    text += std::string(hidden) + " = { minimum = 0.5, maximum = 2, units = \"ppb\", scale = \"log\" }\n";
  for (const char* const tracer : {"T", "V"})
    text += std::string(tracer) + " = { minimum = 300, maximum = 500, units = \"ppb\", scale = \"log\" }\n";
  return parse_scenario_ranges(text + "[plume]\n", "lumps.toml");
}

struct Air {
  Mechanism of = mechanism();
  ScenarioRanges drawn = ranges();
  EnvironmentModel model{of, drawn};
  std::vector<std::string> tracers{"T", "V"};
  Dataset data;

  Air() {
    const test::TemporaryFolder folder;
    generate_dataset(
        of, drawn,
        {.scenarios = 20, .windows = {.frames = 3, .plume_share = 0, .maximum_spin_up = 1200}, .threads = 1},
        folder.file("data.nc"));
    data = read_dataset(folder.file("data.nc"));
  }
  FoundLumps find(const LumpOptions& options) const {
    return LumpFinder(of, model, data, tracers, options).find();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_does_the_same_to_the_tracers_is_one_sum, Air) {
  const FoundLumps found = find({.count = 2, .windows = 12, .threads = 1});
  BOOST_TEST(found.candidates == 3u);  // R is in balance with A
  BOOST_TEST(found.left_open < 1e-4);
  BOOST_TEST(found.of_others.at(1) > 0.1);
  BOOST_TEST(found.of_others.at(2) == found.left_open);
  BOOST_TEST(found.of_others.size() == 2u);  // five sums there cannot be
  BOOST_TEST_REQUIRE(found.lumps.size() == 2u);
  std::map<std::string, double> coefficient;
  for (const LumpedSpecies& lump : found.lumps) {
    const bool of_u = lump.members[0].first == "U";
    BOOST_TEST(lump.members.size() == (of_u ? 1u : 2u));
    for (const auto& [name, value] : lump.members) coefficient[name] = value;
  }
  BOOST_TEST(coefficient["B"] / coefficient["A"] == 2, boost::test_tools::tolerance(0.02));
  BOOST_TEST(found.lumps[0].name == "LUMP1");
}

BOOST_FIXTURE_TEST_CASE(threads_do_not_change_them, Air) {
  const FoundLumps one = find({.count = 1, .windows = 8, .threads = 1}),
                   two = find({.count = 1, .windows = 8, .threads = 2});
  BOOST_TEST(one.left_open == two.left_open);
  BOOST_TEST((one.lumps[0].members == two.lumps[0].members));
}

BOOST_FIXTURE_TEST_CASE(what_is_wrong_is_said, Air) {
  BOOST_TEST(contains(message_of([&] { find({.count = 4, .windows = 4, .threads = 1}); }), "at most 3 "));
  tracers = {"T", "N"};
  BOOST_TEST(contains(message_of([&] { find({.count = 1, .windows = 4, .threads = 1}); }), "N"));
  tracers = {"T"};
  data.species_name[0] = "other";
  BOOST_TEST(contains(message_of([&] { find({.count = 1, .windows = 4, .threads = 1}); }),
                      "data set of all species"));
}
