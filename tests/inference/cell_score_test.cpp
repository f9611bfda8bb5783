#define BOOST_TEST_MODULE inference_cell_score
#include <cmath>
#include <cstddef>
#include <limits>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/reference.hpp>
#include <chemnne/inference/cell_score.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

using Backends = std::tuple<Reference, Cpu<>>;
using Wide = long double;

/// Mean, direction [width][directions] and precision, as a weights file has them.
struct Spread {
  std::vector<float> mean, direction;
  float precision;
};

/// d^T (p I - V V^T) d / width of the numbers of `spread`, by its definition.
Wide definition(const Spread& spread, const float* v) {
  const std::size_t width = spread.mean.size(), directions = spread.direction.size() / width;
  Wide whole = 0, part = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const Wide d = Wide(v[i]) - Wide(spread.mean[i]);
    whole += d * d;
  }
  for (std::size_t k = 0; k < directions; ++k) {
    Wide along = 0;
    for (std::size_t i = 0; i < width; ++i)
      along += (Wide(v[i]) - Wide(spread.mean[i])) * Wide(spread.direction[i * directions + k]);
    part += along * along;
  }
  return (Wide(spread.precision) * whole - part) / Wide(width);
}

template <class Backend, std::size_t Width>
std::vector<float> distances(const Spread& spread, const std::vector<float>& values) {
  using Distance = SquaredDistance<Backend, Width>;
  const std::size_t count = values.size() / Width;
  std::vector<float> result(count), memory(count * Distance::scratch);
  Buffer<float> constants(Distance::constants);
  Distance::prepare(spread.mean, spread.direction, spread.precision, constants.data());
  Distance::accumulate(constants.data(), 1, {values.data(), count}, {memory.data(), count}, result.data());
  return result;
}

/// `count` directions of `width` numbers at right angles, by Gram and Schmidt: [count][width].
std::vector<Wide> orthonormal(std::size_t width, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Wide> all;
  for (std::size_t k = 0; k < count; ++k) {
    std::vector<Wide> e(width);
    for (Wide& x : e) x = Wide(random.normal());
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t j = 0; j < k; ++j) {
        Wide dot = 0;
        for (std::size_t i = 0; i < width; ++i) dot += e[i] * all[j * width + i];
        for (std::size_t i = 0; i < width; ++i) e[i] -= dot * all[j * width + i];
      }
    Wide square = 0;
    for (const Wide x : e) square += x * x;
    for (const Wide x : e) all.push_back(x / std::sqrt(square));
  }
  return all;
}

/// Codes that vary by `variance` along directions and by 1 / precision in all others.
template <std::size_t Width>
struct Truth {
  static constexpr std::size_t directions = spread_directions(Width);
  std::vector<Wide> e = orthonormal(Width, directions, 3), variance;
  Spread spread;

  Truth(const std::vector<Wide>& of, float precision) : variance(of) {
    variance.resize(directions, 1 / Wide(precision));
    spread.precision = precision;
    Random random(5);
    for (std::size_t i = 0; i < Width; ++i) {
      spread.mean.push_back(static_cast<float>(random.normal()));
      for (std::size_t k = 0; k < directions; ++k)
        spread.direction.push_back(
            static_cast<float>(e[k * Width + i] * std::sqrt(Wide(precision) - 1 / variance[k])));
    }
  }
  /// The distance by the directions and variances themselves.
  Wide distance(const float* v) const {
    std::vector<Wide> rest(Width);
    for (std::size_t i = 0; i < Width; ++i) rest[i] = Wide(v[i]) - Wide(spread.mean[i]);
    Wide sum = 0;
    for (std::size_t k = 0; k < directions; ++k) {
      Wide along = 0;
      for (std::size_t i = 0; i < Width; ++i) along += rest[i] * e[k * Width + i];
      for (std::size_t i = 0; i < Width; ++i) rest[i] -= along * e[k * Width + i];
      sum += along * along / variance[k];
    }
    for (const Wide x : rest) sum += Wide(spread.precision) * x * x;
    return sum / Wide(Width);
  }
  /// mean + sum_k a_k e_k, in float.
  std::vector<float> value(const std::vector<Wide>& a) const {
    std::vector<float> v;
    for (std::size_t i = 0; i < Width; ++i) {
      Wide x = Wide(spread.mean[i]);
      for (std::size_t k = 0; k < a.size(); ++k) x += a[k] * e[k * Width + i];
      v.push_back(static_cast<float>(x));
    }
    return v;
  }
};

}  // namespace

// The formula of before, of which existing thresholds are; V of a random matrix, of any rank.
BOOST_AUTO_TEST_CASE_TEMPLATE(it_is_the_quadratic_form_of_the_file, Backend, Backends) {
  constexpr std::size_t width = 40, directions = spread_directions(width), count = 50;
  Random random(1);
  for (const std::size_t rank : {1u, 3u, 20u}) {
    Spread spread{std::vector<float>(width), std::vector<float>(width * directions), 0};
    std::vector<float> factor(rank * directions), basis(width * rank);
    for (float& x : factor) x = static_cast<float>(random.normal());
    for (float& x : basis) x = static_cast<float>(random.normal());
    double norm = 0;
    for (std::size_t i = 0; i < width; ++i)
      for (std::size_t k = 0; k < directions; ++k) {
        float& to = spread.direction[i * directions + k];
        for (std::size_t r = 0; r < rank; ++r) to += basis[i * rank + r] * factor[r * directions + k];
        norm += static_cast<double>(to) * static_cast<double>(to);
      }
    spread.precision = static_cast<float>(1.1 * norm);  // above the largest eigenvalue of V V^T
    std::vector<float> values(width * count);
    for (float& x : values) x = static_cast<float>(random.normal());
    for (float& x : spread.mean) x = static_cast<float>(random.normal());
    const std::vector<float> found = distances<Backend, width>(spread, values);
    for (std::size_t row = 0; row < count; ++row) {
      const Wide expected = definition(spread, values.data() + row * width);
      BOOST_TEST(std::abs(Wide(found[row]) / expected - 1) < 1e-5, "rank " << rank << ": " << found[row]);
    }
  }
}

