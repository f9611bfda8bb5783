#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/host/cell_step.hpp>
#include <chemnne/host/columns.hpp>
#include <chemnne/host/element_budget.hpp>
#include <chemnne/host/fall_back.hpp>
#include <chemnne/host/guard.hpp>
#include <chemnne/host/guarded_step.hpp>
#include <chemnne/host/host_arrays.hpp>
#include <chemnne/host/host_fields.hpp>
#include <chemnne/host/legal_conditions.hpp>
#include <chemnne/host/step_plan.hpp>
#include <chemnne/host/step_report.hpp>
#include <chemnne/host/step_status.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/parallel.hpp>

namespace chemnne {

template <class Model, class Backend>
class StepDerivative;

/// How an emulator runs.
struct EmulatorOptions {
  std::size_t threads = 1;  ///< of the `advance` that brings its own workspaces, over OpenMP where it is on
  std::string fingerprint = {};  ///< of the mechanism that the host expects; empty: any
  double coverage = 0.9;         ///< nominal, of the half-widths; one that the file was calibrated for
  /// Project every step on the totals of the elements that the file says the chemistry conserves
  /// (ElementBudget), whether the emulator was trained with the projection or not.
  bool element_exact = true;
  /// Relative change of a conserved element's total that is flagged where steps are not projected.
  double budget_tolerance = 0.1;

  /// Themselves. Errors: Error where a number makes no sense, naming it.
  const EmulatorOptions& checked() const {
    if (!(coverage > 0 && coverage < 1))
      throw Error("emulator options, coverage", "a number between 0 and 1", number_text(coverage));
    if (!(budget_tolerance > 0))
      throw Error("emulator options, budget_tolerance", "a number above 0", number_text(budget_tolerance));
    return *this;
  }
  /// Errors: Error where the emulator `name` is of another mechanism than the host expects.
  void require_mechanism(const EmulatorDescription& emulator, const std::string& name) const {
    if (!fingerprint.empty() && fingerprint != emulator.fingerprint)
      throw Error(name + ", mechanism fingerprint", "'" + fingerprint + "' (the host's)",
                  "'" + emulator.fingerprint + "' (" + emulator.mechanism + ")");
  }
};

/// A trained emulator in a host model: c(t + dt) from c(t) and the conditions.
///
/// Everything is set up at construction, which prepares the network for inference; from then on the emulator
/// is read-only and any number of threads may step it, each with a `Workspace` of its own. `advance`
/// allocates nothing and throws nothing, and its result is bit for bit the same for any number of threads and
/// any split of the cells. The network works in `Number`, float or, to see what that costs, double; number
/// densities stay in double: a species that was given is multiplied by 10^change, so that what does not react
/// keeps its value but for one rounding.
template <class Model, class Backend, class Number = float>
class Emulator {
  using Step = CellStep<Model, Backend, Number>;

 public:
  using C = typename Model::Configuration;
  using Network = typename Step::Network;

  /// The longest step that is composed of others [s]: a slip of units and not a wish.
  static constexpr double longest_step = StepPlan<Step>::longest;

  /// The memory of one thread.
  class Workspace {
   public:
    Workspace() : numbers_(number_memory), doubles_(double_memory) {}

   private:
    friend class Emulator;
    Buffer<Number> numbers_;
    Buffer<double> doubles_;
  };

  /// Reads a weights file. Errors: Error when the file is damaged or of another model (`read_weights`), or
  /// the options make no sense or ask for a coverage that the file was not calibrated for.
  explicit Emulator(const std::string& file, const EmulatorOptions& options = {})
      : Emulator(read_safetensors(file), file, options) {}

  /// From the bytes of a weights file, which are not needed afterwards: embedded in the program, or sent by
  /// the process that has read them. `name` is for errors, which are those of a file.
  static Emulator from_bytes(std::string_view bytes, const std::string& name,
                             const EmulatorOptions& options = {}) {
    return Emulator(parse_safetensors(bytes, name), name, options);
  }

