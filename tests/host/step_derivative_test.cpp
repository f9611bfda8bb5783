#define BOOST_TEST_MODULE host_step_derivative
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "counted_allocations.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/host/step_derivative.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

constexpr std::size_t cells = 29, weathers = 2;
constexpr double longest = 3 * 3600;

/// Cells of a host of an emulator with 3 species in and C::outputs out, and their derivative.
template <class C>
struct Host {
  using Tested = Emulator<ChemNNE<C>, DefaultBackend>;
  using Derivative = StepDerivative<ChemNNE<C>, DefaultBackend>;
  static constexpr std::size_t species = C::outputs + 1;  // one that the emulator does not know

  explicit Host(const EmulatorDescription& description, Unit unit = Unit::number_density) {
    test::write_small<C>(folder.file("weights"), test::small_parameters<C>(), description);
    Random random(7);
    for (std::size_t i = 0; i < cells; ++i) {
      weather.push_back(random.uniform(265, 310));
      weather.push_back(random.uniform(0.1, 1));
    }
    std::vector<std::string> names{"X"};
    names.insert(names.end(), description.outputs.rbegin(), description.outputs.rend());
    // Mole fractions of air at some 2e13 molecules cm-3.
    const double air = unit == Unit::mole_fraction ? 1e-14 : 1;
    for (std::size_t i = 0; i < cells * species; ++i)
      state.push_back(air * std::pow(10, random.uniform(7, 9)));
    emulator.emplace(folder.file("weights"), EmulatorOptions{});
    binding.emplace(emulator->bind({.species = names, .unit = unit}));
    derivative.emplace(*emulator, longest);
  }

  static Columns<double> by_cell(std::vector<double>& values) {
    return Columns<double>::cell_major(values.data(), cells, values.size() / cells);
  }
  static Columns<const double> by_cell(const std::vector<double>& values) {
    return Columns<const double>::cell_major(values.data(), cells, values.size() / cells);
  }

  template <class Guard = Clamp>
  std::vector<double> after(std::vector<double> from, const std::vector<double>& conditions, double seconds,
                            Guard guard = {}) {
    emulator->advance(*binding, by_cell(from), by_cell(conditions), seconds, workspace, {}, guard);
    return from;
  }
  template <class Guard = Clamp>
  std::vector<double> tangent(std::vector<double> direction, const std::vector<double>& of_conditions,
                              double seconds, Guard guard = {}) {
    status = derivative->tangent(*binding, by_cell(state), by_cell(weather), seconds, by_cell(direction),
                                 by_cell(of_conditions), guard);
    return direction;
  }
  template <class Guard = Clamp>
  std::vector<double> adjoint(std::vector<double> slope, std::vector<double>& of_conditions, double seconds,
                              Guard guard = {}) {
    status = derivative->adjoint(*binding, by_cell(state), by_cell(weather), seconds, by_cell(slope),
                                 by_cell(of_conditions), guard);
    return slope;
  }

  test::TemporaryFolder folder;
  std::vector<double> state, weather;
  std::optional<Tested> emulator;
  std::optional<HostBinding> binding;
  std::optional<Derivative> derivative;
  typename Tested::Workspace workspace;
  StepStatus status;
};

template <class C>
EmulatorDescription conserving() {
  EmulatorDescription d = test::small_description<C>();
  d.elements = {"N", "S"};
  d.composition = {std::vector<double>(C::outputs), std::vector<double>(C::outputs)};
  d.composition[0][0] = 1;
  d.composition[0][1] = 2;
  d.composition[1][2] = 1;
  return d;
}

std::vector<double> relative_directions(const std::vector<double>& values, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> direction;
  for (const double value : values) direction.push_back(value * random.normal());
  return direction;
}

std::vector<double> along(std::vector<double> x, const std::vector<double>& v, double by) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += by * v[i];
  return x;
}

