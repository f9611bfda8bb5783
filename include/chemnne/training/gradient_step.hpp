#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

#include <chemnne/layers/concepts.hpp>
#include <chemnne/loss/target.hpp>
#include <chemnne/model/readout.hpp>
#include <chemnne/support/communicator.hpp>
#include <chemnne/support/halves.hpp>
#include <chemnne/support/parallel.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/training/training_options.hpp>
#include <chemnne/training/training_set.hpp>

namespace chemnne {

/// One step of gradient descent on a network over a training set; data-parallel over threads and the
/// processes of `Ranks`, bitwise the same for any number of them.
///
/// A batch is cut into chunks of `chunk` samples; each chunk has its own gradient, and the sum over chunks is
/// taken by halves (add_by_halves). A process has a share of the chunks, and one message brings the sum to
/// all. Samples of an epoch are a permutation that depends on (seed, epoch) alone. `Network` maps [inputs +
/// conditions] to [Frames, outputs]; `budgets` counts mass and elements.
template <class Network, class Backend, class Loss, std::size_t Inputs, Communicator Ranks = SingleProcess>
class GradientStep {
 public:
  static constexpr std::size_t chunk = 32;
  static constexpr std::size_t frames = detail::TwoExtents<typename Network::Output>::first;
  static constexpr std::size_t outputs = detail::TwoExtents<typename Network::Output>::second;
  static constexpr std::size_t conditions = Network::Input::size - Inputs;
  using Terms = typename Loss::Values;

  /// `data`, `loss` and `ranks` must outlive the step.
  GradientStep(const TrainingSet& data, const Loss& loss, const SamplingOptions& sampling,
               Ranks& ranks = single_process)
      : data_(data),
        loss_(loss),
        sampling_(sampling),
        ranks_(ranks),
        gradient_(ranks.share(chunks_of(std::min(sampling.batch, data.cases))).count),
        result_(Network::parameters),
        order_(data.cases) {
    data.require("training data", frames, std::max(Inputs, outputs), conditions);
    for (Buffer<float>& g : gradient_) g = Buffer<float>(Network::parameters);
    for (std::size_t thread = 0; thread < default_threads(); ++thread)
      memory_.push_back(Buffer<float>(memory_size()));
  }

  std::size_t batches() const { return (data_.cases + sampling_.batch - 1) / sampling_.batch; }

  /// Shuffles the samples of an epoch.
  void begin_epoch(std::size_t epoch) {
    epoch_ = epoch;
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    Random random(sampling_.seed, 2 * epoch);
    for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[random.index(i)]);
  }

  /// Gradient of the mean loss of batch `batch` in `gradient()`. Returns what this process's samples add to
  /// the mean of every term: the sum over the ranks is the mean.
  Terms compute(std::span<const float> parameters, std::size_t batch) {
    const std::size_t first = batch * sampling_.batch;
    const std::size_t count = std::min(sampling_.batch, data_.cases - first);
    const Share own = ranks_.share(chunks_of(count));
    std::vector<Terms> terms(own.count + 1);  // one more: zeros, for a process without a share
    parallel_for(own.count, memory_.size(), [&](std::size_t c, std::size_t thread) {
      const std::size_t at = (own.first + c) * chunk;
      terms[c] = chunk_gradient(parameters, first + at, std::min(chunk, count - at),
                                1.0 / static_cast<double>(count), gradient_[c], memory_[thread]);
      for (double& term : terms[c]) term /= static_cast<double>(count);
    });
    sum_chunks(own.count);
    ranks_.sum(result_.span());
    add_by_halves({0, own.count}, [&](std::size_t to, std::size_t from) {
      for (std::size_t i = 0; i < terms[to].size(); ++i) terms[to][i] += terms[from][i];
    });
    return terms[0];
  }

  std::span<const float> gradient() const { return result_.span(); }

  /// Euclidean norm of the gradient; summed in fixed blocks, so that threads do not change it.
  double gradient_norm() const {
    constexpr std::size_t block = 4096;
    const std::size_t blocks = (Network::parameters + block - 1) / block;
    std::vector<double> part(blocks);
    parallel_for_each(blocks, [&](std::size_t b) {
      for (std::size_t i = b * block; i < std::min((b + 1) * block, Network::parameters); ++i)
        part[b] += static_cast<double>(result_[i]) * static_cast<double>(result_[i]);
    });
    return std::sqrt(std::accumulate(part.begin(), part.end(), 0.0));
  }

