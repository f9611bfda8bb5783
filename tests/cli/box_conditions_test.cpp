#define BOOST_TEST_MODULE cli_box_conditions
#include <cmath>
#include <initializer_list>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/mechanism_reader.hpp>
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
  const BoxPlace evening{.latitude = 40, .day_of_year = 172, .hour = 20};
  conditions.set_place(evening);
  BOOST_TEST(!conditions.is_constant());
  BOOST_TEST(conditions.cosine_zenith(0) == evening.cosine_zenith(0));
  BOOST_TEST(conditions.cosine_zenith(6 * 3600) == evening.cosine_zenith(6 * 3600));
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
  const BoxPlace midnight{.latitude = 40, .day_of_year = 172, .hour = 0};
  conditions.set_place(midnight);
  BOOST_TEST(conditions.cosine_zenith(0) == midnight.cosine_zenith(0));  // the place over the cosine
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
  BOOST_TEST(conditions.kinks().empty());
}

BOOST_AUTO_TEST_CASE(files_have_times_of_their_own_and_may_be_stairs) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder.file("weather.csv"), "time,temperature\n0,280\n100,290\n");
  write_file_atomically(folder.file("sink.csv"), "time,SINK\n50,1\n80,3\n");
  BoxConditions conditions(mechanism);
  conditions.add(folder.file("weather.csv"));
  conditions.add(folder.file("sink.csv"), Between::stairs);
  BOOST_TEST(conditions.kinks() == (std::vector<double>{0, 100}), boost::test_tools::per_element());
  BOOST_TEST(conditions.jumps() == (std::vector<double>{50, 80}), boost::test_tools::per_element());
  BOOST_TEST(rates(conditions, 79)[0] == 287.9);
  BOOST_TEST(rates(conditions, 79)[1] == 1);
  BOOST_TEST(rates(conditions, 80)[1] == 3);
}

BOOST_AUTO_TEST_CASE(steps_stop_at_kinks_and_each_half_hour_of_a_moving_sun) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder.file("weather.csv"), "time,temperature\n0,280\n2000,290\n");
  BoxConditions conditions(mechanism);
  BOOST_TEST(!conditions.course().apply);
  conditions.add(folder.file("weather.csv"));
  BOOST_TEST(conditions.course().next_kink(0) == 2000);
  BOOST_TEST(std::isinf(conditions.course().next_kink(2000)));
  conditions.set_place({.latitude = 40});
  const RateCourse course = conditions.course();
  BOOST_TEST(course.next_kink(0) == 1800);
  BOOST_TEST(course.next_kink(1800) == 2000);
  BOOST_TEST(course.next_kink(2000) == 3600);
  ChemicalSystem system(mechanism);
  course.apply(system, 1000);
  BOOST_TEST(system.rate_constants(std::vector<double>(1, 0.0))[0] == 285);
}

BOOST_AUTO_TEST_CASE(the_time_of_kpp_goes_on_unless_it_is_given) {
  const Mechanism of_time =
      parse_kpp("#DEFVAR A = IGNORE;\n#EQUATIONS A = PROD : 2*time + TSTART;", "test.kpp");
  ChemicalSystem system(of_time);
  BoxConditions conditions(of_time), given(of_time), none(mechanism);
  conditions.set_clock(3600);
  conditions.apply(system, 100);
  BOOST_TEST(system.effective_rate_constants()[0] == 2 * 3700 + 3600.0);
  const RateCourse course = conditions.course();
  BOOST_REQUIRE(course.apply);
  BOOST_TEST(course.next_kink(100) == 1800);
  given.add("time=5");
  given.set_clock(3600);
  given.apply(system, 100);
  BOOST_TEST(system.effective_rate_constants()[0] == 10 + 3600.0);
  none.set_clock(0);
  BOOST_TEST(none.is_constant());
}

BOOST_AUTO_TEST_CASE(a_measured_photolysis_rate_scales_the_others) {
  const Mechanism light = parse_kpp(
      "#DEFVAR A = IGNORE;\n#EQUATIONS\nA = PROD : J(4); A = PROD : J(1); A = PROD : JFAC;", "light");
  const auto constants = [&](std::initializer_list<const char*> items) {
    BoxConditions conditions(light);
    for (const char* const item : items) conditions.add(item);
    conditions.scale_photolysis_from("J_NO2", "--jfac-from");
    ChemicalSystem system(light);
    conditions.apply(system, 0);
    return system.rate_constants(std::vector<double>(1, 0.0));
  };
  const double clear = mcm_photolysis_rate(4, 0.5);
  const std::string half = "J4=" + number_text(0.5 * clear, 17);
  const auto rounding = boost::test_tools::tolerance(1e-13);
  const std::vector<double> found = constants({"cosine_zenith=0.5", half.c_str()});
  BOOST_TEST(found[0] == 0.5 * clear, rounding);
  BOOST_TEST(found[1] == 0.5 * mcm_photolysis_rate(1, 0.5), rounding);
  BOOST_TEST(found[2] == 0.5, rounding);
  // Another rate that is given stays; with the sun at the horizon and below there is no table to scale.
  BOOST_TEST(constants({"cosine_zenith=0.5", half.c_str(), "J1=1e-5"})[1] == 1e-5);
  BOOST_TEST(constants({"cosine_zenith=0.01", "J4=1e-6"})[1] == 5 * mcm_photolysis_rate(1, 0.01), rounding);
  BOOST_TEST(constants({"cosine_zenith=-0.1", "J4=1e-6"})[1] == 0);
  const auto complaint = [&](const char* name, std::initializer_list<const char*> items) {
    BoxConditions conditions(light);
    for (const char* const item : items) conditions.add(item);
    return test::message_of([&] { conditions.scale_photolysis_from(name, "--jfac-from"); });
  };
  BOOST_TEST(test::contains(complaint("J4", {"J1=1e-5"}), "expected J4 among the conditions, found none"));
  BOOST_TEST(test::contains(complaint("temperature", {"temperature=280"}), "expected a photolysis rate"));
  BOOST_TEST(test::contains(complaint("J4", {"J4=1e-3", "photolysis_scaling=0.5"}), "no photolysis_scaling"));
}

