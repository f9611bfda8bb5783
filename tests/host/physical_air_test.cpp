#define BOOST_TEST_MODULE host_physical_air
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/host/physical_air.hpp>

using namespace chemnne;

namespace {

const std::vector<double> usual{288, 9e4, 50, 0.5, 1, -7};

/// Whether the usual conditions with another value of one are those of air, and what becomes of it.
std::pair<bool, double> with(std::size_t condition, double value) {
  EmulatorDescription d;
  d.conditions = {"temperature",   "pressure",           "relative_humidity",
                  "cosine_zenith", "photolysis_scaling", "SOIL"};
  d.condition_range.resize(d.conditions.size());
  std::vector<double> conditions = usual;
  conditions[condition] = value;
  const bool physical = PhysicalAir(d).apply(conditions.data());
  return {physical, conditions[condition]};
}

bool checked(std::size_t condition, double value) {
  std::vector<double> c = usual;
  c[condition] = value;
  try {
    check_environment({.temperature = c[0],
                       .pressure = c[1],
                       .relative_humidity = c[2],
                       .cosine_zenith = c[3],
                       .photolysis_scaling = c[4]});
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(limits_are_those_of_an_environment) {
  const std::vector<std::vector<double>> values{{122, 123, 332, 333},
                                                {0.99, 2e5, 2.1e5, -1},
                                                {0, 199, 201, 1e300},
                                                {-1.1, -0.5, 1, 1.1},
                                                {0, 100, 101, 1e300}};
  for (std::size_t k = 0; k < values.size(); ++k) {
    for (const double value : values[k])
      BOOST_TEST(with(k, value).first == checked(k, value), "condition " << k << " at " << value);
    for (const double value : {std::numeric_limits<double>::quiet_NaN(), HUGE_VAL, -HUGE_VAL})
      BOOST_TEST(!with(k, value).first);
  }
}

BOOST_AUTO_TEST_CASE(negative_values_count_as_zero_where_they_do_to_an_emulator) {
  for (const std::size_t k : {2u, 3u, 4u}) BOOST_TEST((with(k, -0.1) == std::pair(true, 0.0)));
  BOOST_TEST((with(5, -0.1) == std::pair(true, -0.1)));
}
