#define BOOST_TEST_MODULE chemistry_chemical_system
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

/// Orders 0 to 3, a species twice, a catalyst, a minus product, fixed species and a species that
/// nothing changes.
const char* const toy = R"(
#DEFVAR A = IGNORE; B = IGNORE; C = IGNORE; D = IGNORE;
#DEFFIX M = IGNORE; F = IGNORE;
#EQUATIONS
A + A = B : 2;
B + M = A + C : 1e-19;
A + 2B = B + 0.5C : 3;
C + F + F = PROD - A : 0.1;
PROD = A : 7;
D = D : 11;
#INITVALUES F = 4;
)";

/// RO2 as rate and in a sum, in a reaction of second order and with a fixed species; what RO2 is lies in it.
const char* const peroxy = R"(
#DEFVAR A = IGNORE; P = IGNORE; Q = IGNORE; B = IGNORE;
#DEFFIX F = IGNORE;
#INLINE F90_GLOBAL
REAL(dp) :: LOSS
#ENDINLINE
#INLINE F90_RCONST
RO2 = C(ind_P) + C(ind_Q)
#ENDINLINE
#EQUATIONS
P = A : 3*RO2;
A + Q = B + 0.5 Q : 2*(1 + 0.25*RO2);
B + F = P - Q : RO2*0.1;
A = PROD : LOSS;
#INITVALUES F = 4;
)";

/// Rate constants evaluated at 298.15 K and 1 atm, with the sun overhead.
ChemicalSystem at_standard(const Mechanism& mechanism) {
  ChemicalSystem system(mechanism);
  system.set_environment(Environment{});
  return system;
}

std::vector<double> tendency(const ChemicalSystem& system, const std::vector<double>& c) {
  std::vector<double> result(system.size(), -1.0);
  system.tendency(c, result);
  return result;
}

/// J + u v^T, dense, [row * size + column].
std::vector<double> jacobian(const ChemicalSystem& system, const std::vector<double>& c) {
  std::vector<double> values(system.row_indices().size(), -1.0), dense(system.size() * system.size(), 0.0);
  system.jacobian(c, values);
  for (std::size_t j = 0; j < system.size(); ++j)
    for (auto k = system.column_pointers()[j]; k < system.column_pointers()[j + 1]; ++k) {
      const auto entry = static_cast<std::size_t>(k);
      dense[static_cast<std::size_t>(system.row_indices()[entry]) * system.size() + j] = values[entry];
    }
  std::vector<double> u(system.size(), -1.0);
  system.rank_one_factor(c, u);
  for (std::size_t i = 0; i < system.size(); ++i)
    for (const std::size_t j : system.peroxy_radicals()) dense[i * system.size() + j] += u[i];
  return dense;
}

/// Largest difference between the Jacobian and central differences, relative to the largest entry of the row
/// times c_j.
///
/// Rates are polynomials of degree 2 at most in each species of the mechanisms used here, so that central
/// differences have no truncation error, whatever the step.
double jacobian_error(const ChemicalSystem& system, const std::vector<double>& c) {
  const std::size_t size = system.size();
  const std::vector<double> exact = jacobian(system, c);
  std::vector<double> scale(size, 0.0), error(size, 0.0);
  for (std::size_t j = 0; j < size; ++j) {
    const double step = 0.1 * c[j];
    std::vector<double> up = c, down = c;
    up[j] += step;
    down[j] -= step;
    const std::vector<double> above = tendency(system, up), below = tendency(system, down);
    for (std::size_t i = 0; i < size; ++i) {
      const double difference = (above[i] - below[i]) / (up[j] - down[j]);
      scale[i] = std::max(scale[i], std::abs(exact[i * size + j]) * c[j]);
      error[i] = std::max(error[i], std::abs(exact[i * size + j] - difference) * c[j]);
    }
  }
  double largest = 0;
  for (std::size_t i = 0; i < size; ++i)
    if (scale[i] > 0) largest = std::max(largest, error[i] / scale[i]);
  return largest;
}

