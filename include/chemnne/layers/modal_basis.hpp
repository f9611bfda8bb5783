#pragma once
#include <array>
#include <cmath>
#include <cstddef>

#include <chemnne/backend/operand.hpp>
#include <chemnne/layers/affine.hpp>

namespace chemnne {

/// Coefficients of modes in time, read off a code z: y_n = level + sum_k c_k phi_nk, (c, level) = z W + b.
///
/// The modes phi are parameters: `start_modes` sets them to the leading directions of some trajectories
/// (proper orthogonal decomposition), training may turn them further. The first `Known` outputs are changes
/// and have no level. Shapes: z [Width], c [Modes, Outputs], phi [Nodes, Modes], y [Nodes, Outputs]. Cost:
/// Width (Modes Outputs + Outputs - Known) + Nodes Modes Outputs multiply-adds a row. Pullback: exact.
template <std::size_t Nodes, std::size_t Modes, std::size_t Width, std::size_t Outputs, std::size_t Known>
struct ModalBasis {
  using Head = Affine<Width, mode_coefficients(Modes, Outputs, Known), std::ratio<1, 10>>;
  using Input = Shape<Width>;
  using Output = Shape<Nodes, Outputs>;
  static constexpr std::size_t parameters = Head::parameters + Nodes * Modes;

  /// What `pullback` reads of the forward, as views into the arena: see Layer.
  template <class T>
  struct Residual {
    RowsOf<T, typename Head::Output> head;
  };
  static constexpr std::size_t memory(std::size_t rows) { return padded(rows * Head::Output::size); }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return padded(rows * Head::Output::size) + padded(rows * Nodes * Modes) + Head::pullback_memory(rows);
  }

  template <class B, class T>
  static constexpr Residual<T> forward(Rows<const T, Width> z, Parameters<const T, parameters> p,
                                       Rows<T, Nodes, Outputs> y, Arena<T>& arena) {
    const auto head = arena.template take<typename Head::Output>(z.count());
    Head::template forward<B, T>(z, p.template first<Head::parameters>(), head, arena);
    B::template mode_product<Outputs, Known>(modes(p, z.count()),
                                             RowsOf<const T, typename Head::Output>(head), y);
    return {head};
  }

  template <class B, class T>
  static constexpr void pullback(const Residual<T>& residual, Rows<const T, Width> z,
                                 Parameters<const T, parameters> p, Rows<const T, Nodes, Outputs> dy,
                                 Rows<T, Width> dz, Parameters<T, parameters> dp, Arena<T> arena) {
    const auto dhead = arena.template take<typename Head::Output>(z.count());
    const auto dmodes = arena.template take<Shape<Nodes, Modes>>(z.count());
    B::template mode_product_pullback<Known>(
        modes(p, z.count()), RowsOf<const T, typename Head::Output>(residual.head), dy, dhead, dmodes);
    B::sum_rows_accumulate(Rows<const T, Nodes * Modes>(dmodes.flat()), dp.template last<Nodes * Modes>());
    Head::template pullback<B, T>({}, z, p.template first<Head::parameters>(), dhead, dz,
                                  dp.template first<Head::parameters>(), arena);
  }

  template <class T>
  static void initialise(Parameters<T, parameters> p, Random& random) {
    Head::initialise(p.template first<Head::parameters>(), random);
    for (T& v : p.template last<Nodes * Modes>()) v = T(random.normal() / std::sqrt(double{Nodes}));
  }
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    Head::describe(name, offset, visit);
    visit(name + ".modes", offset + Head::parameters, std::array{Nodes, Modes});
  }

  /// The modes become the `Modes` leading eigenvectors of `covariance` [Nodes, Nodes], by orthogonal
  /// iteration (Golub and Van Loan, Matrix Computations, 4th edition, algorithm 8.2.1).
  template <class T>
  static void start_modes(const std::array<double, Nodes * Nodes>& covariance, Parameters<T, parameters> p) {
    static_assert(Modes <= Nodes, "ModalBasis: no more modes than nodes");
    constexpr int iterations = 500;
    std::array<std::array<double, Nodes>, Modes> mode;
    for (std::size_t k = 0; k < Modes; ++k)
      for (std::size_t n = 0; n < Nodes; ++n) mode[k][n] = std::cos(static_cast<double>(k * n) + 0.3);
    for (int iteration = 0; iteration < iterations; ++iteration)
      for (std::size_t k = 0; k < Modes; ++k) {
        std::array<double, Nodes> next{};
        for (std::size_t n = 0; n < Nodes; ++n)
          for (std::size_t m = 0; m < Nodes; ++m) next[n] += covariance[n * Nodes + m] * mode[k][m];
        for (std::size_t j = 0; j < k; ++j) {
          double along = 0;
          for (std::size_t n = 0; n < Nodes; ++n) along += next[n] * mode[j][n];
          for (std::size_t n = 0; n < Nodes; ++n) next[n] -= along * mode[j][n];
        }
        double square = 0;
        for (const double v : next) square += v * v;
        for (std::size_t n = 0; n < Nodes && square > 0; ++n) mode[k][n] = next[n] / std::sqrt(square);
      }
    for (std::size_t n = 0; n < Nodes; ++n)
      for (std::size_t k = 0; k < Modes; ++k) p[Head::parameters + n * Modes + k] = T(mode[k][n]);
  }

 private:
  /// The modes, the same for every row.
  template <class T>
  static constexpr Rows<const T, Nodes, Modes> modes(Parameters<const T, parameters> p, std::size_t rows) {
    return {p.data() + Head::parameters, rows, 0};
  }
};

}  // namespace chemnne
