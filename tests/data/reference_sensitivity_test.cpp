#define BOOST_TEST_MODULE data_reference_sensitivity
#include <cmath>
#include <vector>

#include "small_mechanism.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/reference_sensitivity.hpp>

using namespace chemnne;

namespace {

/// A -> B at 1e-3 s-1: c_A = c_A(0) e, c_B = c_B(0) + c_A(0) (1 - e) with e = exp(-1e-3 t).
Mechanism decay() {
  return parse_kpp(
      "#DEFVAR A = IGNORE; B = IGNORE; C = IGNORE;\n"
      "#EQUATIONS <R1> A = B : 1.0E-3 * JFAC ; <R2> C = C : 1.0E-9 ;\n",
      "decay");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_linear_chain_has_the_sensitivities_of_its_closed_solution) {
  const std::vector<float> start{1e10f, 3e9f, 1.f, 2e8f, 1e9f, 5e6f};
  const std::vector<Environment> environment(2, Environment{.photolysis_scaling = 1});
  const ReferenceSensitivity found = reference_sensitivity(
      decay(), start, environment, {.duration = 1000, .floor = {1e3, 1e3, 1e3}, .threads = 1});
  for (std::size_t cell = 0; cell < 2; ++cell) {
    const double a = static_cast<double>(start[cell * 3]), b = static_cast<double>(start[cell * 3 + 1]);
    const double made = a * -std::expm1(-1), end = b + made;
    const double* const s = &found.value[cell * 9];
    // Central differences over 0.005 decades: (0.005 ln 10)^2 / 6 = 2e-5 of S at most.
    const auto close = boost::test_tools::tolerance(3e-5);
    BOOST_TEST(found.failure[cell] == "");
    BOOST_TEST(s[0] == 1, close);
    BOOST_TEST(std::abs(s[1]) < 1e-5);
    BOOST_TEST(s[3] == made / end, close);
    BOOST_TEST(s[4] == b / end, close);
  }
  // C is absent in the first cell only.
  for (const std::size_t at : {2u, 5u, 6u, 7u, 8u}) BOOST_TEST(std::isnan(found.value[at]));
  BOOST_TEST(found.value[9 + 8] == 1, boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(threads_do_not_change_it_and_failures_are_reported) {
  const Mechanism mechanism = test::small_mechanism();
  const Environment environment{.cosine_zenith = 0.7, .parameters = {1e-3, 0}};
  std::vector<float> start{1e10f, 2e10f, 1e12f, 1e9f, 1e8f};
  start.insert(start.end(), start.begin(), start.begin() + 5);
  start[8] = std::numeric_limits<float>::infinity();
  const std::vector<Environment> both(2, environment);
  const auto one = reference_sensitivity(mechanism, start, both, {.threads = 1}),
             two = reference_sensitivity(mechanism, start, both, {.threads = 2});
  BOOST_TEST(one.failure[0] == "");
  BOOST_TEST(one.failure[1] != "");
  for (std::size_t at = 0; at < 25; ++at) {
    BOOST_TEST(one.value[at] == two.value[at]);
    BOOST_TEST(std::isnan(one.value[25 + at]));
  }
  // Ozone at the end rises with NO2 and falls with NO, in which it has its photochemical balance.
  BOOST_TEST(one.value[2 * 5 + 1] > 0.001);
  BOOST_TEST(one.value[2 * 5 + 0] < -0.001);
}

BOOST_AUTO_TEST_CASE(lengths_that_do_not_fit_are_errors) {
  BOOST_CHECK_THROW(reference_sensitivity(decay(), std::vector<float>(4), std::vector<Environment>(1)),
                    Error);
}
