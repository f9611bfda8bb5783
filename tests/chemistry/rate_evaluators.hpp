#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include "rate_program_cases.hpp"

#include <chemnne/solver/lane_rates.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace test {

/// The largest relative difference between the rates of ChemicalSystem and those over lanes, in many
/// environments.
inline double difference_of_evaluators(const Mechanism& mechanism) {
  const RateProgram program(mechanism);
  LaneRates<double> lanes(program);
  constexpr std::size_t cells = LaneRates<double>::cells;
  Random random{1};
  double largest = 0;
  for (int i = 0; i < 20; ++i) {
    Buffer<double> inputs(program.inputs() * cells), rates(lanes.rates() * cells);
    std::vector<std::vector<double>> of_cell;
    for (std::size_t cell = 0; cell < cells; ++cell) {
      of_cell.push_back(random_inputs(program, random));
      for (std::size_t k = 0; k < program.inputs(); ++k) inputs[k * cells + cell] = of_cell[cell][k];
    }
    lanes.evaluate(inputs.data(), rates.data());
    for (std::size_t cell = 0; cell < cells; ++cell) {
      std::vector<double> found;
      for (std::size_t r = 0; r < lanes.rates(); ++r) found.push_back(rates[r * cells + cell]);
      const std::vector<double> expected = expected_rates(mechanism, program, of_cell[cell], 0);
      largest = std::max(largest, largest_difference(rates_at(program, found, 0), expected, 1e-290));
    }
  }
  return largest;
}

}  // namespace test
