#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "bench_tools.hpp"
#include <unistd.h>

#include <chemnne/emulator.hpp>

/// An emulator of 49 compounds with random weights (the time of a step does not depend on them) and cells
/// that lie where it was "trained".
namespace bench {

using Compounds = DefaultConfiguration<49, 49>;
using Model = ChemNNE<Compounds>;

inline const std::array<const char*, Compounds::conditions> condition_names{
    "temperature", "pressure", "relative_humidity", "cos_zenith", "photolysis_scaling"};
inline constexpr std::array<float, Compounds::conditions> condition_mean{288, 9e4f, 50, 0.3f, 0.8f},
    condition_deviation{10, 5e3f, 15, 0.2f, 0.1f};

/// A weights file that is gone when the program ends.
inline const std::string& weights_file() {
  struct File {
    std::string path =
        (std::filesystem::temp_directory_path() / ("chemnne_bench_" + std::to_string(::getpid()))).string();
    File() {
      using C = Compounds;
      using Network = Deployed<C, Model::Trajectory>;
      using Prepare = Normalise<C::inputs, C::conditions>;
      Buffer<float> p = initial_parameters<Network>();
      EmulatorDescription d;
      d.architecture = Model::architecture;
      d.configuration = configuration_text<C>();
      for (std::size_t i = 0; i < C::inputs; ++i) {
        d.inputs.push_back("X" + std::to_string(i));
        p[Prepare::mean + i] = p[Network::parameters - 2 * C::outputs + i] = 8;  // mean of log10
      }
      d.outputs = d.inputs;
      d.input_range = d.output_range = std::vector<ValueRange>(C::inputs, {0, 16});
      d.output_floor = std::vector<double>(C::outputs, 1);
      for (std::size_t k = 0; k < C::conditions; ++k) {
        const float mean = condition_mean[k], deviation = condition_deviation[k];
        p[Prepare::mean + C::inputs + k] = mean;
        p[Prepare::deviation + C::inputs + k] = deviation;
        d.conditions.push_back(condition_names[k]);
        d.condition_units.push_back("1");
        d.condition_range.push_back(
            {static_cast<double>(mean - 10 * deviation), static_cast<double>(mean + 10 * deviation)});
      }
      write_weights<Network>(path, std::span<const float, Network::parameters>(p.data(), Network::parameters),
                             d);
    }
    ~File() { std::filesystem::remove(path); }
  };
  static const File file;
  return file.path;
}

/// [cells][species], number densities about 10^8 molecules cm-3.
inline std::vector<double> number_densities(std::size_t cells) {
  const Buffer<float> exponent = random_values(cells * Compounds::inputs, 1, 8);
  std::vector<double> result;
  for (const float e : exponent.span()) result.push_back(std::pow(10.0, static_cast<double>(e)));
  return result;
}

/// Fills [cells][conditions].
inline void fill_with_weather(Columns<double> conditions) {
  const Buffer<float> normal = random_values(conditions.cells * Compounds::conditions);
  for (std::size_t cell = 0; cell < conditions.cells; ++cell)
    for (std::size_t k = 0; k < Compounds::conditions; ++k)
      conditions(cell, k) = static_cast<double>(
          condition_mean[k] + condition_deviation[k] * normal.data()[cell * Compounds::conditions + k]);
}

}  // namespace bench
