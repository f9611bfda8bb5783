#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <chemnne/host/c_message.hpp>
#include <chemnne/host/emulator.hpp>
#include <chemnne/host/interface.h>
#include <chemnne/host/layout_check.hpp>

namespace chemnne {

/// The guard that a C host chose at run time.
class CGuard {
 public:
  explicit CGuard(const chemnne_step& step) : step_(step) {}

  /// Whether there is such a guard, with a solver where it needs one.
  bool valid() const noexcept {
    return step_.guard >= CHEMNNE_CLAMP && step_.guard <= CHEMNNE_FALL_BACK &&
           (step_.guard != CHEMNNE_FALL_BACK || step_.solve);
  }

  bool clamps() const noexcept { return step_.guard == CHEMNNE_CLAMP || step_.guard == CHEMNNE_FALL_BACK; }
  void act(GuardedCell& cell) noexcept {
    if (step_.guard == CHEMNNE_KEEP_OLD) return KeepOld().act(cell);
    if (step_.guard == CHEMNNE_FALL_BACK)
      FallBack([this](GuardedCell& guarded) { return solve(guarded); }).act(cell);
  }

 private:
  /// A solver in C++ that throws could not solve.
  bool solve(const GuardedCell& cell) const noexcept try {
    chemnne_cell seen{.cell = cell.cell,
                      .inputs = cell.before.size(),
                      .outputs = cell.after.size(),
                      .conditions = cell.conditions.size(),
                      .before = cell.before.data(),
                      .condition_value = cell.conditions.data(),
                      .seconds = cell.seconds,
                      .after = cell.after.data(),
                      .flags = cell.flags};
    return step_.solve(&seen, step_.user) != 0;
  } catch (...) {
    return false;
  }

  chemnne_step step_;
};

/// An emulator behind functions that C can call: what the generated <name>.cpp wraps one by one.
///
/// Handles are `Host` (an emulator), `Bound` (a binding) and `Workspace`, each seen by C through a type of
/// its own, `Opaque`. Every function is noexcept; those that can fail return a `chemnne_code` and say why in
/// the caller's buffer, which is always terminated and may be null. Nothing is printed, nothing ends the
/// program.
template <class Model, class Backend>
class CInterface {
  using C = typename Model::Configuration;

 public:
  using Host = Emulator<Model, Backend>;
  using Workspace = typename Host::Workspace;
  struct Bound {
    HostBinding binding;
    const Host* host;  ///< order and number of species are those of its weights file
    std::size_t species, conditions;
  };

  static constexpr std::size_t inputs = C::inputs, outputs = C::outputs, conditions = C::conditions;

  template <class Opaque>
  static int open(const char* file, const chemnne_options* options, Opaque** emulator,
                  CMessage message) noexcept {
    if (!file || !emulator) return message.refuse("a file's name and a place for the emulator");
    return make(options, emulator, message,
                [&](const EmulatorOptions& checked) { return Host(std::string(file), checked); });
  }

  template <class Opaque>
  static int open_bytes(const void* bytes, std::size_t size, const chemnne_options* options,
                        Opaque** emulator, CMessage message) noexcept {
    if (!bytes || !emulator) return message.refuse("bytes and a place for the emulator");
    const std::string_view view(static_cast<const char*>(bytes), size);
    return make(options, emulator, message, [&](const EmulatorOptions& checked) {
      return Host::from_bytes(view, "weights in memory", checked);
    });
  }

  /// Also of null.
  template <class Opaque>
  static void close(Opaque* emulator) noexcept {
    delete reinterpret_cast<Host*>(emulator);
  }

  template <class Opaque>
  static int species_index(const Opaque* emulator, const char* name, std::size_t* index,
                           CMessage message) noexcept {
    return find(emulator, name, index, message,
                [&] { return host(emulator).species_index(std::string(name)); });
  }
  template <class Opaque>
  static int condition_index(const Opaque* emulator, const char* name, std::size_t* index,
                             CMessage message) noexcept {
    return find(emulator, name, index, message,
                [&] { return host(emulator).condition_index(std::string(name)); });
  }

