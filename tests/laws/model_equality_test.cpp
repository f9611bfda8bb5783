#define BOOST_TEST_MODULE laws_model_equality
#include "running_error.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>

using namespace chemnne;

// As backend_equality_test.cpp, for whole models.

BOOST_AUTO_TEST_CASE_TEMPLATE(models_in_float, L, laws::Models) {
  BOOST_TEST((laws::worst_ratio<L, Cpu<>, float>()) <= 1);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(ablations_in_float, L, laws::Ablations) {
  BOOST_TEST((laws::worst_ratio<L, Cpu<>, float>()) <= 1);
}
BOOST_AUTO_TEST_CASE(trajectory_in_double) {
  BOOST_TEST((laws::worst_ratio<ChemNNE<laws::MoreOutputs>::Trajectory, Cpu<>, double>()) <= 1);
}
