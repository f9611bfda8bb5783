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

BOOST_AUTO_TEST_CASE(what_is_given_stays_as_given_under_a_moving_sun) {
  BoxConditions conditions(mechanism);
  for (const char* item : {"cosine_zenith=0.2", "J4=0.02", "photolysis_scaling=0.5"}) conditions.add(item);
  const double clear = 0.5 * mcm_photolysis_rate(4, 0.2);
  BOOST_TEST(conditions.cosine_zenith(0) == 0.2);
  BOOST_TEST(rates(conditions, 0)[2] == 0.02);  // J over sun and scaling
  BoxConditions without(mechanism);
  for (const char* item : {"cosine_zenith=0.2", "photolysis_scaling=0.5"}) without.add(item);
  BOOST_TEST(rates(without, 0)[2] == clear);
  conditions.set_place({.latitude = 40, .day_of_year = 172, .local_hour = 0});
  BOOST_TEST(!conditions.is_constant());
  BOOST_TEST(
      conditions.cosine_zenith(0) == cosine_solar_zenith(40, 172, 0),
      boost::test_tools::tolerance(1e-13));  // the compiler folds one side  // the place over the cosine
  BOOST_TEST(rates(conditions, 0)[2] == 0.02);
}

BOOST_AUTO_TEST_CASE(the_later_of_two_values_counts) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder.file("course.csv"), "time,temperature\n0,280\n100,290\n");
  BoxConditions conditions(mechanism);
  conditions.add("temperature=250");
  conditions.add(folder.file("course.csv"));
  BOOST_TEST(rates(conditions, 50)[0] == 285);
  conditions.add("temperature=260");
  BOOST_TEST(rates(conditions, 50)[0] == 260);
  BOOST_TEST(conditions.times() == (std::vector<double>{0, 100}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_of_musicbox_are_understood) {
  const Mechanism aerosol = parse_kpp(
      "#INLINE F90_GLOBAL\n REAL(dp) :: USED\n#ENDINLINE\n#DEFVAR A = IGNORE;\n#EQUATIONS\n"
      "A = PROD : TEMP; A = PROD : PRESS; A = PROD : USED;",
      "musicbox");
  const test::TemporaryFolder folder;
  write_file_atomically(folder.file("evolving.csv"), "ENV.temperature, 280\nENV.pressure, 9e4\nUSED, 3\n");
  BoxConditions conditions(aerosol);
  conditions.add(folder.file("evolving.csv"));
  ChemicalSystem system(aerosol);
  conditions.apply(system, 0);
  BOOST_TEST(system.rate_constants(std::vector<double>(1, 0.0)) == (std::vector<double>{280, 9e4, 3}),
             boost::test_tools::per_element());
  BOOST_TEST(conditions.unset_parameters().empty());
}

BOOST_AUTO_TEST_CASE(air_that_is_given_shares_out_oxygen_and_nitrogen) {
  const Mechanism gases = parse_kpp(
      "#DEFVAR A = IGNORE;\n#EQUATIONS\nA = PROD : M; A = PROD : O2; A = PROD : N2; A = PROD : H2O;",
      "gases");
  const auto constants = [&](std::initializer_list<const char*> items) {
    BoxConditions conditions(gases);
    for (const char* const item : items) conditions.add(item);
    ChemicalSystem system(gases);
    conditions.apply(system, 0);
    return system.rate_constants(std::vector<double>(1, 0.0));
  };
  const auto usual = constants({}),
             given = constants({"air_number_density=2e19", "water_vapour_number_density=3e17"});
  BOOST_TEST(given[0] == 2e19);
  for (const std::size_t gas : {std::size_t{1}, std::size_t{2}})  // the same shares, to rounding
    BOOST_TEST(given[gas] / given[0] == usual[gas] / usual[0], boost::test_tools::tolerance(1e-14));
  BOOST_TEST(given[3] == 3e17);
}

BOOST_AUTO_TEST_CASE(courses_that_are_none_are_errors) {
  const test::TemporaryFolder folder;
  BoxConditions conditions(mechanism);
  const auto complaint = [&](const char* text) {
    write_file_atomically(folder.file("course.csv"), text);
    return test::message_of([&] { conditions.add(folder.file("course.csv")); });
  };
  BOOST_TEST(test::contains(complaint("time,wind\n0,1\n"), "course.csv: expected one of temperature"));
  BoxConditions other(mechanism);
  conditions = other;
  BOOST_TEST(test::contains(complaint("time,temperature\n10,280\n10,290\n"), "expected ascending times"));
  conditions = other;
  BOOST_TEST(complaint("time,temperature\n0,280\n10,290\n") == "no error");
  BOOST_TEST(
      test::contains(complaint("time,SINK\n0,1\n10,2\n"), "one file with a column 'time', found a second"));
}

BOOST_AUTO_TEST_CASE(unknown_names_are_errors_that_list_the_known) {
  BoxConditions conditions(mechanism);
  const auto lists = [](const Error& error) {
    return std::string(error.what()).find("relative_humidity") != std::string::npos &&
           std::string(error.what()).find("SINK") != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(conditions.add("wind=3"), Error, lists);
  // A row of the table without a name is no J_.
  for (const char* const item : {"J_=1", "J9=1", "J=1", "=1"})
    BOOST_CHECK_EXCEPTION(conditions.add(item), Error, lists);
  BOOST_CHECK_THROW(conditions.add("temperature=warm"), Error);
  BOOST_CHECK_THROW(conditions.add("no_such_file.csv"), Error);
}
