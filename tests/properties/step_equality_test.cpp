#define BOOST_TEST_MODULE properties_step_equality
#include "running_error.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>

using namespace chemnne;

// As backend_equality_test.cpp, for layers along steps.

BOOST_AUTO_TEST_CASE_TEMPLATE(layers_along_steps_in_float, L, properties::StepLayers) {
  BOOST_TEST((properties::worst_ratio<L, Cpu<>, float>()) <= 1);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(layers_along_steps_in_double, L, properties::StepLayers) {
  BOOST_TEST((properties::worst_ratio<L, Cpu<>, double>()) <= 1);
}
