#define BOOST_TEST_MODULE training_sensitivity
#include <cmath>
#include <string>
#include <vector>

#include "../properties/layer_table.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/autodiff/dual.hpp>
#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/reference.hpp>
#include <chemnne/training/sensitivity.hpp>

using namespace chemnne;

namespace {

/// y of a layer at one point, in any scalar.
template <class L, class T>
std::vector<T> value(const std::vector<T>& x, const std::vector<double>& p) {
  Buffer<T> xs(x.size()), ps(p.size()), ys(L::Output::size), memory(L::memory(1));
  std::copy(x.begin(), x.end(), xs.data());
  std::copy(p.begin(), p.end(), ps.data());
  Arena<T> arena(memory.span());
  L::template forward<Reference, T>(RowsOf<const T, typename L::Input>(xs.data(), 1),
                                    Parameters<const T, L::parameters>(ps.data(), L::parameters),
                                    RowsOf<T, typename L::Output>(ys.data(), 1), arena);
  return {ys.data(), ys.data() + ys.size()};
}

template <class L>
std::vector<double> jacobian(const properties::Point& at) {
  return jacobian_rows<L, Reference, double>(
      std::span<const double, L::Input::size>(at.x.data(), L::Input::size),
      Parameters<const double, L::parameters>(at.p.data(), L::parameters), 0, L::Output::size);
}

using Dense = Chain<Affine<5, 7>, Map<Tanh, 7>, Affine<7, 67>>;  // more outputs than a chunk of rows
using Layers =
    std::tuple<Dense, ChemNNE<properties::Tiny>::Trajectory, ChemNNE<properties::MoreOutputs>::EndOfStep,
               PerTimeMlp<properties::Tiny>::Trajectory>;

/// A deployed network at two cells of four species, of which one is below the floor.
struct DeployedCase {
  using C = properties::Tiny;
  using Network = ChemNNE<C>::Trajectory;
  using Whole = Deployed<C, Network>;
  static constexpr double floor = 10;
  std::vector<double> p;
  std::vector<double> initial{1e5, 30, 2e7, 5e2, 4e4, 3, 8e6, 1e3}, conditions{0.4, -1.1, 0.7, 0.2};

  DeployedCase() {
    Random random(11);
    p = properties::point<Whole>(1, random).p;
    constexpr std::size_t width = C::inputs + C::conditions;
    using Prepare = Normalise<C::inputs, C::conditions>;
    std::fill_n(p.begin(), C::inputs, floor);
    for (std::size_t j = 0; j < width; ++j) {
      p[Prepare::mean + j] = j < C::inputs ? 4 : 0.1;
      p[Prepare::deviation + j] = 0.5 + 0.3 * static_cast<double>(j);
    }
    for (std::size_t i = 0; i < C::outputs; ++i) {
      p[Whole::parameters - 2 * C::outputs + i] = 4;
      p[Whole::parameters - C::outputs + i] = 0.8 + 0.1 * static_cast<double>(i);
    }
  }

  template <class B, class T>
  SensitivityMatrices sensitivities() const {
    Buffer<T> ps(Whole::parameters);
    std::copy(p.begin(), p.end(), ps.data());
    const std::vector<T> start(initial.begin(), initial.end()), k(conditions.begin(), conditions.end());
    return chemnne::sensitivities<C, Network, B, T>(
        Parameters<const T, Whole::parameters>(ps.data(), Whole::parameters), start, k);
  }

  /// log10 of the last frame of a cell when input `moved` is moved: species by decades, conditions by
  /// standard deviations.
  std::vector<double> end(std::size_t cell, std::size_t moved, double by) const {
    std::vector<double> x(initial.begin() + static_cast<std::ptrdiff_t>(cell * C::inputs),
                          initial.begin() + static_cast<std::ptrdiff_t>((cell + 1) * C::inputs));
    for (std::size_t k = 0; k < C::conditions; ++k) x.push_back(conditions[cell * C::conditions + k]);
    if (moved < C::inputs)
      x[moved] *= std::pow(10, by);
    else
      x[moved] += by * p[C::inputs + x.size() + moved];
    std::vector<double> y = value<Whole>(x, p);
    y.erase(y.begin(), y.end() - C::outputs);
    for (double& density : y) density = std::log10(density);
    return y;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_of_the_jacobian_are_the_dual_numbers_columns, L, Layers) {
  Random random(7);
  const properties::Point at = properties::point<L>(1, random);
  const std::vector<double> exact = jacobian<L>(at);
  double largest = 0, error = 0;
  for (std::size_t j = 0; j < L::Input::size; ++j) {
    std::vector<Dual<double>> x(at.x.begin(), at.x.end());
    x[j].tangent = 1;
    const std::vector<Dual<double>> y = value<L>(x, at.p);
    for (std::size_t i = 0; i < L::Output::size; ++i) {
      largest = std::max(largest, std::abs(y[i].tangent));
      error = std::max(error, std::abs(exact[i * L::Input::size + j] - y[i].tangent));
    }
  }
  BOOST_TEST(largest > 1e-2);
  BOOST_TEST(error < 1e-12 * largest);
}

BOOST_AUTO_TEST_CASE(sensitivities_are_finite_differences_of_the_deployed_network) {
  const DeployedCase deployed;
  using C = DeployedCase::C;
  const SensitivityMatrices exact = deployed.sensitivities<Reference, double>(),
                            fast = deployed.sensitivities<Cpu<>, float>();
  BOOST_TEST_REQUIRE(exact.cells == 2u);
  BOOST_TEST_REQUIRE(exact.of_species.size() == 2 * C::outputs * C::inputs);
  BOOST_TEST_REQUIRE(exact.of_conditions.size() == 2 * C::outputs * C::conditions);
  const double step = 1e-5;  // error of the difference: step^2, and 1e-16 / step
  for (std::size_t cell = 0; cell < 2; ++cell)
    for (std::size_t j = 0; j < C::inputs + C::conditions; ++j) {
      const std::vector<double> up = deployed.end(cell, j, step), down = deployed.end(cell, j, -step);
      for (std::size_t i = 0; i < C::outputs; ++i) {
        const bool species = j < C::inputs;
        const std::size_t at = species ? (cell * C::outputs + i) * C::inputs + j
                                       : (cell * C::outputs + i) * C::conditions + j - C::inputs;
        const auto of = [&](const SensitivityMatrices& s) {
          return species ? s.of_species[at] : s.of_conditions[at];
        };
        BOOST_TEST(std::abs(of(exact) - (up[i] - down[i]) / (2 * step)) < 1e-8, cell << " " << i << " " << j);
        BOOST_TEST(std::abs(of(fast) - of(exact)) < 1e-5);
      }
    }
}

BOOST_AUTO_TEST_CASE(what_is_below_the_floor_has_no_influence) {
  const SensitivityMatrices exact = DeployedCase().sensitivities<Reference, double>();
  for (std::size_t i = 0; i < 4; ++i) {
    BOOST_TEST(exact.of_species[(4 + i) * 4 + 1] == 0);  // second cell, second species: 3 below 10
    BOOST_TEST(exact.of_species[i * 4 + 1] != 0);
  }
}
