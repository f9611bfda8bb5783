#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <chemnne/model/nodal_model.hpp>
#include <chemnne/training/sensitivity_matrices.hpp>

namespace chemnne {

/// Rows first .. first + count - 1 of the Jacobian J_ij = d y_i / d x_j of a layer at one point, by its own
/// pullback: each row of a batch is the same x with the unit cotangent e_i.
///
/// Shapes: x [Input::size], result [count][Input::size]. Cost: forward and pullback of `count` rows, 32 at a
/// time. Exact up to the rounding of T.
template <class L, class Backend, class T>
std::vector<double> jacobian_rows(std::span<const T, L::Input::size> x, Parameters<const T, L::parameters> p,
                                  std::size_t first, std::size_t count) {
  constexpr std::size_t in = L::Input::size, out = L::Output::size, chunk = 32;
  Buffer<T> memory(2 * padded(chunk * in) + 2 * padded(chunk * out) + L::memory(chunk) +
                   L::pullback_memory(chunk));
  Buffer<T> unused(L::parameters);
  std::vector<double> jacobian(count * in);
  for (std::size_t begin = 0; begin < count; begin += chunk) {
    const std::size_t rows = std::min(chunk, count - begin);
    Arena<T> arena(memory.span());
    const auto copies = arena.template take<typename L::Input>(rows);
    const auto dx = arena.template take<typename L::Input>(rows);
    const auto y = arena.template take<typename L::Output>(rows);
    const auto dy = arena.template take<typename L::Output>(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      std::copy(x.begin(), x.end(), copies[row]);
      std::fill_n(dy[row], out, T(0));
      dy[row][first + begin + row] = T(1);
    }
    const auto residual = L::template forward<Backend, T>(copies, p, y, arena);
    L::template pullback<Backend, T>(residual, copies, p, dy, dx,
                                     Parameters<T, L::parameters>(unused.data(), L::parameters), arena);
    for (std::size_t row = 0; row < rows; ++row)
      std::copy_n(dx[row], in, jacobian.begin() + static_cast<std::ptrdiff_t>((begin + row) * in));
  }
  return jacobian;
}

/// Sensitivities of a deployed network of configuration C at some cells: of the last frame to the start,
///
///     d log10 c_i(end) / d log10 c_j(0) = (s_i / s_j) J_ij,   d log10 c_i(end) / d k~ = s_i J_ik,
///
/// J the Jacobian of the network on standardised values, s the deviations in decades, k~ a condition in
/// standard deviations. An input at or below the floor has no influence: the network sees the floor.
///
/// Shapes: p [Deployed<C, Network>::parameters], initial [cell][inputs] in molecules cm-3, conditions
/// [cell][conditions].
template <class C, class Network, class Backend, class T>
SensitivityMatrices sensitivities(Parameters<const T, Deployed<C, Network>::parameters> p,
                                  std::span<const T> initial, std::span<const T> conditions) {
  using Prepare = Normalise<C::inputs, C::conditions>;
  constexpr std::size_t width = Prepare::width;
  const auto constants = p.template first<Prepare::parameters>();
  const auto weights = p.template subspan<Prepare::parameters, Network::parameters>();
  const auto output_deviation = p.template last<C::outputs>();
  SensitivityMatrices result{.cells = initial.size() / C::inputs,
                             .outputs = C::outputs,
                             .inputs = C::inputs,
                             .conditions = C::conditions,
                             .of_species = {},
                             .of_conditions = {}};
  Buffer<T> physical(width), x(width);
  for (std::size_t cell = 0; cell < result.cells; ++cell) {
    std::copy_n(initial.data() + cell * C::inputs, C::inputs, physical.data());
    std::copy_n(conditions.data() + cell * C::conditions, C::conditions, physical.data() + C::inputs);
    Arena<T> none({});
    Prepare::template forward<Backend, T>(Rows<const T, width>(physical.data(), 1), constants,
                                          Rows<T, width>(x.data(), 1), none);
    const std::vector<double> jacobian = jacobian_rows<Network, Backend, T>(
        std::span<const T, width>(x.data(), width), weights, Network::Output::size - C::outputs, C::outputs);
    for (std::size_t i = 0; i < C::outputs; ++i)
      for (std::size_t j = 0; j < width; ++j) {
        const double slope = static_cast<double>(output_deviation[i]) * jacobian[i * width + j];
        if (j >= C::inputs)
          result.of_conditions.push_back(slope);
        else
          result.of_species.push_back(physical[j] > constants[j]
                                          ? slope / static_cast<double>(constants[Prepare::deviation + j])
                                          : 0);
      }
  }
  return result;
}

}  // namespace chemnne
