#define BOOST_TEST_MODULE host_legal_conditions
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>

using namespace chemnne;

namespace {

const std::vector<std::string> names{"temperature",   "pressure",           "relative_humidity",
                                     "cosine_zenith", "photolysis_scaling", "air_number_density",
                                     "JNO2"};
const std::vector<double> usual{288, 9e4, 50, 0.5, 1, 2.4e19, -0.01};

EmulatorDescription description() {
  EmulatorDescription d;
  d.conditions = names;
  for (const double value : usual) d.condition_range.push_back({0, value});
  return d;
}

/// Whether the usual conditions with another value of one are legal, and what becomes of it.
struct Applied {
  bool legal;
  double value;
};
Applied with(const std::string& name, double value, const EmulatorDescription& d = description()) {
  std::vector<double> conditions = usual;
  const auto place = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  conditions[place] = value;
  const bool legal = LegalConditions(d).apply(conditions.data());
  for (std::size_t k = 0; k < usual.size(); ++k)
    if (k != place) BOOST_TEST(conditions[k] == usual[k]);
  return {legal, conditions[place]};
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_sun_below_the_horizon_is_night) {
  for (const double cosine : {-1e-9, -0.3, -1.0, -1.0000002}) {
    BOOST_TEST(with("cosine_zenith", cosine).legal);
    BOOST_TEST(with("cosine_zenith", cosine).value == 0);
  }
  BOOST_TEST(with("cosine_zenith", 0.3).value == 0.3);
  BOOST_TEST(with("cosine_zenith", 1.0000001).legal);  // as a host in float has it
  for (const double cosine : {1.01, -1.01, 57.0}) BOOST_TEST(!with("cosine_zenith", cosine).legal);
}

BOOST_AUTO_TEST_CASE(training_data_with_negative_values_have_them_in_use_too) {
  EmulatorDescription d = description();
  d.condition_range[3].minimum = -0.2;
  BOOST_TEST(with("cosine_zenith", -0.3, d).value == -0.3);
  BOOST_TEST(with("cosine_zenith", -0.3, d).legal);
}

BOOST_AUTO_TEST_CASE(no_air_has_a_temperature_or_pressure_of_zero) {
  for (const char* name : {"temperature", "pressure", "air_number_density"})
    for (const double value : {0.0, -1.0, 5e-324}) BOOST_TEST(!with(name, value).legal, name << " " << value);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_negative_counts_as_none) {
  for (const char* name : {"relative_humidity", "photolysis_scaling"}) {
    BOOST_TEST(with(name, -1e-12).legal);
    BOOST_TEST(with(name, -1e-12).value == 0);
  }
  BOOST_TEST(with("JNO2", -0.01).legal);  // another condition is what the host says it is
  BOOST_TEST(with("JNO2", -0.01).value == -0.01);
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_never_legal) {
  for (const std::string& name : names)
    for (const double value : {HUGE_VAL, -HUGE_VAL, std::nan("")}) BOOST_TEST(!with(name, value).legal, name);
}

BOOST_AUTO_TEST_CASE(a_step_at_night_does_not_depend_on_how_far_the_sun_is_below) {
  using C = test::Small<>;
  const test::TemporaryFolder folder;
  EmulatorDescription d = test::small_description<C>();
  d.conditions = {"temperature", "cosine_zenith"};
  d.condition_range = {{243, 333}, {0, 1}};
  test::write_small<C>(folder.file("weights.safetensors"), test::small_parameters<C>(), d);
  const Emulator<ChemNNE<C>, DefaultBackend> emulator(folder.file("weights.safetensors"));
  Emulator<ChemNNE<C>, DefaultBackend>::Workspace workspace;
  std::vector<double> state, weather;
  for (const double cosine : {0.0, -0.4, -1.0, 0.5, 5.0}) {
    state.insert(state.end(), {1e8, 3e8, 1e7});
    weather.insert(weather.end(), {288, cosine});
  }
  std::vector<CellFlags> flags(5);
  const auto view = Columns<double>::cell_major(state.data(), 5, 3);
  emulator.advance(view, Columns<const double>::cell_major(weather.data(), 5, 2), 3600, view, workspace,
                   {.flags = flags.data()});
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_TEST(state[3 + i] == state[i]);
    BOOST_TEST(state[6 + i] == state[i]);
    BOOST_TEST(state[9 + i] != state[i]);
  }
  BOOST_TEST(state[12] == 1e8);
  BOOST_TEST(flags[1] == 0);
  BOOST_TEST(flags[4] ==
             (flag(CellFlag::outside_training) | flag(CellFlag::unphysical) | flag(CellFlag::kept)));
}
