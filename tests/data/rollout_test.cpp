#define BOOST_TEST_MODULE data_rollout
#include <cmath>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/rollout.hpp>

using namespace chemnne;

namespace {

/// A -> B with a rate of 1e-3 s-1 times the photolysis scaling: c_A = c_A(0) exp(-sum k dt).
Mechanism decay() {
  return parse_kpp(
      "#DEFVAR A = IGNORE; B = IGNORE;\n"
      "#EQUATIONS <R1> A = B : 1.0E-3 * JFAC ;\n",
      "decay");
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_step_has_its_own_environment_on_any_number_of_threads) {
  const std::size_t cases = 5, steps = 3;
  std::vector<float> start;
  std::vector<Environment> environment;
  for (std::size_t i = 0; i < cases; ++i) {
    start.insert(start.end(), {1e10f * static_cast<float>(i + 1), 0});
    for (std::size_t step = 0; step < steps; ++step)
      environment.push_back({.photolysis_scaling = 0.1 * static_cast<double>(step + i)});
  }
  const Rollout one = reference_rollout(decay(), start, environment, {.step_length = 600, .threads = 1});
  const Rollout two = reference_rollout(decay(), start, environment, {.step_length = 600, .threads = 2});
  BOOST_TEST(one.concentration == two.concentration);
  for (std::size_t i = 0; i < cases; ++i) {
    double exponent = 0;
    for (std::size_t step = 0; step <= steps; ++step) {
      const double expected = 1e10 * static_cast<double>(i + 1) * std::exp(-exponent);
      // Float rounding 6e-8 and some tens of steps of local error 1e-8.
      BOOST_TEST(one.concentration[(i * (steps + 1) + step) * 2] == expected,
                 boost::test_tools::tolerance(1e-6));
      if (step < steps) exponent += 1e-3 * 600 * environment[i * steps + step].photolysis_scaling;
    }
  }
}

BOOST_AUTO_TEST_CASE(a_cell_that_fails_is_reported_and_the_others_are_computed) {
  std::vector<float> start{1e10f, 0, std::numeric_limits<float>::quiet_NaN(), 0};
  const std::vector<Environment> environment(2);
  const Rollout rollout = reference_rollout(decay(), start, environment);
  BOOST_TEST(rollout.failure[0] == "");
  BOOST_TEST(rollout.failure[1].find("step 0: ") == 0u, rollout.failure[1]);
  BOOST_TEST(rollout.concentration[2] > 0);
  BOOST_TEST(std::isnan(rollout.concentration[6]));
}

BOOST_AUTO_TEST_CASE(lengths_that_do_not_fit_are_errors) {
  const std::vector<float> three(3, 1.0f), four(4, 1.0f);
  const std::vector<Environment> environment(3);
  BOOST_CHECK_THROW(reference_rollout(decay(), three, environment), Error);
  BOOST_CHECK_THROW(reference_rollout(decay(), four, environment), Error);
}