  /// Names, units and ranges of what the emulator takes and gives, as the weights file says them.
  const EmulatorDescription& description() const { return step_.description(); }
  /// Place of a species among the inputs. Errors: Error when the emulator does not take it.
  std::size_t species_index(const std::string& name) const {
    return place_of(name, description().inputs, "an input species");
  }
  /// What an amount of a species, molecules or moles, adds to each input: 1 to itself, its coefficients to
  /// lumped ones; for what a host emits or mixes in. Shape: [inputs]. Errors: Error when the species is neither
  /// an input nor in a lumped one.
  std::vector<double> lumping(const std::string& species) const {
    const std::vector<std::string>& inputs = description().inputs;
    std::vector<double> shares(inputs.size());
    bool found = false;
    const auto add = [&](const std::string& input, double share) {
      shares[place_of(input, inputs, "an input species")] = share;
      found = true;
    };
    if (std::find(inputs.begin(), inputs.end(), species) != inputs.end()) add(species, 1);
    for (const LumpedSpecies& lump : description().lumped)
      for (const auto& [member, coefficient] : lump.members)
        if (member == species) add(lump.name, coefficient);
    if (!found) throw Error("emulator", "an input species or one of a lumped species", "'" + species + "'");
    return shares;
  }
  /// Place of a condition. Errors: Error when the emulator does not take it.
  std::size_t condition_index(const std::string& name) const {
    return place_of(name, description().conditions, "a condition");
  }

  /// Whether the weights file holds an uncertainty: without it no cell is counted as uncertain and
  /// half-widths are infinite.
  bool calibrated() const { return step_.uncertainty().meaning().calibrated; }

  /// Where this emulator finds its species and conditions in a host's arrays: once, at set-up.
  /// Errors: see HostBinding.
  HostBinding bind(const HostFields& fields) const { return HostBinding(description(), fields); }

  /// A host's state after `seconds` of chemistry under constant conditions, in place, in the host's own
  /// layout, order and unit. A step longer than the horizon is composed of steps of the horizon and what is
  /// left, each fed into the next; one beyond `longest_step` is not valid.
  ///
  /// Shapes: state [cells][host species], conditions [cells][host conditions]; T is float or double. Units:
  /// the state as the binding says, conditions as `description()` says. Flags of a composed step are those of
  /// its parts together; the report's score and half-widths are those of the last.
  template <class T, CellGuard Guard = Clamp>
  StepStatus advance(const HostBinding& binding, Columns<T> state,
                     std::type_identity_t<Columns<const T>> conditions, double seconds, Workspace& workspace,
                     const StepReport& report = {}, Guard&& guard = {}) const noexcept {
    static_assert(C::outputs >= C::inputs, "a state can be advanced when all inputs are among the outputs");
    const BoundArrays<T, C::inputs, C::outputs, C::conditions> arrays{binding, state, conditions};
    if (!(seconds > 0 && seconds <= longest_step) || !arrays.fits() || !report.fits(state.cells))
      return {.valid_step = false};
    return advance_all(arrays, seconds, workspace, report, guard);
  }

  /// Number densities after `seconds` of chemistry under constant conditions, in the emulator's order.
  ///
  /// Shapes: before [cells][inputs], conditions [cells][conditions], after [cells][outputs]; `after` may be
  /// `before`. Units: molecules cm-3; conditions as `description()` says. 0 < seconds <= horizon; at the
  /// horizon only the last node is decoded.
  ///
  /// `report`: what the host wants to know of each cell beside the state. Half-widths are those of a step of
  /// the horizon, for any step length; infinite where nothing is known: without calibration, and of cells
  /// left unchanged.
  template <CellGuard Guard = Clamp>
  StepStatus advance(Columns<const double> before, Columns<const double> conditions, double seconds,
                     Columns<double> after, Workspace& workspace, const StepReport& report = {},
                     Guard&& guard = {}) const noexcept {
    const Separate arrays{before, conditions, after};
    if (!valid(arrays, seconds, report)) return {.valid_step = false};
    return advance_all(arrays, seconds, workspace, report, guard);
  }

  /// The same over the threads of the options, with workspaces of the emulator's own: for programs that have
  /// no threads themselves. Not re-entrant.
  StepStatus advance(Columns<const double> before, Columns<const double> conditions, double seconds,
                     Columns<double> after, const StepReport& report = {}) noexcept {
    const Separate arrays{before, conditions, after};
    if (!valid(arrays, seconds, report)) return {.valid_step = false};
    const Plan plan(seconds);
    std::fill(counted_.begin(), counted_.end(), StepStatus{});
    parallel_for_blocks(arrays.cells(), plan.block, workspaces_.size(),
                        [&](std::size_t first, std::size_t count, std::size_t thread) {
                          Clamp guard;
                          advance_block(arrays, first, count, plan, workspaces_[thread], report, guard,
                                        counted_[thread]);
                        });
    StepStatus status;
    for (const StepStatus& part : counted_) status += part;
    return status;
  }

