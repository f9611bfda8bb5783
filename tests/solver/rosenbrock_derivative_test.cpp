#define BOOST_TEST_MODULE solver_rosenbrock_derivative
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <vector>

#include "../host/solver_cases.hpp"
#include <boost/test/unit_test.hpp>
#include <solver_kernel_troposphere.hpp>

#include <chemnne/solver/rosenbrock_derivative.hpp>
#include <chemnne/solver/rosenbrock_method.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

using Kernel = Troposphere<double>;
using L = Kernel::L;
constexpr std::size_t lanes = L::count, items = Kernel::size() * lanes, rates = Kernel::rates() * lanes;

/// Air in each lane: states, rate constants, steps as such air allows, none in
/// the last.
struct Air {
  Air() : c(items), k(Kernel::rate_items() * lanes), h(lanes) {
    const test::HostAir cells(test::troposphere(), lanes);
    Buffer<double> inputs(test::HostAir::conditions * lanes);
    Random random(5);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      for (std::size_t i = 0; i < test::HostAir::conditions; ++i)
        inputs[i * lanes + lane] = cells.weather[lane * test::HostAir::conditions + i];
      for (std::size_t p = 0; p < Kernel::size(); ++p)
        c[p * lanes + lane] = cells.state[lane * Kernel::size() + Kernel::order[p]] + 1;
      h[lane] = lane + 1 == lanes ? 0 : std::pow(10, random.uniform(-3, 0));
    }
    Kernel::rate_constants(inputs.data(), k.data());
  }
  Buffer<double> c, k, h;
};

Buffer<double> directions(const Buffer<double>& of, std::size_t size, std::uint64_t seed,
                          bool inverse = false) {
  Random random(seed);
  Buffer<double> v(size);
  for (std::size_t i = 0; i < size; ++i) v[i] = random.normal() * (inverse ? 1 / of[i] : of[i]);
  return v;
}
Buffer<double> copied(const Buffer<double>& of) {
  Buffer<double> copy(of.size());
  std::copy_n(of.data(), of.size(), copy.data());
  return copy;
}
Buffer<double> along(const Buffer<double>& x, const Buffer<double>& v, double by) {
  Buffer<double> moved = copied(x);
  for (std::size_t i = 0; i < v.size(); ++i) moved[i] += by * v[i];
  return moved;
}

using Methods = std::tuple<Rodas3, Rodas4>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(adjoint_and_tangent_of_a_step_are_its_derivative, Method, Methods) {
  const Air air;
  RosenbrockDerivative<Method, Kernel> derivative;
  const L h = L::load(air.h.data());
  const Buffer<double> v = directions(air.c, items, 1), dk = directions(air.k, rates, 2),
                       w = directions(air.c, items, 3, true);
  Buffer<double> c = copied(air.c), k = copied(air.k), forward = copied(v), back = copied(w), of_k(rates);
  derivative.tangent(c.data(), k.data(), h, forward.data(), dk.data());
  derivative.adjoint(air.c.data(), k.data(), h, back.data(), of_k.data());
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    double left = 0, right = 0, size = 0;
    const auto add = [&size](double& sum, double term) {
      sum += term;
      size += std::abs(term);
    };
    for (std::size_t i = lane; i < items; i += lanes) {
      add(left, w[i] * forward[i]);
      add(right, back[i] * v[i]);
    }
    for (std::size_t r = lane; r < rates; r += lanes) add(right, of_k[r] * dk[r]);
    BOOST_TEST(std::abs(left - right) <= 1e-9 * size, lane << ": " << left << " and " << right);
  }
  for (std::size_t i = lanes - 1; i < items; i += lanes)
    BOOST_TEST((c[i] == air.c[i] && forward[i] == v[i] && back[i] == w[i]));

  const auto after = [&](double by) {
    Buffer<double> state = along(air.c, v, by), constants = along(air.k, dk, by);
    derivative.step(state.data(), constants.data(), h);
    return state;
  };
  const double by = 3e-5;  // of fourth order
  const Buffer<double> now = after(0), plus = after(by), minus = after(-by), far = after(2 * by),
                       opposite = after(-2 * by);
  for (std::size_t i = 0; i < items; ++i) {
    BOOST_TEST(now[i] == c[i]);
    const double difference = (8 * (plus[i] - minus[i]) - (far[i] - opposite[i])) / (12 * by);
    BOOST_TEST(std::abs(forward[i] - difference) <= 1e-4 * (std::abs(forward[i]) + air.c[i]),
               "place " << i / lanes << ": " << forward[i] << " and " << difference);
  }
}
