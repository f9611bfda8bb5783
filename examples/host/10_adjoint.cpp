// What ozone after six hours owes to what is emitted in each of them, by one backward sweep; and what the
// differences of 24 runs say. NO and ethene are emitted: the mechanism of these weights stops at C2, and has
// no isoprene.
//
//     10_adjoint examples/troposphere.safetensors
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <vector>

#include "troposphere.hpp"

#include <chemnne/host/step_derivative.hpp>

namespace {

using Derivative = chemnne::StepDerivative<example::Network, chemnne::DefaultBackend>;
using State = std::vector<double>;

constexpr std::size_t hours = 6, emitted = 2;
constexpr const char* names[emitted] = {"NO", "C2H4"};
/// molecules cm-3 an hour: some 0.2 and 0.5 nmol/mol.
using Emissions = std::array<std::array<double, emitted>, hours>;
constexpr std::array<double, emitted> usual{5e9, 1.2e10};

/// Six hours from ten in the morning, an hour's emissions in the middle of its air before each step.
struct Morning {
  explicit Morning(const example::Emulator& which)
      : emulator(which),
        binding(which.bind({.species = which.description().outputs})),
        derivative(which),
        start(example::continental_air(which, example::air(weather(0)))) {
    for (std::size_t s = 0; s < emitted; ++s) place[s] = which.species_index(names[s]);
  }

  static std::vector<double> weather(std::size_t hour) {
    return example::weather(0, 10 + static_cast<double>(hour));
  }
  static auto cell(State& state) {
    return chemnne::Columns<double>::cell_major(state.data(), 1, state.size());
  }
  static auto conditions(const std::vector<double>& now) {
    return chemnne::Columns<const double>::cell_major(now.data(), 1, now.size());
  }

  /// The state at the end; `before` gets those that the steps begin with.
  State run(const Emissions& emissions, std::vector<State>* before = nullptr) {
    State state = start;
    for (std::size_t hour = 0; hour < hours; ++hour) {
      for (std::size_t s = 0; s < emitted; ++s) state[place[s]] += emissions[hour][s];
      if (before) before->push_back(state);
      status += emulator.advance(binding, cell(state), conditions(weather(hour)), 3600, workspace);
    }
    return state;
  }

  /// d O3 at the end / d emissions: a slope is carried backwards, and is read off before each step.
  Emissions backward(std::vector<State>& before) {
    Emissions sensitivity;
    State slope(start.size());
    slope[emulator.species_index("O3")] = 1;
    for (std::size_t hour = hours; hour-- > 0;) {
      derivative.adjoint(binding, cell(before[hour]), conditions(weather(hour)), 3600, cell(slope));
      for (std::size_t s = 0; s < emitted; ++s) sensitivity[hour][s] = slope[place[s]];
    }
    return sensitivity;
  }

  const example::Emulator& emulator;
  chemnne::HostBinding binding;
  Derivative derivative;
  example::Emulator::Workspace workspace;
  State start;
  std::array<std::size_t, emitted> place{};
  chemnne::StepStatus status;
};

}  // namespace

int main(int argument_count, char** arguments) try {
  if (argument_count != 2) throw chemnne::Error("10_adjoint", "the weights file", "no argument or more");
  const example::Emulator emulator(arguments[1]);
  Morning morning(emulator);
  Emissions emissions;
  emissions.fill(usual);

  std::vector<State> before;
  const std::size_t o3 = emulator.species_index("O3");
  const double end = morning.run(emissions, &before)[o3], air = example::air(Morning::weather(0));
  const Emissions sensitivity = morning.backward(before);

  std::printf("O3 %.2f nmol/mol, after six hours %.2f\n", 1e9 * morning.start[o3] / air, 1e9 * end / air);
  std::printf("molecules of O3 at 16:00 for a molecule emitted before\n         ");
  for (const char* name : names) std::printf("%10s  differences", name);
  double worst = 0, largest = 0;
  for (std::size_t hour = 0; hour < hours; ++hour) {
    std::printf("\n  %zu:00 ", 10 + hour);
    for (std::size_t s = 0; s < emitted; ++s) {
      const double by = 0.02 * usual[s];
      Emissions more = emissions, less = emissions;
      more[hour][s] += by;
      less[hour][s] -= by;
      const double difference = (morning.run(more)[o3] - morning.run(less)[o3]) / (2 * by);
      std::printf("%11.4f %12.4f", sensitivity[hour][s], difference);
      worst = std::max(worst, std::abs(sensitivity[hour][s] - difference));
      largest = std::max(largest, std::abs(difference));
    }
  }
  std::printf("\nfarthest from the differences: %.2f %% of the largest; %s\n", 100 * worst / largest,
              morning.status.summary().c_str());
  return worst < 0.02 * largest && morning.status.left_unchanged == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