 private:
  friend class StepDerivative<Model, Backend>;
  using Plan = StepPlan<Step>;
  using Separate = SeparateArrays<C::inputs, C::outputs, C::conditions>;
  static constexpr std::size_t in = Step::in;
  static constexpr std::size_t known = Step::known;
  static constexpr std::size_t stride = Separate::stride;
  static constexpr std::size_t number_memory = 2 * padded(Step::largest_block * in) +
                                               padded(Step::largest_block * C::outputs) +
                                               padded(Step::largest_block) + Step::memory;
  static constexpr std::size_t double_memory =
      2 * padded(Step::largest_block * stride) + padded(Step::largest_block * C::conditions) +
      2 * padded(Step::largest_block * C::outputs) + padded(Step::largest_block * in) + padded(C::outputs);

  Emulator(const SafetensorsFile& file, const std::string& name, const EmulatorOptions& options)
      : step_(file, name, options.checked().coverage),
        legal_(description()),
        guarded_(ElementBudget(description()), options.element_exact, options.budget_tolerance),
        workspaces_(std::max<std::size_t>(1, options.threads)),
        counted_(workspaces_.size()) {
    options.require_mechanism(description(), name);
  }

  static bool valid(const Separate& arrays, double seconds, const StepReport& report) noexcept {
    return seconds > 0 && seconds <= C::horizon && arrays.fits() && report.fits(arrays.cells());
  }

  static std::size_t place_of(const std::string& name, const std::vector<std::string>& names,
                              const char* what) {
    const auto place = std::find(names.begin(), names.end(), name);
    if (place == names.end()) throw Error("emulator", what, "'" + name + "'");
    return static_cast<std::size_t>(place - names.begin());
  }

  template <class Arrays, class Guard>
  StepStatus advance_all(const Arrays& arrays, double seconds, Workspace& workspace, const StepReport& report,
                         Guard& guard) const noexcept {
    StepStatus status;
    const Plan plan(seconds);
    parallel_for_blocks(arrays.cells(), plan.block, 1,
                        [&](std::size_t first, std::size_t count, std::size_t) {
                          advance_block(arrays, first, count, plan, workspace, report, guard, status);
                        });
    return status;
  }

  /// A block of cells of a call, in the memory of its thread: number densities as they were loaded and as
  /// they are now [count][stride], conditions [count][conditions], states after a step [count][outputs], what
  /// the network was given [count][in], scratch of the guard [count][outputs] and of the limits [outputs],
  /// scores and flags [count].
  struct Block {
    Block(std::size_t first_cell, std::size_t cells, Workspace& workspace) noexcept
        : first(first_cell), count(cells), numbers(workspace.numbers_.span()) {
      Arena<double> doubles(workspace.doubles_.span());
      loaded = doubles.take<Shape<stride>>(count).data();
      number = doubles.take<Shape<stride>>(count).data();
      conditions = doubles.take<Shape<C::conditions>>(count).data();
      after = doubles.take<Shape<C::outputs>>(count).data();
      seen = doubles.take<Shape<in>>(count).data();
      scratch = doubles.take<Shape<C::outputs>>(count).data();
      memory = doubles.take<Shape<C::outputs>>(1).data();
      score = numbers.template take<Shape<1>>(count).data();
    }
    double* state(std::size_t cell) const { return number + cell * stride; }
    double* weather(std::size_t cell) const { return conditions + cell * C::conditions; }
    bool is(std::size_t cell, CellFlag one) const { return (flags[cell] & flag(one)) != 0; }
    void set(std::size_t cell, CellFlags more) { flags[cell] = static_cast<CellFlags>(flags[cell] | more); }

    std::size_t first, count;
    Arena<Number> numbers;
    double *loaded, *number, *conditions, *after, *seen, *scratch, *memory;
    Number* score;
    std::array<CellFlags, Step::largest_block> flags{};
  };

  /// One block: gather, all steps, and the host's numbers again.
  template <class Arrays, class Guard>
  void advance_block(const Arrays& arrays, std::size_t first, std::size_t count, const Plan& plan,
                     Workspace& workspace, const StepReport& report, Guard& guard,
                     StepStatus& status) const noexcept {
    Block block(first, count, workspace);
    arrays.load(first, count, block.loaded, block.conditions);
    std::copy_n(block.loaded, count * stride, block.number);
    for (std::size_t cell = 0; cell < count; ++cell)
      if (!legal_.apply(block.weather(cell))) block.set(cell, flag(CellFlag::unphysical));
    for (std::size_t step = 0; step < plan.steps(); ++step) advance_once(block, plan.length(step), guard);
    for (std::size_t cell = 0; cell < count; ++cell)
      if (!block.is(cell, CellFlag::kept) && !arrays.holds(block.state(cell), block.weather(cell)))
        block.set(cell, flag(CellFlag::not_finite) | flag(CellFlag::kept));
    arrays.store(first, count, block.loaded, block.number, block.conditions, block.flags.data());
    write_report(block, report, status);
  }

