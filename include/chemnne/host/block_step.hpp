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
#include <chemnne/host/element_budget.hpp>
#include <chemnne/host/guard.hpp>
#include <chemnne/host/guarded_step.hpp>
#include <chemnne/host/host_arrays.hpp>
#include <chemnne/host/host_fields.hpp>
#include <chemnne/host/legal_conditions.hpp>
#include <chemnne/host/step_report.hpp>
#include <chemnne/host/step_status.hpp>
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
  typename Step::Guard::Meaning score;
  BasicGuardedStep<C::outputs> guarded;

  BlockTables(const Step& step, const BasicGuardedStep<C::outputs>& guarded_step)
      : lowest(step.lowest()),
        highest(step.highest()),
        limit(step.limits()),
        score(step.uncertainty().meaning()),
        guarded(guarded_step) {
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
  std::uint64_t outside_training = 0, uncertain = 0, limited = 0, budget = 0, left_unchanged = 0;

  /// add(sum, 1) for each of these that a cell is.
  template <class Add>
  constexpr void count(std::uint32_t flags, const Add& add) {
    const auto one = [&](CellFlag what, std::uint64_t& sum) {
      if ((flags & flag(what)) != 0) add(sum, std::uint64_t{1});
    };
    one(CellFlag::outside_training, outside_training);
    one(CellFlag::uncertain, uncertain);
    one(CellFlag::limited, limited);
    one(CellFlag::budget, budget);
    one(CellFlag::kept, left_unchanged);
  }
};

/// The guards that need no host: see those of the same names.
struct BlockGuard {
  bool clamping, keeps_suspicious;
  constexpr bool clamps() const noexcept { return clamping; }
  constexpr void act(GuardedCell& cell) const noexcept {
    if (keeps_suspicious) KeepOld{}.act(cell);
  }
};

/// The step of a tile of cells by one thread block, from a host's arrays back to them: what `Emulator` does, by
/// the same text where it is arithmetic (CellStep, CellScore, GuardedStep), in phases of which each is dealt over
/// the threads. A tile is as many cells as the shared memory holds. A tile at the end is filled up with the last
/// cell. What follows the network in a cell (GuardedStep) is done by one thread.
///
/// Everything on the way to the network is inlined into the kernel, whatever a compiler thinks of its size: only
/// there can it see which memory a pointer is of. nvcc 13 else reads all by generic loads.
///
/// `Whole`: of steps of the horizon alone, of which only the last node is decoded; else there is another behind
/// them, which ends between the nodes. `most_shared`: bytes of shared memory that a block may take.
template <class Model, class Group, std::size_t most_shared, bool Whole>
struct BlockStep {
  using Step = CellStep<Model, Cuda<Group>, float>;
  using C = typename Step::C;
  using Tables = BlockTables<Step>;
  using Binding = BlockBinding<C>;
  using EndOfStep = Prepared<typename Model::EndOfStep>;
  using Nodal = Prepared<typename Model::Trajectory::NodalNetwork>;
  static constexpr std::size_t in = Step::in, known = Step::known;
  static_assert(C::outputs >= C::inputs, "a state can be advanced when all inputs are among the outputs");

  /// Scalars that a tile of so many rows, a cell each, needs.
  static constexpr std::size_t memory(std::size_t rows) {
    std::size_t network = Step::template scored_memory<EndOfStep>(rows);
    if (!Whole)
      network =
          std::max(network, Step::template scored_memory<Nodal>(rows) + padded(rows * C::nodes * C::outputs));
    const std::size_t change = padded(rows * C::outputs) + std::max(Step::Finish::memory(rows), network);
    return padded(rows * in) + padded(rows * C::outputs) +
           std::max({padded(rows * in), change, padded(rows * guard_scalars)});
  }

 private:
  /// Two doubles an output: the state after a step, and scratch of GuardedStep.
  static constexpr std::size_t guard_scalars = 2 * C::outputs * (sizeof(double) / sizeof(float));

