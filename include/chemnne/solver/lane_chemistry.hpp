#pragma once
#include <algorithm>
#include <bitset>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/rate_program.hpp>
#include <chemnne/solver/kinetics_program.hpp>
#include <chemnne/solver/lane_rates.hpp>
#include <chemnne/solver/rosenbrock_solver.hpp>
#include <chemnne/solver/table_kernel.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

/// What is known of a mechanism before any cell is, for solvers over lanes of T: made once, read by all
/// threads.
template <class T>
class LaneChemistry {
 public:
  /// `photolysis`: J by table; without one the clear-sky J of the MCM (Environment::photolysis). Errors: see
  /// RateProgram and KineticsProgram.
  explicit LaneChemistry(const Mechanism& mechanism,
                         const std::shared_ptr<const PhotolysisTable>& photolysis = {})
      : rate_program_(mechanism, photolysis), kernel_(KineticsProgram(mechanism)) {
    for (const std::size_t species : rate_program_.fixed_species()) {
      const auto initial = mechanism.initial_values.find(mechanism.species[species].name);
      fixed_.push_back(initial == mechanism.initial_values.end() ? 0 : initial->second);
    }
  }
  LaneChemistry(const LaneChemistry&) = delete;  // evaluators refer to the program
  LaneChemistry& operator=(const LaneChemistry&) = delete;

  const RateProgram& rate_program() const { return rate_program_; }
  const TableKernel<T>& kernel() const { return kernel_; }
  /// What fixed species among the inputs of the rates begin with: the mechanism's initial values, or 0.
  std::span<const double> fixed() const { return fixed_; }

 private:
  RateProgram rate_program_;
  TableKernel<T> kernel_;
  std::vector<double> fixed_;
};

/// The rate constants of a block of cells from their environments: one a thread.
template <class T>
class BlockRates {
 public:
  static constexpr std::size_t cells = LaneRates<T>::cells;

  /// `chemistry` must outlive it.
  explicit BlockRates(const LaneChemistry<T>& chemistry)
      : rates_(chemistry.rate_program()), inputs_(chemistry.rate_program().inputs() * cells) {
    const std::size_t first = environment_inputs + chemistry.rate_program().parameters();
    for (std::size_t f = 0; f < chemistry.fixed().size(); ++f)
      for (std::size_t cell = 0; cell < cells; ++cell) input(first + f, cell) = chemistry.fixed()[f];
  }

  /// Input `place` (RateProgram) of a cell.
  double& input(std::size_t place, std::size_t cell) { return inputs_[place * cells + cell]; }

  /// The environment of a cell with its parameters, if it names some. J by table is the chemistry's, not the
  /// environment's.
  void set(std::size_t cell, const Environment& environment) {
    input(temperature_input, cell) = environment.temperature;
    input(pressure_input, cell) = environment.pressure;
    input(relative_humidity_input, cell) = environment.relative_humidity;
    input(cosine_zenith_input, cell) = environment.cosine_zenith;
    input(photolysis_scaling_input, cell) = environment.photolysis_scaling;
    for (std::size_t p = 0; p < environment.parameters.size(); ++p)
      input(environment_inputs + p, cell) = environment.parameters[p];
  }

  /// k [RosenbrockSolver's Kernel::rates()][cells] of the first `count` cells; the other lanes take those of
  /// the first. A cell whose rate constants cannot be used has a k that is not finite, so that it is not
  /// solved.
  void evaluate(std::size_t count, T* k) noexcept {
    for (std::size_t item = 0; item < inputs_.size() / cells; ++item)
      std::fill(&inputs_[item * cells] + count, &inputs_[item * cells] + cells, inputs_[item * cells]);
    const std::bitset<cells> well = rates_.evaluate(inputs_.data(), k);
    for (std::size_t cell = 0; cell < count; ++cell)
      if (!well[cell]) k[cell] = std::numeric_limits<T>::quiet_NaN();
  }

 private:
  LaneRates<T> rates_;
  Buffer<double> inputs_;
};

}  // namespace chemnne
