#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/chemistry/rate_program.hpp>
#include <chemnne/chemistry/stoichiometry.hpp>
#include <chemnne/support/random.hpp>

/// What the tests of rate programs, scalar and over lanes, compare with ChemicalSystem.
namespace test {

using namespace chemnne;

/// The example's mechanism, and of the shared files those that are one and that our readers read.
inline std::vector<Mechanism> all_mechanisms() {
  std::vector<std::string> paths;
  const std::string shared = CHEMNNE_SHARED_DIRECTORY "/mechanisms";
  if (std::filesystem::is_directory(shared))
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shared))
      if (entry.is_regular_file()) paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  std::vector<Mechanism> mechanisms{
      read_mechanism(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn")};
  for (const std::string& path : paths) {
    try {
      mechanisms.push_back(read_mechanism(path));
    } catch (const Error&) {
      // A part of a mechanism, a list, or one with functions that only its model has.
    }
  }
  if (mechanisms.size() < 10) std::printf("skipped: few mechanisms in %s\n", shared.c_str());
  return mechanisms;
}

/// Inputs of a program at random: a third at night, some at 190 K or 1 Pa, no more water than half of the
/// air.
inline std::vector<double> random_inputs(const RateProgram& program, Random& random) {
  std::vector<double> inputs(program.inputs());
  inputs[temperature_input] = random.uniform() < 0.1 ? 190 : random.uniform(180, 325);
  inputs[pressure_input] = random.uniform() < 0.1 ? 1 : std::pow(10, random.uniform(1, 5.04));
  inputs[relative_humidity_input] = random.uniform(0, 120);
  inputs[cosine_zenith_input] = random.uniform() < 0.1 ? 0.01 * random.uniform() : random.uniform(-0.5, 1);
  inputs[photolysis_scaling_input] = random.uniform(0, 3);
  for (std::size_t i = environment_inputs; i < inputs.size(); ++i)
    inputs[i] = std::pow(10, random.uniform(-6, 6));
  const Environment environment{
      .temperature = inputs[0], .pressure = inputs[1], .relative_humidity = inputs[2]};
  if (water_number_density(environment) > 0.5 * air_number_density(environment))
    inputs[relative_humidity_input] = 0;
  return inputs;
}

inline Environment environment_of(const RateProgram& program, std::span<const double> inputs,
                                  const std::shared_ptr<const PhotolysisTable>& table = {}) {
  const auto parameters = inputs.subspan(environment_inputs, program.parameters());
  return {.temperature = inputs[temperature_input],
          .pressure = inputs[pressure_input],
          .relative_humidity = inputs[relative_humidity_input],
          .cosine_zenith = inputs[cosine_zenith_input],
          .photolysis_scaling = inputs[photolysis_scaling_input],
          .parameters = {parameters.begin(), parameters.end()},
          .photolysis = table};
}

/// Effective rate constants at RO2 = S, by ChemicalSystem.
inline std::vector<double> expected_rates(const Mechanism& mechanism, const RateProgram& program,
                                          std::span<const double> inputs, double sum,
                                          const std::shared_ptr<const PhotolysisTable>& table = {}) {
  ChemicalSystem system(mechanism);
  system.set_environment(environment_of(program, inputs, table));
  std::vector<double> fixed(system.fixed().begin(), system.fixed().end());
  for (std::size_t i = 0; i < program.fixed_species().size(); ++i)
    fixed[program.fixed_species()[i] - mechanism.variable_species] =
        inputs[environment_inputs + program.parameters() + i];
  std::vector<double> state(system.size(), 0.0);
  if (!mechanism.peroxy_radicals.empty()) state[mechanism.peroxy_radicals[0]] = sum;
  std::vector<double> rates = system.rate_constants(state);
  const Stoichiometry stoichiometry(mechanism);
  for (const Stoichiometry::FixedFactor& factor : stoichiometry.fixed_factors())
    rates[factor.reaction] *= std::pow(fixed[factor.fixed], factor.order);
  return rates;
}

/// The same of a program's rates and, from `first_slope` on, slopes.
inline std::vector<double> rates_at(const RateProgram& program, std::span<const double> values, double sum) {
  std::vector<double> rates(values.begin(),
                            values.begin() + static_cast<std::ptrdiff_t>(program.reactions()));
  for (std::size_t s = 0; s < program.slopes().size(); ++s)
    rates[program.slopes()[s].reaction] += values[program.reactions() + s] * sum;
  return rates;
}

/// Sums S at which rates and slopes are compared: values alone, both, slopes almost alone.
inline constexpr double peroxy_radical_sums[] = {0, 0x1p30, 1e25};

/// Largest relative difference; numbers below `negligible` are alike.
inline double largest_difference(std::span<const double> found, std::span<const double> expected,
                                 double negligible) {
  double largest = 0;
  for (std::size_t r = 0; r < expected.size(); ++r) {
    const double scale = std::max(std::abs(expected[r]), negligible);
    // Written so that what is not a number is a difference.
    if (!(std::abs(found[r] - expected[r]) <= largest * scale))
      largest = std::abs(found[r] - expected[r]) / scale;
    if (std::isnan(largest)) return std::numeric_limits<double>::infinity();
  }
  return largest;
}

}  // namespace test
