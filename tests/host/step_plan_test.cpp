#define BOOST_TEST_MODULE host_step_plan
#include <cstddef>

#include <boost/test/unit_test.hpp>

#include <chemnne/host/step_plan.hpp>

using namespace chemnne;

namespace {

/// A network of an hour, with blocks of 4 cells for its whole steps and of 2 for others.
struct Hour {
  struct C {
    static constexpr double horizon = 3600;
  };
  struct Length {
    double seconds = C::horizon;
  };
  static Length length(double seconds) { return {seconds}; }
  static constexpr std::size_t block(bool whole) { return whole ? 4 : 2; }
};
using Plan = StepPlan<Hour>;

}  // namespace

BOOST_AUTO_TEST_CASE(parts_of_the_horizon_come_first_and_make_up_the_step) {
  for (const double seconds : {1e-3, 600.0, 3600.0, 3601.0, 7200.0, 9000.0, Plan::longest}) {
    const Plan plan(seconds);
    double sum = 0;
    for (std::size_t step = 0; step < plan.steps(); ++step) {
      const double length = plan.length(step).seconds;
      BOOST_TEST(length > 0);
      BOOST_TEST((length == 3600 || (step + 1 == plan.steps() && length < 3600)));
      sum += length;
    }
    BOOST_TEST(sum == seconds);
    BOOST_TEST(plan.block == (plan.length(plan.steps() - 1).seconds == 3600 ? 4u : 2u));
  }
}

BOOST_AUTO_TEST_CASE(what_rounding_leaves_is_no_step) {
  BOOST_TEST(Plan(7200 * (1 + 1e-15)).steps() == 2u);
  BOOST_TEST(Plan(7200 * (1 + 1e-15)).rest == 0);
  BOOST_TEST(Plan(1e-6).steps() == 1u);  // a short step is one
}
