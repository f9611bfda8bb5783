#pragma once
#include <array>
#include <cmath>
#include <cstddef>

#include <chemnne/backend/elementary.hpp>
#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/at_step.hpp>
#include <chemnne/layers/mode_product.hpp>

namespace chemnne {

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
  using Product = ModeProduct<Nodes, terms, Outputs, Known>;
  using Head = Affine<Width, Product::head + Modes, std::ratio<1, 10>>;
  using Input = Shape<Width>;
  using Output = Shape<Nodes, Outputs>;
  static constexpr std::size_t parameters = Head::parameters;

  template <class T>
  struct Residual {
    RowsOf<T, typename Head::Output> head;
    Rows<T, Nodes, terms> basis;
  };
  static constexpr std::size_t memory(std::size_t rows) {
    return padded(rows * Head::Output::size) + padded(rows * Nodes * terms);
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return padded(rows * Head::Output::size) + padded(Nodes * terms) + Head::pullback_memory(rows);
  }

  template <class B, class T>
  static Residual<T> forward(Rows<const T, Width> z, Parameters<const T, parameters> p,
                             Rows<T, Nodes, Outputs> y, Arena<T>& arena) {
    const auto head = arena.template take<typename Head::Output>(z.count());
    Head::template forward<B, T>(z, p, head, arena);
    const auto basis = arena.template take<Shape<Nodes, terms>>(z.count());
    fill_basis<B, T>(RowsOf<const T, typename Head::Output>(head).template columns<Modes>(Product::head),
                     basis);
    for (std::size_t row = 0; row < z.count(); ++row)
      Product::template forward<B, T>(Rows<const T, Nodes, terms>(basis).steps(row), head[row], y.steps(row));
    return {head, basis};
  }

  template <class B, class T>
  static void pullback(const Residual<T>& residual, Rows<const T, Width> z, Parameters<const T, parameters> p,
                       Rows<const T, Nodes, Outputs> dy, Rows<T, Width> dz, Parameters<T, parameters> dp,
                       Arena<T> arena) {
    const auto dhead = arena.template take<typename Head::Output>(z.count());
    const auto dbasis = arena.template take<Shape<terms>>(Nodes);
    dhead.fill(T(0));
    for (std::size_t row = 0; row < z.count(); ++row) {
      const Rows<const T, terms> basis = Rows<const T, Nodes, terms>(residual.basis).steps(row);
      Product::template pullback<B, T>(basis, residual.head[row], dy.steps(row), dhead[row], dbasis);
      const T* const a = residual.head[row] + Product::head;
      T* const da = dhead[row] + Product::head;
      for (std::size_t m = 0; m < Modes; ++m) {
        // d/da (1 - exp(-lambda t)) = t exp(-lambda t) lambda 3 cos a
        T slope(0);
        for (std::size_t n = 0; n < Nodes; ++n) slope += dbasis[n][m] * times<T>()[n] * (T(1) - basis[n][m]);
        da[m] = slope * rate(a[m], m) * T(spread) * Elementary<T>::cosine(a[m]);
      }
    }
    Head::template pullback<B, T>({}, z, p, dhead, dz, dp, arena);
  }

  /// basis_nm = 1 - exp(-lambda_m t_n), and t_n / horizon behind them.
  template <class B, class T>
  static void fill_basis(Rows<const T, Modes> a, Rows<T, Nodes, terms> basis) {
    for (std::size_t row = 0; row < a.count(); ++row) {
      for (std::size_t m = 0; m < Modes; ++m) {
        const T lambda = rate(a[row][m], m);
        for (std::size_t n = 0; n < Nodes; ++n) basis.steps(row)[n][m] = lambda * times<T>()[n];
      }
      for (std::size_t n = 0; n < Nodes; ++n) basis.steps(row)[n][Modes] = T(0);
    }
    B::map([]<class V>(const V& v) { return constant<V>(1) - Elementary<V>::exponential(-v); }, basis,
           Rows<const T, Nodes, terms>(basis));
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < Nodes; ++n) basis.steps(row)[n][Modes] = times<T>()[n] / T(Times::horizon);
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
  /// The times of the nodes [s]: constants, computed at the first call.
  template <class T>
  static const std::array<T, Nodes>& times() {
    static const std::array<T, Nodes> value = [] {
      std::array<T, Nodes> time;
      for (std::size_t n = 0; n < Nodes; ++n) time[n] = T(Times::time(n));
      return time;
    }();
    return value;
  }

  static constexpr int spread = 3;  ///< log of the factor within which rates follow the cell

  template <class T>
  static T rate(const T& a, std::size_t mode) {
    static const std::array<double, Modes> middle = [] {
      std::array<double, Modes> value;
      for (std::size_t m = 0; m < Modes; ++m)
        value[m] = 0.5 / Times::horizon *
                   std::pow(480.0, static_cast<double>(m) / static_cast<double>(Modes > 1 ? Modes - 1 : 1));
      return value;
    }();
    return T(middle[mode]) * Elementary<T>::exponential(T(spread) * Elementary<T>::sine(a));
  }
};

namespace detail {
/// One of some times.
template <class Times, std::size_t Step>
struct TimeAt {
  static constexpr double horizon = Times::horizon;
  static double time(std::size_t) { return Times::time(Step); }
};
template <class Times, std::size_t Nodes, std::size_t Width, std::size_t Outputs, std::size_t Known,
          std::size_t Modes, std::size_t Step>
struct AtStep<ExponentialModes<Times, Nodes, Width, Outputs, Known, Modes>, Step> {
  using type = ExponentialModes<TimeAt<Times, Step>, 1, Width, Outputs, Known, Modes>;
};
}  // namespace detail

}  // namespace chemnne
