// What a guard is for: thirty days of hourly steps fed back, with a random disturbance of every species each
// day, as emissions, transport and rain disturb a host's air. Without a guard a network may run away; clamped
// it stays in range; with a fallback the cells that it does not know are solved.
//
//     05_guarded_step WEIGHTS.safetensors MECHANISM.eqn RANGES.toml [CELLS] [DAYS]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>
#include <vector>

#include "troposphere.hpp"

#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/data/reference_fallback.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/support/random.hpp>

namespace {

struct Run {
  chemnne::StepStatus status;
  double farthest = 0;      ///< decades beyond the training data at a step's end, worst species
  std::size_t outside = 0;  ///< cells and steps with a species that a step has taken out of range
};

/// `days` of hourly steps of cells at 0 to 3 km; the same disturbances for every guard.
template <class Guard>
Run run(const example::Emulator& emulator, std::size_t cells, int days, Guard guard) {
  example::Emulator::Workspace workspace;
  std::vector<double> state, weather(cells * example::conditions);
  const auto height = [cells](std::size_t cell) {
    return 3000.0 * static_cast<double>(cell) / static_cast<double>(cells);
  };
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const std::vector<double> air =
        example::continental_air(emulator, example::air(example::weather(height(cell), 0)));
    state.insert(state.end(), air.begin(), air.end());
  }
  const auto view = chemnne::Columns<double>::cell_major(state.data(), cells, example::species);
  const auto conditions =
      chemnne::Columns<const double>::cell_major(weather.data(), cells, example::conditions);
  const std::vector<double> start = state;
  std::vector<double> before;
  Run result;
  for (int hour = 0; hour < 24 * days; ++hour) {
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const std::vector<double> here = example::weather(height(cell), hour % 24);
      std::copy(here.begin(), here.end(), weather.begin() + static_cast<std::ptrdiff_t>(cell * here.size()));
      if (hour % 24 != 0) continue;
      chemnne::Random random(7, static_cast<std::uint64_t>(hour) * cells + cell);
      for (std::size_t i = 0; i < example::species; ++i) {
        // Half way back to the air of the start, times a factor of up to 3 either way.
        double& value = state[cell * example::species + i];
        value =
            std::sqrt(value * start[cell * example::species + i]) * std::pow(10, random.uniform(-0.5, 0.5));
      }
    }
    before = state;
    result.status += emulator.advance(view, conditions, 3600, view, workspace, {}, guard);
    for (std::size_t cell = 0; cell < cells; ++cell) {
      double beyond = 0;
      for (std::size_t i = 0; i < example::species; ++i) {
        const std::size_t at = cell * example::species + i;
        const double highest = std::pow(10, emulator.description().output_range[i].maximum);
        // Where the disturbance has put it there the step is not to blame.
        if (!(state[at] >= 0)) beyond = std::numeric_limits<double>::infinity();
        if (state[at] > 2 * highest && state[at] > before[at])
          beyond = std::max(beyond, std::log10(state[at] / highest));
      }
      if (beyond > 0) ++result.outside;
      result.farthest = std::max(result.farthest, beyond);
    }
  }
  return result;
}

void print(const char* guard, const Run& run) {
  const auto share = [&](std::size_t count) {
    return 100 * static_cast<double>(count) / static_cast<double>(run.status.cells);
  };
  std::printf(
      "%-22s %8zu steps taken out of range, at most %.1f decades; %.1f %% limited, %.1f %% solved, %.1f %% "
      "kept\n",
      guard, run.outside, run.farthest, share(run.status.limited), share(run.status.solved),
      share(run.status.left_unchanged));
}

}  // namespace

int main(int argument_count, char** arguments) try {
  if (argument_count < 4)
    throw chemnne::Error("05_guarded_step", "weights, mechanism and ranges", "fewer arguments");
  const example::Emulator emulator(arguments[1]);
  const chemnne::Mechanism mechanism = chemnne::read_mechanism(arguments[2]);
  const chemnne::ScenarioRanges ranges = chemnne::read_scenario_ranges(arguments[3]);
  const std::size_t cells = argument_count > 4 ? std::strtoul(arguments[4], nullptr, 10) : 50;
  const int days = argument_count > 5 ? std::atoi(arguments[5]) : 30;

  std::printf("%zu cells, %d days:\n", cells, days);
  const Run free = run(emulator, cells, days, chemnne::FlagOnly{});
  print("flagged only", free);
  const Run clamped = run(emulator, cells, days, chemnne::Clamp{});
  print("clamped", clamped);
  const Run kept = run(emulator, cells, days, chemnne::KeepOld{});
  print("kept where suspicious", kept);
  const Run solved =
      run(emulator, cells, days,
          chemnne::FallBack(chemnne::ReferenceFallback(mechanism, ranges, emulator.description().outputs,
                                                       emulator.description().conditions)));
  print("solved where suspicious", solved);
  return clamped.outside == 0 && kept.outside == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
