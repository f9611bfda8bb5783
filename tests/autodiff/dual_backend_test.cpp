#define BOOST_TEST_MODULE autodiff_dual_backend
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <vector>

#include "../host/small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/autodiff/dual_backend.hpp>
#include <chemnne/backend/cpu.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

using D = Dual<float>;
using Tested = DualBackend<Cpu<>>;

std::vector<D> random_duals(std::size_t count, Random& random) {
  std::vector<D> values(count);
  for (D& v : values) v = {static_cast<float>(random.normal()), static_cast<float>(random.normal())};
  return values;
}

/// Values and tangents of both are the same to `rounding` of their size.
void are_equal(const std::vector<D>& found, const std::vector<D>& expected, double rounding) {
  BOOST_TEST_REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto difference = [](float a, float b) {
      return static_cast<double>(std::abs(a - b)) / (1 + static_cast<double>(std::abs(b)));
    };
    BOOST_TEST(difference(found[i].value, expected[i].value) <= rounding);
    BOOST_TEST(difference(found[i].tangent, expected[i].tangent) <= rounding,
               i << ": " << found[i].tangent << " and " << expected[i].tangent);
  }
}

/// Products of more rows than are taken together, of views that are wider than what is read of them.
template <std::size_t K, std::size_t N>
void products_are_equal(std::size_t rows) {
  Random random(K + N);
  const std::vector<D> a = random_duals(rows * (K + 3), random), b = random_duals(K * (N + 5), random),
                       bias = random_duals(N, random), start = random_duals(rows * (N + 1), random);
  const Rows<const D, K> left(a.data(), rows, K + 3);
  const Rows<const D, N> right(b.data(), K, N + 5);
  const auto both = [&](const auto& product) {
    std::vector<D> found = start, expected = start;
    product(Tested{}, Rows<D, N>(found.data(), rows, N + 1));
    product(Reference{}, Rows<D, N>(expected.data(), rows, N + 1));
    are_equal(found, expected, 1e-5 * std::sqrt(static_cast<double>(K)));
  };
  both([&](auto backend, auto c) { decltype(backend)::matmul(left, right, c); });
  both([&](auto backend, auto c) { decltype(backend)::matmul_accumulate(left, right, c); });
  both([&](auto backend, auto c) {
    decltype(backend)::affine(left, right, std::span<const D, N>(bias.data(), N), c);
  });
}

}  // namespace

BOOST_AUTO_TEST_CASE(products_of_duals_are_those_of_the_reference) {
  products_are_equal<1, 1>(3);
  products_are_equal<33, 70>(101);
  products_are_equal<9, 3000>(5);  // one row at a time
}

using Networks = std::tuple<ChemNNE<test::Small<4>>::Trajectory, ChemNNE<test::SmallDefault<4>>::Trajectory>;
BOOST_AUTO_TEST_CASE_TEMPLATE(a_networks_values_and_tangents_are_those_of_the_reference, Network, Networks) {
  constexpr std::size_t rows = 7;
  Random random(3);
  Buffer<float> weights(Network::parameters);
  Network::initialise(Parameters<float, Network::parameters>(weights.data(), Network::parameters), random);
  const std::vector<D> p(weights.data(), weights.data() + weights.size()),
      x = random_duals(rows * Network::Input::size, random);
  const auto forward = [&]<class B>(B) {
    std::vector<D> y(rows * Network::Output::size);
    Buffer<D> memory(Network::memory(rows));
    Arena<D> arena(memory.span());
    Network::template forward<B, D>(RowsOf<const D, typename Network::Input>(x.data(), rows),
                                    Parameters<const D, Network::parameters>(p.data(), Network::parameters),
                                    RowsOf<D, typename Network::Output>(y.data(), rows), arena);
    return y;
  };
  are_equal(forward(Tested{}), forward(Reference{}), 1e-5);
}
