#define BOOST_TEST_MODULE reference_reference_solver_troposphere
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/reference/reference_solver.hpp>

using namespace chemnne;

static_assert(StiffSystem<ChemicalSystem>);

namespace {

const Mechanism& troposphere() {
  static const Mechanism mechanism =
      read_kpp(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
  return mechanism;
}

struct Case {
  Environment environment;
  std::map<std::string, double> mixing_ratio;  // nmol mol-1
};

/// Marine noon, city noon, and a cold city night: from a radical-free start, the stiffest there is.
std::vector<Case> cases() {
  const std::map<std::string, double> marine{{"O3", 30},    {"NO", 0.01},  {"NO2", 0.03},
                                             {"CO", 80},    {"CH4", 1850}, {"H2", 500},
                                             {"SO2", 0.05}, {"HCHO", 0.3}, {"H2O2", 1}};
  const std::map<std::string, double> city{{"O3", 40},    {"NO", 20},   {"NO2", 30},   {"CO", 900},
                                           {"CH4", 2100}, {"H2", 600},  {"SO2", 10},   {"HCHO", 5},
                                           {"C2H4", 8},   {"C2H6", 10}, {"CH3CHO", 3}, {"HONO", 0.5}};
  return {{{.temperature = 300, .pressure = 1.013e5, .relative_humidity = 80, .cosine_zenith = 0.95}, marine},
          {{.temperature = 303, .pressure = 1.0e5, .relative_humidity = 40, .cosine_zenith = 0.8}, city},
          {{.temperature = 268, .pressure = 9.5e4, .relative_humidity = 70, .cosine_zenith = 0}, city}};
}

std::vector<double> initial_state(const Case& one) {
  std::vector<double> state(troposphere().variable_species, 0.0);
  for (const auto& [name, value] : one.mixing_ratio)
    state[troposphere().index_of(name)] = 1e-9 * value * air_number_density(one.environment);
  return state;
}

std::vector<double> hour_of(const Case& one, const ReferenceOptions& options) {
  ChemicalSystem system(troposphere());
  system.set_environment(one.environment);
  ReferenceSolver solver(system, options);
  std::vector<double> times, output(61 * system.size());
  for (int minute = 0; minute <= 60; ++minute) times.push_back(60.0 * minute);
  const SolverStatus status = solver.trajectory(initial_state(one), times, output);
  BOOST_REQUIRE_MESSAGE(status, status.reason);
  return output;
}

double atoms(std::span<const double> state, const std::string& element) {
  double sum = 0;
  for (std::size_t i = 0; i < state.size(); ++i)
    for (const AtomCount& atom : troposphere().species[i].atoms)
      if (troposphere().elements[atom.element] == element) sum += atom.count * state[i];
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_CASE(carbon_nitrogen_and_sulphur_are_conserved_to_rounding) {
  const std::size_t size = troposphere().variable_species;
  for (const Case& one : cases()) {
    const std::vector<double> output = hour_of(one, {});
    for (const std::string element : {"C", "N", "S"}) {
      const double initial = atoms(std::span(output).first(size), element);
      for (std::size_t frame = 1; frame <= 60; ++frame) {
        const double now = atoms(std::span(output).subspan(frame * size, size), element);
        // BDF and its Newton iteration keep linear invariants whatever the tolerance; what is left is
        // rounding in some hundred steps of 152 reactions with rates that cancel, far below the tolerance of
        // 1e-8.
        BOOST_TEST(std::abs(now / initial - 1) < 1e-12);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_default_tolerance_agrees_with_a_thousand_times_tighter_one) {
  for (const Case& one : cases()) {
    const std::vector<double> label = hour_of(one, {});
    const std::vector<double> tight = hour_of(one, {.relative_tolerance = 1e-11, .absolute_tolerance = 1e-8});
    double worst = 0;
    for (std::size_t i = 0; i < label.size(); ++i)
      // 1e3 molecules cm-3 is the floor of the training data.
      worst = std::max(worst, std::abs(label[i] - tight[i]) / std::max(tight[i], 1e3));
    // Hundreds of steps of local error 1e-8 each.
    BOOST_TEST(worst < 1e-5);
    BOOST_TEST(worst > 1e-12);  // the two are different computations
  }
}
