#define BOOST_TEST_MODULE cli_box_conditions
#include <string>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/cli/box_conditions.hpp>
#include <chemnne/io/atomic_file.hpp>

using namespace chemnne;

namespace {

/// Rates that show each condition by itself.
const Mechanism mechanism = parse_kpp(
    "#INLINE F90_GLOBAL\n REAL(dp) :: SINK\n#ENDINLINE\n#DEFVAR A = IGNORE;\n#EQUATIONS\n"
    "A = PROD : TEMP; A = PROD : SINK; A = PROD : J(4); A = PROD : COSX; A = PROD : M;",
    "probe");

std::vector<double> rates(const BoxConditions& conditions, double time) {
  ChemicalSystem system(mechanism);
  conditions.apply(system, time);
  return system.rate_constants(std::vector<double>(1, 0.0));
}

}  // namespace

BOOST_AUTO_TEST_CASE(conditions_reach_the_rates_by_name) {
  BoxConditions conditions(mechanism);
  BOOST_TEST(conditions.is_constant());
  BOOST_TEST(conditions.unset_parameters() == std::vector<std::string>{"SINK"});
  for (const char* item : {"temperature=280", "SINK=0.5", "J_NO2=0.01", "air_number_density=2e19"})
    conditions.add(item);
  const std::vector<double> found = rates(conditions, 0);
  BOOST_TEST(found[0] == 280);
  BOOST_TEST(found[1] == 0.5);
  BOOST_TEST(found[2] == 0.01);
  BOOST_TEST(found[3] == 1);  // the default: overhead sun
  BOOST_TEST(found[4] == 2e19);
}

BOOST_AUTO_TEST_CASE(a_parameter_without_a_value_counts_as_zero) {
  BOOST_TEST(rates(BoxConditions(mechanism), 0)[1] == 0);
}

BOOST_AUTO_TEST_CASE(a_course_in_time_is_interpolated_and_held_at_its_ends) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("course.csv");
  write_file_atomically(file, "time,temperature,SINK\n0,280,1\n100,290,3\n");
  BoxConditions conditions(mechanism);
  conditions.add(file);
  BOOST_TEST(!conditions.is_constant());
  BOOST_TEST(rates(conditions, 25)[0] == 282.5);
  BOOST_TEST(rates(conditions, 50)[1] == 2);
  BOOST_TEST(rates(conditions, 1000)[0] == 290);
}

BOOST_AUTO_TEST_CASE(at_a_place_the_sun_moves) {
  BoxConditions conditions(mechanism);
  conditions.set_place({.latitude = 40, .day_of_year = 172, .local_hour = 20});
  const auto rounding = boost::test_tools::tolerance(1e-13);
  BOOST_TEST(conditions.cosine_zenith(0) == cosine_solar_zenith(40, 172, 20), rounding);
  BOOST_TEST(conditions.cosine_zenith(6 * 3600) == cosine_solar_zenith(40, 173, 26), rounding);
  BOOST_TEST(rates(conditions, 0)[2] == 0);  // night
}

BOOST_AUTO_TEST_CASE(unknown_names_are_errors_that_list_the_known) {
  BoxConditions conditions(mechanism);
  const auto lists = [](const Error& error) {
    return std::string(error.what()).find("relative_humidity") != std::string::npos &&
           std::string(error.what()).find("SINK") != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(conditions.add("wind=3"), Error, lists);
  BOOST_CHECK_THROW(conditions.add("temperature=warm"), Error);
  BOOST_CHECK_THROW(conditions.add("no_such_file.csv"), Error);
}