std::vector<double> random_state(std::size_t size, double lowest, double highest) {
  Random random{7, 0};
  std::vector<double> state(size);
  for (double& c : state) c = std::pow(10, lowest + (highest - lowest) * random.uniform());
  return state;
}

bool read_shared(const std::string& file, Mechanism& mechanism) {
  const std::string path = std::string(CHEMNNE_SHARED_DIRECTORY) + "/mechanisms/" + file;
  std::FILE* there = std::fopen(path.c_str(), "rb");
  if (!there) return std::printf("skipped: %s is not there\n", path.c_str()), false;
  std::fclose(there);
  mechanism = read_kpp(path);
  return true;
}

// A handful of roundings.
const auto rounding = boost::test_tools::tolerance(1e-14);

}  // namespace

BOOST_AUTO_TEST_CASE(tendency_by_hand) {
  ChemicalSystem system = at_standard(parse_kpp(toy, "toy"));
  BOOST_TEST(system.size() == 4u);
  system.set_fixed(std::vector<double>{1e19, 4});
  // A = 2, B = 3, C = 5: rates 2*2*2 = 8, 1e-19*3*1e19 = 3, 3*2*9 = 54, 0.1*5*16 = 8, 7.
  const std::vector<double> dcdt = tendency(system, {2, 3, 5, 11});
  BOOST_TEST(dcdt[0] == -2 * 8 + 3 - 54 - 8 + 7.0, rounding);
  BOOST_TEST(dcdt[1] == 8 - 3 - 54.0, rounding);
  BOOST_TEST(dcdt[2] == 3 + 27 - 8.0, rounding);
  BOOST_TEST(dcdt[3] == 0.0);
}

BOOST_AUTO_TEST_CASE(jacobian_by_hand) {
  ChemicalSystem system = at_standard(parse_kpp(toy, "toy"));
  system.set_fixed(std::vector<double>{1e19, 4});
  const std::vector<double> j = jacobian(system, {2, 3, 5, 11});
  // d/dA, d/dB and d/dC of the five rates: 8, 0, 27, 0, 0;  0, 1, 36, 0, 0;  0, 0, 0, 1.6, 0.
  const std::vector<double> expected{-16 - 27., 1 - 36.,  -1.6, 0, 8 - 27., -1 - 36., 0, 0,
                                     13.5,      1 + 18.0, -1.6, 0, 0,       0,        0, 0};
  for (std::size_t i = 0; i < expected.size(); ++i) BOOST_TEST(j[i] == expected[i], rounding);
}

BOOST_AUTO_TEST_CASE(turnover_by_hand) {
  ChemicalSystem system = at_standard(parse_kpp(toy, "toy"));
  system.set_fixed(std::vector<double>{1e19, 4});
  std::vector<double> production(4, -1.0), loss(4, -1.0);
  system.turnover(std::vector<double>{2, 3, 5, 11}, production, loss);
  // The rates as above: A from B + M and the source, B from A + A, C from two reactions.
  const std::vector<double> made{3 + 7., 8, 3 + 27., 0}, lost{16 + 54 + 8., 3 + 54., 8, 0};
  for (std::size_t i = 0; i < 4; ++i) {
    BOOST_TEST(production[i] == made[i], rounding);
    BOOST_TEST(loss[i] == lost[i], rounding);
  }
}

