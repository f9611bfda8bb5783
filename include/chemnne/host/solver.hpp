#pragma once
#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <chemnne/host/columns.hpp>
#include <chemnne/host/element_budget.hpp>
#include <chemnne/host/element_correction.hpp>
#include <chemnne/host/host_arrays.hpp>
#include <chemnne/host/host_fields.hpp>
#include <chemnne/host/physical_air.hpp>
#include <chemnne/host/step_report.hpp>
#include <chemnne/host/step_status.hpp>
#include <chemnne/io/emulator_description.hpp>
#include <chemnne/solver/rosenbrock_method.hpp>
#include <chemnne/solver/rosenbrock_solver.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/parallel.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

template <template <class> class Kernel, class T, class Method>
class SolverDerivative;

/// How a solver runs.
struct SolverOptions {
  double relative_tolerance = 1e-3;  ///< of a step's local error, see RosenbrockSolver
  double absolute_tolerance = 1e3;   ///< the same, whatever the value [molecules cm-3]
  std::size_t threads = 1;  ///< of the `advance` that brings its own workspaces, over OpenMP where it is on
  /// Project every step on the totals of the elements that the reactions conserve (ElementBudget). Without,
  /// they are kept to the rounding of the solver's numbers and to what it cuts off below zero.
  bool element_exact = true;
};

/// A stiff solver in a host model, with the interface of Emulator: c(t + dt) from c(t) and the conditions.
///
/// `Kernel`: the code of a mechanism, by `chemnne_mechanism kernel` or chemnne_add_solver
/// (solver/kernel_writer.hpp), with T the numbers that it computes in; number densities stay in double. The
/// species are the mechanism's variable ones in its order, the conditions Kernel<T>::input_names: temperature
/// [K], pressure [Pa], relative humidity [%], cosine of the solar zenith angle, photolysis scaling, then
/// parameters and fixed species that the rates want and no formula gives [as there; molecules cm-3].
///
/// A step solves each cell by `Method` with its own step lengths (RosenbrockSolver). A species that is
/// negative counts as 0 to the solver, and with its sign to the totals of elements, on which the result is
/// projected. What does not react keeps its bits. A cell is kept, to the bit, and flagged
///
///     unphysical | kept   where its air is none for which there are rate constants: PhysicalAir, or one of
///                         them is negative, as where there is more water vapour than air
///     not_finite | kept   where its state is not finite, or a result too large for the host's numbers
///     budget | kept       where no state has the totals of before
///     kept                where it could not be solved
///
/// Everything is set up at construction; from then on any number of threads may step, each with a Workspace
/// of its own. `advance` allocates nothing and throws nothing, and its result is bit for bit the same for any
/// number of threads and any split of the cells.
template <template <class> class Kernel, class T = float, class Method = Rodas3>
class Solver {
  using Code = Kernel<T>;
  using LaneSolver = RosenbrockSolver<Method, Code>;

 public:
  static constexpr std::size_t species = Code::size(), conditions = Code::input_names.size();

  /// The longest step [s]: a slip of units and not a wish.
  static constexpr double longest_step = 1e9;

  /// The memory of one thread.
  class Workspace {
   public:
    Workspace()
        : lanes_(code),
          inputs_(conditions * lanes),
          loaded_(block * species),
          number_(block * species),
          conditions_(block * conditions) {}

   private:
    friend class Solver;
    friend class SolverDerivative<Kernel, T, Method>;
    LaneSolver lanes_;
    Buffer<double> inputs_, loaded_, number_, conditions_;
  };

  /// Errors: Error when a tolerance makes no sense, or totals of more elements than ElementProjection has
  /// room for are to be exact.
  explicit Solver(const SolverOptions& options = {})
      : options_(RosenbrockOptions{.relative_tolerance = options.relative_tolerance,
                                   .absolute_tolerance = options.absolute_tolerance}
                     .checked()),
        description_(description_of_kernel()),
        air_(description_),
        budget_(options.element_exact ? ElementBudget(description_) : ElementBudget()),
        correction_(description_.composition),
        workspaces_(std::max<std::size_t>(1, options.threads)),
        counted_(workspaces_.size()) {}

  /// Species, conditions and conserved elements; what an emulator learns from data is empty.
  const EmulatorDescription& description() const { return description_; }
  /// Place of a species. Errors: Error when the mechanism does not have it.
  std::size_t species_index(std::string_view name) const {
    return place_of(name, Code::species_names, "a variable species");
  }
  /// Place of a condition. Errors: Error when the rate constants do not want it.
  std::size_t condition_index(std::string_view name) const {
    return place_of(name, Code::input_names, "a condition");
  }

  /// Where the solver finds its species and conditions in a host's arrays: once, at set-up. Errors: see
  /// HostBinding.
  HostBinding bind(const HostFields& fields) const { return HostBinding(description_, fields); }

