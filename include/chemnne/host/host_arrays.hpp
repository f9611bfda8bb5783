#pragma once
#include <algorithm>
#include <cstddef>
#include <type_traits>

#include <chemnne/host/columns.hpp>
#include <chemnne/host/host_fields.hpp>

/// The two ways in which a host's arrays are read and written, block by block. Both have
///
///     load(first, count, number, conditions): number densities [count][stride], conditions [count][...]
///     store(first, count, loaded, number, conditions, kept): what has changed; cells that are kept stay as
///     they are
///
/// and convert on the way: nothing of the host is copied as a whole.
namespace chemnne {

/// Number densities and conditions in the emulator's own order, from one array to another or in place.
template <std::size_t Inputs, std::size_t Outputs, std::size_t Conditions>
struct SeparateArrays {
  static constexpr std::size_t stride = std::max(Inputs, Outputs);
  Columns<const double> before, conditions;
  Columns<double> after;

  bool fits() const { return before.cells == conditions.cells && before.cells == after.cells; }
  std::size_t cells() const { return before.cells; }

  void load(std::size_t first, std::size_t count, double* number, double* condition) const noexcept {
    before.each(first, count, Inputs, [&](std::size_t cell, std::size_t i, double value) {
      number[(cell - first) * stride + i] = value;
    });
    conditions.each(first, count, Conditions, [&](std::size_t cell, std::size_t k, double value) {
      condition[(cell - first) * Conditions + k] = value;
    });
  }

  void store(std::size_t first, std::size_t count, const double* loaded, const double* number, const double*,
             const bool* kept) const noexcept {
    after.each(first, count, Outputs, [&](std::size_t cell, std::size_t i, double& value) {
      const std::size_t at = (cell - first) * stride + i;
      if (!kept[cell - first])
        value = number[at];
      else if (i < Inputs)
        value = loaded[at];
    });
  }
};

/// A host's state, advanced in place, in the host's order and unit.
template <class T, std::size_t Inputs, std::size_t Outputs, std::size_t Conditions>
struct BoundArrays {
  static_assert(std::is_floating_point_v<T>, "a host's state is of float or double");
  static constexpr std::size_t stride = std::max(Inputs, Outputs);
  const HostBinding& binding;
  Columns<T> state;
  Columns<const T> conditions;

  bool fits() const { return state.cells == conditions.cells; }
  std::size_t cells() const { return state.cells; }

  void load(std::size_t first, std::size_t count, double* number, double* condition) const noexcept {
    for (std::size_t k = 0; k < Conditions; ++k)
      item(conditions, binding.condition(k))
          .each(first, count, 1, [&](std::size_t cell, std::size_t, const T& value) {
            condition[(cell - first) * Conditions + k] = static_cast<double>(value);
          });
    for (std::size_t i = 0; i < Inputs; ++i)
      item(state, binding.input(i)).each(first, count, 1, [&](std::size_t cell, std::size_t, const T& value) {
        number[(cell - first) * stride + i] = static_cast<double>(value) * binding.scale(i);
      });
    for (std::size_t cell = 0; cell < count; ++cell) {
      const double air = binding.air(condition + cell * Conditions);
      for (std::size_t i = 0; i < Inputs; ++i) number[cell * stride + i] *= air;
    }
  }

  /// A number density that is as it was leaves the host's value untouched, to the bit.
  void store(std::size_t first, std::size_t count, const double* loaded, const double* number,
             const double* condition, const bool* kept) const noexcept {
    for (std::size_t i = 0; i < Outputs; ++i) {
      if (binding.output(i) == HostBinding::absent) continue;
      item(state, binding.output(i)).each(first, count, 1, [&](std::size_t cell, std::size_t, T& value) {
        const std::size_t at = (cell - first) * stride + i;
        if (kept[cell - first] || (i < Inputs && number[at] == loaded[at])) return;
        value = static_cast<T>(number[at] /
                               (binding.scale(i) * binding.air(condition + (cell - first) * Conditions)));
      });
    }
  }

 private:
  /// The columns of one item.
  template <class U>
  static Columns<U> item(Columns<U> columns, std::size_t place) {
    columns.data += place * columns.item_stride;
    return columns;
  }
};

}  // namespace chemnne
