#define BOOST_TEST_MODULE training_sensitivity_matrices
#include <cmath>
#include <limits>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/training/sensitivity_matrices.hpp>

using namespace chemnne;

namespace {
constexpr double none = std::numeric_limits<double>::quiet_NaN();
}

BOOST_AUTO_TEST_CASE(a_mean_is_over_the_cells_that_have_a_number) {
  const std::vector<double> two{1, none, none, 3, 5, none};
  const std::vector<double> mean = mean_over_cells(two, 2);
  BOOST_TEST(mean[0] == 2);
  BOOST_TEST(mean[1] == 5);
  BOOST_TEST(std::isnan(mean[2]));
}

BOOST_AUTO_TEST_CASE(agreement_worked_by_hand) {
  // One cell, two outputs, three inputs; the outputs' own starts are inputs 0 and 2.
  const std::vector<double> reference{0.9, 0.2, -0.4, 0.001, none, 0.5}, network{0.8, 0.1, 0.2, 0.03, 7, 0.5};
  const std::vector<std::size_t> own{0, 2};
  const SensitivityAgreement found = compare_sensitivities(network, reference, own, 3);
  const auto close = boost::test_tools::tolerance(1e-12);
  BOOST_TEST(found.pairs == 2u);
  BOOST_TEST(found.correlation == -1, close);  // two points
  BOOST_TEST(found.rms_difference == std::sqrt((0.01 + 0.36) / 2), close);
  BOOST_TEST(found.rms_reference == std::sqrt((0.04 + 0.16) / 2), close);
  BOOST_TEST(found.slope == (0.02 - 0.08) / 0.2, close);
  BOOST_TEST(found.sign_agreement == 0.5);
  BOOST_TEST(found.small_pairs == 1u);
  BOOST_TEST(found.rms_small == 0.03, close);
  BOOST_TEST(found.own_rms_difference == std::sqrt(0.005), close);
  BOOST_TEST(found.output_rms_difference[0] == std::sqrt((0.01 + 0.01 + 0.36) / 3), close);
  BOOST_TEST(found.output_rms_difference[1] == 0.029 / std::sqrt(2), close);
}

BOOST_AUTO_TEST_CASE(an_output_without_a_start_of_its_own_has_pairs_only) {
  const SensitivityAgreement found = compare_sensitivities(
      std::vector<double>{0.1, 0.2}, std::vector<double>{0.1, 0.3}, std::vector<std::size_t>{2}, 2);
  BOOST_TEST(found.pairs == 2u);
  BOOST_TEST(std::isnan(found.own_rms_difference));
}

BOOST_AUTO_TEST_CASE(in_balance_a_fast_species_moves_with_its_source) {
  // S and the fast F = S / 10: the end is S, and the network reads both outputs from F half and half.
  const std::vector<double> reference{1, 0, 1, 0.02}, network{0.5, 0.5, 0.4, 0.6};
  const std::vector<std::size_t> own{0, 1};
  const BalancedSensitivities found = balanced_sensitivities(network, reference, own, 2);
  BOOST_TEST(found.network[0] == 1);
  BOOST_TEST(found.network[2] == 1);
  BOOST_TEST((std::isnan(found.reference[1]) && std::isnan(found.reference[3])));
  BOOST_TEST(found.reference[2] == 1);
  // Without fast species nothing changes; what has no start of its own is none.
  BOOST_TEST(balanced_sensitivities(network, network, own, 2).network == network);
  BOOST_TEST(balanced_sensitivities(network, reference, std::vector<std::size_t>{0, 2}, 2).network ==
             network);
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_fit_are_errors) {
  const std::vector<double> four(4), three(3);
  const std::vector<std::size_t> own{0, 1};
  BOOST_TEST(test::contains(test::message_of([&] { compare_sensitivities(four, three, own, 2); }),
                            "4 and 3 values"));
}
