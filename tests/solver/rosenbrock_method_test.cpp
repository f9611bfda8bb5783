#define BOOST_TEST_MODULE solver_rosenbrock_method
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numeric>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/solver/rosenbrock_method.hpp>

using namespace chemnne;

namespace {

using Methods = std::tuple<Rodas3, Rodas4>;

// Coefficients have 16 digits, numbers up to 40 and up to 6 stages: some hundred roundings of sums near 100.
constexpr double rounding = 1e-12;

template <std::size_t s>
using Vector = std::array<double, s>;
template <std::size_t s>
using Matrix = std::array<std::array<double, s>, s>;

template <std::size_t s>
double dot(const Vector<s>& a, const Vector<s>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}
template <std::size_t s>
Vector<s> times(const Vector<s>& a, const Vector<s>& b) {
  Vector<s> result;
  for (std::size_t i = 0; i < s; ++i) result[i] = a[i] * b[i];
  return result;
}
template <std::size_t s>
Vector<s> operator*(const Matrix<s>& a, const Vector<s>& b) {
  Vector<s> result;
  for (std::size_t i = 0; i < s; ++i) result[i] = dot(a[i], b);
  return result;
}
template <std::size_t s>
Vector<s> ones() {
  Vector<s> result;
  result.fill(1);
  return result;
}
/// x of lower x = b.
template <std::size_t s>
Vector<s> solve_lower(const Matrix<s>& lower, Vector<s> b) {
  for (std::size_t i = 0; i < s; ++i) {
    for (std::size_t j = 0; j < i; ++j) b[i] -= lower[i][j] * b[j];
    b[i] /= lower[i][i];
  }
  return b;
}

/// A method in the textbook's form: k_i = f(y + h sum_j alpha_ij k_j) + h J sum_j gamma_ij k_j, K = Gamma k.
template <class Method>
struct Textbook {
  static constexpr std::size_t s = Method::stages;
  Matrix<s> alpha{}, beta{};  // beta = alpha + Gamma
  Vector<s> b{}, embedded{};

  Textbook() {
    Matrix<s> inverse{}, gamma{};
    for (std::size_t i = 0; i < s; ++i)
      for (std::size_t j = 0; j < s; ++j) inverse[i][j] = (i == j ? 1 / Method::gamma : 0) - Method::c[i][j];
    for (std::size_t j = 0; j < s; ++j) {
      Vector<s> unit{};
      unit[j] = 1;
      const Vector<s> column = solve_lower(inverse, unit);
      for (std::size_t i = 0; i < s; ++i) gamma[i][j] = column[i];
    }
    for (std::size_t j = 0; j < s; ++j)
      for (std::size_t l = 0; l < s; ++l) {
        for (std::size_t i = 0; i < s; ++i) alpha[i][j] += Method::a[i][l] * gamma[l][j];
        b[j] += Method::m[l] * gamma[l][j];
        embedded[j] += (Method::m[l] - Method::e[l]) * gamma[l][j];
      }
    for (std::size_t i = 0; i < s; ++i)
      for (std::size_t j = 0; j < s; ++j) beta[i][j] = alpha[i][j] + gamma[i][j];
  }
};

/// The largest that is left of the conditions of order `order` (1 to 4) for autonomous systems. Source:
/// Hairer, Wanner, Solving Ordinary Differential Equations II, table IV.7.1.
template <class Method, std::size_t s = Method::stages>
double largest_left(const Textbook<Method>& t, const Vector<s>& b, int order) {
  const Vector<s> one = ones<s>(), rows = t.alpha * one, all = t.beta * one, squares = times(rows, rows);
  std::vector<double> left;
  if (order == 1) left = {dot(b, one) - 1};
  if (order == 2) left = {dot(b, all) - 1.0 / 2};
  if (order == 3) left = {dot(b, squares) - 1.0 / 3, dot(b, t.beta * all) - 1.0 / 6};
  if (order == 4)
    left = {dot(b, times(squares, rows)) - 1.0 / 4, dot(b, times(rows, t.alpha * all)) - 1.0 / 8,
            dot(b, t.beta * squares) - 1.0 / 12, dot(b, t.beta * (t.beta * all)) - 1.0 / 24};
  double largest = 0;
  for (const double one_of_them : left) largest = std::max(largest, std::abs(one_of_them));
  return largest;
}

/// y' = lambda y is solved by R(h lambda): R(z) = 1 + z b^T (I - z beta)^-1 1.
template <class Method, std::size_t s = Method::stages>
std::complex<double> stability(const Textbook<Method>& t, const Vector<s>& b, std::complex<double> z) {
  std::array<std::complex<double>, s> inner{};
  std::complex<double> sum = 0;
  for (std::size_t i = 0; i < s; ++i) {
    inner[i] = 1;
    for (std::size_t j = 0; j < i; ++j) inner[i] += z * t.beta[i][j] * inner[j];
    inner[i] /= 1.0 - z * t.beta[i][i];
    sum += b[i] * inner[i];
  }
  return 1.0 + z * sum;
}

/// The problem of Kaps: y1' = -(2 + mu) y1 + mu y2^2, y2' = y1 - y2 - y2^2, solved by exp(-2 t), exp(-t) for
/// any mu; not linear, stiff for large mu. Source: Kaps, Rentrop, Numer. Math. 33 (1979) 55.
using Point = std::array<double, 2>;

Point tendency_of(double mu, const Point& y) {
  return {-(2 + mu) * y[0] + mu * y[1] * y[1], y[0] - y[1] - y[1] * y[1]};
}
Point solution(double t) { return {std::exp(-2 * t), std::exp(-t)}; }

double distance(const Point& a, const Point& b) { return std::hypot(a[0] - b[0], a[1] - b[1]); }

/// (I - s J)^-1 b by Cramer's rule.
Point solve(double mu, const Point& y, double s, const Point& b) {
  const double m00 = 1 + s * (2 + mu), m01 = -s * 2 * mu * y[1], m10 = -s, m11 = 1 + s * (1 + 2 * y[1]);
  const double determinant = m00 * m11 - m01 * m10;
  return {(b[0] * m11 - m01 * b[1]) / determinant, (m00 * b[1] - m10 * b[0]) / determinant};
}

/// A step by the formulas of the header.
template <class Method>
struct Step {
  Point start, end, error{};
  std::vector<Point> stages;

