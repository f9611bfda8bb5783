#define BOOST_TEST_MODULE properties_model_gradient
#include "gradient_error.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE_TEMPLATE(pullbacks_of_models_are_exact_on_reference, L, properties::Models) {
  BOOST_TEST((properties::worst_error<L, Reference>()) < properties::exact);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(pullbacks_of_variants_are_exact_on_reference, L, properties::Variants) {
  BOOST_TEST((properties::worst_error<L, Reference>()) < properties::exact);
}

BOOST_AUTO_TEST_CASE(pullbacks_of_the_trajectory_are_exact_on_cpu) {
  BOOST_TEST((properties::worst_error<ChemNNE<properties::MoreOutputs>::Trajectory, Cpu<>>()) <
             properties::exact);
}
