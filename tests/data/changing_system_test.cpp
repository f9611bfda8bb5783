#define BOOST_TEST_MODULE data_changing_system
#include <cmath>
#include <limits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/changing_system.hpp>
#include <chemnne/reference/stiff_system.hpp>

using namespace chemnne;

static_assert(ChangingStiffSystem<ChangingSystem> && RankOneStiffSystem<ChangingSystem>);

namespace {

const Mechanism mechanism = parse_kpp(
    "#INLINE F90_GLOBAL\n REAL(dp) :: K\n#ENDINLINE\n#DEFVAR A = IGNORE;\n#EQUATIONS A = PROD : K;", "loss");

/// K is the time; kinks each hundred seconds.
const RateCourse course{.apply =
                            [](ChemicalSystem& system, double time) {
                              system.set_parameter("K", time);
                              system.set_environment({});
                            },
                        .next_kink = [](double time) { return 100 * (std::floor(time / 100) + 1); }};

}  // namespace

BOOST_AUTO_TEST_CASE(rates_are_those_of_the_time_and_the_end_is_not_seen) {
  ChemicalSystem chemistry(mechanism);
  ChangingSystem system(chemistry, course);
  system.begin(1000, 1250);
  const auto loss = [&](double time) {
    system.set_time(time);
    std::vector<double> rate(1);
    system.tendency(std::vector<double>{1}, rate);
    return -rate[0];
  };
  BOOST_TEST(loss(0) == 1000);
  BOOST_TEST(loss(30) == 1030);
  BOOST_TEST(loss(250) < 1250);  // a jump may be there
  BOOST_TEST(loss(250) == 1250, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(loss(300) == loss(250));
  course.apply(chemistry, 5);
  system.forget_time();
  BOOST_TEST(loss(300) == loss(250));
}

BOOST_AUTO_TEST_CASE(steps_stop_at_kinks_and_at_the_end_however_they_are_rounded) {
  ChemicalSystem chemistry(mechanism);
  ChangingSystem system(chemistry, course);
  system.begin(1030, 1250);
  BOOST_TEST(system.next_stop(0) == 70);
  BOOST_TEST(system.next_stop(69) == 70);
  BOOST_TEST(system.next_stop(70 - 1e-11) == 170);
  BOOST_TEST(system.next_stop(170) == 220);
  BOOST_TEST(std::isinf(system.next_stop(220)));
  BOOST_TEST(std::isinf(system.next_stop(220 - 1e-11)));
}

BOOST_AUTO_TEST_CASE(without_a_course_nothing_changes) {
  ChemicalSystem chemistry(mechanism);
  course.apply(chemistry, 7);
  ChangingSystem system(chemistry);
  BOOST_TEST(!system.changes());
  system.begin(0, 10);
  system.set_time(5);
  BOOST_TEST(chemistry.effective_rate_constants()[0] == 7);
  BOOST_TEST(std::isinf(system.next_stop(0)));
}
