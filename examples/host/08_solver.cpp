// A stiff solver in the place of the emulator: the mechanism as code, a column of air, a day.
//
//     08_solver
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include <stiff_troposphere.hpp>

#include <chemnne/solver.hpp>

namespace {

// A host that has `example::Emulator` here steps the network instead: bind, advance, workspace and status are
// the same.
using Chemistry = chemnne::Solver<Troposphere>;

constexpr std::size_t levels = 40;

/// Mole fractions of what there is in the morning; the others begin at 0.
const std::map<std::string, float> morning{
    {"O3", 4e-8f},   {"NO", 2e-11f},  {"NO2", 2e-10f}, {"CO", 1.2e-7f}, {"CH4", 1.9e-6f},
    {"HCHO", 1e-9f}, {"H2O2", 1e-9f}, {"H2", 5e-7f},   {"C2H6", 1e-9f}, {"CH3CHO", 3e-10f}};

/// Temperature, pressure, relative humidity, cosine of the solar zenith angle, photolysis scaling of a level.
std::vector<float> weather(std::size_t level, int hour) {
  const double height = 250.0 * static_cast<double>(level);
  const double sun = std::sin(std::numbers::pi * (hour + 0.5 - 6) / 12);
  return {static_cast<float>(293 - 6.5e-3 * height), static_cast<float>(101325 * std::exp(-height / 8400)),
          60, static_cast<float>(0.9 * sun), 1};
}

}  // namespace

int main() try {
  const Chemistry chemistry;
  Chemistry::Workspace workspace;  // the memory of a thread

  const std::vector<std::string>& names = chemistry.description().inputs;
  std::vector<float> tracers(names.size() * levels), conditions(5 * levels);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (const auto found = morning.find(names[i]); found != morning.end())
      std::fill_n(tracers.begin() + static_cast<std::ptrdiff_t>(i * levels), levels, found->second);
  const chemnne::HostBinding binding =
      chemistry.bind({.species = names, .unit = chemnne::Unit::mole_fraction});
  const auto state = chemnne::Columns<float>::item_major(tracers.data(), levels);
  const auto here = chemnne::Columns<float>::item_major(conditions.data(), levels);

  const std::size_t o3 = chemistry.species_index("O3"), oh = chemistry.species_index("OH");
  chemnne::StepStatus day;
  for (int hour = 6; hour < 30; ++hour) {
    for (std::size_t level = 0; level < levels; ++level) {
      const std::vector<float> now = weather(level, hour % 24);
      for (std::size_t k = 0; k < now.size(); ++k) here(level, k) = now[k];
    }
    day += chemistry.advance(binding, state, here, 3600, workspace);
    if (hour % 6 == 5)
      std::printf("%02d:00  at the ground O3 %.2f nmol/mol, OH %.1e pmol/mol\n", (hour + 1) % 24,
                  1e9 * static_cast<double>(state(0, o3)), 1e12 * static_cast<double>(state(0, oh)));
  }
  std::printf("%s\n", day.summary().c_str());
  return day.clean() ? 0 : 1;
} catch (const std::exception& error) {  // a species that the host lacks
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