  template <std::size_t cells>
  struct SharedOf {
    alignas(alignment_bytes) std::array<float, memory(cells)> numbers;  ///< activations
    std::array<double, cells * C::outputs> density;                     ///< as they are now [molecules cm-3]
    std::array<double, cells> air;                                      ///< [molecules cm-3]
    std::array<float, cells * C::conditions> conditions;
    std::array<float, cells> score;
    std::array<std::uint32_t, cells> flags, found;  ///< of the whole step, of its part
  };

 public:
  /// Cells of a tile: whole tiles of a product where there is memory for one, at most 64.
  static constexpr std::size_t cells = [] {
    constexpr std::size_t unit = Cuda<Group>::tile_rows;
    constexpr auto fits = [](std::size_t count) {
      const std::size_t bytes = memory(count) * sizeof(float) + count * (sizeof(double) * (C::outputs + 1) +
                                                                         sizeof(float) * (C::conditions + 3));
      return (bytes + alignment_bytes - 1) / alignment_bytes * alignment_bytes <= most_shared;
    };
    std::size_t count = 64;
    while (count > unit && !fits(count)) count -= unit;
    while (count > 0 && !fits(count)) --count;
    return count;
  }();
  static_assert(cells > 0,
                "BlockStep: the activations of one cell are more than the shared memory of a block");

  using Shared = SharedOf<cells>;
  static_assert(sizeof(Shared) <= most_shared);

  /// A call, as it is passed to each block. Pointers are those of the device.
  template <class T>
  struct Call {
    const Tables* tables;
    const float *end, *nodal, *score;  ///< constants of the networks and of the score
    const Binding* binding;
    Columns<T> state;
    Columns<const T> conditions;
    std::size_t whole;             ///< steps of the horizon
    typename Step::Length length;  ///< of the step behind them
    BlockGuard guard;
    StepReport report;
    BlockCounts* counts;
    std::uint32_t* suspect;  ///< null: not asked for
    std::uint64_t* suspects;

    using Shared = BlockStep::Shared;
    static constexpr std::size_t blocks(std::size_t cells_of_call) {
      return (cells_of_call + cells - 1) / cells;
    }
    /// The step of tile `block`, by all threads of a block.
    [[gnu::always_inline]] constexpr void operator()(std::size_t block, Shared& shared) const {
      Tile<T>{*this, shared, block * cells}.advance();
    }
  };

 private:
  /// The rows of a score by the threads of the group.
  struct Deal {
    template <class F>
    constexpr void operator()(std::size_t n, const F& f) const {
      Group::each(n, f);
    }
  };

  template <class T>
  struct Tile {
    const Call<T>& call;
    Shared& shared;
    std::size_t first;

    [[gnu::always_inline]] constexpr void advance() const {
      Group::each(cells, [&](std::uint32_t row) { load_conditions(row); });
      each(C::inputs, [&](std::size_t row, std::size_t i) { density(row)[i] = loaded(row, i); });
      for (std::size_t step = 0; step < call.whole; ++step) advance_once<true>();
      if constexpr (!Whole) advance_once<false>();
      Group::each(cells, [&](std::uint32_t row) { conclude(row); });
      if (call.suspect) Group::each(1, [&](std::uint32_t) { list_suspects(); });
      each(C::outputs, [&](std::size_t row, std::size_t i) { store(row, i); });
    }

    /// f(row, i) for i < items of each cell; neighbouring threads have neighbouring cells, as a host's arrays.
    template <class F>
    constexpr void each(std::size_t items, const F& f) const {
      Group::each(items * cells, [&](std::uint32_t item) {
        f(item % static_cast<std::uint32_t>(cells), item / static_cast<std::uint32_t>(cells));
      });
    }

    /// One step of the network, of the horizon or between the nodes: `density` becomes the state at its end. A
    /// cell that is kept is as it was loaded, and stays so.
    template <bool at_end>
    [[gnu::always_inline]] constexpr void advance_once() const {
      Arena<float> arena{std::span<float>(shared.numbers.data(), shared.numbers.size())};
      const auto x = arena.template take<Shape<in>>(cells);
      const auto result = arena.template take<typename Step::State>(cells);
      prepare(x, arena);
      evaluate<at_end>(x, result, arena);
      const auto memory = arena.template take<Shape<guard_scalars>>(cells);
      const auto after = [&](std::size_t row) { return reinterpret_cast<double*>(memory[row]); };
      each(C::outputs,
           [&](std::size_t row, std::size_t i) { after(row)[i] = changed(row, i, result[row][i]); });
      Group::each(cells, [&](std::uint32_t row) {
        decide(row, Step::finite(result[row], C::outputs), after(row),
               at_end ? C::horizon : call.length.seconds);
      });
      each(C::outputs, [&](std::size_t row, std::size_t i) {
        if (!is(row, CellFlag::kept))
          density(row)[i] = after(row)[i];
        else if (i < C::inputs)
          density(row)[i] = loaded(row, i);
      });
    }

