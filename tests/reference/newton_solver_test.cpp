#define BOOST_TEST_MODULE reference_newton_solver
#include <cmath>
#include <limits>
#include <vector>

#include <Eigen/Dense>
#include <boost/test/unit_test.hpp>

#include <chemnne/reference/newton_solver.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

/// A sparse matrix beside its dense form.
struct TestMatrix {
  std::vector<int> pointers{0};
  std::vector<int> rows;
  std::vector<double> values;
  Eigen::MatrixXd dense;
};

/// About four entries a column beside the diagonal, over nine decades; as in chemistry the diagonal is about
/// the sum of its column.
TestMatrix random_matrix(int size) {
  Random random{3, 0};
  TestMatrix matrix;
  matrix.dense = Eigen::MatrixXd::Zero(size, size);
  for (int column = 0; column < size; ++column) {
    for (int row = 0; row < size; ++row)
      if (row != column && random.uniform() < 4.0 / size)
        matrix.dense(row, column) = std::pow(10.0, 9 * random.uniform() - 6);
    matrix.dense(column, column) = -1e-7 - matrix.dense.col(column).sum();
    for (int row = 0; row < size; ++row) {
      if (matrix.dense(row, column) == 0) continue;
      matrix.rows.push_back(row);
      matrix.values.push_back(matrix.dense(row, column));
    }
    matrix.pointers.push_back(static_cast<int>(matrix.rows.size()));
  }
  return matrix;
}

Eigen::VectorXd random_vector(int size, std::uint64_t stream) {
  Random random{5, stream};
  Eigen::VectorXd vector(size);
  for (double& value : vector) value = random.normal();
  return vector;
}

std::span<double> span_of(Eigen::VectorXd& vector) {
  return {vector.data(), static_cast<std::size_t>(vector.size())};
}

NewtonSolver solver_of(const TestMatrix& matrix, const std::vector<std::size_t>& columns) {
  return {matrix.pointers, matrix.rows, columns};
}

void fill(NewtonSolver& solver, const TestMatrix& matrix, const Eigen::VectorXd& u) {
  std::copy(matrix.values.begin(), matrix.values.end(), solver.jacobian().begin());
  if (!solver.rank_one_factor().empty()) std::copy(u.begin(), u.end(), solver.rank_one_factor().begin());
}

}  // namespace

BOOST_AUTO_TEST_CASE(solutions_equal_those_of_the_dense_matrix) {
  constexpr int size = 60;
  const TestMatrix matrix = random_matrix(size);
  for (const std::vector<std::size_t>& columns :
       {std::vector<std::size_t>{}, {17}, {0, 3, 4, 20, 33, 34, 35, 59}}) {
    const Eigen::VectorXd u = random_vector(size, 1);
    Eigen::VectorXd v = Eigen::VectorXd::Zero(size);
    for (const std::size_t column : columns) v[static_cast<Eigen::Index>(column)] = 1;
    NewtonSolver solver = solver_of(matrix, columns);
    fill(solver, matrix, u);
    for (const double gamma : {1e-6, 1e-2, 1.0, 50.0, 3600.0}) {
      const Eigen::MatrixXd dense =
          Eigen::MatrixXd::Identity(size, size) - gamma * (matrix.dense + u * v.transpose());
      Eigen::VectorXd b = random_vector(size, 2);
      const Eigen::VectorXd expected = dense.fullPivLu().solve(b);
      solver.form(gamma);
      BOOST_REQUIRE(solver.factorise());
      solver.solve(span_of(b));
      // Rounding times the condition, up to 1e7 at the longest gamma.
      BOOST_TEST((b - expected).norm() < 1e-8 * expected.norm());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_matrix_without_solution_is_refused) {
  // I - gamma J with J = 1 is zero at gamma = 1; I - gamma u v^T with u = 1 is too.
  NewtonSolver plain(std::vector<int>{0, 1}, std::vector<int>{0}, {});
  plain.jacobian()[0] = 1;
  plain.form(1);
  BOOST_TEST(!plain.factorise());
  plain.form(0.5);
  BOOST_TEST(plain.factorise());
  plain.jacobian()[0] = std::numeric_limits<double>::quiet_NaN();
  plain.form(0.5);
  BOOST_TEST(!plain.factorise());

  NewtonSolver coupled(std::vector<int>{0, 1}, std::vector<int>{0}, std::vector<std::size_t>{0});
  coupled.jacobian()[0] = 0;
  coupled.rank_one_factor()[0] = 1;
  coupled.form(1);
  BOOST_TEST(!coupled.factorise());
  coupled.form(0.5);
  BOOST_TEST(coupled.factorise());
}

BOOST_AUTO_TEST_CASE(a_pattern_without_the_whole_diagonal_is_refused) {
  BOOST_CHECK_EXCEPTION(NewtonSolver(std::vector<int>{0, 1, 2}, std::vector<int>{1, 0}, {}), Error,
                        [](const Error& error) {
                          return std::string(error.what()).find("no entry (0, 0)") != std::string::npos;
                        });
}

BOOST_AUTO_TEST_CASE(pivots_are_kept_until_one_vanishes) {
  // I - J = [[a, 1], [1, 0]] with a = 1 takes the diagonal; with a = 1e-30 that would lose all digits.
  NewtonSolver solver(std::vector<int>{0, 2, 4}, std::vector<int>{0, 1, 0, 1}, {});
  const auto solve = [&](double a) {
    solver.jacobian()[0] = 1 - a;
    solver.jacobian()[1] = -1;
    solver.jacobian()[2] = -1;
    solver.jacobian()[3] = 1;
    solver.form(1);
    BOOST_REQUIRE(solver.factorise());
    std::vector<double> b{1, 2};
    solver.solve(b);
    BOOST_TEST(b[0] == 2.0, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(b[1] == 1 - 2 * a, boost::test_tools::tolerance(1e-14));
  };
  solve(1);
  solve(0.5);
  BOOST_TEST(solver.pivot_choices() == 1);
  solve(0);
  BOOST_TEST(solver.pivot_choices() == 2);
  solve(0.25);
  BOOST_TEST(solver.pivot_choices() == 2);
  solver.forget_pivots();
  solve(0.25);
  BOOST_TEST(solver.pivot_choices() == 3);
}
