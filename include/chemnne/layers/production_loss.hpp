#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <numbers>
#include <span>
#include <string>
#include <type_traits>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/layers/at_step.hpp>
#include <chemnne/layers/concepts.hpp>

namespace chemnne {

namespace detail {
/// k = ln 10 deviation.
struct ToNatural {
  template <class V>
  constexpr V operator()(const V& deviation) const {
    return constant<V>(std::numbers::ln10) * deviation;
  }
};
/// The loss -log(what is left of a start), above 0: a start of 2 % before the network says more.
struct Loss {
  template <class V>
  constexpr V operator()(const V& g) const {
    return Elementary<V>::softplus(g - constant<V>(4));
  }
  template <class V>
  constexpr V derivative(const V& g) const {
    return constant<V>(1) / (constant<V>(1) + Elementary<V>::exponential(constant<V>(4) - g));
  }
};
/// log(made / left).
struct MadeOverLeft {
  template <class V>
  constexpr V operator()(const V& q, const V& g, const V& x, const V& level, const V& k) const {
    return k * (q + level - x) + Loss{}(g);
  }
};
/// v = (1 / k) log(left + made).
struct LeftAndMade {
  template <class V>
  constexpr V operator()(const V& q, const V& g, const V& x, const V& level, const V& k) const {
    const V loss = Loss{}(g);
    return (Elementary<V>::softplus(k * (q + level - x) + loss) - loss) / k;
  }
};
/// The cotangent of q: dv times the share of what is made.
struct MadeSlope {
  template <class V>
  constexpr V operator()(const V& dv, const V& q, const V& g, const V& x, const V& level, const V& k) const {
    return dv / (constant<V>(1) + Elementary<V>::exponential(-MadeOverLeft{}(q, g, x, level, k)));
  }
};
/// That of g, from that of q.
struct LossSlope {
  template <class V>
  constexpr V operator()(const V& dv, const V& dq, const V& g, const V& k) const {
    return (dq - dv) * Loss{}.derivative(g) / k;
  }
};
/// That of the deviation.
struct KnownDeviationSlope {
  template <class V>
  constexpr V operator()(const V& dv, const V& dq, const V& q, const V& g, const V& x, const V& level,
                         const V& k) const {
    const V v = LeftAndMade{}(q, g, x, level, k);
    return constant<V>(std::numbers::ln10) * (dq * (q + level - x) - dv * v) / k;
  }
};
}  // namespace detail

/// Changes of known species as what is left of their start and what is made meanwhile.
///
/// dc/dt = P - L c, with the production P and the loss L that the air sets, has the solution c(0) exp(-int L) +
/// (what was made and is still there). `Network` gives both terms, int L = log(1 + exp(g - 4)) > 0 and the
/// logarithm q of what is made; the change of the logarithm x of the start is
///
///     v_n = (1 / k) log(exp(-int L_n) + exp(k (q_n + level - x))),   k = ln 10 deviation
///
/// where x, q and v are decades over `deviation`, the standard deviation of a species in the training data. So a
/// species' own start need not pass through the network, however many species there are, and cannot grow by
/// itself where the network is fed back.
///
/// Shapes: x [In], the first `Known` columns the starts; u = Network(x) [Steps, Outputs + Known]: q of the
/// known species, the values of the other outputs as they are, g; v [Steps, Outputs]. Parameters: those of
/// the network, level [Known] (-1 at first), deviation [Known], a constant of the standardisation that training
/// keeps. Pullback: exact.
template <class Network, std::size_t Steps, std::size_t Outputs, std::size_t Known>
struct ProductionLoss {
  static_assert(Known > 0 && Known <= Outputs && Known <= Network::Input::size,
                "ProductionLoss: the known outputs are the first inputs");
  using Input = typename Network::Input;
  using Output = Shape<Steps, Outputs>;
  using Terms = Shape<Steps, Outputs + Known>;
  static_assert(std::is_same_v<typename Network::Output, Terms>,
                "ProductionLoss: the network gives outputs and one more number for each known species");
  static constexpr std::size_t level = Network::parameters, deviation = level + Known;
  static constexpr std::size_t parameters = deviation + Known;

  /// What `pullback` reads of the forward, as views into the arena: see Layer.
  template <class T>
  struct Residual {
    typename Network::template Residual<T> network;
    RowsOf<T, Terms> terms;
    Rows<T, Known> k;
  };
  static constexpr std::size_t memory(std::size_t rows) {
    return Network::memory(rows) + padded(rows * Terms::size) + padded(Known);
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return padded(rows * Terms::size) + padded(rows * Known) + Network::pullback_memory(rows);
  }

