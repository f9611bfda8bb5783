#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/host/c_message.hpp>
#include <chemnne/host/columns.hpp>
#include <chemnne/host/host_fields.hpp>
#include <chemnne/host/interface.h>
#include <chemnne/host/layout_check.hpp>
#include <chemnne/host/step_report.hpp>
#include <chemnne/host/step_status.hpp>

namespace chemnne {

/// What a host steps, an emulator or a solver, behind functions that C can call: what the generated
/// `<name>.cpp` wraps one by one. How it is opened differs: CEmulator, CSolver.
///
/// Handles are `Chemistry` (an Emulator, a Solver or a DeviceEmulator), `Bound` (a binding) and `Chemistry::Workspace`, each seen by C
/// through a type of its own, `Opaque`. Every function is noexcept; those that can fail return a
/// `chemnne_code` and say why in the caller's buffer, which is always terminated and may be null. Nothing is
/// printed, nothing ends the program.
template <class Chemistry>
class CInterface {
 public:
  /// A host's binding and the emulator or solver that it was made for, which must outlive it.
  struct Bound {
    decltype(std::declval<const Chemistry&>().bind(HostFields{})) binding;
    const Chemistry* chemistry;  ///< order and number of species are its own
    std::size_t species, conditions;
  };

  /// Also of null.
  template <class Opaque>
  static void close(Opaque* chemistry) noexcept {
    delete reinterpret_cast<Chemistry*>(chemistry);
  }

  template <class Opaque>
  static int species_index(const Opaque* chemistry, const char* name, std::size_t* index,
                           CMessage message) noexcept {
    return find(chemistry, name, index, message,
                [&] { return of(chemistry).species_index(std::string(name)); });
  }
  template <class Opaque>
  static int condition_index(const Opaque* chemistry, const char* name, std::size_t* index,
                             CMessage message) noexcept {
    return find(chemistry, name, index, message,
                [&] { return of(chemistry).condition_index(std::string(name)); });
  }

  /// Shape: shares [inputs]. Of a solver, which has no lumped species, 1 at the species and 0 elsewhere.
  template <class Opaque>
  static int lumping(const Opaque* chemistry, const char* name, double* shares, CMessage message) noexcept {
    if (!chemistry || !name || !shares)
      return message.refuse("an emulator or solver, a name and a place for the shares");
    return message.run(CHEMNNE_BAD_NAME, [&] {
      if constexpr (requires(const Chemistry& one) { one.lumping(std::string()); }) {
        std::ranges::copy(of(chemistry).lumping(name), shares);
      } else {
        const std::size_t place = of(chemistry).species_index(name);
        std::fill_n(shares, all_species(of(chemistry)).size(), 0.0);
        shares[place] = 1;
      }
    });
  }

  /// Of an output, of which the first are the inputs, or a condition; null beyond the last. Lives as long as
  /// the emulator or solver.
  template <class Opaque>
  static const char* species_name(const Opaque* chemistry, std::size_t i) noexcept {
    return chemistry ? name_at(all_species(of(chemistry)), i) : nullptr;
  }
  template <class Opaque>
  static const char* condition_name(const Opaque* chemistry, std::size_t i) noexcept {
    return chemistry ? name_at(of(chemistry).description().conditions, i) : nullptr;
  }
  /// 0 of a solver: nothing is known of its errors.
  template <class Opaque>
  static int calibrated(const Opaque* chemistry) noexcept {
    if constexpr (requires(const Chemistry& one) { one.calibrated(); })
      return chemistry && of(chemistry).calibrated();
    else
      return 0;
  }

  template <class Opaque>
  static int workspace_create(Opaque** workspace, CMessage message) noexcept {
    if (!workspace) return message.refuse("a place for the workspace");
    return message.run(CHEMNNE_FAILED, [&] {
      *workspace = opaque<Opaque>(std::make_unique<typename Chemistry::Workspace>());
    });
  }
  template <class Opaque>
  static void workspace_free(Opaque* workspace) noexcept {
    delete reinterpret_cast<typename Chemistry::Workspace*>(workspace);
  }

