#define BOOST_TEST_MODULE data_host_air
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "data_test_tools.hpp"
#include "small_mechanism.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/lane_scenario_runner.hpp>
#include <chemnne/data/long_runs.hpp>
#include <chemnne/data/scenario_runner.hpp>
#include <chemnne/data/window_dataset.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// X is what nothing but the host changes: from 0 up to a level between its background and its source.
const std::string host =
    "[host]\n"
    "mixing = { minimum = 0.02, maximum = 0.2, units = \"h-1\", scale = \"log\" }\n"
    "daily_swing = { minimum = 2, maximum = 6, units = \"K\", scale = \"linear\" }\n"
    "daily_change = { minimum = -3, maximum = 3, units = \"K\", scale = \"linear\" }\n"
    "[background]\n"
    "X = { minimum = 1, maximum = 2, units = \"ppb\", scale = \"linear\" }\n"
    "[emission]\n"
    "X = { minimum = 0.1, maximum = 1, units = \"ppb h-1\", scale = \"log\", course = \"even\" }\n"
    "NO = { minimum = 0.01, maximum = 0.1, units = \"ppb h-1\", scale = \"log\", course = \"traffic\" }\n";

struct Host {
  Mechanism mechanism = test::small_mechanism();
  ScenarioRanges ranges;
  SpeciesSelection selection{.species = {4, 2, 1, 0, 3}, .task = {1, 1, 1, 1, 1}};
  WindowOptions options;
  std::vector<Scenario> scenarios;

  explicit Host(const std::string& text = host, std::size_t windows = 30, double gap = 0)
      : ranges(test::small_ranges(text)),
        options{.windows_per_scenario = windows,
                .frames = 3,
                .plume_share = 0,
                .minimum_gap = gap,
                .maximum_gap = gap,
                .maximum_spin_up = 7200},
        scenarios(draw_scenarios(ranges, 8, 0, 3)) {
    mechanism.initial_values["OH"] = 0;
  }

  std::vector<ScenarioWindows> run() const {
    ScenarioRunner runner(mechanism, ranges, selection, options, 3);
    std::vector<ScenarioWindows> all;
    for (const Scenario& scenario : scenarios) {
      all.push_back(runner.run(scenario));
      BOOST_TEST_REQUIRE(all.back().failure == "");
    }
    return all;
  }

  Dataset dataset() const {
    ScenarioRunner runner(mechanism, ranges, selection, options, 3);
    Dataset data =
        windowless_dataset(mechanism, selection, EnvironmentModel(mechanism, ranges), runner.times());
    for (const ScenarioWindows& one : run()) append_windows(one, data);
    return data;
  }
};

std::size_t column(const Dataset& data, const std::string& name) {
  return static_cast<std::size_t>(std::ranges::find(data.environment_name, name) -
                                  data.environment_name.begin());
}

}  // namespace

BOOST_AUTO_TEST_CASE(air_mixes_with_its_background_and_is_fed_between_windows) {
  // c <- f c + (1 - f) b + e: by way of three unknowns a scenario, which three of its 30 windows tell; the
  // others obey them. Mixing ratios, for air that warms up has fewer molecules.
  const Dataset data = Host().dataset();
  const std::size_t kept = column(data, "dilution_factor"), air = column(data, "air_number_density");
  int scenarios = 0;
  for (std::size_t first = 0; first < data.cases(); first += 30, ++scenarios) {
    const double f = data.environment(first + 1)[kept];
    BOOST_TEST((f >= std::exp(-0.2) && f <= std::exp(-0.02)));
    const auto supply = [&](std::size_t window) {
      return (static_cast<double>(data.row(window, 0)[0]) -
              f * static_cast<double>(data.row(window - 1, 2)[0])) /
             data.environment(window)[air];
    };
    const double constant = supply(first + 1);
    BOOST_TEST((constant >= 1e-9 * (1 - f) + 0.1e-9 && constant <= 2e-9 * (1 - f) + 1e-9));
    for (std::size_t window = first + 2; window < first + 30; ++window) {
      BOOST_TEST(data.environment(window)[kept] == f);
      BOOST_TEST(supply(window) == constant, boost::test_tools::tolerance(1e-4));  // of floats that cancel
    }
  }
  BOOST_TEST(scenarios == 8);
}

