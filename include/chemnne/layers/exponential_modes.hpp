#pragma once
#include <cstddef>
#include <span>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/backend/operand.hpp>
#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/at_step.hpp>
#include <chemnne/support/constant_math.hpp>
#include <chemnne/tensor/step_matrix.hpp>

namespace chemnne {

namespace detail {
/// lambda = lambda0 exp(spread sin a).
template <int Spread>
struct Rate {
  template <class V>
  constexpr V operator()(const V& a, const V& middle) const {
    return middle * Elementary<V>::exponential(constant<V>(Spread) * Elementary<V>::sine(a));
  }
};
/// The cotangent of a from that of lambda.
template <int Spread>
struct RateSlope {
  template <class V>
  constexpr V operator()(const V& dlambda, const V& lambda, const V& a) const {
    return dlambda * lambda * constant<V>(Spread) * Elementary<V>::cosine(a);
  }
};
/// 1 - exp(-lambda t).
struct Decayed {
  double time;
  template <class V>
  constexpr V operator()(const V& lambda) const {
    return constant<V>(1) - Elementary<V>::exponential(-lambda * constant<V>(time));
  }
};
/// sum + t exp(-lambda t) dbasis: the cotangent of lambda.
struct AddDecaySlope {
  double time;
  template <class V>
  constexpr V operator()(const V& sum, const V& dbasis, const V& basis) const {
    return sum + dbasis * constant<V>(time) * (constant<V>(1) - basis);
  }
};
}  // namespace detail

/// The solution of a linear system of ODEs at given times, its rates and coefficients read off a code z:
///
///     y_n = level + sum_m c_m (1 - exp(-lambda_m t_n)) + c_M t_n / horizon,   m < Modes
///
/// (c, level, a) = z W + b, lambda_m = lambda0_m exp(3 sin a_m): the rates follow the cell within a factor of
/// 20 around lambda0_m, which are spread evenly in their logarithm from 1 / (2 horizon) to 240 / horizon. The
/// first `Known` outputs are changes from a known state: they have no level and vanish at t = 0. What relaxes
/// in a cell relaxes at a few rates that its species share, which is why a dozen of modes serve all.
///
/// `Times` has `static double time(n)` and `horizon`, both in s. Shapes: z [Width], c [Modes + 1, Outputs],
/// level [Outputs - Known], a [Modes], y [Nodes, Outputs]. Cost: Width ((Modes + 1) Outputs + Outputs - Known
/// + Modes) + Nodes (Modes + 1) Outputs multiply-adds a row. Pullback: exact.
template <class Times, std::size_t Nodes, std::size_t Width, std::size_t Outputs, std::size_t Known,
          std::size_t Modes>
struct ExponentialModes {
  static constexpr std::size_t terms = Modes + 1;
  static constexpr std::size_t coefficients = mode_coefficients(terms, Outputs, Known);
  using Head = Affine<Width, coefficients + Modes, std::ratio<1, 10>>;
  using Input = Shape<Width>;
  using Output = Shape<Nodes, Outputs>;
  static constexpr std::size_t parameters = Head::parameters;

  /// What `pullback` reads of the forward, as views into the arena: see Layer.
  template <class T>
  struct Residual {
    RowsOf<T, typename Head::Output> head;
    Rows<T, Modes> rate;
    Rows<T, Nodes, terms> basis;
  };
  static constexpr std::size_t memory(std::size_t rows) {
    return padded(rows * Head::Output::size) + padded(rows * Modes) + padded(rows * Nodes * terms);
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return padded(rows * Head::Output::size) + padded(rows * Nodes * terms) + Head::pullback_memory(rows);
  }

  template <class B, class T>
  static constexpr Residual<T> forward(Rows<const T, Width> z, Parameters<const T, parameters> p,
                                       Rows<T, Nodes, Outputs> y, Arena<T>& arena) {
    const Residual<T> kept{arena.template take<typename Head::Output>(z.count()),
                           arena.template take<Shape<Modes>>(z.count()),
                           arena.template take<Shape<Nodes, terms>>(z.count())};
    Head::template forward<B, T>(z, p, kept.head, arena);
    fill_basis<B, T>(kept.head.template columns<Modes>(coefficients), kept.rate, kept.basis);
    B::template mode_product<Outputs, Known>(Rows<const T, Nodes, terms>(kept.basis),
                                             coefficients_of<const T>(kept.head), y);
    return kept;
  }

