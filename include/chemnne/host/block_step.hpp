#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <chemnne/backend/cuda.hpp>
#include <chemnne/host/cell_step.hpp>
#include <chemnne/host/columns.hpp>
#include <chemnne/host/guard.hpp>
#include <chemnne/host/host_arrays.hpp>
#include <chemnne/host/host_fields.hpp>
#include <chemnne/host/legal_conditions.hpp>
#include <chemnne/inference/prepared_network.hpp>

namespace chemnne {

/// What a thread block knows of an emulator beside the constants of its network: numbers, to be copied as
/// they are.
template <class Step>
struct BlockTables {
  using C = typename Step::C;
  std::array<float, Step::Prepare::parameters> prepare;
  std::array<float, Step::Finish::parameters> finish;
  std::array<float, Step::in> lowest, highest;
  std::array<RangeLimit, C::outputs> limit;
  std::array<detail::ConditionLaw, C::conditions> law;

  explicit BlockTables(const Step& step)
      : lowest(step.lowest()), highest(step.highest()), limit(step.limits()) {
    std::copy_n(step.prepare().data(), prepare.size(), prepare.data());
    std::copy_n(step.finish().data(), finish.size(), finish.data());
    const LegalConditions legal(step.description());
    for (std::size_t k = 0; k < law.size(); ++k) law[k] = legal.law(k);
  }
};

/// A HostBinding as numbers.
template <class C>
struct BlockBinding {
  static constexpr std::size_t species = std::max(C::inputs, C::outputs);
  std::array<std::size_t, C::inputs> input;
  std::array<std::size_t, C::outputs> output;
  std::array<std::size_t, C::conditions> condition;
  std::array<double, species> scale;
  AirFactor air;

  explicit BlockBinding(const HostBinding& host) : air(host.air()) {
    for (std::size_t i = 0; i < C::inputs; ++i) input[i] = host.input(i);
    for (std::size_t i = 0; i < C::outputs; ++i) output[i] = host.output(i);
    for (std::size_t k = 0; k < C::conditions; ++k) condition[k] = host.condition(k);
    for (std::size_t i = 0; i < species; ++i) scale[i] = host.scale(i);
  }
};

/// Counts of flagged cells, to be added to.
struct BlockCounts {
  std::uint64_t outside_training = 0, limited = 0, left_unchanged = 0;
};

/// The step of a tile of cells by one thread block, from a host's arrays back to them: what `Emulator` does
/// with `GuardedStep` where totals are not projected, in phases of which each is dealt over the threads. A
/// tile is as many cells as the shared memory holds. A tile at the end is filled up with the last cell.
///
/// `Whole`: a step of the horizon, of which only the last node is decoded; else one between the nodes.
/// `most_shared`: bytes of shared memory that a block may take.
template <class Model, class Group, std::size_t most_shared, bool Whole>
struct BlockStep {
  using Step = CellStep<Model, Cuda<Group>, float>;
  using C = typename Step::C;
  using Tables = BlockTables<Step>;
  using Binding = BlockBinding<C>;
  using P = Prepared<
      std::conditional_t<Whole, typename Model::EndOfStep, typename Model::Trajectory::NodalNetwork>>;
  static constexpr std::size_t in = Step::in, known = Step::known;

  /// Scalars that a tile of so many rows, a cell each, needs.
  static constexpr std::size_t memory(std::size_t rows) {
    return 2 * padded(rows * in) + 2 * padded(rows * C::outputs) +
           std::max(Step::Finish::memory(rows),
                    P::memory(rows) + (Whole ? 0 : padded(rows * C::nodes * C::outputs)));
  }
  /// Cells of a tile: whole tiles of a product where there is memory for one, at most 64.
  static constexpr std::size_t cells = [] {
    constexpr std::size_t most = most_shared - 64 * 16, unit = Cuda<Group>::tile_rows;
    std::size_t count = 64;
    while (count > unit && memory(count) * sizeof(float) > most) count -= unit;
    while (count > 0 && memory(count) * sizeof(float) > most) --count;
    return count;
  }();
  static_assert(cells > 0,
                "BlockStep: the activations of one cell are more than the shared memory of a block");

