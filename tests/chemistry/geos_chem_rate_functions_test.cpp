#define BOOST_TEST_MODULE chemistry_geos_chem_rate_functions
#include <cmath>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/rate_functions.hpp>

using namespace chemnne;

namespace {

const RateFunctions functions;

RateContext context_of(double temperature, double air, double water) {
  RateContext context = make_rate_context({});
  context.temperature = temperature;
  context.air = air;
  context.water = water;
  return context;
}

double call(const std::string& name, const RateContext& context, const std::vector<double>& arguments) {
  const auto function = functions.find(name, arguments.size());
  BOOST_REQUIRE_MESSAGE(function, name);
  return function->value(context, arguments);
}

struct Row {
  const char* name;
  std::vector<double> arguments;
  double value;
};

/// What GEOS-Chem 14.7's own functions, compiled by gfortran, give at 251.3 K, with 1.1e19 molecules cm-3 of
/// air and 2e16 of water vapour.
const std::vector<Row> rows{
    {"GCARR_ab", {2e-12, 1.3}, 2.51789370254822e-12},
    {"GCARR_ac", {3e-12, -1500}, 7.67068689118099e-15},
    {"GCARR_abc", {4.6e-4, -4.2, -9000}, 6.10850621107835e-20},
    {"GCJPLPR_aa", {4e-28, 2.8e-10, 0.6}, 2.13359097335906e-10},
    {"GCJPLPR_aba", {1.8e-30, 3, 2.8e-11, 0.6}, 9.2043717354258e-12},
    {"GCJPLPR_abab", {1.9e-31, 3.4, 4e-12, 0.3, 0.6}, 1.2034209959092e-12},
    {"GCJPLPR_abcabc", {9.5e-5, 3.4, -10900, 1.9e15, 0.3, -10900, 0.6}, 8.53216656725594e-05},
    {"GCJPLEQ_acabab", {9e-29, 14000, 7.3e-29, 4.1, 9.5e-12, 1.6, 0.6}, 8.09473491948244e-08},
    {"GCJPLAC_ababac", {6.9e-33, 2.1, 1.1e-12, -1.3, 1.85e-13, -65, 0.6}, 1.30783791186595e-13},
    {"ARRPLUS_ade", {6.92e-14, 1.1644, -7.0485e-4}, 6.8319166694e-14},
    {"ARRPLUS_abde", {2.12e-13, -1300, 1.1644, -7.0485e-4}, 3.6933550514751e-11},
    {"TUNPLUS_abcde", {5.05e15, -12200, 1e8, -0.0128, 5.1242e-5}, 1.75011069328753e-07},
    {"GC_ISO1", {1.7e-11, 390, 0.933, 2e6, -5000, 1.2e9, -1900}, 8.02494240560793e-11},
    {"GC_ISO2", {1.7e-11, 390, 0.933, 2e6, -5000, 1.2e9, -1900}, 2.98779543177819e-16},
    {"GC_EPO_a", {1.7e-11, 390, 4.77e-21}, 7.62489409062705e-11},
    {"GC_PAN_abab", {2.59e-28, 10, 9e-12, 20, 0.3}, 7.23339422909236e-12},
    {"GC_PAN_acac", {2.59e-28, -6.87, 1.125e-11, -1.105, 0.3}, 1.07665646934554e-11},
    {"GC_NIT", {2.7e-12, 350, 1.19, 6, 1.1644, 7.05e-4}, 1.88667243093882e-12},
    {"GC_ALK", {2.7e-12, 350, 1.19, 6, 1.1644, 7.05e-4}, 8.84458503229187e-12},
    {"GC_HO2HO2_acac", {3e-13, 460, 2.1e-33, 920}, 3.26121572852823e-12},
    {"GC_TBRANCH_1_acac", {9.5e-14, 390, 26.2, -1130}, 3.47089635510812e-13},
    {"GC_RO2HO2_aca", {2.91e-13, 1300, 3}, 2.67274730581167e-11},
    {"GC_DMSOH_acac", {8.2e-39, 5376, 1.05e-5, 3644}, 6.88087895339748e-12},
    {"GC_GLYXNO3_ac", {1.4e-12, -1860}, 6.11631257519404e-16},
    {"GC_GLYCOH_A_a", {8e-12}, 5.16660264641984e-12},
    {"GC_GLYCOH_B_a", {8e-12}, 2.83339735358016e-12},
    {"GC_HACOH_A_ac", {2.15e-12, 305}, 4.63459064381418e-12},
    {"GC_HACOH_B_ac", {2.15e-12, 305}, 2.60204682341819e-12},
    {"GC_RO2NO_A1_ac", {2.8e-12, 300}, 2.77163914144181e-15},
    {"GC_RO2NO_B1_ac", {2.8e-12, 300}, 9.23602549899793e-12},
    {"GC_RO2NO_A2_aca", {2.6e-12, 365, 2}, 1.41784448895002e-13},
    {"GC_RO2NO_B2_aca", {2.6e-12, 365, 2}, 1.09694723359472e-11},
};

}  // namespace

BOOST_AUTO_TEST_CASE(values_are_those_of_geos_chem) {
  const RateContext context = context_of(251.3, 1.1e19, 2e16);
  for (const Row& row : rows)
    BOOST_TEST(call(row.name, context, row.arguments) == row.value, boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(branches_of_a_reaction_add_up) {
  for (const double temperature : {200., 250., 310.}) {
    const RateContext context = context_of(temperature, 2e19, 1e17);
    const auto rounding = boost::test_tools::tolerance(1e-13);
    BOOST_TEST(call("GC_GLYCOH_A_a", context, {8e-12}) + call("GC_GLYCOH_B_a", context, {8e-12}) == 8e-12,
               rounding);
    const double whole = call("GCARR_ac", context, {2.6e-12, 365});
    BOOST_TEST(call("GC_RO2NO_A2_aca", context, {2.6e-12, 365, 4}) +
                       call("GC_RO2NO_B2_aca", context, {2.6e-12, 365, 4}) ==
                   whole,
               rounding);
    BOOST_TEST(call("GC_NIT", context, {2.6e-12, 365, 1.2, 9, 1, 0}) +
                       call("GC_ALK", context, {2.6e-12, 365, 1.2, 9, 1, 0}) ==
                   whole,
               rounding);
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_less_than_nothing_is_not) {
  const RateContext context = context_of(300, 2e19, 1e17);
  BOOST_TEST(call("ARRPLUS_ade", context, {1, 1, -0.01}) == 0.0);
  BOOST_TEST(call("GC_NIT", context, {1, 0, 1, 6, 1, 0.01}) == 0.0);
  BOOST_TEST(call("GC_GLYCOH_A_a", context_of(150, 1e18, 0), {1}) == 0.0);
}

/// Of GEOS-Chem 13, by hand.
BOOST_AUTO_TEST_CASE(those_of_older_versions) {
  const RateContext context = context_of(300, 2, 0);
  // k0 = 1, k1 = 2, k2 = 3 M: 1 + 6/(1 + 6/2).
  BOOST_TEST(call("GC_OHHNO3_acacac", context, {1, 0, 2, 0, 3, 0}) == 2.5,
             boost::test_tools::tolerance(1e-14));
  // JPL 15-10, OH + CO at 298 K and 1 atm: 2.4e-13, to two digits.
  BOOST_TEST(call("GC_OHCO_a", context_of(298, 2.46e19, 0), {1.5e-13}) == 2.4e-13,
             boost::test_tools::tolerance(0.03));
}
