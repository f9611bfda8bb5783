#define BOOST_TEST_MODULE layers_modal_basis
#include <array>
#include <cmath>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/layers/modal_basis.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(modes_are_the_leading_eigenvectors) {
  constexpr std::size_t nodes = 5, modes = 3;
  using Basis = ModalBasis<nodes, modes, 2, 4, 4>;
  // The second difference with fixed ends: eigenvectors sin(pi k (n + 1) / 6), eigenvalues 2 - 2 cos(pi k /
  // 6), the largest first: k = 5, 4, 3.
  std::array<double, nodes * nodes> covariance{};
  for (std::size_t n = 0; n < nodes; ++n) {
    covariance[n * nodes + n] = 2;
    if (n + 1 < nodes) covariance[n * nodes + n + 1] = covariance[(n + 1) * nodes + n] = -1;
  }
  std::vector<double> p(Basis::parameters);
  Basis::start_modes(covariance, Parameters<double, Basis::parameters>(p.data(), Basis::parameters));
  for (std::size_t k = 0; k < modes; ++k) {
    double product = 0;
    for (std::size_t n = 0; n < nodes; ++n)
      product += p[Basis::Head::parameters + n * modes + k] * std::sqrt(2.0 / (nodes + 1)) *
                 std::sin(std::acos(-1.0) * static_cast<double>((nodes - k) * (n + 1)) / (nodes + 1));
    // Ratios of eigenvalues are 0.81 and less: 500 iterations leave rounding.
    BOOST_TEST(std::abs(std::abs(product) - 1) < 1e-12);
  }
}
