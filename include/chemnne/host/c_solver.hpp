#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <chemnne/host/c_interface.hpp>
#include <chemnne/host/solver.hpp>

namespace chemnne {

/// A solver behind functions that C can call (CInterface), and as what a guarded emulator falls back to.
///
/// It has no guard: that of a `chemnne_step` is not looked at, so that a host may hand the same one to an
/// emulator and to a solver.
template <class Solver>
class CSolver : public CInterface<Solver> {
  using Base = CInterface<Solver>;

  /// What one thread falls back to.
  struct Fallback {
    Fallback(const Solver& solver, const chemnne_fields& emulator)
        : bound(Base::bound_by(solver, emulator)), state(bound.species) {}

    typename Base::Bound bound;  ///< the emulator's species and conditions as the host's
    typename Base::Workspace workspace;
    std::vector<double> state;  ///< [species of the emulator]
  };

 public:
  static constexpr std::size_t inputs = Solver::species, outputs = Solver::species,
                               conditions = Solver::conditions;

  template <class Opaque>
  static int open(const chemnne_solver_options* given, Opaque** solver, CMessage message) noexcept {
    if (!solver) return message.refuse("a place for the solver");
    return message.run(CHEMNNE_BAD_ARGUMENT, [&] {
      SolverOptions options;
      if (given && given->relative_tolerance != 0) options.relative_tolerance = given->relative_tolerance;
      if (given && given->absolute_tolerance != 0) options.absolute_tolerance = given->absolute_tolerance;
      options.element_exact = !given || given->no_projection == 0;
      *solver = Base::template opaque<Opaque>(std::make_unique<Solver>(options));
    });
  }

  /// `emulator`: names of its species and conditions, all of them in its order.
  template <class OpaqueSolver, class Opaque>
  static int fallback_create(const OpaqueSolver* solver, const chemnne_fields* emulator, Opaque** fallback,
                             CMessage message) noexcept {
    if (!solver || !emulator || !fallback)
      return message.refuse("a solver, the emulator's fields and a place for the fallback");
    if (!emulator->species || !emulator->conditions || Base::has_null(*emulator))
      return message.refuse("the names of the emulator's species and conditions");
    if (emulator->unit != CHEMNNE_NUMBER_DENSITY)
      return message.refuse("number densities, which are what a cell of an emulator has");
    return message.run(CHEMNNE_BAD_NAME, [&] {
      const Solver& ours = Base::of(solver);
      for (std::size_t i = 0; i < emulator->species_count; ++i)
        ours.species_index(std::string(emulator->species[i]));
      *fallback = Base::template opaque<Opaque>(std::make_unique<Fallback>(ours, *emulator));
    });
  }
  template <class Opaque>
  static void fallback_free(Opaque* fallback) noexcept {
    delete reinterpret_cast<Fallback*>(fallback);
  }

  /// What a `chemnne_solver` is to do. A cell of another emulator, or one of which not all species are given,
  /// is not solved.
  static int solve(chemnne_cell* cell, void* fallback) noexcept {
    if (!cell || !fallback) return 0;
    Fallback& ours = *static_cast<Fallback*>(fallback);
    if (cell->inputs != ours.bound.species || cell->outputs != ours.bound.species ||
        cell->conditions != ours.bound.conditions)
      return 0;
    std::copy_n(cell->before, ours.state.size(), ours.state.begin());
    const StepStatus status = ours.bound.chemistry->advance(
        ours.bound.binding, Columns<double>::cell_major(ours.state.data(), 1, cell->inputs),
        Columns<const double>::cell_major(cell->condition_value, 1, cell->conditions), cell->seconds,
        ours.workspace);
    if (!status.valid_step || status.left_unchanged > 0) return 0;
    std::copy(ours.state.begin(), ours.state.end(), cell->after);
    return 1;
  }
};

}  // namespace chemnne
