#define BOOST_TEST_MODULE layers_normalisation
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>

using namespace chemnne;

namespace {

/// Standardised values of one row of species, all with the floor 10, mean 2 and deviation 0.5.
template <class Backend, class T>
std::vector<T> normalised(const std::vector<T>& x) {
  using Layer = Normalise<40, 1>;  // more than a register of any instruction set, and a rest
  BOOST_TEST_REQUIRE(x.size() == Layer::width);
  std::vector<T> p(Layer::parameters, T(2)), y(Layer::width);
  std::fill_n(p.begin(), 40, T(10));
  std::fill_n(p.begin() + Layer::deviation, Layer::width, T(0.5));
  Arena<T> arena{std::span<T>{}};
  Layer::template forward<Backend, T>(Rows<const T, Layer::width>(x.data(), 1),
                                      Parameters<const T, Layer::parameters>(p.data(), p.size()),
                                      Rows<T, Layer::width>(y.data(), 1), arena);
  return y;
}

template <class Backend, class T>
void keeps_what_is_not_a_number() {
  const T nan = std::numeric_limits<T>::quiet_NaN(), infinity = std::numeric_limits<T>::infinity();
  std::vector<T> x(41, T(1000));
  for (std::size_t i = 0; i < x.size(); i += 5) x[i] = nan;
  for (std::size_t i = 1; i < x.size(); i += 5) x[i] = i % 2 == 0 ? T(0) : -infinity;  // absent
  x[2] = infinity;
  const std::vector<T> y = normalised<Backend>(x);
  for (std::size_t i = 0; i < 40; ++i) {
    if (i == 2)
      BOOST_TEST(y[i] == infinity);
    else if (i % 5 == 0)
      BOOST_TEST(std::isnan(y[i]));
    else
      BOOST_TEST(y[i] == T(i % 5 == 1 ? -2 : 2), boost::test_tools::tolerance(T(1e-6)));
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_not_a_number_is_no_floor_on_any_backend) {
  keeps_what_is_not_a_number<Reference, float>();
  keeps_what_is_not_a_number<Reference, double>();
  keeps_what_is_not_a_number<DefaultBackend, float>();
  keeps_what_is_not_a_number<DefaultBackend, double>();
}