  template <class B, class T>
  static constexpr void pullback(const Residual<T>& kept, Rows<const T, Width> z,
                                 Parameters<const T, parameters> p, Rows<const T, Nodes, Outputs> dy,
                                 Rows<T, Width> dz, Parameters<T, parameters> dp, Arena<T> arena) {
    const auto dhead = arena.template take<typename Head::Output>(z.count());
    const auto dbasis = arena.template take<Shape<Nodes, terms>>(z.count());
    B::template mode_product_pullback<Known>(Rows<const T, Nodes, terms>(kept.basis),
                                             coefficients_of<const T>(kept.head), dy,
                                             coefficients_of<T>(dhead), dbasis);
    const Rows<T, Modes> da = dhead.template columns<Modes>(coefficients);
    B::fill(da, T(0));
    for (std::size_t n = 0; n < Nodes; ++n)
      B::map(detail::AddDecaySlope{Times::time(n)}, da, da, dbasis.step(n).template columns<Modes>(0),
             kept.basis.step(n).template columns<Modes>(0));
    B::map(detail::RateSlope<spread>{}, da, da, kept.rate, kept.head.template columns<Modes>(coefficients));
    Head::template pullback<B, T>({}, z, p, dhead, dz, dp, arena);
  }

  /// rate_m = lambda_m, basis_nm = 1 - exp(-lambda_m t_n), and t_n / horizon behind them. Shapes: a and rate
  /// [Modes], basis [Nodes, terms].
  template <class B, class T>
  static constexpr void fill_basis(Rows<const T, Modes> a, Rows<T, Modes> rate, Rows<T, Nodes, terms> basis) {
    constexpr auto middle = middle_rates<T>;  // on the stack: a device has no constants of static storage
    constexpr auto time = times;
    B::map(detail::Rate<spread>{}, rate, a, std::span<const T, Modes>(middle.element));
    for (std::size_t n = 0; n < Nodes; ++n) {
      B::map(detail::Decayed{time(n, 0)}, basis.step(n).template columns<Modes>(0), rate);
      B::fill(basis.step(n).template columns<1>(Modes), T(time(n, 1)));
    }
  }

  template <class T>
  static void initialise(Parameters<T, parameters> p, Random& random) {
    Head::initialise(p, random);
  }
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    Head::describe(name, offset, visit);
  }

 private:
  static constexpr int spread = 3;  ///< log of the factor within which rates follow the cell

  /// t_n [s] and t_n / horizon.
  static constexpr auto times = [] {
    StepMatrix<double, Nodes, 2> value;
    for (std::size_t n = 0; n < Nodes; ++n) {
      value(n, 0) = Times::time(n);
      value(n, 1) = Times::time(n) / Times::horizon;
    }
    return value;
  }();
  /// lambda0_m [s-1].
  template <class T>
  static constexpr auto middle_rates = [] {
    StepMatrix<T, 1, Modes> value;
    for (std::size_t m = 0; m < Modes; ++m)
      value(0, m) = T(0.5 / Times::horizon *
                      constant_math::exp(constant_math::log(480) * static_cast<double>(m) /
                                         static_cast<double>(Modes > 1 ? Modes - 1 : 1)));
    return value;
  }();

  template <class U, class T>
  static constexpr Rows<U, coefficients> coefficients_of(Rows<T, coefficients + Modes> head) {
    return head.template columns<coefficients>(0);
  }
};

namespace detail {
/// One of some times.
template <class Times, std::size_t Step>
struct TimeAt {
  static constexpr double horizon = Times::horizon;
  static constexpr double time(std::size_t) { return Times::time(Step); }
};
template <class Times, std::size_t Nodes, std::size_t Width, std::size_t Outputs, std::size_t Known,
          std::size_t Modes, std::size_t Step>
struct AtStep<ExponentialModes<Times, Nodes, Width, Outputs, Known, Modes>, Step> {
  using type = ExponentialModes<TimeAt<Times, Step>, 1, Width, Outputs, Known, Modes>;
};
}  // namespace detail

}  // namespace chemnne