BOOST_AUTO_TEST_CASE(fixed_species_follow_courses_in_their_units) {
  const Mechanism fed = parse_kpp(
      "#DEFVAR A = IGNORE;\n#DEFFIX B = IGNORE; O2 = IGNORE;\n#EQUATIONS\nA + B = PROD : 2; A + O2 = PROD : "
      "1;",
      "fed");
  BoxConditions conditions(fed);
  conditions.constrain(1, Course({0, 100}, {1, 3}, Between::interpolated), concentration_unit("ppb", "test"));
  ChemicalSystem system(fed);
  conditions.apply(system, 50);
  BOOST_TEST(system.effective_rate_constants()[0] == 4e-9 * conditions.air(50),
             boost::test_tools::tolerance(1e-14));
  BOOST_TEST(system.effective_rate_constants()[1] == oxygen_number_density(Environment{}),
             boost::test_tools::tolerance(1e-14));
  BOOST_TEST(conditions.kinks() == (std::vector<double>{0, 100}), boost::test_tools::per_element());
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
  BOOST_TEST(test::contains(complaint("time,temperature\n10,280\n10,290\n"),
                            "column time, row 2: expected ascending times, found 10 after 10"));
  BOOST_TEST(
      test::contains(complaint("time,temperature [degC]\n0,20\n"), "temperature: expected a name alone"));
}

BOOST_AUTO_TEST_CASE(numbers_that_no_rate_can_have_are_errors) {
  const test::TemporaryFolder folder;
  BoxConditions conditions(mechanism);
  const auto complaint = [&](const std::string& item) {
    return test::message_of([&] { conditions.add(item); });
  };
  BOOST_TEST(complaint("J4=-1e-9") ==
             "--conditions J4=-1e-9, J4: expected a number of 0 or more, found -1e-09");
  BOOST_TEST(test::contains(complaint("J_NO2=nan"), "J4: expected a number of 0 or more, found nan"));
  BOOST_TEST(test::contains(complaint("SINK=inf"), "SINK: expected a finite number, found inf"));
  conditions.add("SINK=-1");  // whatever the expression makes of it
  const Mechanism of_musica = parse_mechanism(
      R"({"version": "1.0.0", "species": [{"name": "A"}], "phases": [{"name": "gas", "species": ["A"]}],
          "reactions": [{"type": "PHOTOLYSIS", "name": "p", "gas phase": "gas",
                         "reactants": [{"species name": "A"}], "products": []}]})",
      "test.json");
  BOOST_TEST(test::message_of([&] { BoxConditions(of_musica).add("PHOTO.p=-1"); }) ==
             "--conditions PHOTO.p=-1, PHOTO.p: expected a number of 0 or more, found -1");
  write_file_atomically(folder.file("course.csv"), "time,J4\n0,1e-3\n60,-1e-3\n");
  BOOST_TEST(
      test::contains(complaint(folder.file("course.csv")), "course.csv, J4, row 2: expected a number of 0"));
}

BOOST_AUTO_TEST_CASE(weather_that_is_none_is_an_error_with_its_time) {
  const test::TemporaryFolder folder;
  for (const Between between : {Between::interpolated, Between::stairs}) {
    write_file_atomically(folder.file("course.csv"), "time,temperature\n0,290\n3600,17\n");
    BoxConditions conditions(mechanism);
    conditions.add(folder.file("course.csv"), between);
    BOOST_TEST(test::message_of([&] { conditions.check(); }) ==
               "conditions at 3600 s: environment, temperature: expected 123 to 332 K, found 17");
  }
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

/// J18 of methacrolein has another factor l in MCM v3.2, 1.140e-5 for 1.482e-6.
BOOST_AUTO_TEST_CASE(photolysis_is_that_of_the_mechanism_s_version) {
  const auto rate = [](const std::string& version) {
    const Mechanism of =
        parse_kpp("// MCM " + version + "\n#DEFVAR A;\n#EQUATIONS A = : J(18);", "version.eqn");
    ChemicalSystem system(of);
    BoxConditions(of).apply(system, 0);
    return system.effective_rate_constants()[0];
  };
  BOOST_TEST(rate("v3.2") / rate("v3.3.1") == 1.140e-5 / 1.482e-6, boost::test_tools::tolerance(1e-13));
}
