#define BOOST_TEST_MODULE properties_backend_equality
#include "running_error.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>

using namespace chemnne;

// `Cpu` equals `Reference`, forward and pullback: no difference is above the tolerance that `Rounded` derives
// for the layer.

BOOST_AUTO_TEST_CASE_TEMPLATE(plain_layers_in_float, L, properties::PlainLayers) {
  BOOST_TEST((properties::worst_ratio<L, Cpu<>, float>()) <= 1);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(plain_layers_in_double, L, properties::PlainLayers) {
  BOOST_TEST((properties::worst_ratio<L, Cpu<>, double>()) <= 1);
}

// A backend that is a little wrong on purpose: the tolerances must not be so wide that they hide it.
namespace {

/// Products with an error of 1e-4 in their last term.
struct WrongProduct : Cpu<> {
  template <class T, std::size_t K, std::size_t N>
  static void affine(Rows<const T, K> a, Rows<const T, N> b, std::span<const T, N> bias, Rows<T, N> c) {
    Cpu<>::affine(a, b, bias, c);
    for (std::size_t row = 0; row < a.count(); ++row)
      c[row][N - 1] += T(1e-4) * a[row][K - 1] * b[K - 1][N - 1];
  }
};

/// sine with an error of 1e-5 in one lane.
struct WrongMap : Cpu<> {
  template <class F, class T, std::size_t... E, class... More>
  static void map(F f, Rows<T, E...> y, Rows<const T, E...> x, More... more) {
    Cpu<>::map(f, y, x, more...);
    y[0][y.size - 1] *= T(1 + 1e-5);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(planted_errors_are_seen) {
  BOOST_TEST((properties::worst_ratio<Affine<5, 7>, WrongProduct, float>()) > 1);
  BOOST_TEST((properties::worst_ratio<Affine<40, 33>, WrongProduct, float>()) > 1);
  BOOST_TEST((properties::worst_ratio<Map<Sine, 37>, WrongMap, float>()) > 1);
  BOOST_TEST((properties::worst_ratio<properties::Dense, WrongMap, float>()) > 1);
}
