#define BOOST_TEST_MODULE data_check_states
#include <string>
#include <vector>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/check_states.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// Two states of two species and three reactions at two times; what is `without` is left out.
struct Written {
  test::TemporaryFolder folder;
  std::string path = folder.file("states.nc");

  explicit Written(const std::string& without = {}, std::size_t photolysis = 5,
                   const std::vector<std::string>& held = {}) {
    NetcdfFile file = NetcdfFile::create(path);
    const std::vector<std::string> environment{"temperature", "air_number_density",
                                               "water_vapour_number_density", "h2so4_condensation_sink",
                                               "cos_solar_zenith_angle"};
    file.define_dimension("case", 2);
    file.define_dimension("species", 2);
    file.define_dimension("environment", environment.size());
    file.define_dimension("photolysis", photolysis);
    file.define_dimension("reaction", 3);
    file.define_dimension("frame", 2);
    const auto add = [&](const std::string& name, const std::vector<const char*>& dimensions,
                         const std::vector<double>& values) {
      if (name == without) return;
      file.define_variable(name, NC_DOUBLE, dimensions);
      file.write<double>(name, values);
    };
    file.define_variable("species_name", NC_STRING, {"species"});
    file.write<std::string>("species_name", std::vector<std::string>{"A", "B"});
    file.define_variable("environment_name", NC_STRING, {"environment"});
    file.write<std::string>("environment_name", environment);
    add("environment_value", {"case", "environment"},
        {280, 2.6e19, 2e17, 4e-3, 0.5, 290, 2.5e19, 3e17, 5e-3, -0.25});
    std::vector<double> rates(2 * photolysis);
    for (std::size_t i = 0; i < rates.size(); ++i) rates[i] = 1e-6 * static_cast<double>(i + 1);
    add("photolysis_rate", {"case", "photolysis"}, rates);
    add("peroxy_radical_sum", {"case"}, {1e8, 2e8});
    add("rate_constant", {"case", "reaction"}, {1, 2, 3, 4, 5, 6});
    add("tendency", {"case", "species"}, {-1, 1, -2, 2});
    add("time", {"frame"}, {0, 600});
    add("concentration", {"case", "frame", "species"}, {10, 11, 12, 13, 20, 21, 22, 23});
    if (!held.empty()) {
      file.define_dimension("fixed", held.size());
      file.define_variable("fixed_name", NC_STRING, {"fixed"});
      file.write<std::string>("fixed_name", held);
      add("fixed_concentration", {"case", "fixed"}, {1, 2, 3, 4});
    }
    file.close();
  }
};

Mechanism mechanism() {
  return parse_kpp(R"(#DEFVAR
A = IGNORE; B = IGNORE;
#INLINE F90_GLOBAL
  REAL(dp) :: RES1, RES2
#ENDINLINE
#EQUATIONS
<1> A + hv = B : J(4) ;
<2> A = PROD : RES1 ;
<3> A + B = PROD : M*O2*N2*H2O ;
)",
                   "states.kpp");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_is_read_whole) {
  const Written written;
  const CheckStates states = read_check_states(written.path);
  BOOST_TEST(states.cases() == 2u);
  BOOST_TEST(states.species() == 2u);
  BOOST_TEST(states.frames() == 2u);
  BOOST_TEST(states.photolysis() == 5u);
  BOOST_TEST(states.reactions == 3u);
  BOOST_TEST(states.species_name == (std::vector<std::string>{"A", "B"}), boost::test_tools::per_element());
  BOOST_TEST(states.state(1, 1)[0] == 22);
  BOOST_TEST(states.state(0, 1)[1] == 13);
  BOOST_TEST(states.rate_constant[1 * 3 + 2] == 6);
  BOOST_TEST(states.tendency[1 * 2 + 1] == 2);
  BOOST_TEST(states.peroxy_radical_sum[1] == 2e8);
  BOOST_TEST(states.time[1] == 600);
  BOOST_TEST(states.environment(1, "temperature") == 290);
  BOOST_TEST(!states.find_environment(0, "pressure"));
  const std::string message = message_of([&] { states.environment(0, "pressure"); });
  BOOST_TEST(contains(message, "an environment value 'pressure'"), message);
}

BOOST_AUTO_TEST_CASE(species_are_held_by_state_where_the_file_says_so) {
  BOOST_TEST(read_check_states(Written().path).fixed(1).empty());
  const std::vector<std::string> held{"O2", "H2"};
  const CheckStates states = read_check_states(Written({}, 5, held).path);
  BOOST_TEST(states.fixed_name == held, boost::test_tools::per_element());
  BOOST_TEST(states.fixed(1)[0] == 3);
  BOOST_TEST(states.fixed(0)[1] == 2);
  const std::string message =
      message_of([&] { read_check_states(Written("fixed_concentration", 5, held).path); });
  BOOST_TEST(contains(message, "variable fixed_concentration"), message);
}

BOOST_AUTO_TEST_CASE(rates_feel_what_the_file_says) {
  const Written written;
  const CheckStates states = read_check_states(written.path);
  const RateContext day = rate_context_of(states, 0), night = rate_context_of(states, 1);
  BOOST_TEST(day.temperature == 280);
  BOOST_TEST(day.water == 2e17);
  BOOST_TEST(day.oxygen == 0.20946 * 2.6e19);
  BOOST_TEST(day.nitrogen == 0.78084 * 2.6e19);
  // ARCA's convention: M in rates is O2 + N2, argon left out.
  BOOST_TEST(day.air == day.oxygen + day.nitrogen, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(day.sun == 0.5);
  BOOST_TEST(night.cosine_zenith == -0.25);
  BOOST_TEST(night.sun == 0);
  // The first rate of a case is J(1); what the file does not have is 0.
  BOOST_TEST(day.photolysis[1] == 1e-6);
  BOOST_TEST(day.photolysis[0] == 0);
  BOOST_TEST(night.photolysis[4] == 1e-6 * 9);
  BOOST_TEST(night.photolysis[6] == 0);
}

BOOST_AUTO_TEST_CASE(a_system_takes_environment_and_parameters_by_their_names_in_the_file) {
  const Written written;
  const CheckStates states = read_check_states(written.path);
  const Mechanism of = mechanism();
  ChemicalSystem system(of);
  set_environment(system, of, states, 1);
  const std::vector<double> constants = system.rate_constants(std::vector<double>{1, 1});
  BOOST_TEST(constants[0] == 1e-6 * 9);
  BOOST_TEST(constants[1] == 5e-3);  // RES1 is the condensation sink; RES2, which no rate uses, stays unset
  const RateContext context = rate_context_of(states, 1);
  BOOST_TEST(constants[2] == context.air * context.oxygen * context.nitrogen * context.water,
             boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_an_error_with_file_and_variable) {
  for (const char* const name : {"environment_value", "photolysis_rate", "peroxy_radical_sum",
                                 "rate_constant", "tendency", "time", "concentration"}) {
    const Written written(name);
    const std::string message = message_of([&] { read_check_states(written.path); });
    BOOST_TEST((contains(message, "states.nc: variable ") && contains(message, name)), message);
  }
  const Written many({}, 72);
  const std::string message = message_of([&] { read_check_states(many.path); });
  BOOST_TEST(contains(message, "variable photolysis_rate: expected at most 71 rates, found 72"), message);
  BOOST_TEST(contains(message_of([&] { read_check_states(many.folder.file("none.nc")); }), "none.nc"));
}