  /// The shared memory of a block: activations of its cells, their number densities of air [molecules cm-3],
  /// their flags.
  struct Shared {
    alignas(alignment_bytes) std::array<float, memory(cells)> numbers;
    std::array<double, cells> air;
    std::array<std::uint32_t, cells> flags;
  };
  static_assert(sizeof(Shared) <= most_shared);

  /// What is done with suspicious cells: see the guards of the same names.
  struct Guard {
    bool clamps, keeps_suspicious;
  };

  /// A call, as it is passed to each block. Pointers are those of the device.
  template <class T>
  struct Call {
    const Tables* tables;
    const float* constants;
    const Binding* binding;
    Columns<T> state;
    Columns<const T> conditions;
    typename Step::Length length;
    Guard guard;
    CellFlags* flags;
    BlockCounts* counts;

    using Shared = BlockStep::Shared;
    static constexpr std::size_t blocks(std::size_t cells_of_call) {
      return (cells_of_call + cells - 1) / cells;
    }
    /// The step of tile `block`, by all threads of a block.
    constexpr void operator()(std::size_t block, Shared& shared) const {
      Tile<T>{*this, shared, block * cells}.advance();
    }
  };

 private:
  template <class T>
  struct Tile {
    const Call<T>& call;
    Shared& shared;
    std::size_t first;

    constexpr void advance() const {
      Arena<float> arena{std::span<float>(shared.numbers.data(), shared.numbers.size())};
      const auto physical = arena.template take<Shape<in>>(cells);
      const auto result = arena.template take<typename Step::State>(cells);
      Group::each(cells, [&](std::uint32_t row) { load_conditions(row, physical[row] + C::inputs); });
      Group::each(C::inputs * cells, [&](std::uint32_t item) {
        const std::size_t i = item / cells, row = item % cells;  // neighbours in the order of a host's cells
        physical[row][i] = narrowed<float>(number(row, i));
      });
      const auto x = arena.template take<Shape<in>>(cells);
      Step::Prepare::template forward<Cuda<Group>, float>(physical, call.tables->prepare, x, arena);
      evaluate(x, result, arena);
      Group::each(cells, [&](std::uint32_t row) { judge(row, physical[row], x[row], result[row]); });
      Group::each(C::outputs * cells, [&](std::uint32_t item) {
        const std::size_t i = item / cells, row = item % cells;
        store(row, i, result[row][i]);
      });
    }

    constexpr void evaluate(Rows<const float, in> x, RowsOf<float, typename Step::State> result,
                            Arena<float> arena) const {
      const auto y = arena.template take<typename Step::State>(cells);
      if constexpr (Whole) {
        P::template evaluate<Cuda<Group>, float>(x, call.constants, y, arena);
      } else {
        Arena<float> scratch = arena;
        const auto nodal = scratch.template take<Shape<C::nodes, C::outputs>>(cells);
        P::template evaluate<Cuda<Group>, float>(x, call.constants, nodal, scratch);
        Step::between_nodes(call.length, x, nodal, y);
      }
      Step::factors(call.tables->finish, x, y, result, arena);
    }

    /// The host's cell of a row.
    constexpr std::size_t cell(std::size_t row) const {
      const std::size_t last = call.state.cells - 1;
      return first + row < last ? first + row : last;
    }
    constexpr bool is_there(std::size_t row) const { return first + row < call.state.cells; }

    /// Conditions as the network is given them, air and flags of a cell.
    constexpr void load_conditions(std::size_t row, float* to) const {
      double conditions[C::conditions];
      bool legal = true;
      for (std::size_t k = 0; k < C::conditions; ++k) {
        conditions[k] = static_cast<double>(call.conditions(cell(row), call.binding->condition[k]));
        legal = call.tables->law[k].apply(conditions[k]) && legal;
        to[k] = narrowed<float>(conditions[k]);
      }
      shared.air[row] = call.binding->air(conditions);
      shared.flags[row] = legal ? 0 : flag(CellFlag::unphysical);
    }