BOOST_AUTO_TEST_CASE(days_have_their_own_weather_and_hours_their_own_temperature) {
  const Dataset data = Host().dataset();
  const std::size_t t = column(data, "temperature"), hour = column(data, "local_hour"),
                    day = column(data, "day_of_year"), light = column(data, "photolysis_scaling"),
                    water = column(data, "water_vapour_number_density"),
                    rh = column(data, "relative_humidity");
  for (std::size_t window = 1; window < data.cases(); ++window) {
    if (data.window_in_scenario[window] == 0) continue;
    const auto now = data.environment(window), before = data.environment(window - 1);
    if (now[day] == before[day]) {
      BOOST_TEST(now[light] == before[light]);
      // Warmer until 15 h, colder before 3 h and after.
      const double middle = now[hour] + 0.5;
      if (middle > 4.5 && middle < 15) BOOST_TEST(now[t] > before[t]);
      if (middle > 16.5 || middle < 2) BOOST_TEST(now[t] < before[t]);
    } else {
      BOOST_TEST(now[light] != before[light]);
    }
    // Vapour pressure stays: n T is that of the hour before, where no hour is saturated.
    if (now[rh] < 100 && before[rh] < 100)
      BOOST_TEST(now[water] * now[t] == before[water] * before[t], boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(closed_air_keeps_what_nothing_changes) {
  Host closed("[host]\nclosed_share = 1\n");
  closed.ranges.species = {{"X", 1e10, 2e10, "molecules cm-3", false}};
  const std::vector<Scenario> scenarios = draw_scenarios(closed.ranges, 8, 0, 3);
  closed.scenarios = scenarios;
  const std::vector<ScenarioWindows> windows = closed.run();
  for (std::size_t i = 0; i < windows.size(); ++i)
    for (std::size_t row = 0; row < 90; ++row)
      BOOST_TEST(windows[i].concentration[row * 5] == static_cast<float>(scenarios[i].initial[0]));
}

BOOST_AUTO_TEST_CASE(steps_in_a_gap_are_those_that_windows_would_be) {
  // Every third hour of the same host: X, which the solver does not touch, to rounding. Days that draw
  // nothing of their own but light, for the windows' draws lie between theirs.
  std::string even = host;
  const std::size_t line = even.find("daily_change");
  even.erase(line, even.find('\n', line) + 1 - line);
  const Host each(even, 29), third(even, 10, 7200);
  const std::vector<ScenarioWindows> all = each.run(), some = third.run();
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t window = 0; window < 9; ++window)
      BOOST_TEST(some[i].concentration[window * 15] == all[i].concentration[3 * window * 15],
                 boost::test_tools::tolerance(1e-5f));
}

BOOST_AUTO_TEST_CASE(both_solvers_follow_the_same_host) {
  Host open(host, 6, 3600);
  open.options.reference.relative_tolerance = 1e-8;
  open.options.rosenbrock.relative_tolerance = 1e-8;
  open.options.spin_up_relative_tolerance = 1e-8;
  const std::vector<ScenarioWindows> theirs = open.run();
  const ScenarioChemistry chemistry(open.mechanism, open.ranges);
  LaneScenarioRunner runner(chemistry, open.mechanism, open.ranges, open.selection, open.options, 3);
  const std::vector<ScenarioWindows> ours = runner.run(open.scenarios);
  for (std::size_t i = 0; i < ours.size(); ++i) {
    BOOST_TEST_REQUIRE(ours[i].failure == "");
    BOOST_TEST(ours[i].environment_value == theirs[i].environment_value);
    double worst = 0;
    for (std::size_t k = 0; k < ours[i].concentration.size(); ++k) {
      const auto value = static_cast<double>(theirs[i].concentration[k]);
      worst = std::max(
          worst, std::abs(static_cast<double>(ours[i].concentration[k]) - value) / std::max(1e3, value));
    }
    BOOST_TEST(worst < 2e-5);
  }
}

BOOST_AUTO_TEST_CASE(emissions_follow_their_hours) {
  Environment noon{.temperature = 297, .cosine_zenith = 0.8};
  Environment night{.temperature = 287, .cosine_zenith = 0};
  BOOST_TEST(HostAir::course(EmissionCourse::even, night, 1) == 1);
  BOOST_TEST(HostAir::course(EmissionCourse::traffic, noon, 12.5) == 1);
  BOOST_TEST(HostAir::course(EmissionCourse::traffic, night, 2) == 0.3);
  BOOST_TEST(HostAir::course(EmissionCourse::light, noon, 12) == 0.8);
  BOOST_TEST(HostAir::course(EmissionCourse::light, night, 2) == 0);
  BOOST_TEST(HostAir::course(EmissionCourse::heat, night, 2) == std::exp(-0.9),
             boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(a_data_set_of_a_host_is_long_runs) {
  const Dataset data = Host().dataset();
  const LongRuns runs = long_runs_of(data, "host.nc");
  BOOST_TEST(runs.cases == 8u);
  BOOST_TEST(runs.hours == 30u);
  const std::size_t species = data.species();
  for (std::size_t i = 0; i < runs.cases; ++i)
    for (std::size_t hour = 0; hour < runs.hours; ++hour)
      for (std::size_t s = 0; s < species; ++s) {
        const std::size_t at = i * runs.hours + hour, state = i * (runs.hours + 1) + hour;
        const auto start = static_cast<float>(runs.dilution[at]) * runs.concentration[state * species + s] +
                           runs.source[at * species + s];
        BOOST_TEST(start == data.row(at, 0)[s], boost::test_tools::tolerance(1e-6f));
        BOOST_TEST(runs.concentration[(state + 1) * species + s] == data.row(at, 2)[s]);
      }
}

BOOST_AUTO_TEST_CASE(windows_apart_are_no_long_runs) {
  const std::string message = message_of([] { long_runs_of(Host(host, 4, 3600).dataset(), "gaps.nc"); });
  BOOST_TEST(contains(message, "gaps.nc: window 1"), message);
  BOOST_TEST(contains(message, "without a gap"), message);
}

BOOST_AUTO_TEST_CASE(scenarios_without_a_start_and_other_lengths_are_no_long_runs) {
  Dataset data = Host(host, 2).dataset();
  data.time.back() = 1800;
  BOOST_TEST(contains(message_of([&] { long_runs_of(data, "half.nc"); }), "windows of 3600 s"));
  data.window_in_scenario.assign(data.cases(), 1);
  BOOST_TEST(contains(message_of([&] { long_runs_of(data, "late.nc"); }), "first window"));
}

BOOST_AUTO_TEST_CASE(bad_hosts_are_named) {
  const auto complaint = [](const std::string& text) {
    return message_of([&] { test::small_ranges(text); });
  };
  BOOST_TEST(contains(complaint("[background]\nX = { minimum = 1, maximum = 2, units = \"ppb\", scale = "
                                "\"log\" }\n"),
                      "[host]"));
  BOOST_TEST(contains(complaint("[host]\nclosed_share = 1.5\n"), "host.closed_share: expected 0 to 1"));
  BOOST_TEST(contains(complaint("[scatter]\nX = 3\n"), "scatter.X: expected 0 to 2 decades"));
  BOOST_TEST(contains(complaint("[host]\nfog = 1\n"), "closed_share, mixing, daily_swing or daily_change"));
  const std::string source =
      "[host]\n[emission]\nNO = { minimum = 1, maximum = 2, units = \"ppb h-1\", scale = \"log\"";
  BOOST_TEST(contains(complaint(source + " }\n"), "emission.NO"));
  BOOST_TEST(contains(complaint(source + ", course = \"tide\" }\n"), "even, traffic, light or heat"));
  BOOST_TEST(contains(message_of([] {
                        Host fixed(
                            "[host]\n[background]\nOH = { minimum = 1, maximum = 2, units = \"ppt\", "
                            "scale = \"log\" }\n");
                        fixed.run();
                      }),
                      "OH"));
}