  Step(double mu, const Point& c, double h) : start(c) {
    Point tendency{};
    for (std::size_t i = 0; i < Method::stages; ++i) {
      if (Method::new_tendency[i]) tendency = tendency_of(mu, plus(start, Method::a[i]));
      const Point inner = plus({h * tendency[0], h * tendency[1]}, Method::c[i]);
      stages.push_back(solve(mu, c, Method::gamma * h, {Method::gamma * inner[0], Method::gamma * inner[1]}));
    }
    end = plus(start, Method::m);
    error = plus({}, Method::e);
  }

  /// point + sum_j weight_j K_j
  Point plus(Point point, const Vector<Method::stages>& weight) const {
    for (std::size_t j = 0; j < stages.size(); ++j)
      for (std::size_t i = 0; i < 2; ++i) point[i] += weight[j] * stages[j][i];
    return point;
  }

  Point at(double x) const {
    const Point d[2] = {plus({}, Method::d[0]), plus({}, Method::d[1])};
    Point result;
    for (std::size_t i = 0; i < 2; ++i)
      result[i] = (1 - x) * start[i] + x * (end[i] + (1 - x) * (d[0][i] + x * d[1][i]));
    return result;
  }
};

/// Error at t = 1 by `steps` equal steps.
template <class Method>
double global_error(double mu, int steps) {
  Point y = solution(0);
  for (int n = 0; n < steps; ++n) y = Step<Method>(mu, y, 1.0 / steps).end;
  return distance(y, solution(1));
}

/// By which power of two a quantity falls where the step is halved.
double power(double coarse, double fine) { return std::log2(coarse / fine); }

// A measured order is the order and terms of the step length, some per cent of it at these steps: a method of
// a neighbouring order is one away.
constexpr double order_tolerance = 0.2;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(the_order_conditions_hold_up_to_the_order_and_not_beyond, Method, Methods) {
  const Textbook<Method> t;
  for (int order = 1; order <= Method::order; ++order) {
    BOOST_TEST(largest_left(t, t.b, order) < rounding);
    if (order < Method::order) BOOST_TEST(largest_left(t, t.embedded, order) < rounding);
  }
  // An error estimate of the order of the solution would be no estimate.
  BOOST_TEST(largest_left(t, t.embedded, Method::order) > 1e-3);
  if (Method::order < 4) BOOST_TEST(largest_left(t, t.b, 4) > 1e-3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(stages_that_take_the_tendency_before_are_at_the_same_state, Method, Methods) {
  BOOST_TEST(Method::new_tendency[0]);
  for (std::size_t i = 1; i < Method::stages; ++i)
    BOOST_TEST((Method::new_tendency[i] || Method::a[i] == Method::a[i - 1]));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(matrices_of_stages_are_strictly_lower, Method, Methods) {
  for (std::size_t i = 0; i < Method::stages; ++i)
    for (std::size_t j = i; j < Method::stages; ++j) {
      BOOST_TEST(Method::a[i][j] == 0);
      BOOST_TEST(Method::c[i][j] == 0);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(methods_are_stiffly_accurate, Method, Methods) {
  const Textbook<Method> t;
  // The new solution is the last stage: b_i = beta_si, and that stage is at the end of the step.
  for (std::size_t i = 0; i < t.s; ++i) BOOST_TEST(std::abs(t.b[i] - t.beta[t.s - 1][i]) < rounding);
  BOOST_TEST(std::abs((t.alpha * ones<t.s>())[t.s - 1] - 1) < rounding);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(methods_and_their_embedded_ones_are_l_stable, Method, Methods) {
  const Textbook<Method> t;
  for (const auto& b : {t.b, t.embedded}) {
    // R at infinity; next, R(z) is O(1/z) there: with 1e-8 left of it at -1e8, some thousand times as much by
    // numerator and cancellation.
    BOOST_TEST(std::abs(1 - dot(b, solve_lower(t.beta, ones<t.s>()))) < rounding);
    BOOST_TEST(std::abs(stability(t, b, -1e8)) < 1e-5);
    // |R| <= 1 on the imaginary axis, and no pole left of it (beta has the one eigenvalue gamma > 0):
    // A-stable.
    double largest = 0;
    for (double y = 1e-3; y < 1e6; y *= 1.02) largest = std::max(largest, std::abs(stability(t, b, {0, y})));
    BOOST_TEST(largest <= 1 + rounding);
  }
  // Near 0 R is exp to the order.
  const double z = -1.0 / 64;
  BOOST_TEST(std::abs(stability(t, t.b, z) - std::exp(z)) < std::pow(std::abs(z), Method::order + 1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(solutions_converge_with_the_order, Method, Methods) {
  const double coarse = global_error<Method>(1, 40), fine = global_error<Method>(1, 80);
  BOOST_TEST(fine > 1e-13);  // far from rounding
  BOOST_TEST(std::abs(power(coarse, fine) - Method::order) < order_tolerance, power(coarse, fine));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(solutions_of_stiff_problems_stay_exact, Method, Methods) {
  // A method that is not stiffly accurate would leave errors that grow with mu. At the limit of stiffness
  // orders fall to 2 or more (order reduction).
  const double smooth = global_error<Method>(1, 40), stiff = global_error<Method>(1e8, 40);
  BOOST_TEST(stiff < 100 * smooth);
  BOOST_TEST(power(stiff, global_error<Method>(1e8, 80)) > 2 - order_tolerance);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(error_estimates_are_of_the_order_that_steps_follow, Method, Methods) {
  const auto estimate = [](double h) { return distance(Step<Method>(1, solution(0), h).error, {}); };
  const double found = power(estimate(1.0 / 64), estimate(1.0 / 128));
  BOOST_TEST(std::abs(found - Method::order) < order_tolerance, found);
  // And it is that of the embedded solution: its error, to the leading term.
  const double h = 1.0 / 128;
  const Step<Method> step(1, solution(0), h);
  const Point exact = solution(h),
              embedded_error{step.end[0] - step.error[0] - exact[0], step.end[1] - step.error[1] - exact[1]};
  BOOST_TEST(distance(embedded_error, {-step.error[0], -step.error[1]}) < 0.2 * distance(step.error, {}));
}

BOOST_AUTO_TEST_CASE(dense_output_of_rodas4_is_of_order_3_and_joins_the_ends) {
  const auto error = [](double x, double h) {
    return distance(Step<Rodas4>(1, solution(0), h).at(x), solution(x * h));
  };
  const Step<Rodas4> step(1, solution(0), 0.1);
  BOOST_TEST((step.at(0) == step.start));
  BOOST_TEST((step.at(1) == step.end));
  for (const double x : {0.2, 0.5, 0.8}) {
    const double found = power(error(x, 1.0 / 64), error(x, 1.0 / 128));
    // The error within a step: one more than the order.
    BOOST_TEST(std::abs(found - 4) < order_tolerance, found);
  }
}
