#define BOOST_TEST_MODULE data_line_clusters
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <Eigen/Dense>
#include <boost/test/unit_test.hpp>

#include <chemnne/data/line_clusters.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

constexpr std::size_t rows = 60, columns = 12;

Eigen::MatrixXd random_matrix(std::size_t of_rows, std::size_t stream) {
  Random random(7, stream);
  return Eigen::MatrixXd::NullaryExpr(static_cast<Eigen::Index>(of_rows), columns,
                                      [&] { return 2 * random.uniform() - 1; });
}

/// Rows along so many lines, with lengths of their own, a share of noise beside them.
struct Rows {
  std::vector<std::size_t> group;
  std::vector<double> length;
  Eigen::MatrixXd g;

  Rows(std::size_t lines, double noise) : g(random_matrix(rows, 1) * noise) {
    const Eigen::MatrixXd line = random_matrix(lines, 2).rowwise().normalized();
    Random random(7, 3);
    for (std::size_t i = 0; i < rows; ++i) {
      group.push_back(i < lines ? i
                                : static_cast<std::size_t>(random.uniform() * static_cast<double>(lines)));
      length.push_back(0.1 + random.uniform());
      g.row(static_cast<Eigen::Index>(i)) += length[i] * line.row(static_cast<Eigen::Index>(group[i]));
    }
  }
  LineClusters found(std::size_t count) const {
    const Eigen::MatrixXd products = g * g.transpose();
    return line_clusters({products.data(), products.data() + products.size()}, rows, count);
  }
};

/// What these groups leave open with the best line each: their largest singular values, by Eigen.
double best_for(const Rows& of, const LineClusters& found) {
  double open = of.g.squaredNorm();
  for (std::size_t l = 0; l < found.count; ++l) {
    Eigen::MatrixXd part = Eigen::MatrixXd::Zero(rows, columns);
    for (std::size_t i = 0; i < rows; ++i)
      if (found.group[i] == l && found.weight[i] > 0)
        part.row(static_cast<Eigen::Index>(i)) = of.g.row(static_cast<Eigen::Index>(i));
    open -= std::pow(Eigen::JacobiSVD<Eigen::MatrixXd>(part).singularValues()[0], 2);
  }
  return open / of.g.squaredNorm();
}

}  // namespace

BOOST_AUTO_TEST_CASE(rows_along_lines_are_found_again) {
  const Rows of(5, 0);
  const LineClusters found = of.found(5);
  BOOST_TEST_REQUIRE(found.count == 5u);
  BOOST_TEST(found.left_open < 1e-12);
  for (std::size_t i = 0; i < rows; ++i) {
    BOOST_TEST(found.weight[i] == of.length[i], boost::test_tools::tolerance(1e-9));
    for (std::size_t j = 0; j < i; ++j)
      BOOST_TEST((found.group[i] == found.group[j]) == (of.group[i] == of.group[j]));
  }
}

BOOST_AUTO_TEST_CASE(each_line_is_the_best_of_its_rows) {
  const Rows of(5, 0.2);
  for (const std::size_t count : {1u, 3u, 5u, 10u}) {
    const LineClusters found = of.found(count);
    BOOST_TEST(*std::ranges::min_element(found.weight) >= 0);
    // It stops where a round gains less than 1e-9, and a round takes a part of what is left away.
    BOOST_TEST(found.left_open == best_for(of, found), boost::test_tools::tolerance(1e-6));
  }
  BOOST_TEST(of.found(10).left_open < of.found(5).left_open);
  BOOST_TEST(of.found(5).left_open < of.found(1).left_open);
}

BOOST_AUTO_TEST_CASE(the_opposite_of_a_line_is_another) {
  Rows of(1, 0);
  of.g.row(0) *= -1;
  const LineClusters one = of.found(1);
  BOOST_TEST(one.weight[0] == 0);  // most rows point the other way
  BOOST_TEST(one.left_open == std::pow(of.length[0], 2) / of.g.squaredNorm(),
             boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(there_are_no_more_groups_than_directions) {
  BOOST_TEST(Rows(4, 0).found(9).count == 4u);
  BOOST_TEST(Rows(4, 0.2).found(rows + 5).count == columns);
  BOOST_TEST(line_clusters(std::vector<double>(4), 2, 1).count == 0u);
}
