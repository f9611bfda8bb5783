#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <type_traits>

#include <chemnne/host/columns.hpp>
#include <chemnne/host/device_emulator.hpp>
#include <chemnne/host/host_fields.hpp>
#include <chemnne/host/step_report.hpp>
#include <chemnne/host/step_status.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// How cells go to a device and back.
struct StagingOptions {
  std::size_t cells = 16384;  ///< of a part, two of which are on their way
  bool half_widths = false;   ///< whether steps may ask for them: as much memory again as the state
};

/// Steps by an emulator on a device of a state that lies on the host, for hosts that keep their arrays there. Cells
/// go in parts: species and conditions of the emulator are packed into memory that the device copies by itself
/// (pinned), stepped, and unpacked. While the device has one part the host packs the next.
///
/// What that costs beside the step are two copies of each species over the bus. A host whose arrays lie on the device
/// calls DeviceEmulator.
///
/// All memory is taken at construction. One thread at a time; each of several has its own, with an emulator of its
/// own.
template <class Model, class Device>
class StagedStep {
  using Host = DeviceEmulator<Model, Device>;
  using C = typename Model::Configuration;

 public:
  /// `emulator` must outlive it. Errors: those of HostBinding and of the device; Error for parts of no cells.
  StagedStep(Host& emulator, const HostFields& fields, const StagingOptions& options = {})
      : StagedStep(emulator, fields, options, typename Device::On(emulator.device())) {}

  /// The state after `seconds`, in place, as `Emulator::advance(binding, ...)` without a solver: `guard` is FlagOnly,
  /// Clamp or KeepOld. Waits for the device.
  ///
  /// `valid_step` is false where the step length is not in (0, Host::longest_step], cell counts do not agree, or
  /// half-widths are wanted that the options left out: then no cell is changed. Errors: Error where the device fails
  /// on the way; cells of parts that were not reached are as they were.
  template <class T, class Guard = Clamp>
  StepStatus advance(Columns<T> state, std::type_identity_t<Columns<const T>> conditions, double seconds,
                     const StepReport& report = {}, Guard guard = {}) {
    static_assert(sizeof(T) <= sizeof(double));
    if (!(seconds > 0 && seconds <= Host::longest_step) || state.cells != conditions.cells ||
        !report.fits(state.cells) || (report.half_width.data && !options_.half_widths))
      return {.valid_step = false};
    const typename Device::On here(emulator_->device());
    const std::size_t parts = (state.cells + options_.cells - 1) / options_.cells;
    StepStatus status;
    try {
      for (std::size_t part = 0; part <= parts && parts > 0; ++part) {
        if (part < parts)
          begin<T>(slots_[part % 2], part * options_.cells, state, conditions, seconds, report, guard);
        if (part > 0) end<T>(slots_[(part - 1) % 2], state, report, status);
      }
    } catch (...) {
      for (Slot& slot : slots_) slot.stream.drain();
      throw;
    }
    return status;
  }

 private:
  class Stream {
   public:
    Stream() : stream_(Device::make_stream()) {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() {
      drain();
      Device::release_stream(stream_);
    }
    operator typename Device::Stream() const { return stream_; }
    /// Nothing of it is under way any more, whatever became of it.
    void drain() const noexcept {
      try {
        Device::wait(stream_);
      } catch (...) {  // the same error has been told, or nobody waits for this part
      }
    }

   private:
    typename Device::Stream stream_;
  };

  /// Numbers on both sides.
  template <class N>
  struct Both {
    explicit Both(std::size_t count) : host(count), device(count) {}
    DeviceArray<N, Pinned<Device>> host;
    DeviceArray<N, Device> device;
  };

  /// A part of the cells: state [outputs][cells of a part], conditions [conditions][...], and what is reported.
  struct Slot {
    explicit Slot(const StagingOptions& options)
        : state(C::outputs * options.cells),
          conditions(C::conditions * options.cells),
          score(options.cells),
          half_width(options.half_widths ? C::outputs * options.cells : 0),
          flags(options.cells) {}
    std::size_t first = 0, count = 0;
    Both<double> state, conditions, score, half_width;
    Both<CellFlags> flags;
    Stream stream;  // the last: it is drained before the memory goes
  };

  StagedStep(Host& emulator, const HostFields& fields, const StagingOptions& options,
             const typename Device::On&)
      : emulator_(&emulator),
        options_(checked(options)),
        host_(emulator.description(), fields),
        packed_(emulator.bind_packed(host_)),
        slots_{Slot(options_), Slot(options_)} {}

