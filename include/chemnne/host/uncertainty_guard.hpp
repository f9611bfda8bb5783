#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>

#include <chemnne/host/step_report.hpp>
#include <chemnne/inference/cell_score.hpp>
#include <chemnne/io/uncertainty.hpp>

namespace chemnne {

namespace detail {
/// The value of a good cell; infinite where it is not a number: beyond what float can tell of the score.
inline double known(bool good, double value) noexcept { return good && value >= 0 ? value : unknown; }
}  // namespace detail

/// The uncertainty of one weights file in a host's step: scores of cells, and half-widths at one nominal
/// coverage. Of a file without it, or a model without a code, nothing is known: widths are infinite, no cell
/// counts as uncertain.
template <class Model, class Backend, class T = float, bool = has_code<Model>>
class UncertaintyGuard {
 public:
  using C = typename Model::Configuration;
  static constexpr std::size_t in = C::inputs + C::conditions, width = Model::Code::Output::size;
  using Score = CellScore<Backend, in, width, T>;
  static constexpr std::size_t scratch = Score::scratch;

  /// Errors: Error when the file is damaged (`read_uncertainty`) or was not calibrated for `coverage`.
  UncertaintyGuard(const SafetensorsFile& file, const std::string& path, double coverage) {
    const std::optional<Uncertainty> found = read_uncertainty(
        file, path, {in, spread_directions(in), width, spread_directions(width), C::outputs});
    if (!found) return;
    const std::size_t level = found->level(coverage, path);
    score_ = Score(*found);
    threshold_ = T(found->threshold);
    least_ = T(found->least);
    exponent_ = T(found->exponent);
    for (std::size_t s = 0; s < C::outputs; ++s)
      half_width_[s] = static_cast<double>(found->half_width[level * C::outputs + s]);
    calibrated_ = true;
  }

  bool calibrated() const { return calibrated_; }

  /// score[cell] of each input and its code; `memory` is scratch.
  void score(Rows<const T, in> x, Rows<const T, width> code, Rows<T, scratch> memory,
             T* score) const noexcept {
    score_.evaluate(x, code, memory, score);
  }
  /// Whether a score is beyond the threshold; one that is not a number is.
  bool uncertain(T score) const noexcept { return calibrated_ && !(score <= threshold_); }
  /// A score in units of the threshold; infinite where it is not known.
  double in_thresholds(T score) const noexcept {
    return detail::known(calibrated_, static_cast<double>(score) / static_cast<double>(threshold_));
  }
  /// Writes what is wanted of the cells from `first`; nothing is known of one that is not good. The scores
  /// are used up.
  void write(std::size_t first, std::size_t count, T* score, const bool* good,
             const StepReport& wanted) const noexcept {
    if (!calibrated_) return detail::nothing_known(first, count, C::outputs, wanted);
    if (wanted.score.data)
      for (std::size_t cell = 0; cell < count; ++cell)
        wanted.score(first + cell, 0) = good[cell] ? in_thresholds(score[cell]) : detail::unknown;
    if (!wanted.half_width.data) return;
    for (std::size_t cell = 0; cell < count; ++cell)
      if (!std::isnan(score[cell])) score[cell] = std::pow(std::max(score[cell], least_), exponent_);
    wanted.half_width.each(first, count, C::outputs, [&](std::size_t cell, std::size_t s, double& value) {
      value = detail::known(good[cell - first], half_width_[s] * static_cast<double>(score[cell - first]));
    });
  }

 private:
  bool calibrated_ = false;
  T threshold_ = std::numeric_limits<T>::infinity(), least_ = 0, exponent_ = 0;
  std::array<double, C::outputs> half_width_{};
  Score score_;
};

/// Of a model without a code that could be scored: no cell is uncertain.
template <class Model, class Backend, class T>
class UncertaintyGuard<Model, Backend, T, false> {
 public:
  UncertaintyGuard(const SafetensorsFile&, const std::string&, double) {}
  static constexpr std::size_t scratch = 0;
  static constexpr bool calibrated() { return false; }
  static constexpr bool uncertain(T) { return false; }
  static constexpr double in_thresholds(T) { return detail::unknown; }
  static void write(std::size_t first, std::size_t count, const T*, const bool*,
                    const StepReport& wanted) noexcept {
    detail::nothing_known(first, count, Model::Configuration::outputs, wanted);
  }
};

}  // namespace chemnne
