#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>

#include <chemnne/host/step_report.hpp>
#include <chemnne/inference/cell_score.hpp>
#include <chemnne/io/uncertainty.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

/// What scores mean for a host: numbers of one weights file at one nominal coverage, to be copied as they are.
/// Without calibration no cell is uncertain.
template <std::size_t Outputs, class T>
struct ScoreMeaning {
  bool calibrated = false;
  T threshold = std::numeric_limits<T>::infinity(), least = 0, exponent = 0;
  std::array<double, Outputs> half_width{};  ///< at a score of 1

  /// Whether a score is beyond the threshold; one that is not a number is.
  constexpr bool uncertain(T score) const noexcept { return calibrated && !(score <= threshold); }
  /// A score in units of the threshold; infinite where the cell is not good.
  constexpr double relative(T score, bool good) const noexcept {
    return known(good, static_cast<double>(score) / static_cast<double>(threshold));
  }
  /// What half-widths at a score of 1 are multiplied by.
  constexpr T growth(T score) const noexcept {
    return std::isnan(score) ? score : std::pow(std::max(score, least), exponent);
  }
  constexpr double width(std::size_t output, T growth, bool good) const noexcept {
    return known(good, half_width[output] * static_cast<double>(growth));
  }

 private:
  /// The value of a good cell; infinite where it is not a number: beyond what T can tell of the score.
  static constexpr double known(bool good, double value) noexcept {
    return good && value >= 0 ? value : detail::unknown;
  }
};

/// The uncertainty of one weights file in a host's step: scores of cells, and half-widths at one nominal
/// coverage. Of a file without it, or a model without a code, nothing is known: widths are infinite, no cell
/// counts as uncertain.
template <class Model, class Backend, class T = float, bool = has_code<Model>>
class UncertaintyGuard {
 public:
  using C = typename Model::Configuration;
  static constexpr std::size_t in = C::inputs + C::conditions, width = Model::Code::Output::size;
  using Score = CellScore<Backend, in, width, T>;
  using Meaning = ScoreMeaning<C::outputs, T>;

  /// Errors: Error when the file is damaged (`read_uncertainty`) or was not calibrated for `coverage`.
  UncertaintyGuard(const SafetensorsFile& file, const std::string& path, double coverage) {
    const std::optional<Uncertainty> found = read_uncertainty(
        file, path, {in, spread_directions(in), width, spread_directions(width), C::outputs});
    if (!found) return;
    const std::size_t level = found->level(coverage, path);
    constants_ = Buffer<T>(Score::constants);
    Score::prepare(*found, constants_.data());
    meaning_ = {.calibrated = true,
                .threshold = T(found->threshold),
                .least = T(found->least),
                .exponent = T(found->exponent)};
    for (std::size_t s = 0; s < C::outputs; ++s)
      meaning_.half_width[s] = static_cast<double>(found->half_width[level * C::outputs + s]);
  }

  const Meaning& meaning() const { return meaning_; }
  /// Of the score; none without calibration.
  std::span<const T> constants() const { return constants_.span(); }

  /// score[cell] of each input and its code; `memory` is scratch.
  void score(Rows<const T, in> x, Rows<const T, width> code, Rows<T, Score::scratch> memory,
             T* score) const noexcept {
    Score::evaluate(constants_.data(), x, code, memory, score);
  }
  /// Writes what is wanted of the cells from `first`; nothing is known of one that is not good. The scores
  /// are used up.
  void write(std::size_t first, std::size_t count, T* score, const bool* good,
             const StepReport& wanted) const noexcept {
    if (!meaning_.calibrated) return detail::nothing_known(first, count, C::outputs, wanted);
    if (wanted.score.data)
      for (std::size_t cell = 0; cell < count; ++cell)
        wanted.score(first + cell, 0) = meaning_.relative(score[cell], good[cell]);
    if (!wanted.half_width.data) return;
    for (std::size_t cell = 0; cell < count; ++cell) score[cell] = meaning_.growth(score[cell]);
    wanted.half_width.each(first, count, C::outputs, [&](std::size_t cell, std::size_t s, double& value) {
      value = meaning_.width(s, score[cell - first], good[cell - first]);
    });
  }

 private:
  Meaning meaning_;
  Buffer<T> constants_;
};

/// Of a model without a code that could be scored: no cell is uncertain.
template <class Model, class Backend, class T>
class UncertaintyGuard<Model, Backend, T, false> {
 public:
  using Meaning = ScoreMeaning<Model::Configuration::outputs, T>;
  UncertaintyGuard(const SafetensorsFile&, const std::string&, double) {}
  static constexpr Meaning meaning() { return {}; }
  static constexpr std::span<const T> constants() { return {}; }
  static void write(std::size_t first, std::size_t count, const T*, const bool*,
                    const StepReport& wanted) noexcept {
    detail::nothing_known(first, count, Model::Configuration::outputs, wanted);
  }
};

}  // namespace chemnne