  /// Of an output, of which the first are the inputs, or a condition; null beyond the last. Lives as long as
  /// the emulator.
  template <class Opaque>
  static const char* species_name(const Opaque* emulator, std::size_t i) noexcept {
    return emulator ? name_at(all_species(host(emulator)), i) : nullptr;
  }
  template <class Opaque>
  static const char* condition_name(const Opaque* emulator, std::size_t i) noexcept {
    return emulator ? name_at(host(emulator).description().conditions, i) : nullptr;
  }
  template <class Opaque>
  static int calibrated(const Opaque* emulator) noexcept {
    return emulator && host(emulator).calibrated();
  }

  template <class Opaque>
  static int workspace_create(Opaque** workspace, CMessage message) noexcept {
    if (!workspace) return message.refuse("a place for the workspace");
    return message.run(CHEMNNE_FAILED, [&] { *workspace = opaque<Opaque>(std::make_unique<Workspace>()); });
  }
  template <class Opaque>
  static void workspace_free(Opaque* workspace) noexcept {
    delete reinterpret_cast<Workspace*>(workspace);
  }

  template <class OpaqueHost, class Opaque>
  static int bind(const OpaqueHost* emulator, const chemnne_fields* fields, Opaque** binding,
                  CMessage message) noexcept {
    if (!emulator || !fields || !binding)
      return message.refuse("an emulator, fields and a place for the binding");
    if (fields->unit < CHEMNNE_NUMBER_DENSITY || fields->unit > CHEMNNE_MASS_MIXING_RATIO)
      return message.refuse("a unit of enum chemnne_unit");
    if (has_null(fields->species, fields->species_count) ||
        has_null(fields->conditions, fields->conditions_count))
      return message.refuse("names that are no null pointers");
    return message.run(CHEMNNE_BAD_NAME, [&] {
      const Host& bound = host(emulator);
      HostFields host_fields{
          .species = names(fields->species, fields->species_count, all_species(bound)),
          .conditions = names(fields->conditions, fields->conditions_count, bound.description().conditions),
          .unit = static_cast<Unit>(fields->unit)};
      if (fields->molar_mass)
        host_fields.molar_mass.assign(fields->molar_mass, fields->molar_mass + host_fields.species.size());
      *binding = opaque<Opaque>(std::make_unique<Bound>(
          Bound{bound.bind(host_fields), &bound, host_fields.species.size(), host_fields.conditions.size()}));
    });
  }
  template <class Opaque>
  static void binding_free(Opaque* binding) noexcept {
    delete reinterpret_cast<Bound*>(binding);
  }

  /// T is float or double. `step` and `status` may be null.
  template <class T, class OpaqueHost, class OpaqueBinding, class OpaqueWorkspace>
  static int advance(const OpaqueHost* emulator, const OpaqueBinding* binding, OpaqueWorkspace* workspace,
                     T* state, const chemnne_layout* state_layout, const T* condition_values,
                     const chemnne_layout* conditions_layout, double seconds, const chemnne_step* step,
                     chemnne_status* status, CMessage message) noexcept {
    message.write("");
    if (status) *status = chemnne_status{};
    if (!emulator || !binding || !workspace || !state_layout || !conditions_layout)
      return message.refuse("an emulator, a binding, a workspace and two layouts");
    const auto& bound = *reinterpret_cast<const Bound*>(binding);
    if (bound.host != &host(emulator)) return message.refuse("a binding of this emulator");
    if (state_layout->cells != conditions_layout->cells)
      return message.refuse("as many cells of the state as of the conditions");
    if (state_layout->items != bound.species || conditions_layout->items != bound.conditions)
      return message.refuse("as many species and conditions as were bound");
    if (!plausible(*state_layout) || !plausible(*conditions_layout))
      return message.refuse("strides of whole items that are not negative and stay within memory");
    if (!distinct(*state_layout)) return message.refuse("a state whose values do not overlap");
    if (state_layout->cells > 0 && (!state || !condition_values))
      return message.refuse("a state and conditions");
    const chemnne_step wanted = step ? *step : chemnne_step{};
    const chemnne_layout width_layout = wanted.half_width && wanted.half_width_layout
                                            ? *wanted.half_width_layout
                                            : chemnne_cell_major(state_layout->cells, outputs);
    if (width_layout.cells != state_layout->cells || width_layout.items != outputs ||
        !plausible(width_layout) || !distinct(width_layout))
      return message.refuse("a layout of half-widths with all cells and outputs, none of which overlap");
    CGuard guard(wanted);
    if (!guard.valid()) return message.refuse("a guard of enum chemnne_guard, with a solver to fall back to");
    if (!(seconds > 0) || !std::isfinite(seconds))
      return message.refuse("a step length above 0 s that is finite", CHEMNNE_BAD_STEP);

    const StepStatus done = host(emulator).advance(
        bound.binding, columns(state, *state_layout), columns(condition_values, *conditions_layout), seconds,
        *reinterpret_cast<Workspace*>(workspace),
        {.half_width = columns(wanted.half_width, width_layout),
         .score = Columns<double>::cell_major(wanted.score, state_layout->cells, 1),
         .flags = wanted.flags},
        guard);
    if (!done.valid_step) return message.refuse("a step that can be made", CHEMNNE_BAD_STEP);
    if (status)
      *status = {done.cells,  done.outside_training, done.uncertain, done.limited,
                 done.budget, done.left_unchanged,   done.solved};
    return CHEMNNE_OK;
  }

