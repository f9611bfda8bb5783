#pragma once
#include <array>
#include <cmath>
#include <cstddef>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/layers/affine.hpp>

namespace chemnne {

namespace detail {
/// 1 / (1 + exp(-(v + i))).
struct SigmoidOfSum {
  template <class V>
  constexpr V operator()(const V& v, const V& i) const {
    return constant<V>(1) / (constant<V>(1) + Elementary<V>::exponential(-(v + i)));
  }
};
struct TanhOfSum {
  template <class V>
  constexpr V operator()(const V& v, const V& i) const {
    using std::tanh;
    return tanh(v + i);
  }
};
/// (1 - u) before + u c.
struct Blend {
  template <class V>
  constexpr V operator()(const V& before, const V& u, const V& c) const {
    return before + u * (c - before);
  }
};
// Cotangents of the arguments of u, c and r from that of what they make, and of h_(n-1).
struct UpdateSlope {
  template <class V>
  constexpr V operator()(const V& d, const V& before, const V& u, const V& c) const {
    return d * (c - before) * u * (constant<V>(1) - u);
  }
};
struct CandidateSlope {
  template <class V>
  constexpr V operator()(const V& d, const V& u, const V& c) const {
    return d * u * (constant<V>(1) - c * c);
  }
};
struct ResetSlope {
  template <class V>
  constexpr V operator()(const V& d, const V& before, const V& r) const {
    return d * before * r * (constant<V>(1) - r);
  }
};
struct StateSlope {
  template <class V>
  constexpr V operator()(const V& d, const V& u, const V& through_gates, const V& r, const V& dgated) const {
    return d * (constant<V>(1) - u) + through_gates + r * dgated;
  }
};
}  // namespace detail

/// Gated recurrent unit along the steps (Cho et al. 2014, arXiv 1406.1078), started at h_{-1} = x and driven
/// by a learned input of each step:
///
///     r = s(h W_r + b_r + i_rn),  u = s(h W_u + b_u + i_un),  c = tanh((r h) W_c + b_c + i_cn)
///     h_n = (1 - u) h_{n-1} + u c,  s(v) = 1 / (1 + exp(-v))
///
/// Shapes: x [Width], y [Nodes, Width] (all h_n), W [Width, 3 Width] in the order u, r, c, inputs [Nodes, 3
/// Width]. Cost: 3 Nodes Width^2 multiply-adds a row. Pullback: exact, back through the steps.
template <std::size_t Nodes, std::size_t Width>
struct GatedRecurrence {
  using Input = Shape<Width>;
  using Output = Shape<Nodes, Width>;
  using Gates = Affine<Width, 2 * Width>;
  using Candidate = Affine<Width, Width>;
  static constexpr std::size_t parameters = Gates::parameters + Candidate::parameters + Nodes * 3 * Width;

  /// What `pullback` reads of the forward, as views into the arena: see Layer.
  template <class T>
  struct Residual {
    Rows<T, Nodes, 2 * Width> gates;  ///< u, r
    Rows<T, Nodes, Width> gated;      ///< r h
    Rows<T, Nodes, Width> candidate;
    Rows<T, Nodes, Width> state;
  };
  static constexpr std::size_t memory(std::size_t rows) {
    return padded(rows * Nodes * 2 * Width) + 3 * padded(rows * Nodes * Width);
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return padded(rows * 2 * Width) + 4 * padded(rows * Width);
  }

  template <class B, class T>
  static constexpr Residual<T> forward(Rows<const T, Width> x, Parameters<const T, parameters> p,
                                       Rows<T, Nodes, Width> y, Arena<T>& arena) {
    Residual<T> residual;
    residual.gates = arena.template take<Shape<Nodes, 2 * Width>>(x.count());
    residual.gated = arena.template take<Output>(x.count());
    residual.candidate = arena.template take<Output>(x.count());
    residual.state = arena.template take<Output>(x.count());
    Rows<const T, Width> h = x;
    for (std::size_t n = 0; n < Nodes; ++n) {
      const Rows<T, 2 * Width> gates = residual.gates.step(n);
      const Rows<T, Width> gated = residual.gated.step(n), candidate = residual.candidate.step(n),
                           state = residual.state.step(n);
      Gates::template forward<B, T>(h, gate_weights(p), gates, arena);
      B::map(detail::SigmoidOfSum{}, gates, gates, input<2 * Width>(p, n, 0));
      B::map(Multiply{}, gated, gates.template columns<Width>(Width), h);
      Candidate::template forward<B, T>(gated, candidate_weights(p), candidate, arena);
      B::map(detail::TanhOfSum{}, candidate, candidate, input<Width>(p, n, 2 * Width));
      B::map(detail::Blend{}, state, h, gates.template columns<Width>(0), candidate);
      h = state;
      B::map(Unchanged{}, y.step(n), h);
    }
    return residual;
  }