  template <class B, class T>
  static constexpr Residual<T> forward(RowsOf<const T, Input> x, Parameters<const T, parameters> p,
                                       RowsOf<T, Output> v, Arena<T>& arena) {
    Residual<T> residual;
    residual.terms = arena.template take<Terms>(x.count());
    residual.k = arena.template take<Shape<Known>>(1);
    B::map(detail::ToNatural{}, residual.k, Rows<const T, Known>(p.data() + deviation, 1));
    residual.network =
        Network::template forward<B, T>(x, p.template first<Network::parameters>(), residual.terms, arena);
    combine<B, T>(x, residual.terms, p.template subspan<level, Known>(), span(residual.k), v);
    return residual;
  }

  template <class B, class T>
  static constexpr void pullback(const Residual<T>& residual, RowsOf<const T, Input> x,
                                 Parameters<const T, parameters> p, RowsOf<const T, Output> dv,
                                 RowsOf<T, Input> dx, Parameters<T, parameters> dp, Arena<T> arena) {
    const auto dterms = arena.template take<Terms>(x.count());
    const auto slope = arena.template take<Shape<Known>>(x.count());
    const auto start = x.template columns<Known>(0);
    const auto levels = p.template subspan<level, Known>();
    const auto k = span(residual.k);
    for (std::size_t step = 0; step < Steps; ++step) {
      const Rows<const T, Outputs + Known> u = residual.terms.step(step);
      const auto du = dterms.step(step);
      const auto q = u.template columns<Known>(0), g = u.template columns<Known>(Outputs);
      const auto of_known = dv.step(step).template columns<Known>(0);
      const auto dq = du.template columns<Known>(0);
      B::map(detail::MadeSlope{}, dq, of_known, q, g, start, levels, k);
      B::map(detail::LossSlope{}, du.template columns<Known>(Outputs), of_known, dq, g, k);
      if constexpr (Known < Outputs)
        B::map(Unchanged{}, du.template columns<Outputs - Known>(Known),
               dv.step(step).template columns<Outputs - Known>(Known));
      if constexpr (wants_parameters<B>) {
        B::map(detail::KnownDeviationSlope{}, slope, of_known, dq, q, g, start, levels, k);
        B::sum_rows_accumulate(Rows<const T, Known>(slope), dp.template subspan<deviation, Known>());
        B::map(Unchanged{}, slope, dq);  // rows that lie together
        B::sum_rows_accumulate(Rows<const T, Known>(slope), dp.template subspan<level, Known>());
      }
    }
    Network::template pullback<B, T>(residual.network, x, p.template first<Network::parameters>(), dterms, dx,
                                     dp.template first<Network::parameters>(), arena);
    const auto dstart = dx.template columns<Known>(0);
    for (std::size_t step = 0; step < Steps; ++step)
      B::map(Subtract{}, dstart, dstart, dterms.step(step).template columns<Known>(0));
  }

  /// v from the terms; `k` is ln 10 deviation.
  template <class B, class T>
  static constexpr void combine(RowsOf<const T, Input> x, RowsOf<const T, Terms> terms,
                                std::span<const T, Known> levels, std::span<const T, Known> k,
                                RowsOf<T, Output> v) {
    for (std::size_t step = 0; step < Steps; ++step) {
      const auto u = terms.step(step);
      B::map(detail::LeftAndMade{}, v.step(step).template columns<Known>(0), u.template columns<Known>(0),
             u.template columns<Known>(Outputs), x.template columns<Known>(0), levels, k);
      if constexpr (Known < Outputs)
        B::map(Unchanged{}, v.step(step).template columns<Outputs - Known>(Known),
               u.template columns<Outputs - Known>(Known));
    }
  }

  template <class T>
  static void initialise(Parameters<T, parameters> p, Random& random) {
    Network::initialise(p.template first<Network::parameters>(), random);
    std::fill_n(p.data() + level, Known, T(-1));
    std::fill_n(p.data() + deviation, Known, T(1));
  }
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    Network::describe(name, offset, visit);
    visit("production_loss.level", offset + level, std::array{Known});
    visit("production_loss.deviation", offset + deviation, std::array{Known});
  }

 private:
  template <class T>
  static constexpr std::span<const T, Known> span(Rows<T, Known> row) {
    return std::span<const T, Known>(row.data(), Known);
  }
};

namespace detail {
template <class Network, std::size_t Steps, std::size_t Outputs, std::size_t Known, std::size_t Step>
struct AtStep<ProductionLoss<Network, Steps, Outputs, Known>, Step> {
  using type = ProductionLoss<chemnne::AtStep<Network, Step>, 1, Outputs, Known>;
};
}  // namespace detail

}  // namespace chemnne
