#define BOOST_TEST_MODULE reference_reference_solver_peroxy_radicals
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <dlfcn.h>
#include <klu.h>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/reference/state_jacobian.hpp>

using namespace chemnne;

static_assert(RankOneStiffSystem<ChemicalSystem>);

/// Stands before KLU's own and counts.
static int analyses = 0;
extern "C" klu_symbolic* klu_analyze(int n, int* pointers, int* rows, klu_common* common) {
  using Function = klu_symbolic* (*)(int, int*, int*, klu_common*);
  static const auto original = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "klu_analyze"));
  ++analyses;
  return original(n, pointers, rows, common);
}

namespace {

constexpr int radicals = 6;

std::string radical(int i) { return "R" + std::to_string(i); }

/// Hydrocarbons that OH makes into peroxy radicals; these react with NO, HO2 and each other, the last through
/// RO2, or, written out, one reaction for every pair.
std::string chemistry(bool written_out) {
  std::string species = "OH = IGNORE; HO2 = IGNORE; NO = IGNORE; NO2 = IGNORE; ", sum, equations;
  for (int i = 0; i < radicals; ++i) {
    const std::string r = radical(i), factor = std::to_string(1 + 0.5 * i);
    for (const char* const name : {"", "H", "OOH", "O", "OH"}) species += r + name + " = IGNORE; ";
    sum += (i == 0 ? "RO2 = C(ind_" : " + C(ind_") + r + ")";
    equations += r + "H + OH = " + r + " : 1e-11*" + factor + ";\n";
    equations += r + " + NO = NO2 + HO2 + " + r + "O : 8e-12;\n";
    equations += r + " + HO2 = " + r + "OOH : 1.5e-11;\n";
    equations += r + "OOH = OH + HO2 + " + r + "O : 5e-6;\n";
    const std::string loss = "1e-12*" + factor;
    if (written_out) {
      for (int k = 0; k < radicals; ++k) {
        equations += r + " + " + radical(k) + " = " + radical(k) + " + 0.6" + r + "O : " + loss + ";\n";
        equations += r + " + " + radical(k) + " = " + radical(k) + " + 0.4" + r + "OH : " + loss + ";\n";
      }
    } else {
      equations +=
          r + " = 0.6" + r + "O : " + loss + "*RO2;\n" + r + " = 0.4" + r + "OH : " + loss + "*RO2;\n";
    }
  }
  equations +=
      "HO2 + NO = OH + NO2 : 8.5e-12;\nNO2 = NO : 8e-3;\nHO2 + HO2 = PROD : 3e-12;\n"
      "OH + NO2 = PROD : 1e-11;\n";
  if (!written_out) species += "\n#INLINE F90_RCONST\n" + sum + "\n#ENDINLINE";
  return "#DEFVAR " + species + "\n#EQUATIONS\n" + equations;
}

ChemicalSystem system_of(bool written_out) {
  ChemicalSystem system(parse_kpp(chemistry(written_out), "radicals"));
  system.set_environment(Environment{});
  return system;
}

/// Much hydrocarbon, little NO: peroxy radicals find each other.
std::vector<double> initial_state(const ChemicalSystem& system) {
  std::vector<double> state(system.size(), 1e6);
  const Mechanism mechanism = parse_kpp(chemistry(false), "radicals");
  state[mechanism.index_of("OH")] = 1e8;
  state[mechanism.index_of("NO")] = 1e8;
  for (int i = 0; i < radicals; ++i) {
    state[mechanism.index_of(radical(i))] = 1e9 * (1 + i);
    state[mechanism.index_of(radical(i) + "H")] = 1e11;
    state[mechanism.index_of(radical(i) + "OOH")] = 1e10;
  }
  return state;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_derivative_with_its_rank_one_part_equals_differences) {
  const ChemicalSystem system = system_of(false);
  BOOST_TEST(system.peroxy_radicals().size() == std::size_t{radicals});
  const std::vector<double> c = initial_state(system);
  StateJacobian jacobian(system, c);
  const std::span<const std::size_t> active = jacobian.species();
  BOOST_TEST(active.size() == system.size() - 2 * radicals);  // RO and ROH, which nothing depends on
  std::vector<double> above(system.size()), below(system.size()), unit(jacobian.size()),
      product(jacobian.size());
  for (std::size_t k = 0; k < active.size(); ++k) {
    // Rates are of degree two in each species: central differences have no error but rounding.
    std::vector<double> up = c, down = c;
    up[active[k]] *= 1.5;
    down[active[k]] *= 0.5;
    system.tendency(up, above);
    system.tendency(down, below);
    std::fill(unit.begin(), unit.end(), 0.0);
    unit[k] = 1;
    jacobian.multiply(unit.data(), product.data());
    for (std::size_t i = 0; i < active.size(); ++i) {
      const double difference = (above[active[i]] - below[active[i]]) / c[active[k]];
      const double rounding =
          1e-14 * (std::abs(above[active[i]]) + std::abs(below[active[i]])) / c[active[k]];
      BOOST_TEST(std::abs(product[i] - difference) <= 1e-12 * std::abs(difference) + 10 * rounding);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_hour_equals_that_of_the_reactions_written_out) {
  ChemicalSystem summed = system_of(false), written = system_of(true);
  BOOST_TEST(written.peroxy_radicals().empty());
  BOOST_TEST(written.reactions() > summed.reactions());
  const ReferenceOptions options{.relative_tolerance = 1e-10, .absolute_tolerance = 1e-6};
  ReferenceSolver<ChemicalSystem> one(summed, options), other(written, options);
  std::vector<double> a = initial_state(summed), b = a;
  const std::vector<double> start = a;
  BOOST_REQUIRE(one.integrate(a, 3600));
  BOOST_REQUIRE(other.integrate(b, 3600));
  double difference = 0, change = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = std::max(difference, std::abs(a[i] - b[i]) / b[i]);
    change = std::max(change, std::abs(b[i] - start[i]) / start[i]);
  }
  // Hundreds of steps of local error 1e-10 each.
  BOOST_TEST(difference < 1e-7);
  BOOST_TEST(change > 0.9);
  // The same matrix, so the same work.
  BOOST_TEST(std::abs(one.statistics().steps - other.statistics().steps) <= other.statistics().steps / 10);
}

BOOST_AUTO_TEST_CASE(the_pattern_is_analysed_once_for_the_life_of_a_solver) {
  ChemicalSystem system = system_of(false);
  const int before = analyses;
  ReferenceSolver<ChemicalSystem> solver(system);
  for (int repeat = 0; repeat < 3; ++repeat) {
    std::vector<double> c = initial_state(system);
    BOOST_REQUIRE(solver.integrate(c, 600));
    BOOST_TEST(solver.statistics().pivot_choices == 1);
    BOOST_TEST(solver.statistics().factorisations > 5);
  }
  BOOST_TEST(analyses == before + 1);
}

BOOST_AUTO_TEST_CASE(a_used_solver_gives_the_bits_of_a_fresh_one) {
  ChemicalSystem system = system_of(false);
  ReferenceSolver<ChemicalSystem> used(system), fresh(system);
  std::vector<double> other(system.size(), 3e7);
  BOOST_REQUIRE(used.integrate(other, 1e5));
  std::vector<double> first = initial_state(system), second = first;
  BOOST_REQUIRE(used.integrate(first, 3600));
  BOOST_REQUIRE(fresh.integrate(second, 3600));
  BOOST_TEST(first == second, boost::test_tools::per_element());
}
