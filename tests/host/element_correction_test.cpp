#define BOOST_TEST_MODULE host_element_correction
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/host/element_correction.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

constexpr std::size_t species = 6;
using State = std::array<double, species>;
// Nitrogen, carbon, sulphur; the last species has none of them.
const std::vector<std::vector<double>> composition{
    {1, 2, 0, 1, 0, 0}, {0, 0, 1, 2, 1, 0}, {0, 0, 0, 0, 1, 0}};
const ElementCorrection<species, 3> correction(composition);

double total(const State& c, std::size_t element) {
  double sum = 0;
  for (std::size_t i = 0; i < species; ++i) sum += composition[element][i] * c[i];
  return sum;
}

State random_state(Random& random) {
  State c;
  for (double& value : c) value = std::pow(10, random.uniform(2, 12));
  return c;
}

}  // namespace

BOOST_AUTO_TEST_CASE(rounding_is_taken_out_of_the_totals) {
  Random random(1);
  for (int n = 0; n < 1000; ++n) {
    const State before = random_state(random);
    State after = before;
    for (double& value : after) value *= 1 + 1e-6 * random.uniform(-1, 1);
    const State rounded = after;
    if (!correction.apply(before.data(), after.data())) {
      BOOST_TEST((after == rounded));
      continue;
    }
    for (std::size_t e = 0; e < 3; ++e)
      BOOST_TEST(total(after, e) == total(before, e), boost::test_tools::tolerance(1e-14));
    for (std::size_t i = 0; i < species; ++i)
      BOOST_TEST(std::abs(after[i] / rounded[i] - 1) <= correction.largest_change);
    BOOST_TEST(after[5] == rounded[5]);
  }
}

BOOST_AUTO_TEST_CASE(an_element_may_be_absent) {
  const State before{1e9, 2e9, 3e9, 4e9, 0, 6e9};
  State after = before;
  after[0] *= 1 + 1e-6;
  after[2] *= 1 - 1e-6;
  BOOST_TEST(correction.apply(before.data(), after.data()));
  for (std::size_t e = 0; e < 3; ++e)
    BOOST_TEST(total(after, e) == total(before, e), boost::test_tools::tolerance(1e-14));
  after[4] = 1;  // out of nothing
  BOOST_TEST(!correction.apply(before.data(), after.data()));
}

// These are for the projection.
BOOST_AUTO_TEST_CASE(other_states_are_left_as_they_are) {
  const State good{1e9, 2e9, 3e9, 4e9, 5e9, 6e9};
  State after = good;
  BOOST_TEST(correction.apply(good.data(), after.data()));
  const auto refused = [&](std::size_t place, double value, bool in_before) {
    State before = good, changed = good;
    (in_before ? before : changed)[place] = value;
    const State old = changed;
    const bool result = !correction.apply(before.data(), changed.data());
    return result && std::equal(old.begin(), old.end(), changed.begin(), [](double a, double b) {
             return a == b || (std::isnan(a) && std::isnan(b));
           });
  };
  for (const double value : {1e10, 1e300, -1e11, std::numeric_limits<double>::quiet_NaN(), HUGE_VAL}) {
    BOOST_TEST(refused(0, value, true));
    BOOST_TEST(refused(0, value, false));
  }
  const State in_two{0, 0, 0, 4e9, 5e9, 0};  // three elements of two species depend on each other
  after = in_two;
  BOOST_TEST(!correction.apply(in_two.data(), after.data()));
  const ElementCorrection<2, 2> twice({{1, 2}, {2, 4}});
  std::array<double, 2> c{1e9, 1e9};
  BOOST_TEST(!twice.apply(c.data(), c.data()));
}
