#pragma once
#include <cmath>
#include <initializer_list>
#include <type_traits>

#include "layer_table.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/reference.hpp>
#include <chemnne/inference/prepared_network.hpp>

/// A layer at a random point, evaluated by its forward and as it is prepared for inference.
namespace properties {

template <class L, class T>
struct Case {
  static constexpr std::size_t rows = 13;
  using Input = RowsOf<const T, typename L::Input>;
  using Output = RowsOf<T, typename L::Output>;

  Case() : x(rows * L::Input::size), p(L::parameters + 1) {
    Random random(11);
    const Point at = point<L>(rows, random);
    std::copy(at.x.begin(), at.x.end(), x.data());
    std::copy(at.p.begin(), at.p.end(), p.data());
  }

  Input input() const { return {x.data(), rows}; }
  Parameters<const T, L::parameters> parameters() const {
    return Parameters<const T, L::parameters>(p.data(), L::parameters);
  }

  template <class B>
  Buffer<T> forward() const {
    Buffer<T> y(rows * L::Output::size), memory(L::memory(rows));
    Arena<T> arena(memory.span());
    L::template forward<B, T>(input(), parameters(), Output(y.data(), rows), arena);
    return y;
  }

  template <class B>
  Buffer<T> prepared(std::initializer_list<std::size_t> parts = {rows}) const {
    using P = Prepared<L>;
    constexpr T canary(-77);
    Buffer<T> constants(P::template constants<B, T>), y(rows * L::Output::size), memory(P::memory(rows) + 16);
    P::template prepare<B, T>(parameters(), constants.data());
    std::size_t first = 0;
    for (const std::size_t count : parts) {
      std::fill_n(memory.data(), memory.size(), canary);
      P::template evaluate<B, T>(input().slice(first, count), constants.data(),
                                 Output(y.data(), rows).slice(first, count),
                                 Arena<T>(memory.span().first(P::memory(count))));
      for (std::size_t i = P::memory(count); i < memory.size(); ++i) BOOST_TEST_REQUIRE(memory[i] == canary);
      first += count;
    }
    BOOST_TEST_REQUIRE(first == rows);
    return y;
  }

  Buffer<T> x, p;
};

/// The largest difference over the largest value.
template <class T>
double relative_difference(const Buffer<T>& a, const Buffer<T>& b) {
  double difference = 0, largest = 1e-300;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto u = static_cast<double>(a[i]), v = static_cast<double>(b[i]);
    difference = std::max(difference, std::isfinite(u) ? std::abs(u - v) : HUGE_VAL);
    largest = std::max(largest, std::abs(v));
  }
  return difference / largest;
}

// Sums run in another order here and there, and 1 + a_n of the time embedding is rounded once more: some ten
// roundings, amplified by condition numbers of about ten.
template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 200 * 6e-8 : 200 * 1.1e-16;

}  // namespace properties