 private:
  static constexpr std::size_t chunks_of(std::size_t samples) { return (samples + chunk - 1) / chunk; }

  static constexpr std::size_t sample_size = padded(chunk * Network::Input::size) * 2 +
                                             padded(chunk * frames * outputs) * 3 +
                                             padded(chunk * frames * budgets);
  static std::size_t memory_size() {
    return sample_size + Network::memory(chunk) +
           std::max(Network::pullback_memory(chunk), Loss::template memory<frames, outputs>(chunk));
  }

  /// The frame at which sample `at` of the epoch starts: a function of (seed, epoch, at).
  std::size_t start_frame(std::size_t at) const {
    if (!sampling_.any_start) return 0;
    return Random(sampling_.seed + at, 2 * epoch_ + 1).index(frames - 1);
  }

  Terms chunk_gradient(std::span<const float> parameters, std::size_t first, std::size_t count, double scale,
                       Buffer<float>& gradient, Buffer<float>& memory) const {
    Arena<float> arena(memory.span());
    const auto x = arena.template take<typename Network::Input>(count);
    const auto dx = arena.template take<typename Network::Input>(count);
    const auto truth = arena.template take<Shape<frames, outputs>>(count);
    const auto y = arena.template take<Shape<frames, outputs>>(count);
    const auto dy = arena.template take<Shape<frames, outputs>>(count);
    const auto totals = arena.template take<Shape<frames, budgets>>(count);
    std::size_t valid[chunk];
    for (std::size_t i = 0; i < count; ++i)
      valid[i] = fill_sample(order_[first + i], start_frame(first + i), x[i], truth[i], totals[i]);

    std::fill_n(gradient.data(), gradient.size(), 0.0f);
    const Parameters<const float, Network::parameters> p(parameters.data(), Network::parameters);
    const auto residual = Network::template forward<Backend, float>(x, p, y, arena);
    const Target<float, frames, outputs> target{truth, totals, std::span<const std::size_t>(valid, count)};
    const Terms terms = loss_.template evaluate<Backend>(Rows<const float, frames, outputs>(y), target, arena,
                                                         static_cast<float>(scale), dy);
    Network::template pullback<Backend, float>(
        residual, x, p, dy, dx, Parameters<float, Network::parameters>(gradient.data(), Network::parameters),
        arena);
    return terms;
  }

  /// Copies a window from frame `start` on; returns the number of frames it has. Frames beyond are zero and
  /// count for nothing.
  std::size_t fill_sample(std::size_t window, std::size_t start, float* x, float* truth,
                          float* totals) const {
    const float* const state = data_.state.data() + (window * frames + start) * data_.species;
    std::copy_n(state, Inputs, x);
    std::copy_n(data_.condition.data() + window * conditions, conditions, x + Inputs);
    const std::size_t valid = frames - start;
    for (std::size_t f = 0; f < valid; ++f)
      std::copy_n(state + f * data_.species, outputs, truth + f * outputs);
    std::copy_n(data_.total.data() + (window * frames + start) * budgets, valid * budgets, totals);
    std::fill(truth + valid * outputs, truth + frames * outputs, 0.0f);
    std::fill(totals + valid * budgets, totals + frames * budgets, 0.0f);
    return valid;
  }

  void sum_chunks(std::size_t chunks) {
    constexpr std::size_t block = 4096;
    parallel_for_each((Network::parameters + block - 1) / block, [&](std::size_t b) {
      const std::size_t from = b * block, to = std::min(from + block, Network::parameters);
      add_by_halves({0, chunks}, [&](std::size_t sum, std::size_t part) {
        for (std::size_t i = from; i < to; ++i) gradient_[sum][i] += gradient_[part][i];
      });
      if (chunks > 0)
        std::copy(gradient_[0].data() + from, gradient_[0].data() + to, result_.data() + from);
      else
        std::fill(result_.data() + from, result_.data() + to, 0.0f);
    });
  }

  const TrainingSet& data_;
  const Loss& loss_;
  SamplingOptions sampling_;
  Ranks& ranks_;
  std::vector<Buffer<float>> gradient_;  ///< one a chunk of this process
  Buffer<float> result_;
  std::vector<Buffer<float>> memory_;  ///< one a thread
  std::vector<std::size_t> order_;
  std::size_t epoch_ = 0;
};

}  // namespace chemnne
