#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <chemnne/host/c_opening.hpp>
#include <chemnne/host/device_emulator.hpp>
#include <chemnne/host/staged_step.hpp>

namespace chemnne {

/// An emulator on a device behind functions that C can call (CInterface). Arrays are in memory of the device,
/// streams are addresses.
template <class Model, class Device>
class CDevice : public COpening<DeviceEmulator<Model, Device>> {
  using Host = DeviceEmulator<Model, Device>;
  using Opening = COpening<Host>;
  using Base = CInterface<Host>;
  using Suspects = typename Host::Suspects;
  using Staged = StagedStep<Model, Device>;

 public:
  /// On the device `number`, below 0 the current one.
  template <class Opaque>
  static int open(const char* file, const chemnne_options* options, int number, Opaque** device,
                  CMessage message) noexcept {
    const int code = require(number, message);
    return code == CHEMNNE_OK ? Opening::open(file, options, device, message, number) : code;
  }
  template <class Opaque>
  static int open_bytes(const void* bytes, std::size_t size, const chemnne_options* options, int number,
                        Opaque** device, CMessage message) noexcept {
    const int code = require(number, message);
    return code == CHEMNNE_OK ? Opening::open_bytes(bytes, size, options, device, message, number) : code;
  }

  /// Starts a step and returns. `suspects` may be null.
  template <class T, class Opaque, class OpaqueBinding, class OpaqueSuspects>
  static int advance(Opaque* device, const OpaqueBinding* binding, T* state,
                     const chemnne_layout* state_layout, const T* condition_values,
                     const chemnne_layout* conditions_layout, double seconds, void* stream,
                     const chemnne_step* step, OpaqueSuspects* suspects, CMessage message) noexcept {
    int code = Base::check(device, binding, device, state, state_layout, condition_values, conditions_layout,
                           seconds, message);
    if (code != CHEMNNE_OK) return code;
    StepReport report;
    code = Base::wanted(Base::of(device), *state_layout, step, report, message);
    if (code != CHEMNNE_OK) return code;
    if (seconds > Host::longest_step) return message.refuse("a step that can be made", CHEMNNE_BAD_STEP);
    auto* const list = reinterpret_cast<Suspects*>(suspects);
    if (list && list->most_cells() < state_layout->cells)
      return message.refuse("a list of suspicious cells with room for all");

    const auto& bound = *reinterpret_cast<const typename Base::Bound*>(binding);
    return guarded(step, message, [&](auto guard) {
      const bool done =
          reinterpret_cast<Host*>(device)->advance(bound.binding, Base::columns(state, *state_layout),
                                                   Base::columns(condition_values, *conditions_layout),
                                                   seconds, stream_of(stream), report, guard, list);
      return done ? int{CHEMNNE_OK} : message.refuse("a device that starts the step", CHEMNNE_FAILED);
    });
  }

  /// What all steps so far did: waits for those of the stream.
  template <class Opaque>
  static int status(const Opaque* device, void* stream, chemnne_status* status, CMessage message) noexcept {
    if (!device || !status) return message.refuse("an emulator on a device and a place for the status");
    return message.run(CHEMNNE_FAILED,
                       [&] { *status = Base::counts(Base::of(device).status(stream_of(stream))); });
  }

  template <class Opaque, class OpaqueSuspects>
  static int suspects_create(const Opaque* device, std::size_t most_cells, OpaqueSuspects** suspects,
                             CMessage message) noexcept {
    if (!device || !suspects) return message.refuse("an emulator on a device and a place for the list");
    if (most_cells > UINT32_MAX) return message.refuse("fewer than 2^32 cells");
    return message.run(CHEMNNE_FAILED, [&] {
      *suspects = Base::template opaque<OpaqueSuspects>(
          std::make_unique<Suspects>(Base::of(device).suspects(most_cells)));
    });
  }
  template <class OpaqueSuspects>
  static void suspects_free(OpaqueSuspects* suspects) noexcept {
    delete reinterpret_cast<Suspects*>(suspects);
  }
  /// Their places in the call of the last step, ascending, at most `room` of them: waits for the steps of the
  /// stream. `count`: how many there are.
  template <class OpaqueSuspects>
  static int suspects_fetch(const OpaqueSuspects* suspects, void* stream, std::size_t* cells,
                            std::size_t room, std::size_t* count, CMessage message) noexcept {
    if (!suspects || !count || (room > 0 && !cells))
      return message.refuse("a list of suspicious cells and places for them and their number");
    return message.run(CHEMNNE_FAILED, [&] {
      const std::vector<std::uint32_t> found =
          reinterpret_cast<const Suspects*>(suspects)->fetch(stream_of(stream));
      std::copy_n(found.begin(), std::min(found.size(), room), cells);
      *count = found.size();
    });
  }

