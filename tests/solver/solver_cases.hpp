#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../reference/mass_action.hpp"

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/chemistry/stoichiometry.hpp>
#include <chemnne/solver/kinetics_program.hpp>
#include <chemnne/solver/lanes.hpp>
#include <chemnne/solver/rosenbrock_solver.hpp>
#include <chemnne/solver/table_kernel.hpp>
#include <chemnne/support/random.hpp>

/// What the tests of the lane solver share: mechanisms, random air, and cells as a caller would hold them.
namespace test {

using chemnne::ChemicalSystem;
using chemnne::Environment;
using chemnne::Mechanism;
using chemnne::Random;

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

inline Mechanism troposphere() {
  return chemnne::read_mechanism(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
}

/// The files of ../shared/mechanisms, sorted; none, and a line that says so, where the folder is missing.
inline std::vector<std::string> shared_mechanism_files() {
  std::vector<std::string> paths;
  const std::string shared = CHEMNNE_SHARED_DIRECTORY "/mechanisms";
  if (!std::filesystem::is_directory(shared)) {
    std::printf("skipped: %s is not there\n", shared.c_str());
    return paths;
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shared))
    if (entry.is_regular_file()) paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// Those of `files`, paths in ../shared/mechanisms, that are there.
inline std::vector<Mechanism> shared_mechanisms(const std::vector<std::string>& files) {
  std::vector<Mechanism> mechanisms;
  for (const std::string& file : files) {
    const std::string path = CHEMNNE_SHARED_DIRECTORY "/mechanisms/" + file;
    if (std::filesystem::exists(path))
      mechanisms.push_back(chemnne::read_mechanism(path));
    else
      std::printf("skipped: %s is not there\n", path.c_str());
  }
  return mechanisms;
}

/// The mechanism of a list of reactions with constant rates; the same list is a MassAction for CVODE.
inline Mechanism mechanism_of(std::size_t size, const std::vector<Reaction>& reactions) {
  Mechanism mechanism;
  mechanism.variable_species = size;
  for (std::size_t i = 0; i < size; ++i) mechanism.species.push_back({.name = "S" + std::to_string(i)});
  const auto merged = [](const std::vector<std::size_t>& side) {
    std::vector<chemnne::Term> terms;
    for (const std::size_t i : side) chemnne::detail::MechanismBuilder::merge(terms, {i, 1.0});
    return terms;
  };
  for (const Reaction& reaction : reactions)
    mechanism.reactions.push_back({.label = {},
                                   .reactants = merged(reaction.reactants),
                                   .products = merged(reaction.products),
                                   .rate = chemnne::RateExpression(reaction.k),
                                   .text = {}});
  return mechanism;
}

/// Up to three reactants, up to three products with coefficients, orders up to 3, sources and sinks; every
/// third mechanism has peroxy radicals that some rates follow.
inline Mechanism random_mechanism(Random& random) {
  const std::size_t size = 1 + random.index(12);
  std::vector<Reaction> reactions(1 + random.index(3 * size));
  for (Reaction& reaction : reactions) {
    reaction.k = std::pow(10, random.uniform(-3, 3));
    for (std::size_t n = random.index(4); n > 0; --n) reaction.reactants.push_back(random.index(size));
    for (std::size_t n = random.index(4); n > 0; --n) reaction.products.push_back(random.index(size));
  }
  Mechanism mechanism = mechanism_of(size, reactions);
  for (chemnne::Reaction& reaction : mechanism.reactions)
    for (chemnne::Term& product : reaction.products) product.coefficient *= random.uniform(0.1, 2);
  if (random.index(3) > 0) return mechanism;
  mechanism.peroxy_radicals.push_back(random.index(size));
  if (size > 3) mechanism.peroxy_radicals.push_back((mechanism.peroxy_radicals[0] + 2) % size);
  std::sort(mechanism.peroxy_radicals.begin(), mechanism.peroxy_radicals.end());
  const chemnne::RateInstruction sum{.operation = chemnne::RateOperation::variable,
                                     .variable = &chemnne::RateContext::peroxy_radicals};
  for (chemnne::Reaction& reaction : mechanism.reactions) {
    if (random.index(2) == 0) continue;
    const chemnne::RateInstruction factor{.number = std::pow(10, random.uniform(-3, 3))},
        times{.operation = chemnne::RateOperation::multiply};
    reaction.rate = chemnne::RateExpression(std::vector{sum, factor, times});
  }
  return mechanism;
}

/// Surface to upper troposphere, day and night.
inline Environment random_environment(Random& random) {
  return {.temperature = random.uniform(230, 310),
          .pressure = random.uniform(3e4, 1.03e5),
          .relative_humidity = random.uniform(5, 95),
          .cosine_zenith = random.uniform(-0.3, 1),
          .photolysis_scaling = random.uniform(0.3, 1.2)};
}

inline void set_random_parameters(ChemicalSystem& system, const Mechanism& mechanism, Random& random) {
  for (const chemnne::Parameter& parameter : mechanism.parameters)
    system.set_parameter(parameter.name, std::pow(10, random.uniform(-6, -3)));
}

inline std::vector<double> random_state(std::size_t size, double lowest, double highest, Random& random) {
  std::vector<double> state(size);
  for (double& c : state) c = std::pow(10, random.uniform(lowest, highest));
  return state;
}

/// What a kernel takes of a system in its environment: k of each reaction with the fixed species, then b of
/// each that follows the peroxy radicals.
inline std::vector<double> kernel_rates(const Mechanism& mechanism, const ChemicalSystem& system) {
  const chemnne::Stoichiometry stoichiometry(mechanism);
  std::vector<double> state(system.size(), 0.0);
  const auto constants = [&] {
    std::vector<double> k = system.rate_constants(state);
    for (const auto& factor : stoichiometry.fixed_factors())
      k[factor.reaction] *= std::pow(system.fixed()[factor.fixed], factor.order);
    return k;
  };
  std::vector<double> rates = constants();
  if (mechanism.peroxy_radicals.empty()) return rates;
  // So large that k is lost beside b S: the difference over S is b to rounding.
  constexpr double sum = 0x1p80;
  state[mechanism.peroxy_radicals[0]] = sum;
  const std::vector<double> with_sum = constants();
  for (std::size_t r = 0; r < mechanism.reactions.size(); ++r)
    if (mechanism.reactions[r].rate.uses_peroxy_radicals()) rates.push_back((with_sum[r] - rates[r]) / sum);
  return rates;
}

/// The state and the rates of a cell, and when its states are wanted (none: at its list's times).
struct Cell {
  std::vector<double> state, rates, times = {};
};

/// A cell in random air, which `system` is left in. Its state is random over nine decades, or, where the file
/// of the mechanism gives one, a factor of 3 about that.
inline Cell random_cell(const Mechanism& mechanism, ChemicalSystem& system, Random& random) {
  set_random_parameters(system, mechanism, random);
  system.set_environment(random_environment(random));
  const bool has_state = mechanism.initial_values.size() > 3;
  Cell cell{random_state(system.size(), 3, has_state ? 7 : 12, random), kernel_rates(mechanism, system)};
  for (std::size_t i = 0; i < cell.state.size(); ++i)
    if (const auto found = mechanism.initial_values.find(mechanism.species[i].name);
        found != mechanism.initial_values.end())
      cell.state[i] = found->second * std::pow(3, random.uniform(-1, 1));
  return cell;
}

/// Cells as a RosenbrockSolver asks for them. Results are kept in memory that `add` takes, so that nothing
/// is allocated while a solver runs.
template <class T>
class CellList {
 public:
  static constexpr std::size_t lanes = chemnne::NativeLanes<T>::count;

  CellList(std::size_t species, std::vector<double> times, const std::vector<Cell>& cells = {})
      : species_(species), times_(std::move(times)) {
    for (const Cell& cell : cells) add(cell);
  }
  void add(Cell cell) {
    if (cell.times.empty()) cell.times = times_;
    // What is never stored is seen by every comparison.
    results_.emplace_back(cell.times.size() * species_, std::numeric_limits<T>::quiet_NaN());
    cells_.push_back(std::move(cell));
    outcomes_.emplace_back();
    finished_.push_back(0);
    next_frame_.push_back(0);
  }
  /// The last `count` cells are there only when a cell before them was finished.
  void hold_back(std::size_t count) { held_back_ = count; }

  std::size_t count() const { return cells_.size() - held_back_; }
  std::span<const double> times(std::size_t cell) const { return cells_[cell].times; }
  void load(std::size_t first, std::size_t count, T* c, T* k) {
    in_order_ = in_order_ && first + count <= this->count();
    for (std::size_t l = 0; l < count; ++l) {
      const Cell& cell = cells_[first + l];
      for (std::size_t i = 0; i < species_; ++i) c[i * lanes + l] = static_cast<T>(cell.state[i]);
      for (std::size_t r = 0; r < cell.rates.size(); ++r) k[r * lanes + l] = static_cast<T>(cell.rates[r]);
    }
  }
  void store(std::size_t cell, std::size_t frame, const T* c) {
    // A cell that is begun again begins at its first frame.
    in_order_ = in_order_ && finished_[cell] == 0 && (frame == next_frame_[cell] || frame == 0);
    next_frame_[cell] = frame + 1;
    std::copy_n(c, species_, results_[cell].data() + frame * species_);
  }
  void finish(std::size_t cell, chemnne::CellOutcome outcome) {
    in_order_ = in_order_ && (!outcome.solved || next_frame_[cell] == cells_[cell].times.size());
    outcomes_[cell] = outcome;
    ++finished_[cell];
    if (held_back_ > 0) --held_back_;
  }

  /// The state of a cell at a frame; of all frames.
  std::vector<T> result(std::size_t cell, std::size_t frame = 0) const {
    const auto first = results_[cell].begin() + static_cast<std::ptrdiff_t>(frame * species_);
    return {first, first + static_cast<std::ptrdiff_t>(species_)};
  }
  const std::vector<T>& results(std::size_t cell) const { return results_[cell]; }
  bool solved(std::size_t cell) const { return outcomes_[cell].solved; }
  std::size_t solved() const {
    return static_cast<std::size_t>(
        std::count_if(outcomes_.begin(), outcomes_.end(), [](const auto& one) { return one.solved; }));
  }
  double undershoot(std::size_t cell) const { return outcomes_[cell].undershoot; }
  /// Whether each cell was finished once, its frames came in order, and a solved one has them all.
  bool kept_the_order() const {
    return in_order_ && std::all_of(finished_.begin(), finished_.end(), [](int n) { return n == 1; });
  }

 private:
  std::size_t species_;
  std::vector<double> times_;
  std::vector<Cell> cells_;
  std::vector<std::vector<T> > results_;
  std::vector<chemnne::CellOutcome> outcomes_;
  std::vector<int> finished_;
  std::vector<std::size_t> next_frame_;
  std::size_t held_back_ = 0;
  bool in_order_ = true;
};

/// All of the cells by a solver of its own.
template <class Method, class T>
chemnne::RosenbrockStatistics integrate(const Mechanism& mechanism, const chemnne::RosenbrockOptions& options,
                                        CellList<T>& cells) {
  const chemnne::TableKernel<T> kernel{chemnne::KineticsProgram(mechanism)};
  chemnne::RosenbrockSolver<Method, chemnne::TableKernel<T> > solver(kernel, options);
  solver.integrate(cells);
  return solver.statistics();
}

/// What is not a number counts as the largest.
inline void keep_largest(double& largest, double value) {
  if (!(value <= largest)) largest = std::isnan(value) ? infinity : value;
}

/// Whether the bits are the same, also of what is not a number.
template <class T>
bool same_bits(std::span<const T> a, std::span<const T> b) {
  const auto bits = [](const T& value) {
    return std::bit_cast<std::array<unsigned char, sizeof(T)> >(value);
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](const T& x, const T& y) { return bits(x) == bits(y); });
}

}  // namespace test
