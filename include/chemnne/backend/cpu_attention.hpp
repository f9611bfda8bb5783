#pragma once
#include <algorithm>
#include <cstddef>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/backend/attention_heads.hpp>
#include <chemnne/backend/cpu_gemm.hpp>
#include <chemnne/backend/transpose.hpp>
#include <chemnne/backend/vector_functions.hpp>

/// @file
/// Attention of one head on the CPU. Scores lie transposed, [keys][queries], so that the registers run over
/// queries: maxima and sums over the keys are elementwise, whatever the number of steps.
namespace chemnne::detail {

/// result[j][i] = f(x_j . y_i), columns rounded up to registers.
template <class Batch, class F, class T, std::size_t D, std::size_t S>
void dot_products(const F& f, Rows<const T, D> x, Rows<const T, D> y, Rows<T, S> result) {
  each_panel<Batch, S>([&](std::size_t n0, auto width) {
    constexpr std::size_t columns = Tile<Batch>::padded_columns(width);
    alignas(sizeof(Batch)) T transposed[D * columns];
    if constexpr (width < columns)
      for (std::size_t d = 0; d < D; ++d)
        std::fill(transposed + d * columns + width, transposed + (d + 1) * columns, T(0));
    transpose(y[n0], y.stride(), width(), D, transposed, columns);
    panel_of<columns, Batch>(
        S, LeftMatrix<T>{x.data(), x.stride(), 1}, transposed, columns, D, FromZero<Batch>{},
        StoreMapped<Batch, columns, T, F, 0>{f, result.data() + n0, result.stride(), {}});
  });
}

/// y_i = sum over j of a(i, j) b_j.
template <class Batch, class T, std::size_t D>
void mix_steps(LeftMatrix<T> a, Rows<const T, D> b, Rows<T, D> y) {
  each_panel<Batch, D>([&](std::size_t n0, auto width) {
    panel_of<width(), Batch, width()>(y.count(), a, b.data() + n0, b.stride(), b.count(), FromZero<Batch>{},
                                      Store<Batch, width(), T>{{}, y.data() + n0, y.stride(), {}});
  });
}

/// v times a constant.
template <class Batch>
struct Times {
  Batch factor;
  Batch operator()(const Batch& v) const { return v * factor; }
};

/// A head of `Reference::attend`.
template <class Batch, class T, std::size_t D, std::size_t S>
void attend(Rows<const T, D> q, Rows<const T, D> k, Rows<const T, D> v, Rows<T, S> weights, Rows<T, D> o) {
  constexpr std::size_t lanes = Batch::size;
  constexpr T scale = constant<T>(attention_scale<D>);
  dot_products<Batch>(Times<Batch>{Batch(scale)}, k, q, weights);
  for (std::size_t i = 0; i < S; i += lanes) {
    Batch largest = Batch::load_unaligned(weights[0] + i), sum(T(0));
    for (std::size_t j = 1; j < S; ++j)
      largest = Elementary<Batch>::at_least(largest, Batch::load_unaligned(weights[j] + i));
    for (std::size_t j = 0; j < S; ++j) {
      const Batch e = Elementary<Batch>::exponential(Batch::load_unaligned(weights[j] + i) - largest);
      e.store_unaligned(weights[j] + i);
      sum += e;
    }
    const Batch share = Batch(T(1)) / sum;
    for (std::size_t j = 0; j < S; ++j)
      (Batch::load_unaligned(weights[j] + i) * share).store_unaligned(weights[j] + i);
  }
  mix_steps<Batch>(LeftMatrix<T>{weights.data(), 1, weights.stride()}, v, o);
}

/// A head of `Reference::attend_pullback`; dscores [S][S] is scratch, laid out as the weights.
template <class Batch, class T, std::size_t D, std::size_t S>
void attend_pullback(Rows<const T, D> q, Rows<const T, D> k, Rows<const T, D> v, Rows<const T, S> weights,
                     Rows<const T, D> d_o, Rows<T, D> dq, Rows<T, D> dk, Rows<T, D> dv, Rows<T, S> dscores) {
  constexpr std::size_t lanes = Batch::size;
  constexpr T scale = constant<T>(attention_scale<D>);
  dot_products<Batch>(Unchanged{}, v, d_o, dscores);
  for (std::size_t i = 0; i < S; i += lanes) {
    Batch mean(T(0));
    for (std::size_t j = 0; j < S; ++j)
      mean = multiply_add(Batch::load_unaligned(weights[j] + i), Batch::load_unaligned(dscores[j] + i), mean);
    for (std::size_t j = 0; j < S; ++j)
      (Batch::load_unaligned(weights[j] + i) * Batch(scale) * (Batch::load_unaligned(dscores[j] + i) - mean))
          .store_unaligned(dscores[j] + i);
  }
  mix_steps<Batch>(LeftMatrix<T>{weights.data(), weights.stride(), 1}, d_o, dv);
  mix_steps<Batch>(LeftMatrix<T>{dscores.data(), dscores.stride(), 1}, q, dk);
  mix_steps<Batch>(LeftMatrix<T>{dscores.data(), 1, dscores.stride()}, k, dq);
}

}  // namespace chemnne::detail