  /// What steps arrays of the host by parts of `cells` cells, 0: the default of StagingOptions.
  template <class Opaque, class OpaqueStage>
  static int stage_create(Opaque* device, const chemnne_fields* fields, std::size_t cells, int half_widths,
                          OpaqueStage** stage, CMessage message) noexcept {
    if (!device || !stage) return message.refuse("an emulator on a device and a place for the stage");
    const int code = Base::check_fields(fields, message);
    if (code != CHEMNNE_OK) return code;
    StagingOptions options;
    if (cells > 0) options.cells = cells;
    options.half_widths = half_widths != 0;
    return message.run(CHEMNNE_BAD_NAME, [&] {
      *stage = Base::template opaque<OpaqueStage>(std::make_unique<Stage>(
          *reinterpret_cast<Host*>(device), Base::fields_of(Base::of(device), *fields), options));
    });
  }
  template <class OpaqueStage>
  static void stage_free(OpaqueStage* stage) noexcept {
    delete reinterpret_cast<Stage*>(stage);
  }
  /// A step of arrays of the host. `step` and `status` may be null.
  template <class T, class OpaqueStage>
  static int stage_advance(OpaqueStage* opaque, T* state, const chemnne_layout* state_layout,
                           const T* condition_values, const chemnne_layout* conditions_layout, double seconds,
                           const chemnne_step* step, chemnne_status* status, CMessage message) noexcept {
    message.write("");
    if (status) *status = chemnne_status{};
    if (!opaque || !state_layout || !conditions_layout) return message.refuse("a stage and two layouts");
    auto& stage = *reinterpret_cast<Stage*>(opaque);
    int code = Base::check_arrays(stage.species, stage.conditions, state, state_layout, condition_values,
                                  conditions_layout, seconds, message);
    if (code != CHEMNNE_OK) return code;
    StepReport report;
    code = Base::wanted(*stage.emulator, *state_layout, step, report, message);
    if (code != CHEMNNE_OK) return code;
    return guarded(step, message, [&](auto guard) {
      StepStatus done;
      const int failed = message.run(CHEMNNE_FAILED, [&] {
        done =
            stage.staged.advance(Base::columns(state, *state_layout),
                                 Base::columns(condition_values, *conditions_layout), seconds, report, guard);
      });
      if (failed != CHEMNNE_OK) return failed;
      if (!done.valid_step)
        return message.refuse("a step that can be made, of half-widths only where the stage has them",
                              CHEMNNE_BAD_STEP);
      if (status) *status = Base::counts(done);
      return int{CHEMNNE_OK};
    });
  }

 private:
  /// A StagedStep, and the sizes of the host's arrays.
  struct Stage {
    Stage(Host& device, const HostFields& fields, const StagingOptions& options)
        : emulator(&device),
          species(fields.species.size()),
          conditions(fields.conditions.size()),
          staged(device, fields, options) {}
    const Host* emulator;
    std::size_t species, conditions;
    Staged staged;
  };

  /// f(the guard that C chose): one that a device has.
  template <class F>
  static int guarded(const chemnne_step* step, CMessage message, const F& f) noexcept {
    switch (step ? step->guard : CHEMNNE_CLAMP) {
      case CHEMNNE_CLAMP:
        return f(Clamp{});
      case CHEMNNE_FLAG_ONLY:
        return f(FlagOnly{});
      case CHEMNNE_KEEP_OLD:
        return f(KeepOld{});
      default:
        return message.refuse("a guard that a device has: clamp, flag only or keep old");
    }
  }
  /// That there is no such device is not the file's fault.
  static int require(int number, CMessage message) noexcept {
    return message.run(CHEMNNE_FAILED, [&] { Device::require(number < 0 ? Device::current() : number); });
  }
  static typename Device::Stream stream_of(void* stream) noexcept {
    return static_cast<typename Device::Stream>(stream);
  }
};

}  // namespace chemnne
