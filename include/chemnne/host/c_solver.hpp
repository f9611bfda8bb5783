#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <chemnne/host/c_interface.hpp>
#include <chemnne/host/fall_back.hpp>
#include <chemnne/host/solver.hpp>

namespace chemnne {

/// A solver behind functions that C can call (CInterface), and as what a guarded emulator falls back to.
///
/// It has no guard: that of a `chemnne_step` is not looked at, so that a host may hand the same one to an
/// emulator and to a solver.
template <class Solver>
class CSolver : public CInterface<Solver> {
  using Base = CInterface<Solver>;

  /// What one thread falls back to: gathers cells and solves them together.
  class Fallback {
   public:
    Fallback(const Solver& solver, const chemnne_fields& emulator)
        : bound_(Base::bound_by(solver, emulator)),
          state_(largest_together * bound_.species),
          weather_(largest_together * bound_.conditions) {}

    void solve(std::span<chemnne_cell> cells) noexcept {
      for (chemnne_cell& cell : cells) {
        cell.solved = 0;
        if (!fits(cell)) continue;
        if (count_ == largest_together || (count_ > 0 && cell.seconds != gathered_[0]->seconds)) advance();
        std::copy_n(cell.before, bound_.species, &state_[count_ * bound_.species]);
        std::copy_n(cell.condition_value, bound_.conditions, &weather_[count_ * bound_.conditions]);
        gathered_[count_++] = &cell;
      }
      if (count_ > 0) advance();
    }

   private:
    bool fits(const chemnne_cell& cell) const noexcept {
      return cell.inputs == bound_.species && cell.outputs == bound_.species &&
             cell.conditions == bound_.conditions;
    }

    void advance() noexcept {
      std::array<CellFlags, largest_together> flags;
      const StepStatus status = bound_.chemistry->advance(
          bound_.binding, Columns<double>::cell_major(state_.data(), count_, bound_.species),
          Columns<const double>::cell_major(weather_.data(), count_, bound_.conditions),
          gathered_[0]->seconds, workspace_, {.flags = flags.data()});
      for (std::size_t i = 0; i < count_ && status.valid_step; ++i) {
        if ((flags[i] & flag(CellFlag::kept)) != 0) continue;
        std::copy_n(&state_[i * bound_.species], bound_.species, gathered_[i]->after);
        gathered_[i]->solved = 1;
      }
      count_ = 0;
    }

    typename Base::Bound bound_;  ///< the emulator's species and conditions as the host's
    typename Solver::Workspace workspace_;
    std::array<chemnne_cell*, largest_together> gathered_{};  ///< cells that wait
    std::size_t count_ = 0;
    std::vector<double> state_, weather_;  ///< of these, [cell][species of the emulator], [cell][conditions]
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
  /// is not solved; nor is any by a fallback that is null.
  static void solve(chemnne_cell* cells, std::size_t count, void* fallback) noexcept {
    if (cells && fallback) static_cast<Fallback*>(fallback)->solve({cells, count});
  }
};

}  // namespace chemnne
