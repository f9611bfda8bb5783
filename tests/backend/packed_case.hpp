#pragma once
#include <algorithm>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <span>

#include <boost/test/unit_test.hpp>

#include <chemnne/backend/elementary.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/tensor/buffer.hpp>
#include <chemnne/tensor/packed.hpp>

/// Packed affine maps on several backends: what their tests share.
namespace test {

using namespace chemnne;

template <class T = float>
Buffer<T> random_values(std::size_t size, std::uint64_t seed) {
  Random random(seed);
  Buffer<T> values(size);
  for (T& value : values.span()) value = static_cast<T>(random.normal());
  return values;
}

struct HalfPlus {
  template <class V>
  V operator()(const V& sum, const V& other) const {
    return sum * constant<V>(0.5) + other;
  }
};

/// An affine map of random numbers; what lies between strided rows stays as it is.
template <class T, std::size_t K, std::size_t N>
struct PackedCase {
  static constexpr std::size_t a_stride = K + 3, y_stride = N + 5;
  std::size_t rows;
  Buffer<T> a = random_values<T>(rows * a_stride, 1), w = random_values<T>(K * N, 2),
            bias = random_values<T>(N, 3), start = random_values<T>(rows * y_stride, 4);

  template <class B>
  Buffer<T> on(std::initializer_list<std::size_t> parts) const {
    Buffer<T> packed(B::template packed_size<T, K, N> + 16);
    std::fill_n(packed.data(), packed.size(), T(-77));
    B::template pack<T, K, N>(Rows<const T, N>(w.data(), K), std::span<const T, N>(bias.data(), N),
                              Packed<T, K, N>{packed.data()});
    for (std::size_t i = packed.size() - 16; i < packed.size(); ++i) BOOST_TEST_REQUIRE(packed[i] == T(-77));
    Buffer<T> y(start.size());
    std::copy_n(start.data(), start.size(), y.data());
    std::size_t first = 0;
    for (const std::size_t count : parts) {
      const Rows<T, N> part(y.data() + first * y_stride, count, y_stride);
      B::affine_map(HalfPlus{}, Rows<const T, K>(a.data() + first * a_stride, count, a_stride),
                    Packed<const T, K, N>{packed.data()}, part, Rows<const T, N>(part));
      first += count;
    }
    BOOST_TEST_REQUIRE(first == rows);
    return y;
  }
  template <class B>
  Buffer<T> on() const {
    return on<B>({rows});
  }
};

template <class T>
bool same_bits(const Buffer<T>& a, const Buffer<T>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

inline double largest_difference(const Buffer<float>& a, const Buffer<float>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    largest = std::isfinite(difference) ? std::max(largest, difference) : HUGE_VAL;
  }
  return largest;
}

/// Half an ULP for each of so many terms of size one or two, as in cpu_test.cpp.
constexpr double bf16_tolerance(std::size_t terms) {
  return 8.0 * static_cast<double>(terms + 1) * static_cast<double>(std::numeric_limits<float>::epsilon());
}

}  // namespace test
