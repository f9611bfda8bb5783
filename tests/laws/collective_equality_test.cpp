#define BOOST_TEST_MODULE laws_collective_equality
#include "block_twin.hpp"
#include "running_error.hpp"
#include <boost/test/unit_test.hpp>

using namespace chemnne;

// As backend_equality_test.cpp, for the backend whose primitives are collective:
// forward and pullback are those of `Reference`, to the tolerance that is derived for each layer.

using PlainAndStepLayers = decltype(std::tuple_cat(laws::PlainLayers{}, laws::StepLayers{}));
BOOST_AUTO_TEST_CASE_TEMPLATE(layers_in_float, L, PlainAndStepLayers) {
  BOOST_TEST((laws::worst_ratio<L, laws::Collective, float>()) <= 1);
}
// As model_equality_test.cpp.
BOOST_AUTO_TEST_CASE_TEMPLATE(models_in_float, L, laws::Compositions) {
  BOOST_TEST((laws::relative_error<L, laws::Collective>()) < 1000 * 6e-8);
}
