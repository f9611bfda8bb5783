#define BOOST_TEST_MODULE reference_spectrum
#include <algorithm>
#include <cmath>
#include <complex>
#include <string>
#include <vector>

#include "hyde.hpp"
#include "mass_action.hpp"
#include <Eigen/Eigenvalues>
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/reference/spectrum.hpp>

using namespace chemnne;

namespace {

/// All eigenvalues by the dense QR algorithm.
std::vector<std::complex<double>> dense_eigenvalues(StateJacobian& jacobian) {
  const auto size = static_cast<Eigen::Index>(jacobian.size());
  Eigen::MatrixXd matrix(size, size);
  for (Eigen::Index column = 0; column < size; ++column) {
    const Eigen::VectorXd unit = Eigen::VectorXd::Unit(size, column);
    jacobian.multiply(unit.data(), matrix.col(column).data());
  }
  const Eigen::VectorXcd values = Eigen::EigenSolver<Eigen::MatrixXd>(matrix, false).eigenvalues();
  return {values.data(), values.data() + values.size()};
}

double nearest(const std::vector<std::complex<double>>& values, std::complex<double> value) {
  double distance = 1e300;
  for (const std::complex<double>& one : values) distance = std::min(distance, std::abs(one - value));
  return distance;
}

template <class System>
void compare_with_dense(const System& system, const std::vector<double>& c) {
  const Spectrum ends = spectrum(system, c);
  StateJacobian jacobian(system, c);
  const std::vector<std::complex<double>> all = dense_eigenvalues(jacobian);
  double fastest = 0, rightmost = -1e300;
  for (const std::complex<double>& value : all) {
    fastest = std::max(fastest, std::abs(value));
    rightmost = std::max(rightmost, value.real());
  }
  BOOST_TEST(std::abs(ends.fastest) == fastest, boost::test_tools::tolerance(1e-9));
  // The dense method has errors of some 1e-16 times the fastest, more where the matrix is far from normal.
  const double rounding = 1e-14 * fastest;
  BOOST_TEST(nearest(all, ends.slowest) < rounding + 1e-6 * std::abs(ends.slowest));
  BOOST_TEST(nearest(all, ends.rightmost) < rounding + 1e-6 * std::abs(ends.rightmost));
  BOOST_TEST(std::abs(std::max(ends.rightmost.real(), 0.0) - std::max(rightmost, 0.0)) < rounding);
}

/// After ten minutes from a city's mixture at noon.
std::vector<double> after_ten_minutes(ChemicalSystem& system, const Mechanism& mechanism) {
  const Environment noon{.cosine_zenith = 0.8};
  system.set_environment(noon);
  std::vector<double> c(system.size(), 0.0);
  const std::vector<std::pair<std::string, double>> mixture{{"O3", 40},  {"NO", 5},     {"NO2", 10},
                                                            {"CO", 300}, {"CH4", 1900}, {"HCHO", 3}};
  for (const auto& [name, ppb] : mixture) {
    const std::size_t index = mechanism.index_of(name);
    if (index < c.size()) c[index] = 1e-9 * ppb * air_number_density(noon);
  }
  ReferenceSolver<ChemicalSystem> solver(system);
  BOOST_REQUIRE(solver.integrate(c, 600));
  return c;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_chain_has_its_rate_constants) {
  // 0 -> 1 -> 2 -> 3 with rates over eleven decades; nothing depends on 3.
  const test::MassAction chain(4, {{1e5, {0}, {1}}, {1e-6, {1}, {2}}, {1e-2, {2}, {3}}});
  const Spectrum ends = spectrum(chain, std::vector<double>{1, 2, 3, 4});
  BOOST_TEST(ends.fastest.real() == -1e5, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(std::abs(ends.slowest + 1e-6) < 1e-12);
  BOOST_TEST(std::abs(ends.rightmost + 1e-6) < 1e-12);
  BOOST_TEST(!ends.grows());
  BOOST_TEST(ends.fastest_time_scale() == 1e-5, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(ends.slowest_time_scale() == 1e6, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(ends.stiffness(3600) == 3.6e8, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(growth_is_found_at_every_rate_and_the_fastest_first) {
  // 0 -> 2 x 0 grows, 1 grows more slowly, others decay.
  for (const double rate : {2e-6, 3e-4, 7e-3, 0.15, 4.0, 900.0}) {
    const test::MassAction branching(
        5, {{rate, {0}, {0, 0}}, {0.01 * rate, {1}, {1, 1}}, {1e7, {2}, {3}}, {1e-5, {3}, {4}}});
    const Spectrum ends = spectrum(branching, std::vector<double>(5, 1.0));
    BOOST_TEST(ends.grows());
    BOOST_TEST(std::abs(ends.rightmost - rate) < 1e-6 * rate);
  }
}

BOOST_AUTO_TEST_CASE(a_system_without_processes_has_zeros) {
  const test::MassAction nothing(2, {});
  const Spectrum ends = spectrum(nothing, std::vector<double>{1, 1});
  BOOST_TEST(std::abs(ends.fastest) == 0.0);
  BOOST_TEST(std::abs(ends.slowest) == 0.0);
  BOOST_TEST(!ends.grows());
}

BOOST_AUTO_TEST_CASE(small_systems_have_the_eigenvalues_of_a_dense_method) {
  const test::MassAction robertson(3, {{0.04, {0}, {1}}, {3e7, {1, 1}, {1, 2}}, {1e4, {1, 2}, {0, 2}}});
  compare_with_dense(robertson, {0.7, 1e-5, 0.3});
  const Mechanism embedded = read_kpp(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
  ChemicalSystem troposphere(embedded);
  compare_with_dense(troposphere, after_ten_minutes(troposphere, embedded));
  const std::string saprc = CHEMNNE_SHARED_DIRECTORY "/mechanisms/kpp/saprc99.def";
  if (!std::filesystem::exists(saprc))
    return static_cast<void>(std::printf("skipped: %s is not there\n", saprc.c_str()));
  const Mechanism other = read_kpp(saprc);
  ChemicalSystem system(other);
  compare_with_dense(system, after_ten_minutes(system, other));
}

BOOST_AUTO_TEST_CASE(a_large_mechanism_has_the_process_that_is_known_to_be_fastest) {
  const std::optional<test::Hyde> hyde = test::read_hyde();
  if (!hyde) return;
  ChemicalSystem system(hyde->mechanism);
  set_environment(system, hyde->mechanism, hyde->states, 1);
  const std::vector<double> c = hyde->state(1, 6);
  const Spectrum ends = spectrum(system, c);
  // O(1D) + air is quenched faster than anything else: the diagonal has it.
  const std::size_t excited = hyde->mechanism.index_of("O1D");
  std::vector<double> values(system.row_indices().size());
  system.jacobian(c, values);
  double quenching = 0;
  for (auto entry = static_cast<std::size_t>(system.column_pointers()[excited]);
       entry < static_cast<std::size_t>(system.column_pointers()[excited + 1]); ++entry)
    if (system.row_indices()[entry] == static_cast<int>(excited)) quenching = values[entry];
  BOOST_TEST(ends.fastest.real() == quenching, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(ends.slowest_time_scale() > 86400);
  BOOST_TEST(std::abs(ends.rightmost) < 1e-3);
  std::printf("Hyde: fastest %.3e s, slowest %.3e s, rightmost %.3e s-1\n", ends.fastest_time_scale(),
              ends.slowest_time_scale(), ends.rightmost.real());
}
