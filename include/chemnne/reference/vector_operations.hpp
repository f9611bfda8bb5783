#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include <nvector/nvector_serial.h>

/// @file
/// The operations on serial vectors in which CVODE spends its own time, compiled with the program's options:
/// for 2439 species the packaged library, built for any x86-64 and without vector instructions, took half of
/// the whole integration. Sums have a fixed order. C calls them: none throws.
namespace chemnne::detail {

inline std::size_t length(N_Vector vector) noexcept { return static_cast<std::size_t>(NV_LENGTH_S(vector)); }

/// z = a z + b y.
inline void add_in_place(std::size_t size, double a, double* __restrict z, double b,
                         const double* __restrict y) noexcept {
  for (std::size_t i = 0; i < size; ++i) z[i] = a * z[i] + b * y[i];
}

/// z = a x + b y into other memory.
inline void add_apart(std::size_t size, double a, const double* __restrict x, double b,
                      const double* __restrict y, double* __restrict z) noexcept {
  for (std::size_t i = 0; i < size; ++i) z[i] = a * x[i] + b * y[i];
}

/// z = a x + b y; z may be x or y. The cases are apart since a compiler does not vectorise what may overlap.
inline void linear_sum(sunrealtype a, N_Vector x, sunrealtype b, N_Vector y, N_Vector z) noexcept {
  const std::size_t size = length(z);
  if (z == x && z == y)
    for (std::size_t i = 0; i < size; ++i) NV_DATA_S(z)[i] *= a + b;
  else if (z == x)
    add_in_place(size, a, NV_DATA_S(z), b, NV_DATA_S(y));
  else if (z == y)
    add_in_place(size, b, NV_DATA_S(z), a, NV_DATA_S(x));
  else
    add_apart(size, a, NV_DATA_S(x), b, NV_DATA_S(y), NV_DATA_S(z));
}

/// z = a x; z may be x.
inline void scale(sunrealtype a, N_Vector x, N_Vector z) noexcept {
  const std::size_t size = length(z);
  double* const result = NV_DATA_S(z);
  if (z == x) {
    for (std::size_t i = 0; i < size; ++i) result[i] *= a;
  } else {
    const double* const __restrict values = NV_DATA_S(x);
    double* const __restrict scaled = result;
    for (std::size_t i = 0; i < size; ++i) scaled[i] = a * values[i];
  }
}

inline void set_constant(sunrealtype a, N_Vector z) noexcept { std::fill_n(NV_DATA_S(z), length(z), a); }

/// sqrt(sum (x w)^2 / size), in eight partial sums.
inline sunrealtype weighted_norm(N_Vector x, N_Vector w) noexcept {
  constexpr std::size_t lanes = 8;
  const std::size_t size = length(x), whole = size - size % lanes;
  const double* const values = NV_DATA_S(x);
  const double* const weights = NV_DATA_S(w);
  std::array<double, lanes> sums{};
  for (std::size_t i = 0; i < whole; i += lanes)
    for (std::size_t k = 0; k < lanes; ++k) {
      const double product = values[i + k] * weights[i + k];
      sums[k] += product * product;
    }
  double sum = 0;
  for (std::size_t i = whole; i < size; ++i) sum += values[i] * weights[i] * values[i] * weights[i];
  for (const double partial : sums) sum += partial;
  return std::sqrt(sum / static_cast<double>(size));
}

/// Gives a serial vector, and all that CVODE clones from it, these operations.
inline void use_fast_operations(N_Vector vector) {
  vector->ops->nvlinearsum = linear_sum;
  vector->ops->nvscale = scale;
  vector->ops->nvconst = set_constant;
  vector->ops->nvwrmsnorm = weighted_norm;
}

}  // namespace chemnne::detail
