#define BOOST_TEST_MODULE data_semi_nmf
#include <cstddef>

#include <Eigen/Dense>
#include <boost/test/unit_test.hpp>

#include <chemnne/data/semi_nmf.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

Eigen::MatrixXd random_matrix(Eigen::Index rows, Eigen::Index columns, std::size_t stream, double least) {
  Random random(7, stream);
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return least + (1 - least) * random.uniform(); });
}

/// W H with W >= 0 of which half is 0, but for a row of its own for each factor.
Eigen::MatrixXd product_of(Eigen::Index rows, Eigen::Index columns, Eigen::Index factors) {
  Eigen::MatrixXd w = (random_matrix(rows, factors, 1, 0).array() - 0.5).cwiseMax(0);
  w.topRows(factors).setIdentity();
  return w * random_matrix(factors, columns, 2, -1);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_product_is_found_again) {
  const Eigen::MatrixXd g = product_of(40, 70, 4);
  const SemiNmf found = semi_nmf(g, 4);
  BOOST_TEST(found.weights.rows() == 40);
  BOOST_TEST(found.weights.cols() == 4);
  BOOST_TEST(found.weights.minCoeff() >= 0);
  BOOST_TEST(found.left_open < 1e-4);
  BOOST_TEST(found.best[3] > 1e-3);
  BOOST_TEST(found.best[4] < 1e-12);
  // What is left open is that of the best H for these weights, by another way.
  const Eigen::MatrixXd h = found.weights.colPivHouseholderQr().solve(g);
  BOOST_TEST(found.left_open == (g - found.weights * h).squaredNorm() / g.squaredNorm(),
             boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(no_weights_leave_less_open_than_the_singular_vectors) {
  const Eigen::MatrixXd g = random_matrix(30, 50, 3, -1);
  const Eigen::VectorXd squares = Eigen::BDCSVD<Eigen::MatrixXd>(g).singularValues().array().square();
  for (const std::size_t count : {1u, 3u, 10u}) {
    const SemiNmf found = semi_nmf(g, count);
    const auto k = static_cast<Eigen::Index>(count);
    BOOST_TEST(found.best[k] == squares.tail(squares.size() - k).sum() / squares.sum(),
               boost::test_tools::tolerance(1e-9));
    BOOST_TEST(found.left_open >= found.best[k] - 1e-9);
    BOOST_TEST(found.left_open < 1);
  }
  BOOST_TEST(semi_nmf(g, 10).left_open < semi_nmf(g, 3).left_open);
}

BOOST_AUTO_TEST_CASE(the_same_matrix_gives_the_same_weights) {
  const Eigen::MatrixXd g = product_of(25, 20, 3);
  BOOST_TEST((semi_nmf(g, 3).weights == semi_nmf(g, 3).weights));
}