    /// x, and what there is to say of it.
    [[gnu::always_inline]] constexpr void prepare(Rows<float, in> x, Arena<float> arena) const {
      const auto physical = arena.template take<Shape<in>>(cells);
      each(in, [&](std::size_t row, std::size_t i) {
        physical[row][i] = i < C::inputs ? narrowed<float>(density(row)[i])
                                         : shared.conditions[row * C::conditions + i - C::inputs];
      });
      Step::Prepare::template forward<Cuda<Group>, float>(physical, call.tables->prepare, x, arena);
      Group::each(cells, [&](std::uint32_t row) {
        const bool outside = Step::outside(physical[row], x[row], call.tables->prepare.data(),
                                           call.tables->lowest, call.tables->highest);
        shared.found[row] = (outside ? flag(CellFlag::outside_training) : 0u) |
                            (Step::finite(physical[row], in) ? 0u : flag(CellFlag::not_finite));
      });
    }

    template <bool at_end>
    [[gnu::always_inline]] constexpr void evaluate(Rows<const float, in> x,
                                                   RowsOf<float, typename Step::State> result,
                                                   Arena<float> arena) const {
      const auto y = arena.template take<typename Step::State>(cells);
      if constexpr (at_end) {
        evaluate_scored<EndOfStep>(x, call.end, y, arena);
      } else {
        Arena<float> scratch = arena;
        const auto nodal = scratch.template take<Shape<C::nodes, C::outputs>>(cells);
        evaluate_scored<Nodal>(x, call.nodal, nodal, scratch);
        Step::between_nodes(call.length, x, nodal, y);
      }
      Step::factors(call.tables->finish, x, y, result, arena);
    }

    template <class P>
    [[gnu::always_inline]] constexpr void evaluate_scored(Rows<const float, in> x, const float* constants,
                                                          RowsOf<float, typename P::Output> y,
                                                          Arena<float> arena) const {
      if constexpr (has_code<Model>) {
        using Score = typename Step::Guard::Score;
        P::template evaluate_watched<Cuda<Group>, float>(
            [&](const auto& code, Arena<float> scratch) {
              if (!call.tables->score.calibrated) return;
              Score::evaluate(call.score, x, code, scratch.template take<Shape<Score::scratch>>(cells),
                              shared.score.data(), Deal{});
            },
            x, constants, y, arena);
      } else {
        P::template evaluate<Cuda<Group>, float>(x, constants, y, arena);
      }
    }

    /// What becomes of a cell: GuardedStep. Shape: after [2 outputs], the second half scratch.
    constexpr void decide(std::size_t row, bool finite, double* after, double seconds) const {
      if (is(row, CellFlag::kept)) return;
      const std::uint32_t found =
          shared.found[row] | (finite ? 0u : flag(CellFlag::not_finite)) |
          (call.tables->score.uncertain(shared.score[row]) ? flag(CellFlag::uncertain) : 0u) |
          (shared.flags[row] & flag(CellFlag::unphysical));
      GuardedCell cell{.cell = first + row,
                       .before = {density(row), C::inputs},
                       .conditions = {},
                       .seconds = seconds,
                       .limits = call.tables->limit,
                       .after = {after, C::outputs},
                       .flags = static_cast<CellFlags>(found)};
      BlockGuard guard = call.guard;
      call.tables->guarded.decide(std::span<GuardedCell>(&cell, 1), guard, after + C::outputs);
      shared.flags[row] |= cell.flags;
    }