  /// One line for a log.
  static int summary(const chemnne_status* status, CMessage text) noexcept {
    if (!status) return text.refuse("a status");
    std::string line;
    const int code = text.run(CHEMNNE_FAILED, [&] {
      line = StepStatus{.cells = status->cells,
                        .outside_training = status->outside_training,
                        .uncertain = status->uncertain,
                        .limited = status->limited,
                        .budget = status->budget,
                        .left_unchanged = status->left_unchanged,
                        .solved = status->solved}
                 .summary();
    });
    if (code == CHEMNNE_OK) text.write(line);
    return code;
  }

 private:
  using Names = std::vector<std::string>;

  template <class Opaque>
  static const Host& host(const Opaque* emulator) noexcept {
    return *reinterpret_cast<const Host*>(emulator);
  }
  template <class Opaque, class Object>
  static Opaque* opaque(std::unique_ptr<Object> object) noexcept {
    return reinterpret_cast<Opaque*>(object.release());
  }

  /// Options that make no sense are an argument's fault and not the file's.
  template <class Opaque, class Open>
  static int make(const chemnne_options* given, Opaque** emulator, CMessage message,
                  const Open& open) noexcept {
    EmulatorOptions options;
    const int code = message.run(CHEMNNE_BAD_ARGUMENT, [&] {
      if (!given) return;
      if (given->fingerprint) options.fingerprint = given->fingerprint;
      if (given->coverage != 0) options.coverage = given->coverage;
      if (given->budget_tolerance != 0) options.budget_tolerance = given->budget_tolerance;
      options.element_exact = given->no_projection == 0;
      options.checked();
    });
    if (code != CHEMNNE_OK) return code;
    return message.run(CHEMNNE_BAD_FILE,
                       [&] { *emulator = opaque<Opaque>(std::make_unique<Host>(open(options))); });
  }
  /// The inputs come first.
  static const Names& all_species(const Host& host) noexcept { return host.description().outputs; }
  static const char* name_at(const Names& names, std::size_t i) noexcept {
    return i < names.size() ? names[i].c_str() : nullptr;
  }
  static bool has_null(const char* const* names, std::size_t count) noexcept {
    return names && std::find(names, names + count, nullptr) != names + count;
  }
  static Names names(const char* const* given, std::size_t count, const Names& otherwise) {
    return given ? Names(given, given + count) : otherwise;
  }

  template <class Opaque, class Find>
  static int find(const Opaque* emulator, const char* name, std::size_t* index, CMessage message,
                  const Find& place) noexcept {
    if (!emulator || !name || !index) return message.refuse("an emulator, a name and a place for the index");
    return message.run(CHEMNNE_BAD_NAME, [&] { *index = place(); });
  }

  template <class T>
  static Columns<T> columns(T* data, const chemnne_layout& layout) noexcept {
    return {data, layout.cells, layout.cell_stride, layout.item_stride, layout.length, layout.block_stride};
  }
};

}  // namespace chemnne
