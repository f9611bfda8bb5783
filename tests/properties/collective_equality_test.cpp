#define BOOST_TEST_MODULE properties_collective_equality
#include "block_twin.hpp"
#include "running_error.hpp"
#include <boost/test/unit_test.hpp>

using namespace chemnne;

// As backend_equality_test.cpp, for the backend whose primitives are collective:
// forward and pullback are those of `Reference`, to the tolerance that is derived for each layer.

using PlainAndStepLayers = decltype(std::tuple_cat(properties::PlainLayers{}, properties::StepLayers{}));
BOOST_AUTO_TEST_CASE_TEMPLATE(layers_in_float, L, PlainAndStepLayers) {
  BOOST_TEST((properties::worst_ratio<L, properties::Collective, float>()) <= 1);
}
// As model_equality_test.cpp.
BOOST_AUTO_TEST_CASE_TEMPLATE(models_in_float, L, properties::Compositions) {
  BOOST_TEST((properties::relative_error<L, properties::Collective>()) < 1000 * 6e-8);
}