BOOST_AUTO_TEST_CASE(peroxy_radicals_by_hand) {
  ChemicalSystem system(parse_kpp(peroxy, "peroxy"));
  system.set_parameter("LOSS", 0.5);
  system.set_environment(Environment{});
  const std::vector<double> c{2, 3, 5, 7};  // A, P, Q, B; S = 3 + 5 = 8
  BOOST_TEST(system.peroxy_radical_sum(c) == 8.0);
  const std::vector<double> constants = system.rate_constants(c), expected{24, 2 * (1 + 2.), 0.8, 0.5};
  for (std::size_t r = 0; r < 4; ++r) BOOST_TEST(constants[r] == expected[r], rounding);
  const std::vector<double> rates = system.reaction_rates(c),
                            by_hand{24 * 3., 6 * 2 * 5., 0.8 * 7 * 4, 0.5 * 2};
  for (std::size_t r = 0; r < 4; ++r) BOOST_TEST(rates[r] == by_hand[r], rounding);
  const std::vector<double> dcdt = tendency(system, c);
  BOOST_TEST(dcdt[0] == 72 - 60 - 1., rounding);
  BOOST_TEST(dcdt[1] == -72 + 22.4, rounding);
  BOOST_TEST(dcdt[2] == -0.5 * 60 - 22.4, rounding);
  BOOST_TEST(dcdt[3] == 60 - 22.4, rounding);
  // Slopes 3, 0.5 and 0.1 times the rest of the rate: 9, 5, 2.8.
  std::vector<double> u(4, -1.0);
  system.rank_one_factor(c, u);
  const std::vector<double> factor{9 - 5., -9 + 2.8, -0.5 * 5 - 2.8, 5 - 2.8};
  for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(u[i] == factor[i], rounding);
  BOOST_TEST(jacobian_error(system, c) < 1e-11);
  std::vector<double> production(4, -1.0), loss(4, -1.0);
  system.turnover(c, production, loss);
  BOOST_TEST(production[0] == 72.0, rounding);
  BOOST_TEST(loss[0] == 61.0, rounding);
  for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(production[i] - loss[i] == dcdt[i], rounding);
}

BOOST_AUTO_TEST_CASE(parameters_must_be_set_by_their_names) {
  ChemicalSystem system(parse_kpp(peroxy, "peroxy"));
  const auto mentions = [](const char* text) {
    return [text](const Error& error) { return std::string(error.what()).find(text) != std::string::npos; };
  };
  BOOST_CHECK_EXCEPTION(system.set_environment(Environment{}), Error,
                        mentions("<4>: expected a value of the parameter LOSS"));
  BOOST_CHECK_EXCEPTION(system.set_parameter("GAIN", 1), Error, mentions("one of LOSS, found 'GAIN'"));
  system.set_parameter("LOSS", 0.25);
  system.set_environment(Environment{});
  BOOST_TEST(system.parameters()[0] == 0.25);
  BOOST_TEST(system.rate_constants(std::vector<double>(4, 0.0))[3] == 0.25);
}

BOOST_AUTO_TEST_CASE(photolysis_is_what_the_host_gives) {
  ChemicalSystem system(parse_kpp("#DEFVAR A = IGNORE; #EQUATIONS A + hv = PROD : 0.5*J(J_NO2);", "light"));
  RateContext context = make_rate_context({});
  context.photolysis[4] = 0.01;
  system.set_rate_context(context);
  BOOST_TEST(tendency(system, {3})[0] == -0.015, rounding);
  BOOST_TEST(system.rate_context().photolysis[4] == 0.01);
}

