#pragma once
#include <algorithm>
#include <cstddef>

#include <Eigen/Dense>

namespace chemnne {

/// G = W H + rest.
struct SemiNmf {
  Eigen::MatrixXd weights;  ///< W >= 0 [rows of G][count]
  double left_open = 0;     ///< ||G - W H||^2 / ||G||^2
  Eigen::VectorXd best;     ///< [k]: the least that is left open by k factors of any sign
};

/// Semi-non-negative factors of G: W >= 0, and H of any sign, near the least ||G - W H||^2.
///
/// Multiplicative updates of Ding, Li and Jordan, IEEE Trans. Pattern Anal. 32, 45 (2010), H by least squares.
/// They start from rows of G that are far from each other's span (successive projections), so the same G gives
/// the same W. Work is done in the leading left singular vectors of G, which hold all but a millionth of it.
/// `count` must be 1 .. rows, and G must not vanish.
inline SemiNmf semi_nmf(const Eigen::MatrixXd& g, std::size_t count) {
  using Eigen::Index, Eigen::MatrixXd, Eigen::VectorXd;
  const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(g * g.transpose());
  const VectorXd squares = eigen.eigenvalues().reverse().cwiseMax(0);
  const double all = squares.sum();
  SemiNmf found{.weights = {}, .best = VectorXd(squares.size())};
  double sum = all;
  Index kept = 0;
  for (Index k = 0; k < squares.size(); ++k) {
    found.best[k] = std::max(0.0, sum / all);
    if (sum > 1e-6 * all || k < static_cast<Index>(count)) kept = k + 1;
    sum -= squares[k];
  }
  // Rows in the basis of the leading singular vectors: as long, and at the same angles.
  const MatrixXd rows =
      eigen.eigenvectors().rightCols(kept).rowwise().reverse() * squares.head(kept).cwiseSqrt().asDiagonal();
  const auto factors = static_cast<Index>(count);
  MatrixXd directions(factors, kept), rest = rows;
  for (Index l = 0; l < factors; ++l) {
    Index farthest = 0;
    rest.rowwise().squaredNorm().maxCoeff(&farthest);
    directions.row(l) = rows.row(farthest).normalized();
    const VectorXd axis = rest.row(farthest).normalized();
    rest -= (rest * axis) * axis.transpose();
  }
  constexpr double small = 1e-30;
  MatrixXd& w = found.weights;
  w = (rows * directions.transpose()).cwiseMax(1e-6 * rows.rowwise().norm().maxCoeff());
  MatrixXd h;
  const auto fit = [&] {
    MatrixXd normal = w.transpose() * w;
    normal.diagonal().array() += 1e-9 * normal.trace() / static_cast<double>(count);
    h = normal.ldlt().solve(w.transpose() * rows);
  };
  constexpr int updates = 500;
  for (int i = 0; i < updates; ++i) {
    fit();
    const MatrixXd a = rows * h.transpose(), b = h * h.transpose();
    const MatrixXd up = a.cwiseMax(0) + w * (-b).cwiseMax(0), down = (-a).cwiseMax(0) + w * b.cwiseMax(0);
    w.array() *= (up.array() / (down.array() + small)).sqrt();
  }
  fit();
  found.left_open = (rows - w * h).squaredNorm() / all + std::max(0.0, 1 - rows.squaredNorm() / all);
  return found;
}

}  // namespace chemnne