/// <w, J v> = <J^T w, v> of every cell.
template <class C, class Guard = Clamp>
void is_transposed(Host<C>& host, double seconds, Guard guard = {}) {
  const std::vector<double> v = relative_directions(host.state, 11),
                            k = relative_directions(host.weather, 12);
  std::vector<double> w = relative_directions(host.state, 13);
  for (std::size_t i = 0; i < w.size(); ++i)
    if (host.state[i] != 0) w[i] /= host.state[i] * host.state[i];
  std::vector<double> of_conditions(host.weather.size());
  const std::vector<double> forward = host.tangent(v, k, seconds, guard),
                            back = host.adjoint(w, of_conditions, seconds, guard);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    double left = 0, right = 0, size = 0;
    const auto add = [&size](double& sum, double term) {
      sum += term;
      size += std::abs(term);
    };
    for (std::size_t at = cell * host.species; at < (cell + 1) * host.species; ++at) {
      add(left, w[at] * forward[at]);
      add(right, back[at] * v[at]);
    }
    for (std::size_t at = cell * weathers; at < (cell + 1) * weathers; ++at)
      add(right, of_conditions[at] * k[at]);
    BOOST_TEST(std::abs(left - right) <= 2e-5 * size, cell << ": " << left << " and " << right);
  }
}

/// J v is the difference of two deployed steps, to what differences of float can tell.
template <class C, class Guard = Clamp>
void is_the_difference(Host<C>& host, double seconds, Guard guard = {}) {
  const std::vector<double> v = relative_directions(host.state, 21),
                            k = relative_directions(host.weather, 22);
  const double by = 4e-3, smaller = 0.02;  // the weather moves less: 300 K are 20 deviations
  std::vector<double> of_conditions = k;
  for (double& one : of_conditions) one *= smaller;
  const std::vector<double> forward = host.tangent(v, of_conditions, seconds, guard);
  const auto moved = [&](double step) {
    return host.after(along(host.state, v, step), along(host.weather, of_conditions, step), seconds, guard);
  };
  // Of fourth order: what float rounds wants long steps.
  const std::vector<double> plus = moved(by), minus = moved(-by), far = moved(2 * by), back = moved(-2 * by);
  for (std::size_t i = 0; i < plus.size(); ++i) {
    const double difference = (8 * (plus[i] - minus[i]) - (far[i] - back[i])) / (12 * by);
    BOOST_TEST(std::abs(forward[i] - difference) <= 2e-3 * (std::abs(forward[i]) + std::abs(plus[i])),
               "value " << i << ": " << forward[i] << " and " << difference);
  }
}

const double lengths[] = {3600, 500, 2.3 * 3600};

}  // namespace

BOOST_AUTO_TEST_CASE(adjoint_and_tangent_are_the_derivative_of_the_deployed_step) {
  using C = test::Small<>;
  Host<C> free(test::small_description<C>()), exact(conserving<C>());
  for (const double seconds : lengths)
    for (Host<C>* host : {&free, &exact}) {
      is_transposed(*host, seconds);
      is_the_difference(*host, seconds);
      BOOST_TEST(host->status.left_unchanged == 0u);
    }
}

BOOST_AUTO_TEST_CASE(so_they_are_in_mole_fractions_of_air_that_depends_on_conditions) {
  using C = test::Small<>;
  EmulatorDescription description = conserving<C>();
  description.conditions = {"temperature", "pressure"};
  Host<C> host(description, Unit::mole_fraction);
  for (const double seconds : lengths) {
    is_transposed(host, seconds);
    is_the_difference(host, seconds);
  }
}

// One output more than inputs, and an identity that is learnt.
BOOST_AUTO_TEST_CASE(so_they_are_of_species_that_are_not_given) {
  Host<test::Small<4>> more(conserving<test::Small<4>>());
  Host<test::Small<4, false>> learnt(conserving<test::Small<4, false>>());
  for (const double seconds : lengths) {
    is_transposed(more, seconds);
    is_the_difference(more, seconds);
    is_transposed(learnt, seconds);
    is_the_difference(learnt, seconds);
  }
}

