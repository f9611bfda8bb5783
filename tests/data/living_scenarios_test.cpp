#define BOOST_TEST_MODULE data_living_scenarios
#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "eventful_air.hpp"
#include <boost/test/unit_test.hpp>
#include <omp.h>

#include <chemnne/data/living_scenarios.hpp>

using namespace chemnne;

namespace {

struct Air : test::EventfulAir {
  LivingScenarios living(std::size_t count) const {
    return LivingScenarios(mechanism, ranges, selection, options, 3, count);
  }
};

std::vector<Dataset> calls(LivingScenarios& living, std::size_t count) {
  std::vector<Dataset> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(living.next());
  return all;
}

bool equal(const Dataset& a, const Dataset& b) {
  return a.scenario == b.scenario && a.window_in_scenario == b.window_in_scenario && a.kind == b.kind &&
         a.spin_up_length == b.spin_up_length && a.environment_value == b.environment_value &&
         a.element_total == b.element_total && a.concentration == b.concentration;
}

}  // namespace

BOOST_AUTO_TEST_CASE(windows_are_those_that_the_generator_makes_of_the_same_scenarios) {
  const Air air;
  LivingScenarios living = air.living(7);
  std::map<std::pair<int, int>, std::vector<float>> seen;
  std::size_t windows = 0;
  for (const Dataset& data : calls(living, 6)) {
    BOOST_TEST(data.cases() == 7u);
    const std::size_t width = data.frames() * data.species();
    for (std::size_t i = 0; i < data.cases(); ++i, ++windows) {
      const auto begin = data.concentration.begin() + static_cast<std::ptrdiff_t>(i * width);
      seen[{data.scenario[i], data.window_in_scenario[i]}].assign(begin,
                                                                  begin + static_cast<std::ptrdiff_t>(width));
    }
  }
  BOOST_TEST(seen.size() == windows);  // none twice
  // The first seven are one hypercube.
  const std::vector<Scenario> scenarios = draw_scenarios(air.ranges, 7, LivingScenarios::first_scenario, 3);
  const ScenarioChemistry chemistry(air.mechanism, air.ranges);
  LaneScenarioRunner runner(chemistry, air.mechanism, air.ranges, air.selection, air.options, 3);
  const std::vector<ScenarioWindows> whole = runner.run(scenarios);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto number = static_cast<int>(whole[i].scenario);
    std::vector<float> of_scenario;
    const std::size_t life = 1 + i % 3;  // ages are mixed from the start
    for (std::size_t w = 0; w < life; ++w) {
      const std::vector<float>& one = seen.at({number, static_cast<int>(w)});
      of_scenario.insert(of_scenario.end(), one.begin(), one.end());
    }
    BOOST_TEST(!seen.contains({number, static_cast<int>(life)}));
    BOOST_TEST(std::equal(of_scenario.begin(), of_scenario.end(), whole[i].concentration.begin()));
  }
}

BOOST_AUTO_TEST_CASE(windows_do_not_depend_on_threads) {
  const Air air;
  const auto with = [&](int threads) {
    omp_set_num_threads(threads);
    LivingScenarios living = air.living(70);
    return calls(living, 4);
  };
  const std::vector<Dataset> one = with(1), two = with(2), three = with(3);
  for (std::size_t i = 0; i < one.size(); ++i) {
    BOOST_TEST(equal(one[i], two[i]));
    BOOST_TEST(equal(one[i], three[i]));
  }
}

BOOST_AUTO_TEST_CASE(scenarios_go_on_from_their_numbers) {
  const Air air;
  LivingScenarios living = air.living(7);
  for (const std::size_t after : {0u, 1u, 4u}) {
    calls(living, after);
    LivingScenarios other = air.living(7);
    other.resume(living.numbers());
    for (int call = 0; call < 5; ++call) BOOST_TEST(equal(living.next(), other.next()));
    BOOST_TEST(living.scenarios() == other.scenarios());
  }
}

BOOST_AUTO_TEST_CASE(scenarios_that_cannot_be_solved_are_counted_and_replaced) {
  Air air;
  air.options.rosenbrock.maximum_attempts = 1;
  LivingScenarios living = air.living(7);
  const std::vector<Dataset> all = calls(living, 3);
  // No spin-up is done in one step.
  for (const Dataset& data : all) BOOST_TEST(data.cases() == 0u);
  BOOST_TEST(living.failures() == 21u);
  BOOST_TEST(living.scenarios() == 21u);
}
