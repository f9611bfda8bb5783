#define BOOST_TEST_MODULE data_arca_air
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/data/scenario_runner.hpp>

using namespace chemnne;

namespace {

const std::string arca = CHEMNNE_SHARED_DIRECTORY;

/// Mean over first windows of log10 of each species' initial level, at least 1e3 molecules cm-3.
class MeanLevels {
 public:
  explicit MeanLevels(std::size_t species) : sum_(species) {}
  void add(std::span<const float> state) {
    ++windows_;
    for (std::size_t s = 0; s < sum_.size(); ++s)
      sum_[s] += std::log10(std::max(1e3, static_cast<double>(state[s])));
  }
  double distance(const MeanLevels& other) const {
    double square = 0;
    for (std::size_t s = 0; s < sum_.size(); ++s)
      square += std::pow(sum_[s] / windows_ - other.sum_[s] / other.windows_, 2);
    return std::sqrt(square / static_cast<double>(sum_.size()));
  }

 private:
  std::vector<double> sum_;
  double windows_ = 0;
};

}  // namespace

// 400 species that ARCA's own program made, by another solver, in air of a few hours; none of them is tuned
// one by one.
BOOST_AUTO_TEST_CASE(scenarios_from_the_ranges_of_hyde_hold_the_air_of_the_arca_data) {
  const std::string kpp = arca + "/mechanisms/arca/hyde/second.def",
                    states = arca + "/data/arca_hyde_validation.nc";
  if (!std::filesystem::exists(kpp) || !std::filesystem::exists(states)) {
    std::printf("skipped: %s or %s is absent\n", kpp.c_str(), states.c_str());
    return;
  }
  const Dataset data = read_dataset(states);
  ScenarioRanges ranges = read_scenario_ranges(CHEMNNE_SOURCE_DIRECTORY "/examples/arca/hyde.toml");
  ranges.choice.inputs = data.species_name;
  Mechanism mechanism = read_kpp(kpp);
  apply_choice(mechanism, ranges.choice);
  const SpeciesSelection selection = select_species(mechanism, ranges.choice);
  const auto is_meant = [](double age) { return age > 3600 && age < 4 * 3600; };

  MeanLevels theirs(data.species());
  for (std::size_t window = 0; window < data.cases(); ++window)
    if (data.window_in_scenario[window] == 0 && is_meant(data.spin_up_length[window]))
      theirs.add(data.row(window, 0));

  const auto levels = [&](const ScenarioRanges& of) {
    WindowOptions options{.windows_per_scenario = 1, .frames = 2, .plume_share = 0};
    options.minimum_spin_up = 3601;
    options.maximum_spin_up = 4 * 3600;
    options.reference.relative_tolerance = 1e-4;
    ScenarioRunner runner(mechanism, of, selection, options, 1);
    MeanLevels ours(data.species());
    for (const Scenario& scenario : draw_scenarios(of, 24, 0, 1)) {
      const ScenarioWindows windows = runner.run(scenario);
      BOOST_TEST_REQUIRE(windows.failure == "");
      ours.add(std::span(windows.concentration).first(data.species()));
    }
    return ours;
  };
  const double open = levels(ranges).distance(theirs);
  ranges.windows.held.clear();
  ranges.windows.dilution.reset();
  const double closed = levels(ranges).distance(theirs);
  std::printf("decades between mean levels: %.3f, %.3f without sources and dilution\n", open, closed);
  // A level varies by 1.05 decades: 24 windows of ours and some 30 of theirs are 0.3 apart by their number
  // alone.
  BOOST_TEST(open < 0.4);
  BOOST_TEST(closed > open);
}
