#define BOOST_TEST_MODULE properties_model_equality
#include "running_error.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>

using namespace chemnne;

// As backend_equality_test.cpp, for whole models. A bound that holds for certain grows with every layer: for
// the models here to 3e6 u. In double that is 3e-10 and sharp.
BOOST_AUTO_TEST_CASE_TEMPLATE(models_in_double, L, properties::Compositions) {
  BOOST_TEST((properties::worst_ratio<L, Cpu<>, double>()) <= 1);
}

// In float it would be too wide to say anything, so there the comparison is with what errors do in fact: some
// ten layers that each add a few u = 6e-8, condition numbers of about ten, most of it cancelling.
constexpr double plausible = 1000 * 6e-8;

BOOST_AUTO_TEST_CASE_TEMPLATE(models_in_float, L, properties::Models) {
  BOOST_TEST((properties::relative_error<L, Cpu<>>()) < plausible);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(variants_in_float, L, properties::Variants) {
  BOOST_TEST((properties::relative_error<L, Cpu<>>()) < plausible);
}

namespace {
/// Attention with an error of 1 % in one number.
struct WrongAttention : Cpu<> {
  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static void attend(Rows<const T, Steps, QKV> qkv, AttentionWeights<T, Heads, Steps> weights,
                     Rows<T, Steps, Width> o) {
    Cpu<>::attend<Heads>(qkv, weights, o);
    for (std::size_t row = 0; row < o.count(); ++row) o[row][Width - 1] *= T(1.01);
  }
};
}  // namespace

BOOST_AUTO_TEST_CASE(planted_errors_are_seen) {
  using Network = ChemNNE<properties::Tiny>::Trajectory;
  BOOST_TEST((properties::worst_ratio<Network, WrongAttention, double>()) > 1);
  BOOST_TEST((properties::relative_error<Network, WrongAttention>()) > plausible);
}
