#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>

#include <xsimd/xsimd.hpp>

#include <chemnne/backend/reference.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/tensor/buffer.hpp>

/// What benchmarks share. Nothing is ever timed on zeros or on denormal numbers: some processors are quicker
/// or far slower there.
namespace bench {

using namespace chemnne;

/// Standard normal numbers times `scale`.
inline Buffer<float> random_values(std::size_t size, double scale = 1, double shift = 0) {
  Random random(1);
  Buffer<float> values(size);
  for (float& value : values.span()) value = static_cast<float>(shift + scale * random.normal());
  return values;
}

/// The floating-point operations a second that one core reaches in fused multiply-adds of the widest
/// registers, measured here and now: the best of several runs of independent chains that do not leave the
/// registers.
inline double peak_flops() {
  using Batch = xsimd::batch<float>;
  using Clock = std::chrono::steady_clock;
  static const double peak = [] {
    constexpr std::size_t chains = 12, turns = 2'000'000;
    double best = 0;
    for (int run = 0; run < 7; ++run) {
      const Batch a(0.999f), b(0.001f);
      Batch sum[chains];
      for (std::size_t c = 0; c < chains; ++c) sum[c] = Batch(0.1f * static_cast<float>(c + 1));
      const auto start = Clock::now();
      for (std::size_t i = 0; i < turns; ++i)
        for (std::size_t c = 0; c < chains; ++c) sum[c] = xsimd::fma(sum[c], a, b);
      const std::chrono::duration<double> seconds = Clock::now() - start;
      for (std::size_t c = 1; c < chains; ++c) sum[0] += sum[c];
      [[maybe_unused]] volatile float kept = sum[0].get(0);
      best = std::max(best, 2.0 * chains * turns * Batch::size / seconds.count());
    }
    return best;
  }();
  return peak;
}

/// A backend that counts the multiply-adds of matrix products and leaves their results alone.
struct Counting : Reference {
  static inline std::size_t count = 0;
  template <class T, std::size_t K, std::size_t N>
  static void affine(Rows<const T, K> a, Rows<const T, N>, std::span<const T, N>, Rows<T, N>) {
    count += a.count() * K * N;
  }
  template <class T, std::size_t K, std::size_t N>
  static void matmul(Rows<const T, K> a, Rows<const T, N>, Rows<T, N>) {
    count += a.count() * K * N;
  }
  template <class T, std::size_t K, std::size_t N>
  static void matmul_accumulate(Rows<const T, K> a, Rows<const T, N>, Rows<T, N>) {
    count += a.count() * K * N;
  }
  template <class T, std::size_t K, std::size_t N>
  static void matmul_transposed(Rows<const T, K> a, Rows<const T, K>, Rows<T, N>) {
    count += a.count() * K * N;
  }
};

/// Multiply-adds of all matrix products that one more cell costs a network. What is paid once a call (the
/// network of the time embedding) and elementwise functions do not count.
template <class Network>
std::size_t multiply_adds() {
  const auto of_rows = [](std::size_t rows) {
    Buffer<float> x = random_values(rows * Network::Input::size), p = random_values(Network::parameters),
                  y(rows * Network::Output::size), memory(Network::memory(rows));
    Arena<float> arena(memory.span());
    Counting::count = 0;
    Network::template forward<Counting, float>(
        RowsOf<const float, typename Network::Input>(x.data(), rows),
        std::span<const float, Network::parameters>(p.data(), Network::parameters),
        RowsOf<float, typename Network::Output>(y.data(), rows), arena);
    return Counting::count;
  };
  return of_rows(2) - of_rows(1);
}

}  // namespace bench