    /// The number density of an input before the step.
    constexpr double number(std::size_t row, std::size_t i) const {
      return static_cast<double>(call.state(cell(row), call.binding->input[i])) * call.binding->scale[i] *
             shared.air[row];
    }
    /// The host's number of a number density.
    constexpr T value(std::size_t row, std::size_t i, double density) const {
      return narrowed<T>(density / (call.binding->scale[i] * shared.air[row]));
    }

    /// The number density of an output after the step, before limits.
    constexpr double after(std::size_t row, std::size_t i, float result) const {
      const auto wide = static_cast<double>(result);
      return i < known ? Step::changed(number(row, i), wide, static_cast<double>(call.tables->prepare[i]))
                       : wide;
    }
    constexpr double limited(std::size_t row, std::size_t i, double density) const {
      const RangeLimit& limit = call.tables->limit[i];
      return i < C::inputs ? limit.limited(number(row, i), density) : limit.limited(density);
    }

    /// Flags a cell as CellStep and GuardedStep do, and counts it.
    constexpr void judge(std::size_t row, const float* physical, const float* x, const float* result) const {
      std::uint32_t flags = shared.flags[row];
      const auto set = [&flags](bool holds, CellFlag one) {
        if (holds) flags |= std::uint32_t{flag(one)};
      };
      set(Step::outside(physical, x, call.tables->prepare.data(), call.tables->lowest, call.tables->highest),
          CellFlag::outside_training);
      set(!Step::finite(physical, in) || !Step::finite(result, C::outputs), CellFlag::not_finite);
      const bool usable = (flags & unusable) == 0;
      bool beyond = false, sound = true;
      for (std::size_t i = 0; i < C::outputs; ++i) {
        const double free = after(row, i, result[i]), bounded = limited(row, i, free);
        beyond = beyond || bounded != free;
        sound = sound && writable(row, i, call.guard.clamps ? bounded : free);
      }
      set(usable && beyond, CellFlag::limited);
      set(!usable || (call.guard.keeps_suspicious && (flags & suspicious) != 0), CellFlag::kept);
      if ((flags & flag(CellFlag::kept)) == 0 && !sound)
        flags |= std::uint32_t{flag(CellFlag::not_finite)} | flag(CellFlag::kept);
      shared.flags[row] = flags;
      if (is_there(row)) report(row, flags);
    }
    constexpr bool writable(std::size_t row, std::size_t i, double density) const {
      if (!(density >= 0 && std::isfinite(density))) return false;
      return call.binding->output[i] == HostBinding::absent || std::isfinite(value(row, i, density));
    }

    constexpr void report(std::size_t row, std::uint32_t flags) const {
      if (call.flags) call.flags[first + row] = static_cast<CellFlags>(flags);
      const auto count = [flags](CellFlag one, std::uint64_t& sum) {
        if ((flags & flag(one)) != 0) Group::add(sum, std::uint64_t{1});
      };
      count(CellFlag::outside_training, call.counts->outside_training);
      count(CellFlag::limited, call.counts->limited);
      count(CellFlag::kept, call.counts->left_unchanged);
    }

    /// A number density that is as it was leaves the host's value untouched, to the bit.
    constexpr void store(std::size_t row, std::size_t i, float result) const {
      const std::size_t place = call.binding->output[i];
      const bool kept = (shared.flags[row] & flag(CellFlag::kept)) != 0;
      if (!is_there(row) || kept || place == HostBinding::absent) return;
      const double free = after(row, i, result);
      const bool limits = call.guard.clamps && (shared.flags[row] & flag(CellFlag::limited)) != 0;
      const double density = limits ? limited(row, i, free) : free;
      if (i < C::inputs && density == number(row, i)) return;
      call.state(first + row, place) = value(row, i, density);
    }
  };
};

}  // namespace chemnne