BOOST_AUTO_TEST_CASE(pattern_is_sorted_and_has_the_diagonal) {
  const ChemicalSystem system(parse_kpp(toy, "toy"));
  const std::vector<int> pointers{0, 3, 6, 8, 9}, rows{0, 1, 2, 0, 1, 2, 0, 2, 3};
  BOOST_TEST(system.column_pointers() == pointers, boost::test_tools::per_element());
  BOOST_TEST(system.row_indices() == rows, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(environment_sets_rates_and_the_gases_of_air) {
  ChemicalSystem system(parse_kpp(toy, "toy"));
  const Environment environment{.temperature = 250, .pressure = 5e4};
  system.set_environment(environment);
  BOOST_TEST(system.fixed()[0] == air_number_density(environment));
  BOOST_TEST(system.fixed()[1] == 4.0);  // from the initial values
  BOOST_TEST(system.rate_constants(std::vector<double>(4, 0.0))[3] == 0.1);
  BOOST_TEST(tendency(system, {0, 1, 0, 0})[2] == 1e-19 * air_number_density(environment), rounding);
  ChemicalSystem copy = system;
  copy.set_environment(Environment{.temperature = 300});
  BOOST_TEST(system.fixed()[0] == air_number_density(environment));
}

BOOST_AUTO_TEST_CASE(wrong_input_is_refused) {
  ChemicalSystem system(parse_kpp(toy, "toy"));
  BOOST_CHECK_THROW(system.set_fixed(std::vector<double>{1}), Error);
  BOOST_CHECK_THROW(system.set_environment(Environment{.temperature = -1}), Error);
  const auto names_reaction = [](const Error& error) { return error.where() == "reaction <bad>"; };
  BOOST_CHECK_EXCEPTION(
      at_standard(parse_kpp("#DEFVAR A = IGNORE; #EQUATIONS <bad> A = PROD : LOG(TEMP - 1000);", "bad")),
      Error, names_reaction);
}

BOOST_AUTO_TEST_CASE(jacobian_equals_central_differences) {
  // Rounding only: eps times cancellation among the terms of a row, with a step of a tenth.
  const double tolerance = 1e-11;
  BOOST_TEST(jacobian_error(at_standard(parse_kpp(toy, "toy")), {2, 3, 5, 11}) < tolerance);
  Mechanism mechanism;
  if (read_shared("kpp/small_strato.def", mechanism))
    BOOST_TEST(jacobian_error(at_standard(mechanism), random_state(5, 5, 12)) < tolerance);
  if (read_shared("kpp/saprc99.def", mechanism))
    BOOST_TEST(jacobian_error(at_standard(mechanism), random_state(74, 8, 11)) < tolerance);
  if (read_shared("mcm/mcm_isoprene.eqn", mechanism))
    BOOST_TEST(jacobian_error(at_standard(mechanism), random_state(610, 5, 9)) < tolerance);
}

/// Small_strato by hand: at the file's own initial values and 270 K with the sun overhead.
BOOST_AUTO_TEST_CASE(small_strato_by_hand) {
  Mechanism mechanism;
  if (!read_shared("kpp/small_strato.def", mechanism)) return;
  ChemicalSystem system = at_standard(mechanism);
  std::vector<double> c;
  for (std::size_t i = 0; i < system.size(); ++i)
    c.push_back(mechanism.initial_values.at(mechanism.species[i].name));
  const std::vector<std::string> fixed_names{mechanism.species[5].name, mechanism.species[6].name};
  BOOST_TEST(fixed_names[0] == "M");
  system.set_fixed(std::vector<double>{8.120e16, 1.697e16});
  const std::vector<double> dcdt = tendency(system, c);
  const double o = 6.624e8, o3 = 5.326e11, no = 8.725e8, no2 = 2.240e8, o1d = 9.906e1;
  const double loss =
      6.120e-4 * o3 + 1.576e-15 * o * o3 + 1.070e-3 * o3 + 1.2e-10 * o1d * o3 + 6.062e-15 * no * o3;
  BOOST_TEST(dcdt[mechanism.index_of("O3")] == 8.018e-17 * o * 1.697e16 - loss,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(dcdt[mechanism.index_of("NO2")] == 6.062e-15 * no * o3 - 1.069e-11 * no2 * o - 1.289e-2 * no2,
             boost::test_tools::tolerance(1e-12));
  // Nitrogen is conserved, exactly: the two sums have the same terms with opposite signs.
  BOOST_TEST(dcdt[mechanism.index_of("NO")] == -dcdt[mechanism.index_of("NO2")],
             boost::test_tools::tolerance(1e-15));
}
