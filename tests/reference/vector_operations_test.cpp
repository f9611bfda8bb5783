#define BOOST_TEST_MODULE reference_vector_operations
#include <cmath>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/reference/sundials_handles.hpp>
#include <chemnne/reference/vector_operations.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

/// The same random numbers in a packaged vector and in one with our operations.
struct Pair {
  Pair(SUNContext context, sunindextype size, std::uint64_t stream)
      : packaged(detail::own<detail::VectorHandle>(N_VNew_Serial(size, context), "a vector")),
        fast(detail::own<detail::VectorHandle>(N_VNew_Serial(size, context), "a vector")) {
    detail::use_fast_operations(fast.get());
    Random random{1, stream};
    for (sunindextype i = 0; i < size; ++i)
      NV_Ith_S(packaged.get(), i) = NV_Ith_S(fast.get(), i) = random.normal();
  }

  void check() const {
    for (sunindextype i = 0; i < NV_LENGTH_S(fast.get()); ++i)
      // One fused rounding more or less.
      BOOST_TEST(std::abs(NV_Ith_S(packaged.get(), i) - NV_Ith_S(fast.get(), i)) < 1e-14);
  }

  detail::VectorHandle packaged;
  detail::VectorHandle fast;
};

}  // namespace

BOOST_AUTO_TEST_CASE(results_equal_those_of_the_package_whatever_vectors_coincide) {
  const detail::ContextHandle context = detail::make_context();
  for (const sunindextype size : {1, 7, 8, 9, 16, 100}) {
    Pair x(context.get(), size, 1), y(context.get(), size, 2), z(context.get(), size, 3);
    const auto sum = [&](double a, const Pair& left, double b, const Pair& right, const Pair& result) {
      N_VLinearSum(a, left.packaged.get(), b, right.packaged.get(), result.packaged.get());
      N_VLinearSum(a, left.fast.get(), b, right.fast.get(), result.fast.get());
      result.check();
    };
    sum(0.3, x, -1.7, y, z);
    sum(1, x, 1, y, z);
    sum(0.3, x, 0.7, x, z);
    sum(0.5, x, 2, y, x);
    sum(0.5, x, 1, y, y);
    sum(0.5, x, -2, x, x);
    for (const Pair* const result : {&z, &x}) {
      N_VScale(-0.25, x.packaged.get(), result->packaged.get());
      N_VScale(-0.25, x.fast.get(), result->fast.get());
      result->check();
    }
    BOOST_TEST(N_VWrmsNorm(x.fast.get(), y.fast.get()) == N_VWrmsNorm(x.packaged.get(), y.packaged.get()),
               boost::test_tools::tolerance(1e-14));
    N_VConst(3, x.fast.get());
    BOOST_TEST(NV_Ith_S(x.fast.get(), size - 1) == 3.0);
  }
}

BOOST_AUTO_TEST_CASE(clones_have_the_operations_too) {
  const detail::ContextHandle context = detail::make_context();
  const Pair pair(context.get(), 3, 1);
  const detail::VectorHandle clone(N_VClone(pair.fast.get()));
  BOOST_TEST((clone->ops->nvlinearsum == detail::linear_sum));
}
