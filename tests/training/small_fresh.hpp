#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "../data/small_mechanism.hpp"

#include <chemnne/data/generator.hpp>
#include <chemnne/training/fresh_windows.hpp>

namespace test {

/// Twenty windows of the small mechanism as a training set, and three living scenarios that renew them.
struct SmallFresh {
  static constexpr std::size_t alive = 3;

  chemnne::Mechanism mechanism = small_mechanism();
  chemnne::ScenarioRanges ranges = small_ranges();
  chemnne::SpeciesSelection selection{.species = {2, 1, 0, 3}, .task = {1, 1, 1, 1}};
  chemnne::WindowOptions options{.windows_per_scenario = 4, .frames = 5, .maximum_spin_up = 10000};
  chemnne::Dataset data = windows(5);
  chemnne::Standardisation standardisation =
      chemnne::fit_standardisation(data, std::vector<std::string>{"temperature", "cosine_zenith"});
  chemnne::TrainingSet set{data, standardisation};

  chemnne::Dataset windows(std::size_t scenarios) const {
    const chemnne::ScenarioChemistry chemistry(mechanism, ranges);
    chemnne::LaneScenarioRunner runner(chemistry, mechanism, ranges, selection, options, 3);
    chemnne::Dataset all = chemnne::windowless_dataset(
        mechanism, selection, chemnne::EnvironmentModel(mechanism, ranges), runner.script().times());
    for (const auto& one : runner.run(chemnne::draw_scenarios(ranges, scenarios, 0, 3)))
      chemnne::append_windows(one, all);
    return all;
  }
  chemnne::LivingScenarios living() const {
    return chemnne::LivingScenarios(mechanism, ranges, selection, options, 3, alive);
  }
  template <class Ranks = chemnne::SingleProcess>
  chemnne::FreshWindows<Ranks> source(Ranks& ranks = chemnne::single_process) {
    return {living(), "small", set, standardisation, chemnne::budget_coefficients(data, data.species()),
            ranks};
  }
};

}  // namespace test
