#define BOOST_TEST_MODULE host_solver_derivative
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "counted_allocations.hpp"
#include "solver_cases.hpp"
#include <boost/test/unit_test.hpp>
#include <solver_kernel_troposphere.hpp>

#include <chemnne/host/solver_derivative.hpp>
#include <chemnne/solver.hpp>

using namespace chemnne;

namespace {

constexpr std::size_t cells = 21, species = Troposphere<float>::size(), conditions = 5;

/// Air that a host holds in its own order and unit, and a solver of it.
template <class T>
struct Host {
  explicit Host(const SolverOptions& options = {}, Unit unit = Unit::number_density)
      : solver(options), binding(bound(unit)), derivative(solver) {
    const test::HostAir air(test::troposphere(), cells);
    weather = air.weather;
    for (std::size_t cell = 0; cell < cells; ++cell)
      for (std::size_t i = species; i-- > 0;) {
        const double per =
            unit == Unit::number_density
                ? 1
                : number_density_of_pressure(weather[cell * conditions + 1], weather[cell * conditions]);
        state.push_back(air.state[cell * species + i] / per);
      }
  }
  HostBinding bound(Unit unit) const {
    std::vector<std::string> names = solver.description().inputs;
    std::reverse(names.begin(), names.end());
    return solver.bind({.species = names, .unit = unit});
  }
  static Columns<double> by_cell(std::vector<double>& values) {
    return Columns<double>::cell_major(values.data(), cells, values.size() / cells);
  }
  static Columns<const double> by_cell(const std::vector<double>& values) {
    return Columns<const double>::cell_major(values.data(), cells, values.size() / cells);
  }
  std::vector<double> after(std::vector<double> from, const std::vector<double>& air, double seconds) {
    solver.advance(binding, by_cell(from), by_cell(air), seconds, workspace);
    return from;
  }
  std::vector<double> tangent(std::vector<double> direction, const std::vector<double>& of_conditions,
                              double seconds) {
    status = derivative.tangent(binding, by_cell(state), by_cell(weather), seconds, by_cell(direction),
                                by_cell(of_conditions));
    return direction;
  }
  std::vector<double> adjoint(std::vector<double> slope, std::vector<double>& of_conditions, double seconds) {
    status = derivative.adjoint(binding, by_cell(state), by_cell(weather), seconds, by_cell(slope),
                                by_cell(of_conditions));
    return slope;
  }

  Solver<Troposphere, T> solver;
  HostBinding binding;
  SolverDerivative<Troposphere, T> derivative;
  typename Solver<Troposphere, T>::Workspace workspace;
  std::vector<double> state, weather;
  StepStatus status;
};

/// Relative directions of the state, and those of the weather that stay within air.
std::vector<double> directions(const std::vector<double>& of, double size, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> direction;
  for (const double value : of) direction.push_back(size * value * random.normal());
  return direction;
}

/// <w, J v> = <J^T w, v> of every cell.
template <class T>
void is_transposed(Host<T>& host, double seconds) {
  const std::vector<double> v = directions(host.state, 1, 11), k = directions(host.weather, 0.02, 12);
  std::vector<double> w = directions(host.state, 1, 13), of_conditions(host.weather.size());
  for (std::size_t i = 0; i < w.size(); ++i)
    w[i] = host.state[i] == 0 ? 0 : w[i] / (host.state[i] * host.state[i]);
  const std::vector<double> forward = host.tangent(v, k, seconds),
                            back = host.adjoint(w, of_conditions, seconds);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    double left = 0, right = 0, size = 0;
    const auto add = [&size](double& sum, double term) {
      sum += term;
      size += std::abs(term);
    };
    for (std::size_t at = cell * species; at < (cell + 1) * species; ++at) {
      add(left, w[at] * forward[at]);
      add(right, back[at] * v[at]);
    }
    for (std::size_t at = cell * conditions; at < (cell + 1) * conditions; ++at)
      add(right, of_conditions[at] * k[at]);
    BOOST_TEST(std::abs(left - right) <= 1e-9 * size, cell << ": " << left << " and " << right);
  }
}

std::vector<double> along(std::vector<double> x, const std::vector<double>& v, double by) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += by * v[i];
  return x;
}

/// J v is the difference of steps of a solver that is so exact that its steps do not matter.
template <class T>
void is_the_difference(Host<T>& host, double seconds) {
  const std::vector<double> v = directions(host.state, 1, 21), k = directions(host.weather, 0.02, 22),
                            forward = host.tangent(v, k, seconds);
  const double by = 2e-3;
  const auto moved = [&](double step) {
    return host.after(along(host.state, v, step), along(host.weather, k, step), seconds);
  };
  const std::vector<double> plus = moved(by), minus = moved(-by);
  for (std::size_t i = 0; i < plus.size(); ++i) {
    const double difference = (plus[i] - minus[i]) / (2 * by);
    BOOST_TEST(std::abs(forward[i] - difference) <= 5e-3 * (std::abs(forward[i]) + std::abs(plus[i])),
               "value " << i << ": " << forward[i] << " and " << difference);
  }
}

constexpr SolverOptions exact{.relative_tolerance = 1e-6, .absolute_tolerance = 1};

}  // namespace

BOOST_AUTO_TEST_CASE(the_adjoint_of_the_solvers_steps_is_their_tangent_transposed) {
  for (const Unit unit : {Unit::number_density, Unit::mole_fraction}) {
    Host<float> host({}, unit);
    for (const double seconds : {60.0, 3600.0}) is_transposed(host, seconds);
    BOOST_TEST(host.status.clean());
  }
}

BOOST_AUTO_TEST_CASE(derivatives_of_exact_steps_are_differences) {
  for (const Unit unit : {Unit::number_density, Unit::mole_fraction}) {
    Host<double> host(exact, unit);
    for (const double seconds : {60.0, 1800.0}) {
      is_transposed(host, seconds);
      is_the_difference(host, seconds);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_counts_as_0_has_no_derivative_and_what_is_kept_the_identity) {
  Host<float> host;
  host.weather[0] = 20;                   // no air
  host.state[species] = NAN;              // of the second cell
  host.weather[2 * conditions + 2] = -1;  // a negative humidity of the third
  host.state[2 * species + 7] = -1e5;     // and a species
  const std::vector<double> w(cells * species, 1.0), k(cells * conditions, 1e-3);
  std::vector<double> of_conditions(cells * conditions);
  const std::vector<double> forward = host.tangent(w, k, 600), back = host.adjoint(w, of_conditions, 600);
  for (std::size_t i = 0; i < 2 * species; ++i) BOOST_TEST((forward[i] == 1 && back[i] == 1));
  for (std::size_t i = 0; i < 2 * conditions; ++i) BOOST_TEST(of_conditions[i] == 0);
  BOOST_TEST((of_conditions[2 * conditions] != 0 && of_conditions[2 * conditions + 2] == 0));
  BOOST_TEST(host.status.left_unchanged == 2u);
  host.state[species] = 1e8;
  is_transposed(host, 600);
}

BOOST_AUTO_TEST_CASE(no_derivative_allocates) {
#ifdef CHEMNNE_COUNTS_ALLOCATIONS
  Host<float> host;
  std::vector<double> slope(cells * species, 1);
  const long before = test::allocations;
  host.derivative.adjoint(host.binding, host.by_cell(host.state), host.by_cell(host.weather), 600,
                          host.by_cell(slope));
  host.derivative.tangent(host.binding, host.by_cell(host.state), host.by_cell(host.weather), 600,
                          host.by_cell(slope));
  BOOST_TEST(test::allocations == before);
#endif
}
