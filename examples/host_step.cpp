// A host model in small: a day of chemistry in a column of air, in hourly steps of the trained emulator.
//
//     host_step model.safetensors
//
// The network is the one of chemnne_troposphere: 49 species in, 49 out.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include <chemnne/emulator.hpp>

using Network = chemnne::ChemNNE<chemnne::DefaultConfiguration<49, 49>>;
using Emulator = chemnne::Emulator<Network, chemnne::DefaultBackend>;

namespace {

constexpr std::size_t levels = 60, species = 49, conditions = 5;

// Species by name: an unknown one is an error, never a wrong column. What is not named starts in the middle
// of what the network has seen.
std::vector<double> initial_state(const Emulator& emulator, const std::vector<double>& air) {
  const std::map<std::string, double> mixing_ratio{
      {"O3", 40e-9},    {"NO", 0.2e-9}, {"NO2", 1e-9},   {"CO", 150e-9},  {"CH4", 1.9e-6}, {"HCHO", 1e-9},
      {"C2H6", 1.5e-9}, {"H2O2", 1e-9}, {"H2", 0.55e-6}, {"PAN", 0.2e-9}, {"SO2", 0.5e-9}, {"HNO3", 0.5e-9}};
  std::vector<double> state(species * levels);
  for (std::size_t i = 0; i < species; ++i) {
    const chemnne::ValueRange range = emulator.description().input_range[i];  // of log10 in the training data
    std::fill_n(&state[i * levels], levels, std::pow(10, (range.minimum + range.maximum) / 2));
  }
  for (const auto& [name, ratio] : mixing_ratio)
    for (std::size_t level = 0; level < levels; ++level)
      state[emulator.species_index(name) * levels + level] = ratio * air[level];
  return state;
}

int run(const std::string& weights) {
  Emulator emulator(weights, {.threads = chemnne::default_threads()});
  const auto condition = [&](const char* name) { return emulator.condition_index(name) * levels; };
  const std::size_t sun = condition("cosine_zenith");

  // From the ground to 3 km, cells fastest as in CAM: value i of level l is at [i * levels + l].
  std::vector<double> weather(conditions * levels), air(levels);
  for (std::size_t level = 0; level < levels; ++level) {
    const double height = 3000.0 * static_cast<double>(level) / levels;
    const double temperature = 293 - 6.5e-3 * height, pressure = 101325 * std::exp(-height / 8400);
    weather[condition("temperature") + level] = temperature;
    weather[condition("pressure") + level] = pressure;
    weather[condition("relative_humidity") + level] = 60;
    weather[condition("photolysis_scaling") + level] = 1;
    air[level] = pressure / (1.380649e-23 * temperature) * 1e-6;  // molecules cm-3
  }
  std::vector<double> state = initial_state(emulator, air);

  // A layout is a view, nothing is copied.
  const auto column = chemnne::Columns<double>::item_major(state.data(), levels);
  const auto forcing = chemnne::Columns<const double>::item_major(weather.data(), levels);

  const std::size_t o3 = emulator.species_index("O3"), no2 = emulator.species_index("NO2"),
                    oh = emulator.species_index("OH");
  std::puts("hour   O3 [nmol/mol]  NO2 [nmol/mol]  OH [molecules cm-3], at the ground");
  for (int hour = 6; hour < 30; ++hour) {
    const double middle = hour + 0.5;  // of the step: conditions are constant within it
    std::fill_n(&weather[sun], levels, std::max(0.0, 0.9 * std::sin(std::numbers::pi * (middle - 6) / 12)));

    // In place. `advance` allocates nothing and throws nothing; the status counts what it met.
    const chemnne::StepStatus status = emulator.advance(column, forcing, 3600, column);
    if (!status.valid_step || status.left_unchanged > 0) {
      std::fprintf(stderr, "hour %d: %zu of %zu cells were left as they are\n", hour, status.left_unchanged,
                   status.cells);
      return 1;
    }
    std::printf("%02d:00  %13.2f  %14.3f  %19.3g   %zu of %zu cells outside the training data\n",
                (hour + 1) % 24, column(0, o3) / air[0] * 1e9, column(0, no2) / air[0] * 1e9, column(0, oh),
                status.outside_training, status.cells);
  }

  // Half an hour more, into another layout: KPP has the species of a box together.
  std::vector<double> boxes(levels * species);
  emulator.advance(column, forcing, 1800,
                   chemnne::Columns<double>::cell_major(boxes.data(), levels, species));
  std::printf("06:30  %13.2f  %14.3f  %19.3g   from boxes as KPP has them\n", boxes[o3] / air[0] * 1e9,
              boxes[no2] / air[0] * 1e9, boxes[oh]);
  return 0;
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::fprintf(stderr, "host_step MODEL.safetensors\n");
    return 2;
  }
  try {
    return run(arguments[1]);
  } catch (const chemnne::Error& error) {  // a missing or damaged file, another network, an unknown species
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
