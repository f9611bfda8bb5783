#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <chemnne/host/c_interface.hpp>
#include <chemnne/host/c_opening.hpp>
#include <chemnne/host/emulator.hpp>
#include <chemnne/host/fall_back.hpp>

namespace chemnne {

/// The guard that a C host chose at run time.
class CGuard {
 public:
  explicit CGuard(const chemnne_step& step) : step_(step) {}

  /// Whether there is such a guard, with a solver where it needs one.
  bool valid() const noexcept {
    return step_.guard >= CHEMNNE_CLAMP && step_.guard <= CHEMNNE_FALL_BACK &&
           (step_.guard != CHEMNNE_FALL_BACK || step_.solve);
  }
  /// Of the sample that was solved.
  const SampleError& error() const noexcept { return error_; }

  bool clamps() const noexcept { return step_.guard == CHEMNNE_CLAMP || step_.guard == CHEMNNE_FALL_BACK; }
  void act(GuardedCell& cell) noexcept { act(std::span(&cell, 1)); }
  void act(std::span<GuardedCell> cells) noexcept {
    if (step_.guard == CHEMNNE_KEEP_OLD)
      for (GuardedCell& cell : cells) KeepOld().act(cell);
    if (step_.guard != CHEMNNE_FALL_BACK) return;
    FallBack guard([this](std::span<GuardedCell* const> some, bool* solved) { solve(some, solved); },
                   {.every = step_.solve_every, .turn = step_.turn});
    guard.act(cells);
    error_ += guard.error();
  }

 private:
  void solve(std::span<GuardedCell* const> cells, bool* solved) const noexcept {
    std::array<chemnne_cell, largest_together> seen;
    std::transform(cells.begin(), cells.end(), seen.begin(), [](GuardedCell* cell) { return as_c(*cell); });
    try {
      step_.solve(seen.data(), cells.size(), step_.user);
    } catch (...) {  // a solver in C++: what it has solved until then counts
    }
    for (std::size_t i = 0; i < cells.size(); ++i) solved[i] = seen[i].solved != 0;
  }
  static chemnne_cell as_c(const GuardedCell& cell) noexcept {
    return {.cell = cell.cell,
            .inputs = cell.before.size(),
            .outputs = cell.after.size(),
            .conditions = cell.conditions.size(),
            .before = cell.before.data(),
            .condition_value = cell.conditions.data(),
            .seconds = cell.seconds,
            .after = cell.after.data(),
            .flags = cell.flags,
            .solved = 0};
  }

  chemnne_step step_;
  SampleError error_;
};

/// An emulator behind functions that C can call (CInterface).
template <class Model, class Backend>
class CEmulator : public COpening<Emulator<Model, Backend>> {
  using Base = CInterface<Emulator<Model, Backend>>;
  using C = typename Model::Configuration;

 public:
  static constexpr std::size_t inputs = C::inputs, outputs = C::outputs, conditions = C::conditions;

  /// As that of CInterface; `step`, which may be null, also has the guard.
  template <class T, class OpaqueEmulator, class OpaqueBinding, class OpaqueWorkspace>
  static int advance(const OpaqueEmulator* emulator, const OpaqueBinding* binding, OpaqueWorkspace* workspace,
                     T* state, const chemnne_layout* state_layout, const T* condition_values,
                     const chemnne_layout* conditions_layout, double seconds, const chemnne_step* step,
                     chemnne_status* status, CMessage message) noexcept {
    CGuard guard(step ? *step : chemnne_step{});
    if (!guard.valid()) {
      if (status) *status = chemnne_status{};
      return message.refuse("a guard of enum chemnne_guard, with a solver to fall back to");
    }
    const int code = Base::advance(emulator, binding, workspace, state, state_layout, condition_values,
                                   conditions_layout, seconds, step, status, message, guard);
    if (status) status->sample_error = guard.error().decades();
    return code;
  }
};

}  // namespace chemnne
