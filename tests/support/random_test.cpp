#define BOOST_TEST_MODULE support_random
#include <algorithm>
#include <cmath>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/support/random.hpp>

using namespace chemnne;
using Words = std::array<std::uint32_t, 4>;

BOOST_AUTO_TEST_CASE(philox_gives_the_published_words) {
  // Known-answer vectors of Random123 1.14 (D. E. Shaw Research), tests/kat_vectors, "philox4x32 10".
  BOOST_TEST((philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const std::uint32_t all = 0xffffffff;
  BOOST_TEST(
      (philox({all, all, all, all}, {all, all}) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  // Digits of pi.
  BOOST_TEST((philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

BOOST_AUTO_TEST_CASE(bits_are_the_words_of_the_counter_low_word_first) {
  Random random(0, 0);
  BOOST_TEST(random.bits() == 0xe169c58d6627e8d5u);
  BOOST_TEST(random.bits() == 0x9b00dbd8bc57ac4cu);
  const Words second = philox({1, 0, 0, 0}, {0, 0});
  BOOST_TEST(random.bits() == ((std::uint64_t{second[1]} << 32) | second[0]));
}

BOOST_AUTO_TEST_CASE(a_stream_goes_on_from_a_place) {
  Random random(3, 4);
  for (std::uint64_t drawn = 0; drawn < 7; ++drawn) {
    BOOST_TEST(random.position() == drawn);
    Random other(3, 4);
    other.move_to(drawn);
    BOOST_TEST(other.position() == drawn);
    const std::uint64_t next = random.bits();
    BOOST_TEST(other.bits() == next);
  }
}

BOOST_AUTO_TEST_CASE(seed_and_stream_decide_alone) {
  const auto ten = [](Random random) {
    std::vector<std::uint64_t> words;
    for (int i = 0; i < 10; ++i) words.push_back(random.bits());
    return words;
  };
  BOOST_TEST((ten(Random(3, 4)) == ten(Random(3, 4))));
  BOOST_TEST((ten(Random(3, 4)) != ten(Random(4, 3))));
  BOOST_TEST((ten(Random(3, 4)) != ten(Random(3, 5))));
  // All 64 bits of both count.
  BOOST_TEST((ten(Random(3)) != ten(Random(3 + (std::uint64_t{1} << 32)))));
  BOOST_TEST((ten(Random(3, 0)) != ten(Random(3, std::uint64_t{1} << 32))));
}

namespace {
constexpr std::size_t count = 100'000;

/// Moments of draws; each tolerance below is five standard errors of that moment.
struct Moments {
  double mean = 0, variance = 0, least = HUGE_VAL, largest = -HUGE_VAL;
  template <class Draw>
  explicit Moments(Draw draw) {
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double value = draw();
      sum += value;
      squares += value * value;
      least = std::min(least, value);
      largest = std::max(largest, value);
    }
    mean = sum / count;
    variance = squares / count - mean * mean;
  }
};
const double standard_error = 1 / std::sqrt(static_cast<double>(count));
}  // namespace

BOOST_AUTO_TEST_CASE(uniform_numbers_have_their_moments) {
  Random random(1);
  const Moments unit([&] { return random.uniform(); });
  BOOST_TEST(unit.least >= 0);
  BOOST_TEST(unit.largest < 1);
  BOOST_TEST(std::abs(unit.mean - 0.5) < 5 * standard_error * std::sqrt(1.0 / 12));
  BOOST_TEST(std::abs(unit.variance - 1.0 / 12) < 5 * standard_error * std::sqrt(1.0 / 180));
  const Moments wide([&] { return random.uniform(-3, 5); });
  BOOST_TEST(wide.least >= -3);
  BOOST_TEST(wide.largest < 5);
  BOOST_TEST(std::abs(wide.mean - 1) < 5 * standard_error * 8 * std::sqrt(1.0 / 12));
}

BOOST_AUTO_TEST_CASE(normal_numbers_have_their_moments) {
  Random random(2);
  const Moments normal([&] { return random.normal(); });
  BOOST_TEST(std::abs(normal.mean) < 5 * standard_error);
  BOOST_TEST(std::abs(normal.variance - 1) < 5 * standard_error * std::sqrt(2.0));
  Random tail(2);
  std::size_t beyond = 0;  // |x| > 1.96: 5 %
  for (std::size_t i = 0; i < count; ++i) beyond += std::abs(tail.normal()) > 1.959964 ? 1u : 0u;
  BOOST_TEST(std::abs(static_cast<double>(beyond) / count - 0.05) <
             5 * standard_error * std::sqrt(0.05 * 0.95));
}

BOOST_AUTO_TEST_CASE(every_index_comes_equally_often) {
  Random random(3);
  std::array<double, 7> times{};
  for (std::size_t i = 0; i < count; ++i) times.at(random.index(7)) += 1;
  double chi_squared = 0;
  for (const double n : times) chi_squared += (n - count / 7.0) * (n - count / 7.0) / (count / 7.0);
  BOOST_TEST(chi_squared < 22.46);  // 0.1 % of chi^2 with 6 degrees of freedom
  BOOST_TEST(random.index(1) == 0u);
}
