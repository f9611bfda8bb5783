#pragma once
#include <algorithm>
#include <cmath>
#include <complex>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include <Eigen/Core>
#include <Spectra/GenEigsRealShiftSolver.h>
#include <Spectra/GenEigsSolver.h>

#include <chemnne/reference/state_jacobian.hpp>
#include <chemnne/reference/stiff_system.hpp>

namespace chemnne {

/// The ends of the spectrum of df/dc at a state [s-1]: what a modeller reads stiffness and time scales from.
struct Spectrum {
  std::complex<double> fastest;    ///< largest modulus: the fastest process, nearly always a real decay
  std::complex<double> rightmost;  ///< largest real part: growth where above 0, else the slowest decay
  std::complex<double> slowest;    ///< smallest modulus that is not zero

  double fastest_time_scale() const { return 1 / std::abs(fastest); }  ///< s
  double slowest_time_scale() const { return 1 / std::abs(slowest); }  ///< s
  bool grows() const { return rightmost.real() > 0; }
  /// |Re fastest| times the time of interest [s]: about the number of steps of an explicit method.
  double stiffness(double time) const { return std::abs(fastest.real()) * time; }
};

namespace detail {

/// What Spectra calls an operation.
struct JacobianProduct {
  using Scalar = double;
  StateJacobian* jacobian;

  Eigen::Index rows() const { return static_cast<Eigen::Index>(jacobian->size()); }
  Eigen::Index cols() const { return rows(); }
  void perform_op(const double* x, double* y) const { jacobian->multiply(x, y); }
};

struct ShiftedInverse : JacobianProduct {
  void set_shift(double) {}  // done before: it may fail
  void perform_op(const double* x, double* y) const { jacobian->solve_shifted(x, y); }
};

/// Those eigenvalues that have converged by implicitly restarted Arnoldi iteration, from a fixed start; none
/// of an operator that makes zero of that start or of what follows.
template <class Solver>
std::vector<std::complex<double>> converged_eigenvalues(Solver& solver, int restarts) {
  try {
    solver.init();
    solver.compute(Spectra::SortRule::LargestMagn, restarts, 1e-10);
  } catch (const std::runtime_error&) {
    return {};
  } catch (const std::invalid_argument&) {
    return {};
  }
  const auto found = solver.eigenvalues();
  return {found.data(), found.data() + found.size()};
}

/// The converged ones among the `count` eigenvalues nearest to a shift > 0, as far as a million shifts:
/// beyond, the eigenvalue of the inverse is rounding.
inline std::vector<std::complex<double>> nearest_eigenvalues(StateJacobian& jacobian, double shift, int count,
                                                             int restarts) {
  if (!jacobian.set_shift(shift)) return {};
  ShiftedInverse inverse{{&jacobian}};
  const auto room = static_cast<Eigen::Index>(std::min<std::size_t>(jacobian.size(), 40));
  Spectra::GenEigsRealShiftSolver<ShiftedInverse> solver(inverse, count, room, shift);
  std::vector<std::complex<double>> values = converged_eigenvalues(solver, restarts);
  std::erase_if(values, [&](std::complex<double> value) { return !(std::abs(value) < 1e6 * shift); });
  return values;
}

/// The eigenvalue of largest real part where that is above 1e-7 s-1. An eigenvalue of growth stands alone: a
/// shift of its own size is nearer to it than to the crowd of decays at 0, so one of the decades finds it
/// quickly, the fastest first.
inline std::optional<std::complex<double>> growth(StateJacobian& jacobian) {
  for (double shift = 1e3; shift > 5e-7; shift /= 10)
    for (const std::complex<double>& value : nearest_eigenvalues(jacobian, shift, 2, 4))
      if (value.real() > 0.05 * shift) return value;
  return std::nullopt;
}

/// Eigenvalues next to zero, without those that are zero: a millionth of the shift is above their errors.
inline std::vector<std::complex<double>> slow_eigenvalues(StateJacobian& jacobian) {
  std::vector<std::complex<double>> slow;
  for (double shift = 1e-7; slow.empty() && shift < 5e3; shift *= 10)
    for (const std::complex<double>& value : nearest_eigenvalues(jacobian, shift, 10, 50))
      if (std::abs(value) > 1e-6 * shift) slow.push_back(value);
  return slow;
}

}  // namespace detail

/// The ends of the spectrum of df/dc = J + u v^T at a state, the part of rank one included.
///
/// The fastest by Arnoldi iteration on products, the slow ones and growth by the same on the inverse of
/// df/dc - s I at several shifts s > 0. Nothing is dense: 7 ms for 49 species, 0.15 s for 2439, 0.33 s for
/// 5832. Eigenvalues below 1e-13 s-1 count as zero (conserved totals, inert products) and are left out; near
/// 1e-10 s-1 neighbours may come out as a pair with small imaginary parts. A dense method does worse: its
/// absolute errors are 1e-16 times the fastest or more, 1e-7 s-1 where O(1D) takes part.
/// Shape: c [system.size()]. Errors: as NewtonSolver. What does not converge or does not exist is 0.
/// Source: Lehoucq, Sorensen, SIAM J. Matrix Anal. Appl. 17 (1996) 789, in Spectra 1.0 by Qiu.
template <StiffSystem System>
Spectrum spectrum(const System& system, std::span<const double> c) {
  StateJacobian jacobian(system, c);
  detail::JacobianProduct product{&jacobian};
  const auto room = static_cast<Eigen::Index>(std::min<std::size_t>(jacobian.size(), 20));
  Spectra::GenEigsSolver<detail::JacobianProduct> solver(product, 2, room);
  Spectrum ends{};
  const auto by_modulus = [](auto a, auto b) { return std::abs(a) < std::abs(b); };
  const auto by_real_part = [](auto a, auto b) { return a.real() < b.real(); };
  const auto fast = detail::converged_eigenvalues(solver, 300);
  if (!fast.empty()) ends.fastest = *std::max_element(fast.begin(), fast.end(), by_modulus);
  const auto slow = detail::slow_eigenvalues(jacobian);
  if (!slow.empty()) {
    ends.slowest = *std::min_element(slow.begin(), slow.end(), by_modulus);
    ends.rightmost = *std::max_element(slow.begin(), slow.end(), by_real_part);
  }
  if (const auto grows = detail::growth(jacobian); grows && grows->real() > ends.rightmost.real())
    ends.rightmost = *grows;
  return ends;
}

}  // namespace chemnne
