#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include <chemnne/backend/elementary.hpp>
#include <chemnne/tensor/buffer.hpp>
#include <chemnne/tensor/packed.hpp>
#include <chemnne/tensor/rows.hpp>

namespace chemnne {

/// Whether a model has a code that a score can be computed from.
template <class Model>
inline constexpr bool has_code = requires {
  typename Model::Code;
};

/// Directions of values of `width` numbers that keep a variance of their own.
constexpr std::size_t spread_directions(std::size_t width) { return std::min<std::size_t>(32, width / 2); }

/// How far values v lie from the middle of those of the training windows, in units of their spread:
///
///     d^T S_K^-1 d / Width,  d = v - mean,  S_K^-1 = p I - V V^T,
///
/// S_K the covariance of probabilistic principal components (Tipping and Bishop 1999,
/// doi 10.1111/1467-9868.00196): the variances of the `directions` widest directions as they are, one mean
/// variance 1 / p for all others. V [Width, directions] holds those directions e_k times sqrt(p - 1 /
/// variance_k). The mean over the training windows is 1.
///
/// Cost: Width (directions + 1) multiply-adds a row. Independent of how rows are split over calls.
template <class Backend, std::size_t Width>
class SquaredDistance {
 public:
  static constexpr std::size_t directions = spread_directions(Width);
  static_assert(directions > 0, "SquaredDistance: values of two numbers or more");

  SquaredDistance() : packed_(Backend::template packed_size<float, Width, directions>) {}
  /// Shapes: mean [Width], direction [Width][directions].
  SquaredDistance(std::span<const float> mean, std::span<const float> direction, float precision)
      : SquaredDistance() {
    std::copy_n(mean.begin(), Width, mean_.begin());
    precision_ = precision;
    std::array<float, directions> offset{};
    for (std::size_t k = 0; k < directions; ++k) {
      double sum = 0;
      for (std::size_t i = 0; i < Width; ++i)
        sum -= static_cast<double>(mean[i]) * static_cast<double>(direction[i * directions + k]);
      offset[k] = static_cast<float>(sum);
    }
    Backend::pack(Rows<const float, directions>(direction.data(), Width),
                  std::span<const float, directions>(offset),
                  Packed<float, Width, directions>{packed_.data()});
  }

  /// distance[row] += weight times that of v[row]. `along`: scratch. No allocation, no exception.
  void accumulate(float weight, Rows<const float, Width> v, Rows<float, directions> along,
                  float* distance) const noexcept {
    Backend::affine_map(Unchanged{}, v, Packed<const float, Width, directions>{packed_.data()}, along);
    for (std::size_t row = 0; row < v.count(); ++row) {
      const float* const value = v[row];
      const float whole = sum_of_squares<Width>([&](std::size_t i) { return value[i] - mean_[i]; });
      const float part = sum_of_squares<directions>([&](std::size_t k) { return along[row][k]; });
      distance[row] += weight * std::max(0.0f, precision_ * whole - part) / static_cast<float>(Width);
    }
  }

 private:
  /// In 16 partial sums, which the compiler keeps in a register.
  template <std::size_t Count, class F>
  static float sum_of_squares(const F& value) noexcept {
    constexpr std::size_t lanes = 16;
    std::array<float, lanes> part{};
    std::size_t i = 0;
    for (; i + lanes <= Count; i += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane) part[lane] += value(i + lane) * value(i + lane);
    for (std::size_t lane = 0; i + lane < Count; ++lane) part[lane] += value(i + lane) * value(i + lane);
    float sum = 0;
    for (const float p : part) sum += p;
    return sum;
  }

  std::array<float, Width> mean_{};
  float precision_ = 0;
  Buffer<float> packed_;
};

/// How unusual a cell is to a network that codes its inputs x as z:
///
///     u = sqrt((1 - a) D(z) + a D(x)),  a = 0.15,
///
/// D the squared distances from the training windows. D(z) is a Mahalanobis distance of features (Lee et al.
/// 2018, arXiv 1807.03888) and but for a constant the predictive variance of a Bayesian linear layer on z
/// (Kristiadi et al. 2020, arXiv 2002.10118); it ranks the errors. D(x) hardly does, but grows without bound,
/// while the sine layer that z comes from folds what is far away back (docs/results.md has both).
template <class Backend, std::size_t Inputs, std::size_t Code>
class CellScore {
 public:
  static constexpr float input_weight = 0.15f;
  static constexpr std::size_t scratch = std::max(spread_directions(Inputs), spread_directions(Code));

  CellScore() = default;
  /// From the members `input` and `code` of an `Uncertainty`: mean, direction, precision.
  template <class Fitted>
  explicit CellScore(const Fitted& fitted)
      : input_(fitted.input.mean, fitted.input.direction, fitted.input.precision),
        code_(fitted.code.mean, fitted.code.direction, fitted.code.precision) {}

  /// score[row] = u(x[row], z[row]); `memory` is used up. No allocation, no exception.
  void evaluate(Rows<const float, Inputs> x, Rows<const float, Code> z, Rows<float, scratch> memory,
                float* score) const noexcept {
    std::fill_n(score, x.count(), 0.0f);
    code_.accumulate(1 - input_weight, z, {memory.data(), z.count()}, score);
    input_.accumulate(input_weight, x, {memory.data(), x.count()}, score);
    for (std::size_t row = 0; row < x.count(); ++row) score[row] = std::sqrt(score[row]);
  }

 private:
  SquaredDistance<Backend, Inputs> input_;
  SquaredDistance<Backend, Code> code_;
};

}  // namespace chemnne
