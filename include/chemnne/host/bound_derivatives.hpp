#pragma once
#include <cstddef>
#include <type_traits>

#include <chemnne/host/columns.hpp>
#include <chemnne/host/host_arrays.hpp>
#include <chemnne/host/host_fields.hpp>
#include <chemnne/host/step_status.hpp>

namespace chemnne {

/// Whether directions or slopes are those of a state and its conditions; those of conditions may be left out.
template <class T>
bool fits(Columns<const T> state, Columns<const T> conditions, Columns<const T> of_state,
          Columns<const T> of_conditions) noexcept {
  return state.cells == conditions.cells && state.cells == of_state.cells &&
         (!of_conditions.data || of_conditions.cells == state.cells);
}

/// A state that BoundArrays is to load and nothing else.
template <class T>
Columns<T> only_loaded(Columns<const T> state) noexcept {
  return {const_cast<T*>(state.data), state.cells,  state.cell_stride,
          state.item_stride,          state.length, state.block_stride};
}

/// The derivative of what BoundArrays does on the way from a host's numbers to number densities and back,
///
///     n = q scale air(k),   q' = n' / (scale air(k)),
///
/// for directions and slopes in the host's own layout, order and unit: air depends on conditions where the
/// host's numbers are relative to it. Shapes: `state` and `conditions` as those of BoundArrays, `number`
/// [count][outputs], `condition` [count][Conditions], `weather` the conditions themselves. A state that is
/// kept, or a species that the emulator does not know, is not touched.
template <class T, std::size_t Inputs, std::size_t Outputs, std::size_t Conditions>
class BoundDerivatives {
  static_assert(Outputs >= Inputs, "a state can be advanced when all inputs are among the outputs");

 public:
  BoundDerivatives(const HostBinding& binding, Columns<T> state) : binding_(&binding), state_(state) {}

  /// d number of the inputs from d state and d condition.
  void load_tangent(std::size_t first, std::size_t count, const double* number, const double* condition,
                    const double* weather, double* d_number, const CellFlags* flags) const noexcept {
    each_cell(first, count, flags, [&](std::size_t cell, std::size_t at) {
      const double air = binding_->air(weather + at * Conditions),
                   relative = air_tangent(weather + at * Conditions, condition + at * Conditions);
      for (std::size_t i = 0; i < Inputs; ++i)
        d_number[at * Outputs + i] =
            static_cast<double>(state_(cell, binding_->input(i))) * binding_->scale(i) * air +
            number[at * Outputs + i] * relative;
    });
  }

  /// d state from d number of the outputs, whose values are `number`, and d condition.
  void store_tangent(std::size_t first, std::size_t count, const double* number, const double* condition,
                     const double* weather, const double* d_number, const CellFlags* flags) const noexcept {
    each_cell(first, count, flags, [&](std::size_t cell, std::size_t at) {
      const double air = binding_->air(weather + at * Conditions),
                   relative = air_tangent(weather + at * Conditions, condition + at * Conditions);
      for (std::size_t i = 0; i < Outputs; ++i)
        if (binding_->output(i) != HostBinding::absent)
          state_(cell, binding_->output(i)) =
              narrowed<T>((d_number[at * Outputs + i] - number[at * Outputs + i] * relative) /
                          (binding_->scale(i) * air));
    });
  }

  /// dL/d number of the outputs, whose values are `number`, from dL/d state; adds to dL/d condition.
  void store_cotangent(std::size_t first, std::size_t count, const double* number, const double* weather,
                       double* d_number, double* condition, const CellFlags* flags) const noexcept {
    each_cell(first, count, flags, [&](std::size_t cell, std::size_t at) {
      const double air = binding_->air(weather + at * Conditions);
      double relative = 0;
      for (std::size_t i = 0; i < Outputs; ++i) {
        double& slope = d_number[at * Outputs + i];
        slope = binding_->output(i) == HostBinding::absent
                    ? 0
                    : static_cast<double>(state_(cell, binding_->output(i))) / (binding_->scale(i) * air);
        relative -= slope * number[at * Outputs + i];
      }
      air_cotangent(weather + at * Conditions, relative, condition + at * Conditions);
    });
  }

  /// dL/d state from dL/d number of the inputs, whose values are `number`; adds to dL/d condition.
  void load_cotangent(std::size_t first, std::size_t count, const double* number, const double* weather,
                      const double* d_number, double* condition, const CellFlags* flags) const noexcept {
    each_cell(first, count, flags, [&](std::size_t cell, std::size_t at) {
      const double air = binding_->air(weather + at * Conditions);
      double relative = 0;
      for (std::size_t i = 0; i < Outputs; ++i)
        if (binding_->output(i) != HostBinding::absent) state_(cell, binding_->output(i)) = 0;
      for (std::size_t i = 0; i < Inputs; ++i) {
        const double slope = d_number[at * Outputs + i];
        state_(cell, binding_->input(i)) = narrowed<T>(slope * binding_->scale(i) * air);
        relative += slope * number[at * Outputs + i];
      }
      air_cotangent(weather + at * Conditions, relative, condition + at * Conditions);
    });
  }

 private:
  /// f(cell, place in the block) of the cells that are not kept.
  template <class F>
  static void each_cell(std::size_t first, std::size_t count, const CellFlags* flags, const F& f) {
    for (std::size_t at = 0; at < count; ++at)
      if ((flags[at] & flag(CellFlag::kept)) == 0) f(first + at, at);
  }
  /// d log air.
  double air_tangent(const double* weather, const double* condition) const noexcept {
    double relative = 0;
    binding_->each_air_power(
        [&](std::size_t k, double power) { relative += power * condition[k] / weather[k]; });
    return relative;
  }
  void air_cotangent(const double* weather, double relative, double* condition) const noexcept {
    binding_->each_air_power(
        [&](std::size_t k, double power) { condition[k] += power * relative / weather[k]; });
  }

  const HostBinding* binding_;
  Columns<T> state_;
};

}  // namespace chemnne