  /// A host's state after `seconds` of chemistry under constant conditions, in place, in the host's own
  /// layout, order and unit. 0 < seconds <= longest_step.
  ///
  /// Shapes: state [cells][host species], conditions [cells][host conditions]; U is float or double. Units:
  /// the state as the binding says. `report`: flags; scores and half-widths are infinite, for nothing is
  /// known of them.
  template <class U>
  StepStatus advance(const HostBinding& binding, Columns<U> state,
                     std::type_identity_t<Columns<const U>> conditions_of_host, double seconds,
                     Workspace& workspace, const StepReport& report = {}) const noexcept {
    return advance_all(BoundArrays<U, species, species, conditions>{binding, state, conditions_of_host},
                       seconds, workspace, report);
  }

  /// Number densities after `seconds` of chemistry under constant conditions, in the solver's order.
  ///
  /// Shapes: before, after [cells][species], conditions [cells][conditions]; `after` may be `before`. Units:
  /// molecules cm-3; conditions as `description()` says. 0 < seconds <= longest_step.
  StepStatus advance(Columns<const double> before, Columns<const double> conditions_of_cells, double seconds,
                     Columns<double> after, Workspace& workspace,
                     const StepReport& report = {}) const noexcept {
    return advance_all(Separate{before, conditions_of_cells, after}, seconds, workspace, report);
  }

  /// The same over the threads of the options, with workspaces of the solver's own: for programs that have no
  /// threads themselves. Not re-entrant.
  StepStatus advance(Columns<const double> before, Columns<const double> conditions_of_cells, double seconds,
                     Columns<double> after, const StepReport& report = {}) noexcept {
    const Separate arrays{before, conditions_of_cells, after};
    if (!valid(arrays, seconds, report)) return {.valid_step = false};
    std::fill(counted_.begin(), counted_.end(), StepStatus{});
    parallel_for_blocks(arrays.cells(), block, workspaces_.size(),
                        [&](std::size_t first, std::size_t count, std::size_t thread) {
                          advance_block(arrays, first, count, seconds, workspaces_[thread], report,
                                        counted_[thread]);
                        });
    StepStatus status;
    for (const StepStatus& part : counted_) status += part;
    return status;
  }

 private:
  friend class SolverDerivative<Kernel, T, Method>;
  using Separate = SeparateArrays<species, species, conditions>;
  static constexpr std::size_t lanes = LaneSolver::lanes;
  /// Cells that are loaded together: at the end of each block some lanes wait for the last cells, and one
  /// that is much larger leaves the cache.
  static constexpr std::size_t block = 32 * lanes;
  static constexpr Code code{};
  using Correction = ElementCorrection<species, static_cast<std::size_t>(std::count(
                                                    Code::conserved.begin(), Code::conserved.end(), true))>;

  /// A block of cells in the memory of its thread, as what RosenbrockSolver solves (LaneCells): number
  /// densities as they were loaded and as they are now [cells][species], conditions [cells][conditions].
  struct Block {
    std::size_t count() const noexcept { return cells; }
    std::span<const double> times(std::size_t) const noexcept { return {&seconds, 1}; }

    void load(std::size_t first, std::size_t number_of_cells, T* c, T* k) noexcept {
      double* const inputs = workspace.inputs_.data();
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        // Lanes without a cell have the air of the first one, so that they compute with numbers.
        const std::size_t cell = first + (lane < number_of_cells ? lane : 0);
        for (std::size_t i = 0; i < conditions; ++i)
          inputs[i * lanes + lane] = workspace.conditions_[cell * conditions + i];
        for (std::size_t i = 0; i < species; ++i) c[i * lanes + lane] = given(loaded(cell)[i]);
      }
      const std::bitset<lanes> known = Code::rate_constants(inputs, k);
      typename Code::L least(T(0));
      for (std::size_t r = 0; r < Code::rates(); ++r) least = min(Code::L::load(k, r), least);
      alignas(64) T smallest[lanes];
      least.store(smallest);
      for (std::size_t lane = 0; lane < number_of_cells; ++lane) {
        if (smallest[lane] < 0) flag_cell(first + lane, CellFlag::unphysical);
        // A cell whose rate constants are no numbers is not solved.
        if (!known[lane] || flags[first + lane] != 0) k[lane] = std::numeric_limits<T>::quiet_NaN();
      }
    }

    /// What the solver has not changed stays as the host has it, with the digits that T lacks.
    void store(std::size_t cell, std::size_t, const T* c) noexcept {
      const double* const before = loaded(cell);
      for (std::size_t i = 0; i < species; ++i)
        number(cell)[i] = c[i] == given(before[i]) ? std::max(before[i], 0.0) : static_cast<double>(c[i]);
    }

    void finish(std::size_t cell, const CellOutcome& outcome) noexcept {
      if (outcome.solved && !finite(number(cell))) flag_cell(cell, CellFlag::not_finite);
      if (outcome.solved && !conserve(cell)) flag_cell(cell, CellFlag::budget);
      if (!outcome.solved || flags[cell] != 0) flag_cell(cell, CellFlag::kept);
      for (std::size_t i = 0; i < species; ++i)
        if (!Code::reacts[i]) number(cell)[i] = loaded(cell)[i];
    }

