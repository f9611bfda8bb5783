#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace chemnne {

/// What there is to say of a cell after a step; several may hold, `ok` is none.
enum class CellFlag : std::uint8_t {
  ok = 0,
  outside_training = 1,  ///< a species or condition is outside the range of the training data
  uncertain = 2,    ///< unlike the training data as the network sees them (calibrated weights files only)
  limited = 4,      ///< a species would have been taken beyond the training data, see RangeLimit
  not_finite = 8,   ///< input or result is not finite, or the result is negative
  budget = 16,      ///< the total of a conserved element changes by more than the host allows
  kept = 32,        ///< the state is as it was before
  solved = 64,      ///< the fallback solver's result
  unphysical = 128  ///< a condition that is not legal, see LegalConditions
};

using CellFlags = std::uint8_t;  ///< a union of CellFlag

/// One flag as a union.
constexpr CellFlags flag(CellFlag one) { return static_cast<CellFlags>(one); }
/// What makes a cell one that a guard acts on.
inline constexpr CellFlags suspicious = flag(CellFlag::outside_training) | flag(CellFlag::uncertain) |
                                        flag(CellFlag::limited) | flag(CellFlag::not_finite) |
                                        flag(CellFlag::budget) | flag(CellFlag::unphysical);
/// What makes a cell one that has no result of the network: it is solved or kept.
inline constexpr CellFlags unusable = flag(CellFlag::not_finite) | flag(CellFlag::unphysical);

/// What a step did. Cells are counted, never hidden.
struct StepStatus {
  /// false: the step length is not in (0, horizon] (or, where steps are composed, not positive and finite) or
  /// the cell counts differ; nothing was changed.
  bool valid_step = true;
  std::size_t cells = 0;             ///< of the call, those left unchanged included
  std::size_t outside_training = 0;  ///< of these, CellFlag::outside_training, and so on
  std::size_t uncertain = 0;
  std::size_t limited = 0;
  std::size_t budget = 0;
  std::size_t left_unchanged = 0;  ///< kept: by the guard, or because there is no result that may be written
  std::size_t solved = 0;          ///< by the fallback solver

  /// Whether there is nothing to report.
  bool clean() const {
    return valid_step && outside_training == 0 && limited == 0 && uncertain == 0 && budget == 0 &&
           left_unchanged == 0;
  }

  /// Counts a cell.
  void add(CellFlags flags) {
    const auto count = [flags](CellFlag one) { return (flags & flag(one)) != 0 ? std::size_t{1} : 0; };
    ++cells;
    outside_training += count(CellFlag::outside_training);
    uncertain += count(CellFlag::uncertain);
    limited += count(CellFlag::limited);
    budget += count(CellFlag::budget);
    left_unchanged += count(CellFlag::kept);
    solved += count(CellFlag::solved);
  }

  /// Adds the counts of another call: a host's run is the sum of its calls.
  StepStatus& operator+=(const StepStatus& other) {
    valid_step = valid_step && other.valid_step;
    cells += other.cells;
    outside_training += other.outside_training;
    uncertain += other.uncertain;
    limited += other.limited;
    budget += other.budget;
    left_unchanged += other.left_unchanged;
    solved += other.solved;
    return *this;
  }

  /// One line for a log: of the counts those that are not 0.
  std::string summary() const {
    if (!valid_step) return "an invalid step length or different numbers of cells: nothing was changed";
    std::string said;
    const auto say = [&said](std::size_t count, const char* what) {
      if (count > 0) said += (said.empty() ? ": " : ", ") + std::to_string(count) + what;
    };
    say(outside_training, " outside the training data");
    say(uncertain, " unlike the training data");
    say(limited, " limited");
    say(budget, " with a budget violated");
    say(solved, " solved by the fallback");
    say(left_unchanged, " left unchanged");
    return std::to_string(cells) + " cells" + (said.empty() ? ", nothing to report" : said);
  }
};

}  // namespace chemnne
