#define BOOST_TEST_MODULE data_open_air
#include <cmath>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/open_air.hpp>
#include <chemnne/reference/reference_solver.hpp>

using namespace chemnne;

namespace {

/// With a sum over peroxy radicals in a rate, so that the Jacobian has its part of rank one.
Mechanism with_peroxy_radicals() {
  return parse_kpp(R"(#DEFVAR
  A = IGNORE; B = IGNORE; RO2A = IGNORE; RO2B = IGNORE;
#INLINE F90_RCONST
  RO2 = C(ind_RO2A) + C(ind_RO2B)
#ENDINLINE
#EQUATIONS
<1> A = RO2A : 1E-4 ;
<2> B = RO2B : 3E-4 ;
<3> RO2A = A : 2E-13*RO2 ;
<4> RO2B = B : 5E-13*RO2 ;
<5> A + RO2B = B + RO2A : 1E-14 ;
)",
                   "peroxy.kpp");
}

const std::vector<double> state{3e9, 2e9, 5e8, 1e8};

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_held_stays_and_the_rest_is_diluted_beside_its_chemistry) {
  const Mechanism mechanism = with_peroxy_radicals();
  ChemicalSystem system(mechanism);
  system.set_environment({});
  BOOST_TEST_REQUIRE(system.peroxy_radicals().size() == 2);
  OpenAir air(system);
  air.hold(1e-4, {1, 2});
  std::vector<double> chemistry(4), open(4);
  system.tendency(state, chemistry);
  air.tendency(state, open);
  for (const std::size_t i : {0u, 3u})
    BOOST_TEST(open[i] == chemistry[i] - 1e-4 * state[i], boost::test_tools::tolerance(1e-15));
  BOOST_TEST(open[1] == 0);
  BOOST_TEST(open[2] == 0);
  air.release(1e-4, {1, 2});
  air.tendency(state, open);
  for (const std::size_t i : {0u, 3u})
    BOOST_TEST(open[i] == chemistry[i] - 1e-4 * state[i], boost::test_tools::tolerance(1e-15));
  BOOST_TEST(open[1] == chemistry[1]);
  BOOST_TEST(open[2] == chemistry[2]);
  OpenAir(system).tendency(state, open);
  BOOST_TEST(open == chemistry);
}

BOOST_AUTO_TEST_CASE(the_jacobian_is_that_of_the_tendency) {
  const Mechanism mechanism = with_peroxy_radicals();
  ChemicalSystem system(mechanism);
  system.set_environment({});
  OpenAir air(system);
  air.hold(1e-4, {1, 2});
  std::vector<double> full(16, 0.0), values(air.row_indices().size()), factor(4), above(4), below(4);
  air.jacobian(state, values);
  air.rank_one_factor(state, factor);
  for (std::size_t column = 0; column < 4; ++column)
    for (int entry = air.column_pointers()[column]; entry < air.column_pointers()[column + 1]; ++entry) {
      const auto e = static_cast<std::size_t>(entry);
      full[static_cast<std::size_t>(air.row_indices()[e]) * 4 + column] = values[e];
    }
  for (const std::size_t column : air.peroxy_radicals())
    for (std::size_t row = 0; row < 4; ++row) full[row * 4 + column] += factor[row];
  // Entries are 1e-6 to 1e-3 s-1, rounding of the differences 1e-16.
  for (std::size_t column = 0; column < 4; ++column) {
    std::vector<double> c = state;
    const double step = 1e-3 * state[column];  // central differences are exact for a polynomial of degree two
    c[column] += step;
    air.tendency(c, above);
    c[column] -= 2 * step;
    air.tendency(c, below);
    for (std::size_t row = 0; row < 4; ++row)
      BOOST_TEST(std::abs(full[row * 4 + column] - (above[row] - below[row]) / (2 * step)) < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(the_solver_holds_and_dilutes) {
  // B from A, which is held: B = k A / d (1 - exp(-d t)).
  const Mechanism mechanism =
      parse_kpp("#DEFVAR\n  A = IGNORE; B = IGNORE;\n#EQUATIONS\n<1> A = B : 1E-3 ;\n", "feed.kpp");
  ChemicalSystem system(mechanism);
  system.set_environment({});
  OpenAir air(system);
  ReferenceSolver<OpenAir<ChemicalSystem>> solver(air);
  std::vector<double> c{1e10, 0};
  air.hold(1e-4, {0});
  BOOST_TEST_REQUIRE(bool(solver.integrate(c, 3600)));
  BOOST_TEST(c[0] == 1e10);
  BOOST_TEST(c[1] == 1e11 * -std::expm1(-0.36), boost::test_tools::tolerance(1e-6));
}
