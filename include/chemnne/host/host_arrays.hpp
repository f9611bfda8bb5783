#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>

#include <chemnne/host/columns.hpp>
#include <chemnne/host/host_fields.hpp>
#include <chemnne/host/step_status.hpp>

/// @file
/// The two ways in which a host's arrays are read and written, block by block. Both have
///
///     load(first, count, number, conditions): number densities [count][stride], conditions [count][...]
///     holds(number, conditions): whether the host's numbers can be those of this cell
///     store(first, count, loaded, number, conditions, flags): what has changed; kept cells stay as they are
///
/// and convert on the way: nothing of the host is copied as a whole.
namespace chemnne {

/// The nearest number of type T, infinite beyond its range (where a conversion is undefined).
template <class T>
constexpr T narrowed(double value) noexcept {
  constexpr double largest = static_cast<double>(std::numeric_limits<T>::max());
  constexpr T infinity = std::numeric_limits<T>::infinity();
  return value > largest ? infinity : value < -largest ? -infinity : static_cast<T>(value);
}

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

  static constexpr bool holds(const double*, const double*) noexcept { return true; }

  void store(std::size_t first, std::size_t count, const double* loaded, const double* number, const double*,
             const CellFlags* flags) const noexcept {
    after.each(first, count, Outputs, [&](std::size_t cell, std::size_t i, double& value) {
      const std::size_t at = (cell - first) * stride + i;
      if ((flags[cell - first] & flag(CellFlag::kept)) == 0)
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
      conditions.item(binding.condition(k))
          .each(first, count, 1, [&](std::size_t cell, std::size_t, const T& value) {
            condition[(cell - first) * Conditions + k] = static_cast<double>(value);
          });
    for (std::size_t i = 0; i < Inputs; ++i)
      state.item(binding.input(i)).each(first, count, 1, [&](std::size_t cell, std::size_t, const T& value) {
        number[(cell - first) * stride + i] = static_cast<double>(value) * binding.scale(i);
      });
    for (std::size_t cell = 0; cell < count; ++cell) {
      const double air = binding.air(condition + cell * Conditions);
      for (std::size_t i = 0; i < Inputs; ++i) number[cell * stride + i] *= air;
    }
  }

  bool holds(const double* number, const double* condition) const noexcept {
    const double air = binding.air(condition);
    for (std::size_t i = 0; i < Outputs; ++i)
      if (binding.output(i) != HostBinding::absent && !std::isfinite(value(number[i], i, air))) return false;
    return true;
  }

  /// A number density that is as it was leaves the host's value untouched, to the bit.
  void store(std::size_t first, std::size_t count, const double* loaded, const double* number,
             const double* condition, const CellFlags* flags) const noexcept {
    for (std::size_t i = 0; i < Outputs; ++i) {
      if (binding.output(i) == HostBinding::absent) continue;
      state.item(binding.output(i)).each(first, count, 1, [&](std::size_t cell, std::size_t, T& place) {
        const std::size_t at = (cell - first) * stride + i;
        if ((flags[cell - first] & flag(CellFlag::kept)) != 0 || (i < Inputs && number[at] == loaded[at]))
          return;
        place = value(number[at], i, binding.air(condition + (cell - first) * Conditions));
      });
    }
  }

 private:
  /// The host's number of a number density.
  T value(double number, std::size_t i, double air) const noexcept {
    return narrowed<T>(number / (binding.scale(i) * air));
  }
};

}  // namespace chemnne
