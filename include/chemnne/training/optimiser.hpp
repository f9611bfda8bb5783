#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <type_traits>
#include <utility>

#include <chemnne/support/parallel.hpp>
#include <chemnne/tensor/buffer.hpp>
#include <chemnne/tensor/rows.hpp>

namespace chemnne {

/// Settings of AdamW and its schedule.
struct OptimiserOptions {
  double learning_rate = 8e-4;  ///< the largest, after the warm-up; for batches of 64
  double final_share = 0.01;    ///< of the learning rate that is left at the end of the cosine
  double warm_up = 0.03;        ///< share of the training with linearly rising learning rate
  double beta_1 = 0.9;
  double beta_2 = 0.99;
  double epsilon = 1e-8;
  double weight_decay = 0.1;     ///< a step, times the learning rate
  double largest_norm = 1.0;     ///< of the gradient: a larger one is scaled down to it
  double average_decay = 0.998;  ///< of the exponential moving average of the weights, a step
};

/// The learning rate for a batch, from one that is good for batches of 64: rate sqrt(batch / 64), with which
/// the noise of Adam's steps over a number of samples stays the same (Malladi, Lyu, Panigrahi, Arora 2022,
/// arXiv 2205.10287). The linear rule of plain gradient descent (Goyal et al. 2017, arXiv 1706.02677)
/// diverges here. The warm-up is a share of the training and needs no rule.
inline double learning_rate_for_batch(double rate, std::size_t batch) {
  return rate * std::sqrt(static_cast<double>(batch) / 64);
}

/// Linear warm-up, then half a cosine (Loshchilov and Hutter 2017, arXiv 1608.03983). `progress` in [0, 1] is
/// the share of the training done, by epochs or by time.
inline double learning_rate_at(double progress, const OptimiserOptions& options) {
  if (progress < options.warm_up) return options.learning_rate * (progress + 1e-3) / (options.warm_up + 1e-3);
  const double phase = std::min(1.0, (progress - options.warm_up) / (1 - options.warm_up));
  const double share =
      options.final_share + (1 - options.final_share) * (1 + std::cos(std::numbers::pi * phase)) / 2;
  return options.learning_rate * share;
}

/// The state of AdamW over one flat block of parameters.
template <class T>
struct OptimiserState {
  Buffer<T> first;    ///< moving average of the gradient
  Buffer<T> second;   ///< moving average of its square
  Buffer<T> average;  ///< exponential moving average of the parameters: what is validated and kept
  Buffer<T> decays;   ///< 1 where weight decay acts, 0 elsewhere
  std::size_t step = 0;

  explicit OptimiserState(std::span<const T> parameters)
      : first(parameters.size()),
        second(parameters.size()),
        average(parameters.size()),
        decays(parameters.size()) {
    std::copy(parameters.begin(), parameters.end(), average.data());
    std::fill_n(decays.data(), decays.size(), T(1));
  }
};

/// One step of AdamW: m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2,
/// p -= rate (m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps) + decay p), the last term where `decays` is 1,
/// with the gradient scaled by `gradient_scale` (clipping), and the moving average of p, whose decay rises
/// with the number of steps so that the start is forgotten.
///
/// Source: Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2. Threads share the parameters: the
/// result does not depend on their number.
template <class Backend, class T>
void optimiser_step(std::span<T> parameters, std::span<const T> gradient, double gradient_scale, double rate,
                    const OptimiserOptions& options, OptimiserState<T>& state) {
  const auto t = static_cast<double>(++state.step);
  const T b1 = T(options.beta_1), b2 = T(options.beta_2);
  const T step = T(rate / (1 - std::pow(options.beta_1, t)));
  const T root = T(1 / std::sqrt(1 - std::pow(options.beta_2, t)));
  const T epsilon = T(options.epsilon), shrink = T(rate * options.weight_decay), scale = T(gradient_scale);
  const T keep = T(std::min(options.average_decay, (1 + t) / (10 + t)));
  // Four passes over blocks that stay in the first cache level.
  constexpr std::size_t block = 1024;
  parallel_for_each((parameters.size() + block - 1) / block, [&](std::size_t b) {
    const std::size_t first = b * block;
    const std::size_t count = std::min(block, parameters.size() - first);
    const auto rows = [&](auto* data) {
      return Rows<std::remove_pointer_t<decltype(data)>, 1>(data + first, count);
    };
    const Rows<T, 1> p = rows(parameters.data()), m = rows(state.first.data()), v = rows(state.second.data()),
                     a = rows(state.average.data());
    const Rows<const T, 1> g = rows(gradient.data()), d = rows(std::as_const(state.decays).data());
    Backend::map(
        [=](const auto& mean, const auto& raw) {
          using V = std::decay_t<decltype(mean)>;
          return V(b1) * mean + V(T(1) - b1) * (V(scale) * raw);
        },
        m, Rows<const T, 1>(m), g);
    Backend::map(
        [=](const auto& square, const auto& raw) {
          using V = std::decay_t<decltype(square)>;
          const V scaled = V(scale) * raw;
          return V(b2) * square + V(T(1) - b2) * scaled * scaled;
        },
        v, Rows<const T, 1>(v), g);
    Backend::map(
        [=](const auto& value, const auto& mean, const auto& square, const auto& decays) {
          using std::sqrt;
          using V = std::decay_t<decltype(value)>;
          return value - V(shrink) * decays * value - V(step) * mean / (sqrt(square) * V(root) + V(epsilon));
        },
        p, Rows<const T, 1>(p), Rows<const T, 1>(m), Rows<const T, 1>(v), d);
    Backend::map(
        [=](const auto& average, const auto& value) {
          using V = std::decay_t<decltype(average)>;
          return V(keep) * average + V(T(1) - keep) * value;
        },
        a, Rows<const T, 1>(a), Rows<const T, 1>(p));
  });
}

}  // namespace chemnne
