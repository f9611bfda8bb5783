#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace chemnne {

/// Rows g_i in groups, each near a line: g_i ~ w_i h of its group, w_i >= 0.
struct LineClusters {
  std::size_t count = 0;           ///< groups, none of them empty
  std::vector<std::size_t> group;  ///< [row]
  std::vector<double> weight;      ///< w [row], for lines |h| = 1
  double left_open = 0;            ///< sum_i |g_i - w_i h|^2 / sum_i |g_i|^2
};

namespace detail {

/// Rows, by their scalar products alone.
class LineClustering {
 public:
  LineClustering(const std::vector<double>& products, std::size_t rows) : products_(&products), rows_(rows) {
    for (std::size_t i = 0; i < rows; ++i) all_ += product(i, i);
  }

  /// Rows that are far from each other's span: the pivots of a Cholesky factorisation, at most `count`; fewer
  /// where the others lie in the span of these.
  std::vector<std::size_t> far_rows(std::size_t count) const {
    std::vector<std::size_t> pivots;
    std::vector<double> rest(rows_);
    std::vector<std::vector<double>> factor;
    for (std::size_t i = 0; i < rows_; ++i) rest[i] = product(i, i);
    while (pivots.size() < std::min(count, rows_)) {
      const auto pivot = static_cast<std::size_t>(std::ranges::max_element(rest) - rest.begin());
      if (!(rest[pivot] > 1e-10 * all_)) break;
      std::vector<double> column(rows_);
      for (std::size_t i = 0; i < rows_; ++i) {
        double value = product(i, pivot);
        for (const auto& earlier : factor) value -= earlier[i] * earlier[pivot];
        column[i] = value / std::sqrt(rest[pivot]);
      }
      for (std::size_t i = 0; i < rows_; ++i) rest[i] -= column[i] * column[i];
      factor.push_back(std::move(column));
      pivots.push_back(pivot);
    }
    return pivots;
  }

  LineClusters around(const std::vector<std::size_t>& starts) const {
    LineClusters found{.count = starts.size(),
                       .group = std::vector<std::size_t>(rows_),
                       .weight = std::vector<double>(rows_)};
    for (std::size_t l = 0; l < starts.size(); ++l) {
      found.group[starts[l]] = l;
      found.weight[starts[l]] = 1;
    }
    double before = 2;
    constexpr int rounds = 1000;
    for (int round = 0; round < rounds && found.count > 0; ++round) {
      assign(found);
      if (!fill_empty(found) && !(found.left_open < before * (1 - 1e-9))) break;
      before = found.left_open;
    }
    return found;
  }

 private:
  double product(std::size_t i, std::size_t j) const { return (*products_)[i * rows_ + j]; }
  double rest(const LineClusters& found, std::size_t i) const {
    return product(i, i) - found.weight[i] * found.weight[i];
  }

  /// Each row to the line that it has most of; the line of a group is along the sum of w_i g_i.
  void assign(LineClusters& found) const {
    std::vector<double> along(found.count * rows_), square(found.count);
    for (std::size_t j = 0; j < rows_; ++j)
      if (found.weight[j] > 0)
        for (std::size_t i = 0; i < rows_; ++i)
          along[found.group[j] * rows_ + i] += found.weight[j] * product(j, i);
    for (std::size_t j = 0; j < rows_; ++j)
      square[found.group[j]] += found.weight[j] * along[found.group[j] * rows_ + j];
    double open = 0;
    for (std::size_t i = 0; i < rows_; ++i) {
      found.weight[i] = 0;
      for (std::size_t l = 0; l < found.count; ++l)
        if (const double w = along[l * rows_ + i] / std::sqrt(square[l]); w > found.weight[i]) {
          found.weight[i] = w;
          found.group[i] = l;
        }
      open += std::max(0.0, rest(found, i));
    }
    found.left_open = open / all_;
  }

  /// A line that lost all its rows goes through the row that is farthest from its own. Returns whether one did.
  bool fill_empty(LineClusters& found) const {
    bool filled = false;
    std::vector<std::size_t> members(found.count);
    for (std::size_t i = 0; i < rows_; ++i)
      if (found.weight[i] > 0) ++members[found.group[i]];
    for (std::size_t l = 0; l < found.count; ++l) {
      if (members[l] > 0) continue;
      std::size_t farthest = 0;
      for (std::size_t i = 0; i < rows_; ++i)
        if (rest(found, i) > rest(found, farthest)) farthest = i;
      found.group[farthest] = l;
      found.weight[farthest] = std::sqrt(product(farthest, farthest));
      filled = true;
    }
    return filled;
  }

  const std::vector<double>* products_;
  std::size_t rows_;
  double all_ = 0;
};

}  // namespace detail

/// Groups of rows that lie along one line each, near the least sum_i |g_i - w_i h_group(i)|^2 with w >= 0: k-means
/// with lines in the place of points, which is semi-non-negative factorisation G ~ W H with one entry above 0 in
/// each row of W (Ding, Li and Jordan, IEEE Trans. Pattern Anal. 32, 45, 2010).
///
/// `products` [rows, rows] holds the scalar products g_i g_j. Rows and lines take turns, each at its best for the
/// others, from rows that are far from each other's span; so the same products give the same groups. There are
/// fewer than `count` groups where the rows span fewer directions, none where all are 0. A row that no line
/// points to has weight 0.
inline LineClusters line_clusters(const std::vector<double>& products, std::size_t rows, std::size_t count) {
  const detail::LineClustering clustering(products, rows);
  return clustering.around(clustering.far_rows(count));
}

}  // namespace chemnne