    bool conserve(std::size_t cell) noexcept {
      return solver.budget_.elements() == 0 || solver.correction_.apply(loaded(cell), number(cell)) ||
             solver.budget_.project(loaded(cell), number(cell));
    }

    static T given(double number_density) noexcept { return narrowed<T>(std::max(number_density, 0.0)); }
    double* loaded(std::size_t cell) const noexcept { return workspace.loaded_.data() + cell * species; }
    double* number(std::size_t cell) const noexcept { return workspace.number_.data() + cell * species; }
    double* weather(std::size_t cell) const noexcept {
      return workspace.conditions_.data() + cell * conditions;
    }
    void flag_cell(std::size_t cell, CellFlag more) noexcept {
      flags[cell] = static_cast<CellFlags>(flags[cell] | flag(more));
    }

    std::size_t cells;
    double seconds;
    const Solver& solver;
    Workspace& workspace;
    std::array<CellFlags, block> flags{};
  };

  template <class Arrays>
  static bool valid(const Arrays& arrays, double seconds, const StepReport& report) noexcept {
    return seconds > 0 && seconds <= longest_step && arrays.fits() && report.fits(arrays.cells());
  }

  template <class Arrays>
  StepStatus advance_all(const Arrays& arrays, double seconds, Workspace& workspace,
                         const StepReport& report) const noexcept {
    if (!valid(arrays, seconds, report)) return {.valid_step = false};
    StepStatus status;
    parallel_for_blocks(arrays.cells(), block, 1, [&](std::size_t first, std::size_t count, std::size_t) {
      advance_block(arrays, first, count, seconds, workspace, report, status);
    });
    return status;
  }

  template <class Arrays>
  void advance_block(const Arrays& arrays, std::size_t first, std::size_t count, double seconds,
                     Workspace& workspace, const StepReport& report, StepStatus& status) const noexcept {
    Block cells{count, seconds, *this, workspace};
    arrays.load(first, count, workspace.loaded_.data(), workspace.conditions_.data());
    solve_block(arrays, cells, workspace);
    arrays.store(first, count, workspace.loaded_.data(), workspace.number_.data(),
                 workspace.conditions_.data(), cells.flags.data());
    for (std::size_t cell = 0; cell < count; ++cell) status.add(cells.flags[cell]);
    if (report.flags) std::copy_n(cells.flags.data(), count, report.flags + first);
    detail::nothing_known(first, count, species, report);
  }

  /// States and flags of cells that are loaded.
  template <class Arrays, class Cells>
  void solve_block(const Arrays& arrays, Cells& cells, Workspace& workspace) const noexcept {
    for (std::size_t cell = 0; cell < cells.count(); ++cell) {
      if (!air_.apply(cells.weather(cell))) cells.flag_cell(cell, CellFlag::unphysical);
      if (!finite(cells.loaded(cell))) cells.flag_cell(cell, CellFlag::not_finite);
    }
    workspace.lanes_.set_options(options_);
    workspace.lanes_.integrate(cells);
    for (std::size_t cell = 0; cell < cells.count(); ++cell)
      if (cells.flags[cell] == 0 && !arrays.holds(cells.number(cell), cells.weather(cell))) {
        cells.flag_cell(cell, CellFlag::not_finite);
        cells.flag_cell(cell, CellFlag::kept);
      }
  }

  static bool finite(const double* state) noexcept {
    return std::all_of(state, state + species, [](double c) { return std::isfinite(c); });
  }

  static EmulatorDescription description_of_kernel() {
    EmulatorDescription d;
    d.inputs.assign(Code::species_names.begin(), Code::species_names.end());
    d.outputs = d.inputs;
    d.conditions.assign(Code::input_names.begin(), Code::input_names.end());
    d.condition_range.resize(conditions);
    d.mechanism = Code::mechanism;
    d.fingerprint = Code::fingerprint;
    for (std::size_t e = 0; e < Code::elements.size(); ++e) {
      if (!Code::conserved[e]) continue;
      d.elements.emplace_back(Code::elements[e]);
      std::vector<double>& atoms = d.composition.emplace_back();
      // What does not react has its share for itself.
      for (std::size_t i = 0; i < species; ++i) atoms.push_back(Code::reacts[i] ? Code::atoms[i][e] : 0);
    }
    return d;
  }

  template <class Names>
  static std::size_t place_of(std::string_view name, const Names& names, const char* what) {
    const auto place = std::find(names.begin(), names.end(), name);
    if (place == names.end()) throw Error("solver", what, "'" + std::string(name) + "'");
    return static_cast<std::size_t>(place - names.begin());
  }

  RosenbrockOptions options_;
  EmulatorDescription description_;
  PhysicalAir air_;
  ElementBudget budget_;
  Correction correction_;
  std::vector<Workspace> workspaces_;
  std::vector<StepStatus> counted_;
};

}  // namespace chemnne