  template <class OpaqueChemistry, class Opaque>
  static int bind(const OpaqueChemistry* chemistry, const chemnne_fields* fields, Opaque** binding,
                  CMessage message) noexcept {
    if (!chemistry || !fields || !binding)
      return message.refuse("an emulator or solver, fields and a place for the binding");
    const int code = check_fields(fields, message);
    if (code != CHEMNNE_OK) return code;
    return message.run(CHEMNNE_BAD_NAME, [&] {
      *binding = opaque<Opaque>(std::make_unique<Bound>(bound_by(of(chemistry), *fields)));
    });
  }
  template <class Opaque>
  static void binding_free(Opaque* binding) noexcept {
    delete reinterpret_cast<Bound*>(binding);
  }

  /// T is float or double. `step` and `status` may be null; of `step` the report is made, a guard is handed
  /// over by itself.
  template <class T, class OpaqueChemistry, class OpaqueBinding, class OpaqueWorkspace, class... Guard>
  static int advance(const OpaqueChemistry* chemistry, const OpaqueBinding* binding,
                     OpaqueWorkspace* workspace, T* state, const chemnne_layout* state_layout,
                     const T* condition_values, const chemnne_layout* conditions_layout, double seconds,
                     const chemnne_step* step, chemnne_status* status, CMessage message,
                     Guard&... guard) noexcept {
    if (status) *status = chemnne_status{};
    int code = check(chemistry, binding, workspace, state, state_layout, condition_values, conditions_layout,
                     seconds, message);
    if (code != CHEMNNE_OK) return code;
    const auto& bound = *reinterpret_cast<const Bound*>(binding);
    StepReport report;
    code = wanted(of(chemistry), *state_layout, step, report, message);
    if (code != CHEMNNE_OK) return code;
    const StepStatus done = of(chemistry).advance(
        bound.binding, columns(state, *state_layout), columns(condition_values, *conditions_layout), seconds,
        *reinterpret_cast<typename Chemistry::Workspace*>(workspace), report, guard...);
    if (!done.valid_step) return message.refuse("a step that can be made", CHEMNNE_BAD_STEP);
    if (status) *status = counts(done);
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

 protected:
  template <class Opaque>
  static const Chemistry& of(const Opaque* chemistry) noexcept {
    return *reinterpret_cast<const Chemistry*>(chemistry);
  }
  template <class Opaque, class Object>
  static Opaque* opaque(std::unique_ptr<Object> object) noexcept {
    return reinterpret_cast<Opaque*>(object.release());
  }
  /// Whether a step of these arrays can be made: CHEMNNE_OK, or what is wrong with them.
  template <class T, class OpaqueChemistry, class OpaqueBinding>
  static int check(const OpaqueChemistry* chemistry, const OpaqueBinding* binding, const void* memory,
                   const T* state, const chemnne_layout* state_layout, const T* condition_values,
                   const chemnne_layout* conditions_layout, double seconds, CMessage message) noexcept {
    message.write("");
    if (!chemistry || !binding || !memory || !state_layout || !conditions_layout)
      return message.refuse("an emulator or solver, a binding, a workspace and two layouts");
    const auto& bound = *reinterpret_cast<const Bound*>(binding);
    if (bound.chemistry != &of(chemistry)) return message.refuse("a binding of this emulator or solver");
    return check_arrays(bound.species, bound.conditions, state, state_layout, condition_values,
                        conditions_layout, seconds, message);
  }
  /// The same of arrays of so many species and conditions.
  template <class T>
  static int check_arrays(std::size_t species, std::size_t conditions, const T* state,
                          const chemnne_layout* state_layout, const T* condition_values,
                          const chemnne_layout* conditions_layout, double seconds,
                          CMessage message) noexcept {
    if (state_layout->cells != conditions_layout->cells)
      return message.refuse("as many cells of the state as of the conditions");
    if (state_layout->items != species || conditions_layout->items != conditions)
      return message.refuse("as many species and conditions as were bound");
    if (!plausible(*state_layout) || !plausible(*conditions_layout))
      return message.refuse("strides of whole items that are not negative and stay within memory");
    if (state_layout->cells > 0 && (!state || !condition_values))
      return message.refuse("a state and conditions");
    if (!(seconds > 0) || !std::isfinite(seconds))
      return message.refuse("a step length above 0 s that is finite", CHEMNNE_BAD_STEP);
    return CHEMNNE_OK;
  }
  /// What a step that may be null wants to know of each cell.
  static int wanted(const Chemistry& chemistry, const chemnne_layout& state, const chemnne_step* step,
                    StepReport& report, CMessage message) noexcept {
    if (!distinct(state)) return message.refuse("a state whose values do not overlap");
    if (!step) return CHEMNNE_OK;
    const std::size_t outputs = all_species(chemistry).size();
    const chemnne_layout width = step->half_width && step->half_width_layout
                                     ? *step->half_width_layout
                                     : chemnne_cell_major(state.cells, outputs);
    if (width.cells != state.cells || width.items != outputs || !plausible(width) || !distinct(width))
      return message.refuse("a layout of half-widths with all cells and outputs, none of which overlap");
    report = {.half_width = columns(step->half_width, width),
              .score = Columns<double>::cell_major(step->score, state.cells, 1),
              .flags = step->flags};
    return CHEMNNE_OK;
  }
  static chemnne_status counts(const StepStatus& done) noexcept {
    return {done.cells,  done.outside_training, done.uncertain, done.limited,
            done.budget, done.left_unchanged,   done.solved,    0};
  }
  template <class T>
  static Columns<T> columns(T* data, const chemnne_layout& layout) noexcept {
    return {data, layout.cells, layout.cell_stride, layout.item_stride, layout.length, layout.block_stride};
  }
  static Bound bound_by(const Chemistry& chemistry, const chemnne_fields& fields) {
    const HostFields host = fields_of(chemistry, fields);
    return {chemistry.bind(host), &chemistry, host.species.size(), host.conditions.size()};
  }
  /// As they were given, else those of the emulator or solver itself.
  static HostFields fields_of(const Chemistry& chemistry, const chemnne_fields& fields) {
    HostFields host{.species = names(fields.species, fields.species_count, all_species(chemistry)),
                    .conditions = names(fields.conditions_count > 0 ? fields.conditions : nullptr,
                                        fields.conditions_count, chemistry.description().conditions),
                    .unit = static_cast<Unit>(fields.unit)};
    if (fields.molar_mass) host.molar_mass.assign(fields.molar_mass, fields.molar_mass + host.species.size());
    return host;
  }
  /// Whether fields that may be null can be bound: CHEMNNE_OK, or what is wrong with them.
  static int check_fields(const chemnne_fields* fields, CMessage message) noexcept {
    if (!fields) return message.refuse("fields");
    if (fields->unit < CHEMNNE_NUMBER_DENSITY || fields->unit > CHEMNNE_MASS_MIXING_RATIO)
      return message.refuse("a unit of enum chemnne_unit");
    return has_null(*fields) ? message.refuse("names that are no null pointers") : int{CHEMNNE_OK};
  }
  static bool has_null(const chemnne_fields& fields) noexcept {
    const auto found = [](const char* const* names, std::size_t count) {
      return names && std::find(names, names + count, nullptr) != names + count;
    };
    return found(fields.species, fields.species_count) || found(fields.conditions, fields.conditions_count);
  }

 private:
  using Names = std::vector<std::string>;

  /// The inputs come first.
  static const Names& all_species(const Chemistry& chemistry) noexcept {
    return chemistry.description().outputs;
  }
  static const char* name_at(const Names& names, std::size_t i) noexcept {
    return i < names.size() ? names[i].c_str() : nullptr;
  }
  static Names names(const char* const* given, std::size_t count, const Names& otherwise) {
    return given ? Names(given, given + count) : otherwise;
  }

  template <class Opaque, class Find>
  static int find(const Opaque* chemistry, const char* name, std::size_t* index, CMessage message,
                  const Find& place) noexcept {
    if (!chemistry || !name || !index)
      return message.refuse("an emulator or solver, a name and a place for the index");
    return message.run(CHEMNNE_BAD_NAME, [&] { *index = place(); });
  }
};

}  // namespace chemnne
