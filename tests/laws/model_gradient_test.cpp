#define BOOST_TEST_MODULE laws_model_gradient
#include "gradient_law.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE_TEMPLATE(pullbacks_of_models_are_exact_on_reference, L, laws::Models) {
  BOOST_TEST((laws::worst_error<L, Reference>()) < laws::exact);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(pullbacks_of_variants_are_exact_on_reference, L, laws::Variants) {
  BOOST_TEST((laws::worst_error<L, Reference>()) < laws::exact);
}

BOOST_AUTO_TEST_CASE(pullbacks_of_the_trajectory_are_exact_on_cpu) {
  BOOST_TEST((laws::worst_error<ChemNNE<laws::MoreOutputs>::Trajectory, Cpu<>>()) < laws::exact);
}