// Values in the widest directions, where the formula p |d|^2 - |V^T d|^2 has nothing but rounding left in
// float: the larger part by far is taken away again.
BOOST_AUTO_TEST_CASE_TEMPLATE(nothing_cancels_for_codes_of_low_rank, Backend, Backends) {
  constexpr std::size_t width = 256;
  for (const std::vector<Wide>& variance :
       {std::vector<Wide>{1}, std::vector<Wide>{1, 0.3L, 0.01L}, std::vector<Wide>{1, 1, 1, 1, 1, 1}}) {
    const Truth<width> truth(variance, 65536);
    Random random(7);
    for (int trial = 0; trial < 100; ++trial) {
      std::vector<Wide> a;
      for (const Wide v : variance) a.push_back(std::sqrt(v) * Wide(random.normal()));
      const std::vector<float> v = truth.value(a);
      const Wide expected = truth.distance(v.data());
      // 1 / variance is known to a hundredth beside the precision.
      BOOST_TEST(std::abs(Wide(distances<Backend, width>(truth.spread, v)[0]) / expected - 1) < 0.01);
    }
    // And a little off these directions it is the rest that counts.
    std::vector<float> v = truth.value({0.5L});
    for (std::size_t i = 0; i < width; i += 2) v[i] += 0.1f;
    const Wide expected = truth.distance(v.data());
    BOOST_TEST(std::abs(Wide(distances<Backend, width>(truth.spread, v)[0]) / expected - 1) < 1e-4);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(it_is_never_negative_and_grows_with_the_way_from_the_mean, Backend, Backends) {
  constexpr std::size_t width = 64;
  // As far as float can hold: 1 / variance is below the rounding of the precision, or its square above it.
  for (const Wide variance : {Wide(1e3), Wide(1e9), Wide(1e30)}) {
    const Truth<width> truth({variance}, 1e4f);
    float before = 0;
    for (const Wide size : {1e-2L, 1.0L, 10.0L, 1e3L, 1e6L}) {
      const float found =
          distances<Backend, width>(truth.spread, truth.value({size * std::sqrt(variance)}))[0];
      BOOST_TEST(found > before, "variance " << variance << ", size " << size);
      before = found;
    }
  }
  const Truth<width> truth({4}, 100);
  BOOST_TEST((distances<Backend, width>(truth.spread, truth.spread.mean)[0]) == 0.0f);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_not_finite_is_not_certain, Backend, Backends) {
  constexpr std::size_t inputs = 6, width = 64;
  const Truth<inputs> input({4, 2}, 100);
  const Truth<width> code({9}, 1e4f);
  struct Fitted {
    Spread input, code;
  };
  using Score = CellScore<Backend, inputs, width>;
  Buffer<float> constants(Score::constants);
  Score::prepare(Fitted{input.spread, code.spread}, constants.data());
  const auto of = [&](const std::vector<float>& x, const std::vector<float>& z) {
    std::vector<float> memory(Score::scratch);
    float result = -1;
    Score::evaluate(constants.data(), {x.data(), 1}, {z.data(), 1}, {memory.data(), 1}, &result);
    return result;
  };
  const std::vector<float>& x = input.spread.mean;
  const std::vector<float>& z = code.spread.mean;
  BOOST_TEST(of(x, z) == 0.0f);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                          1e30f, -std::numeric_limits<float>::max()})
    for (const std::size_t place : {0u, 3u, 5u}) {
      std::vector<float> other = x, another = z;
      other[place] = bad;
      another[10 * place] = bad;
      BOOST_TEST(!(of(other, z) < 1e10f), bad);
      BOOST_TEST(!(of(x, another) < 1e10f), bad);
    }
}

BOOST_AUTO_TEST_CASE(rows_come_out_at_right_angles_with_the_same_sum_of_outer_products) {
  constexpr std::size_t width = 30, rows = 7;
  Random random(2);
  std::vector<double> before(rows * width);
  for (double& x : before) x = random.normal();
  for (std::size_t i = 0; i < width; ++i) {
    before[4 * width + i] = before[2 * width + i];  // of lower rank
    before[5 * width + i] = 0;
  }
  std::vector<double> after = before;
  detail::make_orthogonal(after, width);
  for (std::size_t i = 0; i < width; ++i)
    for (std::size_t j = 0; j < width; ++j) {
      double difference = 0;
      for (std::size_t k = 0; k < rows; ++k)
        difference +=
            after[k * width + i] * after[k * width + j] - before[k * width + i] * before[k * width + j];
      BOOST_TEST_REQUIRE(std::abs(difference) < 1e-12);
    }
  for (std::size_t a = 0; a < rows; ++a)
    for (std::size_t b = 0; b < a; ++b) {
      double dot = 0;
      for (std::size_t i = 0; i < width; ++i) dot += after[a * width + i] * after[b * width + i];
      BOOST_TEST_REQUIRE(std::abs(dot) < 1e-11);
    }
}
