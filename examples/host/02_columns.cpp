// A host with OpenMP threads over columns: mole fractions in float, cells fastest, tracers in the host's own
// order beside some that the chemistry does not know. One emulator for all threads, a workspace for each.
//
//     02_columns examples/troposphere.safetensors [COLUMNS]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "troposphere.hpp"

namespace {

constexpr std::size_t levels = 40;

/// tracers [tracer][column][level], weather [condition][column][level]: as in CAM or WRF, in float.
struct Host {
  explicit Host(const example::Emulator& emulator, std::size_t columns)
      : cells(columns * levels), names{"dust", "sea_salt"} {
    // The host has its own order of species; here the reverse of the emulator's, behind two aerosols.
    const std::vector<std::string>& known = emulator.description().inputs;
    names.insert(names.end(), known.rbegin(), known.rend());
    tracers.resize(names.size() * cells);
    weather.resize(example::conditions * cells);
    std::fill_n(tracers.begin(), 2 * cells, 1e-9f);
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const std::vector<double> here = example::weather(height(cell), 11);
      const double air = example::air(here);
      const std::vector<double> state = example::continental_air(emulator, air);
      for (std::size_t i = 0; i < known.size(); ++i)
        tracers[(names.size() - 1 - i) * cells + cell] = static_cast<float>(state[i] / air);
    }
  }

  static double height(std::size_t cell) { return 3000.0 * static_cast<double>(cell % levels) / levels; }

  void set_weather(double hour) {
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const std::vector<double> here = example::weather(height(cell), hour);
      for (std::size_t k = 0; k < here.size(); ++k) weather[k * cells + cell] = static_cast<float>(here[k]);
    }
  }

  std::size_t cells;
  std::vector<std::string> names;
  std::vector<float> tracers, weather;
};

}  // namespace

int main(int argument_count, char** arguments) try {
  if (argument_count < 2) throw chemnne::Error("02_columns", "the weights file", "no argument");
  const std::size_t columns = argument_count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 100;
  const example::Emulator emulator(arguments[1]);
  Host host(emulator, columns);

  // By name, once: a species that the host lacks is an error here, not a wrong column later.
  const chemnne::HostBinding binding =
      emulator.bind({.species = host.names, .unit = chemnne::Unit::mole_fraction});
  const auto o3 =
      static_cast<std::size_t>(std::find(host.names.begin(), host.names.end(), "O3") - host.names.begin());
  const auto tracers = chemnne::Columns<float>::item_major(host.tracers.data(), host.cells);
  const auto weather = chemnne::Columns<const float>::item_major(host.weather.data(), host.cells);

  chemnne::StepStatus day;
  for (int hour = 11; hour < 35; ++hour) {  // from the hour that the air is of
    host.set_weather(hour % 24);
#pragma omp parallel
    {
      example::Emulator::Workspace workspace;  // a host keeps it from step to step
      chemnne::StepStatus mine;
#pragma omp for schedule(static)
      for (std::size_t column = 0; column < columns; ++column) {
        // A column is a view of the host's array: nothing is copied.
        const auto part = [column](auto all) {
          all.data += column * levels;
          all.cells = levels;
          return all;
        };
        mine += emulator.advance(binding, part(tracers), part(weather), 3600, workspace);
      }
#pragma omp critical
      day += mine;
    }
    if (hour % 6 == 4)
      std::printf("%02d:00  O3 at the ground %.2f nmol/mol\n", (hour + 1) % 24,
                  1e9 * static_cast<double>(tracers(0, o3)));
  }
  std::printf("%s\n", day.summary().c_str());
  return day.valid_step && day.left_unchanged == 0 && host.tracers[0] == 1e-9f ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