  template <class B, class T>
  static constexpr void pullback(const Residual<T>& residual, Rows<const T, Width> x,
                                 Parameters<const T, parameters> p, Rows<const T, Nodes, Width> dy,
                                 Rows<T, Width> dx, Parameters<T, parameters> dp, Arena<T> arena) {
    const auto dgates = arena.template take<Shape<2 * Width>>(x.count());
    const auto dcandidate = arena.template take<Shape<Width>>(x.count());
    const auto dgated = arena.template take<Shape<Width>>(x.count());
    const auto dh = arena.template take<Shape<Width>>(x.count());
    const auto through_gates = arena.template take<Shape<Width>>(x.count());
    B::fill(dh, T(0));
    for (std::size_t n = Nodes; n-- > 0;) {
      const Rows<const T, Width> h = n > 0 ? Rows<const T, Width>(residual.state.step(n - 1)) : x;
      const Rows<const T, 2 * Width> gates = residual.gates.step(n);
      const Rows<const T, Width> u = gates.template columns<Width>(0),
                                 r = gates.template columns<Width>(Width), c = residual.candidate.step(n),
                                 gated = residual.gated.step(n);
      B::map(Add{}, dh, dh, dy.step(n));
      B::map(detail::UpdateSlope{}, dgates.template columns<Width>(0), dh, h, u, c);
      B::map(detail::CandidateSlope{}, dcandidate, dh, u, c);
      const auto dcandidate_weights = dp.template subspan<Gates::parameters, Candidate::parameters>();
      Candidate::template pullback<B, T>({}, gated, candidate_weights(p), dcandidate, dgated,
                                         dcandidate_weights, arena);
      B::map(detail::ResetSlope{}, dgates.template columns<Width>(Width), dgated, h, r);
      Gates::template pullback<B, T>({}, h, gate_weights(p), dgates, through_gates,
                                     dp.template first<Gates::parameters>(), arena);
      T* const dinput = dp.data() + Gates::parameters + Candidate::parameters + n * 3 * Width;
      B::sum_rows_accumulate(Rows<const T, 2 * Width>(dgates), std::span<T, 2 * Width>(dinput, 2 * Width));
      B::sum_rows_accumulate(Rows<const T, Width>(dcandidate),
                             std::span<T, Width>(dinput + 2 * Width, Width));
      B::map(detail::StateSlope{}, dh, dh, u, through_gates, r, dgated);
    }
    B::map(Unchanged{}, dx, dh);
  }

  template <class T>
  static void initialise(Parameters<T, parameters> p, Random& random) {
    Gates::initialise(p.template first<Gates::parameters>(), random);
    Candidate::initialise(p.template subspan<Gates::parameters, Candidate::parameters>(), random);
    for (T& v : p.template last<Nodes * 3 * Width>()) v = T(0.1 * random.normal());
  }
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    Gates::describe(name + ".gates", offset, visit);
    Candidate::describe(name + ".candidate", offset + Gates::parameters, visit);
    visit(name + ".inputs", offset + Gates::parameters + Candidate::parameters, std::array{Nodes, 3 * Width});
  }

 private:
  template <class T>
  static constexpr auto gate_weights(Parameters<const T, parameters> p) {
    return p.template first<Gates::parameters>();
  }
  template <class T>
  static constexpr auto candidate_weights(Parameters<const T, parameters> p) {
    return p.template subspan<Gates::parameters, Candidate::parameters>();
  }
  template <std::size_t Count, class T>
  static constexpr std::span<const T, Count> input(Parameters<const T, parameters> p, std::size_t node,
                                                   std::size_t first) {
    return std::span<const T, Count>(
        p.data() + Gates::parameters + Candidate::parameters + node * 3 * Width + first, Count);
  }
};

}  // namespace chemnne
