#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

#include <chemnne/loss/target.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

/// L = sum_i weight_i L_i, which reports each L_i. A term of weight 0 is reported too, its gradient is zero.
template <class... Terms>
class WeightedLoss {
 public:
  static constexpr std::size_t size = sizeof...(Terms);
  static constexpr std::array<const char*, size> names{Terms::name...};
  using Values = std::array<double, size>;

  WeightedLoss(const Values& weights, Terms... terms) : weight_(weights), term_(std::move(terms)...) {}

  const Values& weights() const { return weight_; }

  template <std::size_t Frames, std::size_t Outputs>
  static constexpr std::size_t memory(std::size_t rows) {
    return std::max({Terms::template memory<Frames, Outputs>(rows)...});
  }

  /// The sum over rows of every term. Where `gradient` has rows, it is set to `scale` times the gradient of
  /// L.
  template <class B, class T, std::size_t F, std::size_t O>
  Values evaluate(Rows<const T, F, O> prediction, const Target<T, F, O>& target, Arena<T> arena, T scale,
                  Rows<T, F, O> gradient) const {
    B::fill(gradient, T(0));
    Values value{};
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((value[I] = static_cast<double>(std::get<I>(term_).template value<B>(
            prediction, target, arena, scale * T(weight_[I]), gradient))),
       ...);
    }
    (std::make_index_sequence<size>{});
    return value;
  }

  /// L from the values of its terms.
  double total(const Values& value) const {
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) sum += weight_[i] * value[i];
    return sum;
  }

 private:
  Values weight_;
  std::tuple<Terms...> term_;
};

}  // namespace chemnne