// One of these cells is at a kink of the projection.
BOOST_AUTO_TEST_CASE(so_they_are_of_the_parts_of_the_default) {
  using C = test::SmallDefault<4>;
  Host<C> exact(conserving<C>()), free(test::small_description<C>());
  for (const double seconds : lengths) {
    is_transposed(exact, seconds);
    is_transposed(free, seconds);
    is_the_difference(free, seconds);
  }
}

BOOST_AUTO_TEST_CASE(so_they_are_below_floors_and_at_limits) {
  using C = test::Small<>;
  EmulatorDescription description = conserving<C>();
  for (ValueRange& range : description.output_range) range = {7.5, 8.3};
  Host<C> host(description);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    // One value of each is below the floor of 1e3, absent, or negative.
    if (cell % 4 == 1) host.state[cell * host.species + 1 + cell % 3] = 3e2;
    if (cell % 4 == 2) host.state[cell * host.species + 1 + cell % 3] = 0;
    if (cell % 8 == 3) host.state[cell * host.species + 1 + cell % 3] = -1e3;
  }
  for (const double seconds : lengths) {
    is_transposed(host, seconds);
    BOOST_TEST(host.status.limited > 3u);
    is_the_difference(host, seconds);
    is_transposed(host, seconds, FlagOnly{});
    is_the_difference(host, seconds, FlagOnly{});
  }
}

BOOST_AUTO_TEST_CASE(a_cell_that_is_kept_has_the_identity_and_a_condition_that_counts_as_0_none) {
  using C = test::Small<>;
  EmulatorDescription description = conserving<C>();
  description.conditions = {"temperature", "relative_humidity"};
  description.condition_range[1] = {0, 1};
  Host<C> host(description);
  host.weather[0] = -1;          // no temperature
  host.state[5] = std::nan("");  // of the second cell
  host.weather[5] = -0.1;        // a negative humidity of the third
  const std::vector<double> v = relative_directions(host.weather, 3), w(cells * 4, 1.0), k(cells * 2, 1.0);
  std::vector<double> of_conditions(cells * 2);
  const std::vector<double> forward = host.tangent(w, k, 3600), back = host.adjoint(w, of_conditions, 3600);
  for (std::size_t i = 0; i < 8; ++i) BOOST_TEST((forward[i] == 1 && back[i] == 1));
  for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(of_conditions[i] == 0);
  BOOST_TEST((of_conditions[4] != 0 && of_conditions[5] == 0 && of_conditions[7] != 0));
  BOOST_TEST(host.status.left_unchanged == 2u);
  std::vector<double> sum = of_conditions;
  host.adjoint(w, sum, 3600);
  for (std::size_t i = 0; i < sum.size(); ++i) BOOST_TEST(sum[i] == 2 * of_conditions[i]);
}

BOOST_AUTO_TEST_CASE(a_step_that_is_none_changes_nothing_and_none_allocates) {
  using C = test::Small<>;
  Host<C> host(conserving<C>());
  std::vector<double> slope(host.state.size(), 1), weather(host.weather.size());
  BOOST_TEST(!host.derivative
                  ->adjoint(*host.binding, host.by_cell(host.state), host.by_cell(host.weather),
                            1.1 * longest, host.by_cell(slope))
                  .valid_step);
  BOOST_TEST((slope == std::vector<double>(host.state.size(), 1)));
  BOOST_CHECK_THROW((StepDerivative<ChemNNE<C>, DefaultBackend>(*host.emulator, 0)), Error);
#ifdef CHEMNNE_COUNTS_ALLOCATIONS
  const long before = test::allocations;
  for (const double seconds : lengths) {
    host.derivative->adjoint(*host.binding, host.by_cell(host.state), host.by_cell(host.weather), seconds,
                             host.by_cell(slope));
    host.derivative->tangent(*host.binding, host.by_cell(host.state), host.by_cell(host.weather), seconds,
                             host.by_cell(slope));
  }
  BOOST_TEST(test::allocations == before);
#endif
}
