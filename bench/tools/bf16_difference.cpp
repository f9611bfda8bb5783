// bf16_difference <weights> <data.nc> [<long runs.nc>]: what products in bf16 change in a host's steps. Cells
// are the starts of the windows of a data set, weights those of an emulator of 49 compounds; with long runs
// also the error of steps that are fed back, of both.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/long_runs.hpp>
#include <chemnne/emulator.hpp>
#include <chemnne/training/rollout.hpp>

namespace {

using namespace chemnne;
using C = DefaultConfiguration<49, 49>;
using Model = ChemNNE<C>;
static_assert(C::inputs == C::outputs);

struct Cells {
  std::size_t count = 0;
  std::vector<double> state = {}, conditions = {};  // [cells][species], [cells][conditions]
};

Cells starts_of(const Dataset& data, const EmulatorDescription& description) {
  const auto species = indices_by_name(description.inputs, data.species_name, "species of the data set"),
             columns = indices_by_name(description.conditions, data.environment_name, "conditions");
  Cells cells{.count = data.cases()};
  for (std::size_t i = 0; i < cells.count; ++i) {
    for (const std::size_t s : species)
      cells.state.push_back(static_cast<double>(data.concentration[i * data.frames() * data.species() + s]));
    for (const std::size_t k : columns)
      cells.conditions.push_back(data.environment_value[i * data.environment_name.size() + k]);
  }
  return cells;
}

template <class Backend>
void step(const Emulator<Model, Backend>& emulator, Cells& cells, double seconds) {
  typename Emulator<Model, Backend>::Workspace workspace;
  const auto state = Columns<double>::cell_major(cells.state.data(), cells.count, C::inputs);
  emulator.advance(state,
                   Columns<const double>::cell_major(cells.conditions.data(), cells.count, C::conditions),
                   seconds, state, workspace);
}

/// Of log10 of number densities, none counted lower than its floor [decades]; of ozone relative.
class Difference {
 public:
  Difference(const EmulatorDescription& description)
      : floor_(description.output_floor),
        ozone_(
            static_cast<std::size_t>(std::find(description.outputs.begin(), description.outputs.end(), "O3") -
                                     description.outputs.begin())) {}

  void print(const char* what, const Cells& a, const Cells& b) const {
    double squares = 0, worst_cell = 0, worst = 0, ozone_difference = 0, ozone = 0;
    std::vector<double> of_ozone;
    for (std::size_t i = 0; i < a.count; ++i) {
      double of_cell = 0;
      for (std::size_t s = 0; s < C::outputs; ++s) {
        const double x = value(a, i, s), y = value(b, i, s), decades = std::abs(std::log10(x / y));
        of_cell += decades * decades;
        worst = std::max(worst, decades);
        if (s != ozone_) continue;
        ozone_difference += std::abs(x - y);
        ozone += x;
        of_ozone.push_back(100 * std::abs(y / x - 1));
      }
      squares += of_cell;
      worst_cell = std::max(worst_cell, std::sqrt(of_cell / C::outputs));
    }
    std::sort(of_ozone.begin(), of_ozone.end());
    std::printf("%-24s root mean square %.5f decades, of the worst cell %.5f, worst value %.5f", what,
                std::sqrt(squares / static_cast<double>(a.count * C::outputs)), worst_cell, worst);
    if (!of_ozone.empty())
      std::printf("; ozone %.3f %% (normalised mean), median cell %.3f, 95th percentile %.3f, worst %.3f",
                  100 * ozone_difference / ozone, of_ozone[a.count / 2], of_ozone[a.count * 95 / 100],
                  of_ozone.back());
    std::printf("\n");
  }

 private:
  double value(const Cells& cells, std::size_t i, std::size_t s) const {
    return std::max(floor_[s], cells.state[i * C::outputs + s]);
  }
  std::vector<double> floor_;
  std::size_t ozone_;
};

/// Root mean square error of hourly steps fed back, over all hours, cases and species [decades].
template <class Backend>
double error_fed_back(const Emulator<Model, Backend>& emulator, const RolloutCases& given) {
  const std::size_t cases = given.reference.size() / ((given.hours + 1) * C::inputs);
  const auto reference = [&](std::size_t i, std::size_t hour) {
    return given.reference.data() + (i * (given.hours + 1) + hour) * C::inputs;
  };
  Cells cells{.count = cases};
  cells.conditions.resize(cases * C::conditions);
  for (std::size_t i = 0; i < cases; ++i)
    cells.state.insert(cells.state.end(), reference(i, 0), reference(i, 0) + C::inputs);
  double squares = 0;
  for (std::size_t hour = 0; hour < given.hours; ++hour) {
    for (std::size_t i = 0; i < cases; ++i) {
      const std::size_t at = i * given.hours + hour;
      for (std::size_t k = 0; k < C::conditions; ++k)
        cells.conditions[i * C::conditions + k] =
            static_cast<double>(given.conditions[at * C::conditions + k]);
      for (std::size_t s = 0; s < C::inputs; ++s) {
        double& value = cells.state[i * C::inputs + s];
        value = value * static_cast<double>(given.dilution[at]) +
                static_cast<double>(given.source[at * C::inputs + s]);
      }
    }
    step(emulator, cells, 3600);
    for (std::size_t i = 0; i < cases; ++i)
      for (std::size_t s = 0; s < C::outputs; ++s) {
        const double floor = emulator.description().output_floor[s];
        const double error = std::log10(std::max(floor, cells.state[i * C::outputs + s]) /
                                        std::max(floor, static_cast<double>(reference(i, hour + 1)[s])));
        squares += error * error;
      }
  }
  return std::sqrt(squares / static_cast<double>(cases * given.hours * C::outputs));
}

}  // namespace

int main(int count, char** argument) try {
  if (count < 3) {
    std::fprintf(stderr, "bf16_difference <weights> <data.nc> [<long runs.nc>]\n");
    return 2;
  }
  const Emulator<Model, DefaultBackend> in_full(argument[1]);
  const Emulator<Model, Bf16Backend> in_bf16(argument[1]);
  const Difference difference(in_full.description());
  const Cells start = starts_of(read_dataset(argument[2]), in_full.description());
  std::printf("%zu cells\n", start.count);
  for (const double seconds : {60.0, 600.0, 1800.0, 3600.0}) {
    Cells full = start, rounded = start;
    step(in_full, full, seconds);
    step(in_bf16, rounded, seconds);
    difference.print((std::to_string(static_cast<int>(seconds)) + " s").c_str(), full, rounded);
  }
  Cells full = start, rounded = start;
  for (int hour = 0; hour < 24; ++hour) {
    step(in_full, full, 3600);
    step(in_bf16, rounded, 3600);
  }
  difference.print("24 h fed back", full, rounded);
  if (count > 3) {
    const RolloutCases cases = rollout_cases(read_long_runs(argument[3]), in_full.description().inputs,
                                             in_full.description().conditions, 24);
    std::printf("error of 24 h fed back: %.4f decades in full, %.4f in bf16\n",
                error_fed_back(in_full, cases), error_fed_back(in_bf16, cases));
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "bf16_difference: %s\n", error.what());
  return 2;
}