  /// One step of the network: `block.number` becomes the state at its end. A cell that is kept is as it was
  /// loaded, whatever a part of a composed step before has made of it, and stays so.
  template <class Guard>
  void advance_once(Block& block, const typename Step::Length& length, Guard& guard) const noexcept {
    Arena<Number> arena = block.numbers;
    const auto result = arena.template take<Shape<1, C::outputs>>(block.count);
    std::array<CellFlags, Step::largest_block> found;
    evaluate(block, length, result, found.data(), arena);
    const auto& meaning = step_.uncertainty().meaning();
    std::array<GuardedCell, Step::largest_block> guarded;
    std::size_t count = 0;
    for (std::size_t cell = 0; cell < block.count; ++cell) {
      if (block.is(cell, CellFlag::kept)) continue;
      double* const state = block.state(cell);
      double* const after = block.after + cell * C::outputs;
      change(state, result[cell], after);
      guarded[count++] = {
          .cell = block.first + cell,
          .before = {state, C::inputs},
          .conditions = {block.weather(cell), C::conditions},
          .seconds = length.seconds,
          .limits = step_.limits(),
          .after = {after, C::outputs},
          .flags = static_cast<CellFlags>(found[cell] | (block.flags[cell] & flag(CellFlag::unphysical))),
          .score = meaning.relative(block.score[cell], meaning.calibrated),
          .seen = {block.seen + cell * in, in},
          .floors = description().output_floor,
          .scratch = {block.scratch + cell * C::outputs, C::outputs}};
    }
    guarded_.decide(std::span(guarded.data(), count), guard, block.memory);
    for (const GuardedCell& one : std::span(guarded.data(), count)) {
      const std::size_t cell = one.cell - block.first;
      block.set(cell, one.flags);
      if (one.is(CellFlag::kept))
        std::copy_n(block.loaded + cell * stride, stride, block.state(cell));
      else
        std::copy_n(one.after.data(), C::outputs, block.state(cell));
    }
  }

  /// The network's factors and number densities of a block, and what it knows of each cell.
  void evaluate(const Block& block, const typename Step::Length& length,
                RowsOf<Number, Shape<1, C::outputs>> result, CellFlags* flags,
                Arena<Number> arena) const noexcept {
    const auto physical = arena.template take<Shape<in>>(block.count);
    for (std::size_t cell = 0; cell < block.count; ++cell) {
      for (std::size_t i = 0; i < C::inputs; ++i) physical[cell][i] = narrowed<Number>(block.state(cell)[i]);
      for (std::size_t k = 0; k < C::conditions; ++k)
        physical[cell][C::inputs + k] = narrowed<Number>(block.weather(cell)[k]);
    }
    const auto x = arena.template take<Shape<in>>(block.count);
    step_.evaluate(length, physical, x, result, flags, block.score, arena);
    std::transform(x.data(), x.data() + block.count * in, block.seen,
                   [](Number value) { return static_cast<double>(value); });
  }

  /// The state after a step: given species times the network's factors, the others as it says.
  void change(const double* state, const Number* result, double* after) const noexcept {
    for (std::size_t i = 0; i < C::outputs; ++i) {
      after[i] = static_cast<double>(result[i]);
      if (i < known) after[i] = Step::changed(state[i], after[i], static_cast<double>(step_.floor(i)));
    }
  }

  /// Counts, flags, scores and half-widths of a block.
  void write_report(const Block& block, const StepReport& report, StepStatus& status) const noexcept {
    for (std::size_t cell = 0; cell < block.count; ++cell) status.add(block.flags[cell]);
    if (report.flags) std::copy_n(block.flags.data(), block.count, report.flags + block.first);
    std::array<bool, Step::largest_block> good;
    for (std::size_t cell = 0; cell < block.count; ++cell) good[cell] = !block.is(cell, CellFlag::kept);
    step_.uncertainty().write(block.first, block.count, block.score, good.data(), report);
  }

  /// Derivatives of `CellStep::changed`, on the side that is taken; at 0 and at a factor of 1 those above.
  struct ChangeSlopes {
    ChangeSlopes(double before, double factor, double floor) noexcept
        : of_before(before > floor ? factor
                    : before >= 0  ? std::min(factor, 1.0)
                                   : 0),
          of_factor(before > floor ? before
                    : factor < 1   ? std::max(before, 0.0)
                                   : floor) {}
    double of_before, of_factor;
  };

  Step step_;
  LegalConditions legal_;
  GuardedStep guarded_;
  std::vector<Workspace> workspaces_;
  std::vector<StepStatus> counted_;
};

}  // namespace chemnne