  static const StagingOptions& checked(const StagingOptions& options) {
    if (options.cells == 0) throw Error("staged step, cells of a part", "1 or more", "0");
    return options;
  }

  template <class T>
  static T* of(const DeviceArray<double, Device>& memory) {
    return reinterpret_cast<T*>(memory.data());
  }
  template <class T>
  static T* of(const DeviceArray<double, Pinned<Device>>& memory) {
    return reinterpret_cast<T*>(memory.data());
  }

  /// Packs a part and starts its copies and its step.
  template <class T, class Guard>
  void begin(Slot& slot, std::size_t first, Columns<T> state, Columns<const T> conditions, double seconds,
             const StepReport& report, Guard guard) {
    slot.first = first;
    slot.count = std::min(options_.cells, state.cells - first);
    each_species(slot, of<T>(slot.state.host), state, [](T& packed, const T& value) { packed = value; });
    for (std::size_t k = 0; k < C::conditions; ++k) {
      T* const packed = of<T>(slot.conditions.host) + k * slot.count;
      conditions.item(host_.condition(k))
          .each(first, slot.count, 1,
                [&](std::size_t cell, std::size_t, const T& value) { packed[cell - first] = value; });
    }
    copy_in(slot.state, C::outputs * slot.count * sizeof(T), slot);
    copy_in(slot.conditions, C::conditions * slot.count * sizeof(T), slot);
    StepReport wanted{.flags = slot.flags.device.data()};
    if (report.score.data) wanted.score = Columns<double>::item_major(slot.score.device.data(), slot.count);
    if (report.half_width.data)
      wanted.half_width = Columns<double>::item_major(slot.half_width.device.data(), slot.count);
    if (!emulator_->advance(packed_, Columns<T>::item_major(of<T>(slot.state.device), slot.count),
                            Columns<const T>::item_major(of<T>(slot.conditions.device), slot.count), seconds,
                            slot.stream, wanted, guard))
      throw Error("a step on a device", "a device that starts it", "one that does not");
    copy_out(slot.state, C::outputs * slot.count * sizeof(T), slot);
    copy_out(slot.flags, slot.count * sizeof(CellFlags), slot);
    if (report.score.data) copy_out(slot.score, slot.count * sizeof(double), slot);
    if (report.half_width.data) copy_out(slot.half_width, C::outputs * slot.count * sizeof(double), slot);
  }

  /// Waits for a part and unpacks it.
  template <class T>
  void end(Slot& slot, Columns<T> state, const StepReport& report, StepStatus& status) {
    Device::wait(slot.stream);
    const CellFlags* const flags = slot.flags.host.data();
    each_species(slot, of<T>(slot.state.host), state, [](const T& packed, T& value) { value = packed; });
    for (std::size_t cell = 0; cell < slot.count; ++cell) status.add(flags[cell]);
    if (report.flags) std::copy_n(flags, slot.count, report.flags + slot.first);
    if (report.score.data)
      for (std::size_t cell = 0; cell < slot.count; ++cell)
        report.score(slot.first + cell, 0) = slot.score.host.data()[cell];
    if (!report.half_width.data) return;
    report.half_width.each(slot.first, slot.count, C::outputs,
                           [&](std::size_t cell, std::size_t i, double& value) {
                             value = slot.half_width.host.data()[i * slot.count + cell - slot.first];
                           });
  }

  /// f(packed value, host's value) for the emulator's species of a part: those that the host has.
  template <class T, class F>
  void each_species(const Slot& slot, T* packed, Columns<T> state, const F& f) const {
    for (std::size_t i = 0; i < C::outputs; ++i, packed += slot.count) {
      if (host_.output(i) == HostBinding::absent) continue;
      state.item(host_.output(i))
          .each(slot.first, slot.count, 1,
                [&](std::size_t cell, std::size_t, T& value) { f(packed[cell - slot.first], value); });
    }
  }

  template <class N>
  static void copy_in(const Both<N>& numbers, std::size_t bytes, const Slot& slot) {
    Device::begin_copy_in(numbers.device.data(), numbers.host.data(), bytes, slot.stream);
  }
  template <class N>
  static void copy_out(const Both<N>& numbers, std::size_t bytes, const Slot& slot) {
    Device::begin_copy_out(numbers.host.data(), numbers.device.data(), bytes, slot.stream);
  }

  Host* emulator_;
  StagingOptions options_;
  HostBinding host_;
  typename Host::Binding packed_;
  std::array<Slot, 2> slots_;
};

}  // namespace chemnne
