#pragma once
#include <algorithm>
#include <array>
#include <cstddef>

#include <chemnne/solver/kinetics_derivative.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

/// The derivative of one step of a Rosenbrock method whose length is held, over lanes: the discrete tangent
/// linear and adjoint. With the stages of rosenbrock_method.hpp, M = I - s J(c), s = gamma h,
///
///     M dK_i = s (d f(Y_i) + (d J) K_i) + gamma sum_j c_ij dK_j,        dY_i = dc + sum_j a_ij dK_j,
///
/// and backwards, for lambda = dL/dc(t + h),
///
///     u_i = M^-T (m_i lambda + sum_{j>i} (a_ji y_j + gamma c_ji u_j)),   y_i = s J(Y_i)^T u_i,
///     dL/dc(t) = lambda + sum_i (y_i + s (J' K_i)^T u_i):
///
/// the systems are those of the step itself, transposed, and J' is known term by term. A lane with h = 0 is
/// left as it is. Source: Sandu, Daescu, Carmichael, Atmos. Environ. 37 (2003) 5083, section 3.2; Sandu and
/// Miehe, Int. J. Comput. Math. 87 (2010) 2458.
template <class Method, class Kernel>
class RosenbrockDerivative {
 public:
  using T = typename Kernel::T;
  using L = typename Kernel::L;
  static constexpr std::size_t lanes = L::count;

  RosenbrockDerivative()
      : tendency_(items),
        stage_(Method::stages * items),
        at_(Method::stages * items),
        matrix_(Kernel::matrix_items() * lanes),
        moved_(Method::stages * items),
        moved_at_(items),
        moved_tendency_(items),
        sum_(items) {}

  /// The stages of a step of h from c [size()][lanes]: c becomes the state at its end. k [rate_items()].
  void step(T* c, T* k, const L& h) noexcept {
    prepare(c, k, h);
    for (std::size_t p = 0; p < size; ++p) combined(Method::m, stage_.data(), L::load(c, p), p).store(c, p);
  }

  /// Along with it, dc [size()] of the start becomes that of the end; dk [rates()].
  void tangent(T* c, T* k, const L& h, T* dc, const T* dk) noexcept {
    prepare(c, k, h);
    const L s = h * L(T(Method::gamma)), gamma = L(T(Method::gamma));
    for (std::size_t i = 0; i < stages; ++i) {
      if (Method::new_tendency[i]) {
        for (std::size_t p = 0; p < size; ++p)
          combined(Method::a[i], moved_.data(), L::load(dc, p), p).store(moved_at_.data(), p);
        std::fill_n(moved_tendency_.data(), items, T(0));
        Derivative::apply(at(i), k, moved_at_.data(), dk, moved_tendency_.data());
      }
      std::copy_n(moved_tendency_.data(), items, sum_.data());
      Derivative::apply_second(at(0), k, stage(i), dc, dk, sum_.data());
      T* const moved = moved_.data() + i * items;
      for (std::size_t p = 0; p < size; ++p)
        (gamma * combined(Method::c[i], moved_.data(), L(T(0)), p) + s * L::load(sum_.data(), p))
            .store(moved, p);
      Kernel::solve(matrix_.data(), moved);
    }
    for (std::size_t p = 0; p < size; ++p) {
      combined(Method::m, moved_.data(), L::load(dc, p), p).store(dc, p);
      combined(Method::m, stage_.data(), L::load(c, p), p).store(c, p);
    }
  }

  /// Of a step of h from c: `slope` [size()] of the end becomes that of the start; adds to that of k,
  /// rate_slope [rates()].
  void adjoint(const T* c, T* k, const L& h, T* slope, T* rate_slope) noexcept {
    prepare(c, k, h);
    const L s = h * L(T(Method::gamma)), gamma = L(T(Method::gamma));
    std::copy_n(slope, items, sum_.data());
    std::fill_n(moved_tendency_.data(), items, T(0));
    for (std::size_t i = stages; i-- > 0;) {
      T* const u = moved_.data() + i * items;
      for (std::size_t p = 0; p < size; ++p) {
        L right = L(T(Method::m[i])) * L::load(slope, p);
        for (std::size_t j = i + 1; j < stages; ++j) {
          if (Method::new_tendency[j] && Method::a[j][i] != 0)
            right += L(T(Method::a[j][i])) * L::load(at(j), p);
          if (Method::c[j][i] != 0)
            right += gamma * L(T(Method::c[j][i])) * L::load(moved_.data() + j * items, p);
        }
        right.store(u, p);
      }
      Derivative::solve_transposed(matrix_.data(), u);
      // s u_i, what J and J' are applied to; of stages with one tendency together.
      for (std::size_t p = 0; p < size; ++p) {
        const L scaled = s * L::load(u, p);
        scaled.store(moved_at_.data(), p);
        (L::load(moved_tendency_.data(), p) + scaled).store(moved_tendency_.data(), p);
      }
      Derivative::apply_second_transposed(at(0), k, stage(i), moved_at_.data(), sum_.data(), rate_slope);
      if (!Method::new_tendency[i]) continue;
      std::fill_n(tendency_.data(), items, T(0));
      Derivative::apply_transposed(at(i), k, moved_tendency_.data(), tendency_.data(), rate_slope);
      for (std::size_t p = 0; p < size; ++p)
        (L::load(sum_.data(), p) + L::load(tendency_.data(), p)).store(sum_.data(), p);
      if (i > 0) std::copy_n(tendency_.data(), items, at(i));  // y_i, where Y_i was
      std::fill_n(moved_tendency_.data(), items, T(0));
    }
    std::copy_n(sum_.data(), items, slope);
  }

 private:
  using Derivative = KineticsDerivative<Kernel>;
  static_assert(Derivative::supported,
                "the derivative of a step is not known of rates that follow the sum of peroxy radicals");
  static constexpr std::size_t size = Kernel::size(), items = size * lanes, stages = Method::stages;

  T* stage(std::size_t i) noexcept { return stage_.data() + i * items; }
  T* at(std::size_t i) noexcept { return at_.data() + i * items; }

  /// sum + sum_j weight_j x_j of species p.
  static L combined(const std::array<double, stages>& weight, const T* x, L sum, std::size_t p) noexcept {
    for (std::size_t j = 0; j < stages; ++j)
      if (weight[j] != 0) sum += L(T(weight[j])) * L::load(x + j * items, p);
    return sum;
  }

  /// Factors, Y_i and K_i.
  void prepare(const T* c, T* k, const L& h) noexcept {
    const L s = h * L(T(Method::gamma)), gamma = L(T(Method::gamma));
    std::copy_n(c, items, at(0));
    Kernel::factor(at(0), k, s, matrix_.data());
    for (std::size_t i = 0; i < stages; ++i) {
      if (Method::new_tendency[i]) {
        for (std::size_t p = 0; p < size; ++p)
          combined(Method::a[i], stage_.data(), L::load(c, p), p).store(at(i), p);
        Kernel::tendency(at(i), k, tendency_.data());
      }
      for (std::size_t p = 0; p < size; ++p)
        (gamma * combined(Method::c[i], stage_.data(), L(T(0)), p) + s * L::load(tendency_.data(), p))
            .store(stage(i), p);
      Kernel::solve(matrix_.data(), stage(i));
    }
  }

  Buffer<T> tendency_, stage_, at_, matrix_, moved_, moved_at_, moved_tendency_, sum_;
};

}  // namespace chemnne
