#define BOOST_TEST_MODULE layers_production_loss
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "../properties/prepared_case.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/layers/production_loss.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

constexpr std::size_t known = 2, outputs = 3, steps = 1, inputs = 4;

/// The terms whatever the air is: an affine map without weights, for one step.
struct Terms : EachStep<1, Affine<inputs, outputs + known>> {
  using Input = Shape<inputs>;
  template <class B, class T>
  static constexpr NoResidual forward(Rows<const T, inputs> x, Parameters<const T, parameters> p,
                                      Rows<T, 1, outputs + known> y, Arena<T>& arena) {
    return Affine<inputs, outputs + known>::forward<B, T>(x, p, y.merge(), arena);
  }
};
using Layer = ProductionLoss<Terms, steps, outputs, known>;

/// v for the logarithms x of two starts, with terms, level and deviation as given.
struct Case {
  std::vector<double> terms = std::vector<double>(outputs + known);
  double level = 0, deviation = 1;

  std::vector<double> operator()(double first, double second) const {
    std::vector<double> p(Layer::parameters), v(outputs), x{first, second, 0.3, -0.7};
    std::copy(terms.begin(), terms.end(), p.begin() + inputs * (outputs + known));
    std::fill_n(p.begin() + Layer::level, known, level);
    std::fill_n(p.begin() + Layer::deviation, known, deviation);
    Buffer<double> memory(Layer::memory(1));
    Arena<double> arena(memory.span());
    Layer::forward<Reference, double>(Rows<const double, inputs>(x.data(), 1),
                                      Parameters<const double, Layer::parameters>(p),
                                      Rows<double, steps, outputs>(v.data(), 1), arena);
    return v;
  }
};

}  // namespace

// dc/dt = P - L c: c(T) = c(0) exp(-L T) + P / L (1 - exp(-L T)).
BOOST_AUTO_TEST_CASE(it_is_the_solution_with_constant_production_and_loss) {
  Random random(3);
  for (int i = 0; i < 50; ++i) {
    const double deviation = random.uniform(0.1, 2), level = random.uniform(-2, 2);
    const double loss = std::pow(10, random.uniform(-3, 1.5)),
                 production = std::pow(10, random.uniform(-3, 3));
    const double made = production / loss * -std::expm1(-loss);
    Case at{.level = level, .deviation = deviation};
    at.terms[0] = at.terms[1] = std::log10(made) / deviation - level;
    at.terms[2] = 0.25;
    at.terms[3] = at.terms[4] = 4 + std::log(std::expm1(loss));
    const double start[] = {std::pow(10, random.uniform(-4, 4)), std::pow(10, random.uniform(-4, 4))};
    const auto v = at(std::log10(start[0]) / deviation, std::log10(start[1]) / deviation);
    for (std::size_t s = 0; s < known; ++s)
      BOOST_TEST(std::abs(v[s] - std::log10(std::exp(-loss) + made / start[s]) / deviation) < 1e-12);
    BOOST_TEST(v[2] == 0.25);  // is no known species
  }
}

// Two starts are nearer to each other afterwards, whatever the terms are: errors that are fed back do not grow
// by their own species.
BOOST_AUTO_TEST_CASE(a_start_is_forgotten_and_never_amplified) {
  Random random(4);
  for (int i = 0; i < 200; ++i) {
    Case at{.level = random.normal(), .deviation = random.uniform(0.1, 2)};
    for (double& term : at.terms) term = 10 * random.normal();
    const double x = random.normal(), other = x + random.uniform(0.01, 3);
    const double before = other - x, after = other + at(other, 0)[0] - x - at(x, 0)[0];
    BOOST_TEST((after >= -1e-12 && after <= before + 1e-12), "from " << before << " to " << after);
  }
}

BOOST_AUTO_TEST_CASE(nothing_made_is_decay_alone_and_much_made_forgets_the_start) {
  Case at;
  at.terms = {-1e3, -1e3, 0, 4, 4};
  BOOST_TEST(std::abs(at(0.5, -3)[0] + std::log10(2)) < 1e-12);  // loss = log 2
  BOOST_TEST(std::abs(at(0.5, -3)[1] + std::log10(2)) < 1e-12);
  at.terms = {50, 50, 0, 4, 4};
  BOOST_TEST(std::abs(at(0.5, -3)[0] - 49.5) < 1e-12);
  BOOST_TEST(std::abs(at(0.5, -3)[1] - 53) < 1e-12);
}