    /// The last check, flags, counts and score of a cell.
    constexpr void conclude(std::size_t row) const {
      if (!is(row, CellFlag::kept) && !holds(row))
        shared.flags[row] |= std::uint32_t{flag(CellFlag::not_finite)} | flag(CellFlag::kept);
      if (!is_there(row)) return;
      const std::uint32_t flags = shared.flags[row];
      if (call.report.flags) call.report.flags[first + row] = static_cast<CellFlags>(flags);
      call.counts->count(flags, [](std::uint64_t& sum, std::uint64_t one) { Group::add(sum, one); });
      const auto& meaning = call.tables->score;
      const bool good = meaning.calibrated && !is(row, CellFlag::kept);
      if (call.report.score.data)
        call.report.score(first + row, 0) = meaning.relative(shared.score[row], good);
      if (!call.report.half_width.data) return;
      const float growth = meaning.growth(shared.score[row]);
      for (std::size_t i = 0; i < C::outputs; ++i)
        call.report.half_width(first + row, i) = meaning.width(i, growth, good);
    }

    /// Those of a tile one behind the other, in ascending order.
    constexpr void list_suspects() const {
      const auto each_suspect = [&](const auto& f) {
        for (std::size_t row = 0; row < cells; ++row)
          if (is_there(row) && (shared.flags[row] & suspicious) != 0) f(row);
      };
      std::uint64_t count = 0;
      each_suspect([&](std::size_t) { ++count; });
      if (count == 0) return;
      std::uint64_t at = Group::add(*call.suspects, count);
      each_suspect([&](std::size_t row) { call.suspect[at++] = static_cast<std::uint32_t>(first + row); });
    }

    /// A number density that is as it was leaves the host's value untouched, to the bit.
    constexpr void store(std::size_t row, std::size_t i) const {
      const std::size_t place = call.binding->output[i];
      if (!is_there(row) || is(row, CellFlag::kept) || place == HostBinding::absent) return;
      if (i < C::inputs && density(row)[i] == loaded(row, i)) return;
      call.state(first + row, place) = value(row, i);
    }

    constexpr double* density(std::size_t row) const { return shared.density.data() + row * C::outputs; }
    constexpr bool is(std::size_t row, CellFlag one) const { return (shared.flags[row] & flag(one)) != 0; }
    /// The host's cell of a row.
    constexpr std::size_t cell(std::size_t row) const {
      const std::size_t last = call.state.cells - 1;
      return first + row < last ? first + row : last;
    }
    constexpr bool is_there(std::size_t row) const { return first + row < call.state.cells; }

    /// Conditions as the network is given them, air and flags of a cell.
    constexpr void load_conditions(std::size_t row) const {
      double conditions[C::conditions];
      bool legal = true;
      for (std::size_t k = 0; k < C::conditions; ++k) {
        conditions[k] = static_cast<double>(call.conditions(cell(row), call.binding->condition[k]));
        legal = call.tables->law[k].apply(conditions[k]) && legal;
        shared.conditions[row * C::conditions + k] = narrowed<float>(conditions[k]);
      }
      shared.air[row] = call.binding->air(conditions);
      shared.flags[row] = legal ? 0 : flag(CellFlag::unphysical);
    }

    /// The number density of an input before the step.
    constexpr double loaded(std::size_t row, std::size_t i) const {
      return static_cast<double>(call.state(cell(row), call.binding->input[i])) * call.binding->scale[i] *
             shared.air[row];
    }
    /// The number density of an output after a step of the network, before limits.
    constexpr double changed(std::size_t row, std::size_t i, float result) const {
      const auto wide = static_cast<double>(result);
      return i < known ? Step::changed(density(row)[i], wide, static_cast<double>(call.tables->prepare[i]))
                       : wide;
    }
    /// The host's number of a number density.
    constexpr T value(std::size_t row, std::size_t i) const {
      return narrowed<T>(density(row)[i] / (call.binding->scale[i] * shared.air[row]));
    }
    constexpr bool holds(std::size_t row) const {
      for (std::size_t i = 0; i < C::outputs; ++i)
        if (call.binding->output[i] != HostBinding::absent && !std::isfinite(value(row, i))) return false;
      return true;
    }
  };
};

}  // namespace chemnne
