#define BOOST_TEST_MODULE host_host_fields
#include <cmath>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;
using test::contains;

namespace {

/// The emulator of the tests with conditions from which the density of air follows.
using C = test::Small<>;
using Model = ChemNNE<C>;
using Tested = Emulator<Model, DefaultBackend>;

EmulatorDescription with_pressure() {
  EmulatorDescription d = test::small_description<C>();
  d.conditions = {"temperature", "pressure"};
  d.condition_units = {"K", "Pa"};
  d.condition_range = {{200, 330}, {1e3, 2e5}};
  return d;
}

struct Fixture {
  test::TemporaryFolder folder;
  std::string file(const EmulatorDescription& description) const {
    std::vector<float> p = test::small_parameters<C>();
    p[3 + 4] = 9e4f, p[3 + 5 + 4] = 2e4f;  // mean and deviation of the pressure
    test::write_small<C>(folder.file("weights.safetensors"), p, description);
    return folder.file("weights.safetensors");
  }
  Tested emulator{file(with_pressure())};
  Tested::Workspace workspace;

  static constexpr std::size_t cells = 23;
  std::vector<double> state, weather;
  Fixture() {
    Random random(3);
    for (std::size_t i = 0; i < cells * 3; ++i) state.push_back(std::pow(10, random.uniform(6.5, 9.5)));
    for (std::size_t i = 0; i < cells; ++i) {
      weather.push_back(random.uniform(265, 310));
      weather.push_back(random.uniform(7e4, 1.0e5));
    }
  }
  double air(std::size_t cell) const {
    return 1e-6 * weather[2 * cell + 1] / (1.380649e-23 * weather[2 * cell]);
  }
  /// What number densities in the emulator's order give.
  std::vector<double> plain(double seconds) {
    std::vector<double> after = state;
    const auto view = Columns<double>::cell_major(after.data(), cells, 3);
    BOOST_TEST(emulator
                   .advance(view, Columns<const double>::cell_major(weather.data(), cells, 2), seconds, view,
                            workspace)
                   .valid_step);
    return after;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(names_units_types_and_layouts_of_a_host_do_not_matter, Fixture) {
  const std::vector<double> expected = plain(1800);
  // Own order, with a species that the emulator does not know; conditions the other way round.
  const std::vector<std::string> names{"dust", "C", "A", "B"};
  const std::vector<std::size_t> places{2, 3, 1};
  const std::vector<double> masses{1, 30, 17, 48};
  const auto run = [&]<class T>(T, Unit unit, double tolerance) {
    std::vector<T> host(4 * 24, T(-7)), conditions(2 * 24);
    const auto view = Columns<T>::blocks(host.data(), cells, 4, 8);  // the last block has a cell to spare
    const auto forcing = Columns<T>::item_major(conditions.data(), cells);
    const auto factor = [&](std::size_t cell, std::size_t i) {
      if (unit == Unit::number_density) return 1.0;
      return unit == Unit::mole_fraction ? air(cell) : air(cell) * molar_mass_of_air / masses[places[i]];
    };
    for (std::size_t cell = 0; cell < cells; ++cell) {
      forcing(cell, 0) = T(weather[2 * cell + 1]);
      forcing(cell, 1) = T(weather[2 * cell]);
      for (std::size_t i = 0; i < 3; ++i) view(cell, places[i]) = T(state[3 * cell + i] / factor(cell, i));
    }
    const HostBinding binding = emulator.bind(
        {.species = names, .conditions = {"pressure", "temperature"}, .unit = unit, .molar_mass = masses});
    BOOST_TEST(emulator.advance(binding, view, forcing, 1800, workspace).valid_step);
    for (std::size_t cell = 0; cell < cells; ++cell) {
      BOOST_TEST(view(cell, 0) == T(-7));
      for (std::size_t i = 0; i < 3; ++i) {
        const double found = static_cast<double>(view(cell, places[i])) * factor(cell, i);
        BOOST_TEST(std::abs(found / expected[3 * cell + i] - 1) < tolerance);
      }
    }
    for (std::size_t item = 0; item < 4; ++item) BOOST_TEST(host[2 * 32 + item * 8 + 7] == T(-7));
  };
  for (const Unit unit : {Unit::number_density, Unit::mole_fraction, Unit::mass_mixing_ratio}) {
    // Conversions round in double; the network sees float, where a last bit of its input moves the result by
    // a few of its own (6e-8).
    run(double{}, unit, 2e-6);
    // The host's float rounds state and conditions by 6e-8 on the way in; the network magnifies by up to ten.
    run(float{}, unit, 1e-5);
  }
}

BOOST_FIXTURE_TEST_CASE(number_densities_in_double_have_the_same_bits_bound_or_not, Fixture) {
  for (const double seconds : {3600.0, 700.0}) {
    const std::vector<double> expected = plain(seconds);
    const HostBinding binding = emulator.bind({.species = {"A", "B", "C"}});
    std::vector<double> host = state;
    BOOST_TEST(emulator
                   .advance(binding, Columns<double>::cell_major(host.data(), cells, 3),
                            Columns<const double>::cell_major(weather.data(), cells, 2), seconds, workspace)
                   .valid_step);
    BOOST_TEST((std::memcmp(host.data(), expected.data(), host.size() * sizeof(double)) == 0));
  }
}

BOOST_FIXTURE_TEST_CASE(a_long_step_is_composed_of_steps_of_the_horizon, Fixture) {
  const HostBinding binding = emulator.bind({.species = {"A", "B", "C"}});
  const auto conditions = Columns<const double>::cell_major(weather.data(), cells, 2);
  std::vector<double> once = state, steps = state;
  emulator.advance(binding, Columns<double>::cell_major(once.data(), cells, 3), conditions, 2 * 3600 + 900,
                   workspace);
  for (const double seconds : {3600.0, 3600.0, 900.0})
    emulator.advance(binding, Columns<double>::cell_major(steps.data(), cells, 3), conditions, seconds,
                     workspace);
  BOOST_TEST((std::memcmp(once.data(), steps.data(), once.size() * sizeof(double)) == 0));
  // 0.1 * 36000 s is 3600 s and a rounding error, which is no step of its own.
  std::vector<double> rounded = state, whole = state;
  emulator.advance(binding, Columns<double>::cell_major(rounded.data(), cells, 3), conditions,
                   std::nextafter(3600, 3601), workspace);
  emulator.advance(binding, Columns<double>::cell_major(whole.data(), cells, 3), conditions, 3600, workspace);
  BOOST_TEST((std::memcmp(rounded.data(), whole.data(), whole.size() * sizeof(double)) == 0));
  for (const double seconds : {0.0, -1.0, std::nan(""), HUGE_VAL, 1e300}) {
    const std::vector<double> before = once;
    BOOST_TEST(!emulator
                    .advance(binding, Columns<double>::cell_major(once.data(), cells, 3), conditions, seconds,
                             workspace)
                    .valid_step);
    BOOST_TEST(once == before, boost::test_tools::per_element());
  }
}

BOOST_FIXTURE_TEST_CASE(a_cell_that_is_kept_keeps_the_bits_of_the_host, Fixture) {
  const HostBinding binding = emulator.bind({.species = {"A", "B", "C"}, .unit = Unit::mole_fraction});
  std::vector<float> host(cells * 3), conditions(weather.begin(), weather.end());
  for (std::size_t i = 0; i < host.size(); ++i) host[i] = static_cast<float>(state[i] / air(i / 3));
  host[3 * 4 + 1] = std::nanf("0x123");
  const std::vector<float> before = host;
  const StepStatus status =
      emulator.advance(binding, Columns<float>::cell_major(host.data(), cells, 3),
                       Columns<const float>::cell_major(conditions.data(), cells, 2), 3600, workspace);
  BOOST_TEST(status.left_unchanged == 1u);
  BOOST_TEST((std::memcmp(&host[3 * 4], &before[3 * 4], 3 * sizeof(float)) == 0));
  BOOST_TEST(host[0] != before[0]);
}

BOOST_FIXTURE_TEST_CASE(what_does_not_fit_at_set_up_is_an_error_that_names_it, Fixture) {
  const auto message = [&](const HostFields& fields) {
    return test::message_of([&] { emulator.bind(fields); });
  };
  BOOST_TEST(contains(message({.species = {"A", "C"}}), "'B'"));
  BOOST_TEST(contains(message({.species = {"A", "B", "C", "B"}}), "'B' twice"));
  BOOST_TEST(contains(message({.species = {"A", "B", "C"}, .conditions = {"temperature"}}), "'pressure'"));
  BOOST_TEST(contains(message({.species = {"A", "B", "C"}, .unit = Unit::mass_mixing_ratio}), "molar mass"));
  BOOST_TEST(contains(
      message({.species = {"A", "B", "C"}, .unit = Unit::mass_mixing_ratio, .molar_mass = {1, 0, 1}}),
      "'B'"));
  const Tested without_air(file(test::small_description<C>()));
  BOOST_TEST(contains(test::message_of([&] {
                        without_air.bind({.species = {"A", "B", "C"}, .unit = Unit::mole_fraction});
                      }),
                      "unit"));
  BOOST_CHECK_NO_THROW(without_air.bind({.species = {"A", "B", "C"}}));
}
