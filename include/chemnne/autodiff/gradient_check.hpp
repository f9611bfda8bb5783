#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <chemnne/autodiff/dual.hpp>
#include <chemnne/backend/reference.hpp>
#include <chemnne/layers/concepts.hpp>

namespace chemnne {

/// Relative errors of a gradient check.
struct GradientError {
  double input = 0;       ///< of dx
  double parameters = 0;  ///< of dp
};

/// The gradient check of a layer at a point: <dy, J v> = <J^T dy, v> for random directions v of inputs and of
/// parameters apart.
///
/// J v comes from dual numbers through the forward on `Reference`, J^T dy from the pullback on backend B in
/// the scalar T. The error is |<dy, J v> - <J^T dy, v>| / (sum_i |dy_i (J v)_i| + sum_j |(J^T dy)_j v_j|),
/// rounding only when the pullback is exact. `x` and `p` hold the point; `rows` = x.size() / Input::size.
template <class L, class B, class T>
GradientError gradient_error(const std::vector<double>& x, const std::vector<double>& p, Random& random) {
  using D = Dual<double>;
  const std::size_t rows = x.size() / L::Input::size;
  const auto normals = [&](std::size_t count) {
    std::vector<double> value(count);
    for (double& v : value) v = random.normal();
    return value;
  };
  const std::vector<double> vx = normals(x.size()), vp = normals(p.size()),
                            dy = normals(rows * L::Output::size);

  const auto pushforward = [&](const std::vector<double>* along_x, const std::vector<double>* along_p) {
    Buffer<D> xs(x.size()), ps(p.size() + 1), ys(rows * L::Output::size), memory(L::memory(rows));
    for (std::size_t i = 0; i < x.size(); ++i) xs[i] = {x[i], along_x ? (*along_x)[i] : 0};
    for (std::size_t i = 0; i < p.size(); ++i) ps[i] = {p[i], along_p ? (*along_p)[i] : 0};
    Arena<D> arena(memory.span());
    L::template forward<Reference, D>(RowsOf<const D, typename L::Input>(xs.data(), rows),
                                      Parameters<const D, L::parameters>(ps.data(), L::parameters),
                                      RowsOf<D, typename L::Output>(ys.data(), rows), arena);
    std::vector<double> tangent(ys.size());
    for (std::size_t i = 0; i < ys.size(); ++i) tangent[i] = ys[i].tangent;
    return tangent;
  };

  Buffer<T> xs(x.size()), ps(p.size() + 1), ys(rows * L::Output::size), dys(ys.size()), dxs(x.size()),
      dps(p.size() + 1);
  Buffer<T> memory(L::memory(rows) + L::pullback_memory(rows));
  std::copy(x.begin(), x.end(), xs.data());
  std::copy(p.begin(), p.end(), ps.data());
  std::copy(dy.begin(), dy.end(), dys.data());
  Arena<T> arena(memory.span());
  const RowsOf<const T, typename L::Input> input(xs.data(), rows);
  const Parameters<const T, L::parameters> block(ps.data(), L::parameters);
  const auto residual =
      L::template forward<B, T>(input, block, RowsOf<T, typename L::Output>(ys.data(), rows), arena);
  L::template pullback<B, T>(residual, input, block, RowsOf<const T, typename L::Output>(dys.data(), rows),
                             RowsOf<T, typename L::Input>(dxs.data(), rows),
                             Parameters<T, L::parameters>(dps.data(), L::parameters), arena);

  const auto error = [&](const std::vector<double>& tangent, const Buffer<T>& cotangent,
                         const std::vector<double>& v) {
    double left = 0, right = 0, scale = 0;
    for (std::size_t i = 0; i < dy.size(); ++i) {
      left += dy[i] * tangent[i];
      scale += std::abs(dy[i] * tangent[i]);
    }
    for (std::size_t j = 0; j < v.size(); ++j) {
      right += static_cast<double>(cotangent[j]) * v[j];
      scale += std::abs(static_cast<double>(cotangent[j]) * v[j]);
    }
    return scale > 0 ? std::abs(left - right) / scale : 0.0;
  };
  return {error(pushforward(&vx, nullptr), dxs, vx), error(pushforward(nullptr, &vp), dps, vp)};
}

}  // namespace chemnne
