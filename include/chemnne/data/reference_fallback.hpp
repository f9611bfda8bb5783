#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/solver/lane_chemistry.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// Our solver as what a guarded step falls back to: `FallBack(ReferenceFallback(...))` solves the suspicious
/// cells of a block together, by Rodas3 over lanes of float, in the environments that their conditions
/// describe.
///
/// A cell that is not physical (a value not finite or beyond 1e25 molecules cm-3, an environment out of all
/// bounds) or that the solver cannot finish is not solved; negative number densities count as 0. Copy it to
/// give each thread one: what is known of the mechanism they share. Solving allocates nothing.
class ReferenceFallback {
 public:
  /// `species` and `conditions` are the emulator's outputs and conditions in order; `ranges` those of its
  /// training data, which say what the conditions mean to the mechanism. Errors: Error naming a variable
  /// species of the mechanism that the emulator does not have, for then its state is not whole, or a
  /// condition that the mechanism needs and the emulator has not, or an option; see also LaneChemistry.
  ReferenceFallback(const Mechanism& mechanism, const ScenarioRanges& ranges,
                    const std::vector<std::string>& species, const std::vector<std::string>& conditions,
                    const RosenbrockOptions& options = {})
      : known_(std::make_shared<const Known>(mechanism, ranges, species, conditions, options)),
        memory_(std::make_unique<Memory>(*known_)) {}
  ReferenceFallback(const ReferenceFallback& other)
      : known_(other.known_), memory_(std::make_unique<Memory>(*known_)) {}
  ReferenceFallback(ReferenceFallback&&) = default;

  /// Puts the states at the ends of the steps into `after` of the cells that are solved, and says which.
  /// Cells have the spans `before`, `conditions` and `after` and the number `seconds` (GuardedCell). Shape:
  /// solved [cells].
  template <class Cell>
  void operator()(std::span<Cell* const> cells, bool* solved) noexcept {
    Cells<Cell> those{*known_, *memory_, cells, solved};
    memory_->solver.integrate(those);
  }
  /// One of them.
  template <class Cell>
  bool operator()(Cell& cell) noexcept {
    Cell* const one = &cell;
    bool solved = false;
    (*this)(std::span(&one, 1), &solved);
    return solved;
  }

 private:
  using T = float;
  using Solver = RosenbrockSolver<Rodas3, TableKernel<T>>;
  static constexpr double largest = 1e25;  ///< molecules cm-3, a million times air

  struct Known {
    Known(const Mechanism& mechanism, const ScenarioRanges& ranges, const std::vector<std::string>& names,
          const std::vector<std::string>& condition_names, const RosenbrockOptions& solver_options)
        : environment(mechanism, ranges),
          chemistry(mechanism, ranges.photolysis.table),
          options(solver_options),
          parameters(mechanism.parameters.size()) {
      for (std::size_t i = 0; i < mechanism.variable_species; ++i)
        species.push_back(place(mechanism.species[i].name, names, "a species of the emulator"));
      for (std::size_t k = 0; k < environment.condition_count(); ++k)
        conditions.push_back(
            place(environment.columns()[k].name, condition_names, "a condition of the emulator"));
    }
    static std::size_t place(const std::string& name, const std::vector<std::string>& names,
                             const char* what) {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) throw Error("reference fallback", what + (" named '" + name + "'"), "none");
      return static_cast<std::size_t>(found - names.begin());
    }

    EnvironmentModel environment;
    LaneChemistry<T> chemistry;
    RosenbrockOptions options;
    std::size_t parameters;
    std::vector<std::size_t> species, conditions;  ///< where the emulator has them
  };

  struct Memory {
    explicit Memory(const Known& known)
        : rates(known.chemistry),
          solver(known.chemistry.kernel(), known.options),
          conditions(known.conditions.size()),
          parameters(known.parameters) {}
    BlockRates<T> rates;
    Solver solver;
    std::vector<double> conditions, parameters;
  };

  /// The guarded cells as those of the solver (LaneCells).
  template <class Cell>
  struct Cells {
    const Known& known;
    Memory& memory;
    std::span<Cell* const> cells;
    bool* solved;

    std::size_t count() const noexcept { return cells.size(); }
    std::span<const double> times(std::size_t i) const noexcept { return {&cells[i]->seconds, 1}; }

    void load(std::size_t first, std::size_t count, T* c, T* k) noexcept {
      constexpr std::size_t lanes = Solver::lanes;
      for (std::size_t l = 0; l < count; ++l) {
        const Cell& cell = *cells[first + l];
        const bool is_physical = set_environment(l, cell);
        for (std::size_t i = 0; i < known.species.size(); ++i) {
          // What is predicted and not given is not known at the start.
          const std::size_t at = known.species[i];
          const double before = at < cell.before.size() ? cell.before[at] : largest * 2;
          const bool is_good = is_physical && before <= largest;
          c[i * lanes + l] = is_good ? static_cast<T>(std::max(0.0, before)) : T(NAN);
        }
      }
      memory.rates.evaluate(count, k);
    }

    bool set_environment(std::size_t lane, const Cell& cell) noexcept {
      for (std::size_t k = 0; k < known.conditions.size(); ++k)
        memory.conditions[k] = cell.conditions[known.conditions[k]];
      try {
        memory.rates.set(lane, known.environment.of_conditions(memory.conditions, memory.parameters));
      } catch (const std::exception&) {
        return false;
      }
      for (std::size_t p = 0; p < memory.parameters.size(); ++p)
        memory.rates.input(environment_inputs + p, lane) = memory.parameters[p];
      return true;
    }

    void store(std::size_t i, std::size_t, const T* c) noexcept {
      for (std::size_t s = 0; s < known.species.size(); ++s)
        cells[i]->after[known.species[s]] = static_cast<double>(c[s]);
    }
    void finish(std::size_t i, const CellOutcome& outcome) noexcept { solved[i] = outcome.solved; }
  };

  std::shared_ptr<const Known> known_;
  std::unique_ptr<Memory> memory_;
};

}  // namespace chemnne
