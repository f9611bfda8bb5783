#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <chemnne/host/block_step.hpp>
#include <chemnne/host/emulator.hpp>
#include <chemnne/host/host_fields.hpp>
#include <chemnne/host/step_status.hpp>
#include <chemnne/inference/prepared_network.hpp>
#include <chemnne/io/weights_file.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

/// Numbers in the memory of a device, copied as they are. Errors: as Device::allocate and Device::copy_in.
template <class T, class Device>
class DeviceArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  DeviceArray(const T* from, std::size_t count)
      : data_(static_cast<T*>(Device::allocate(count * sizeof(T)))) {
    Device::copy_in(data_.get(), from, count * sizeof(T));
  }
  explicit DeviceArray(const T& one) : DeviceArray(&one, 1) {}
  T* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(T* data) const noexcept { Device::release(data); }
  };
  std::unique_ptr<T[], Free> data_;
};

/// A trained emulator whose step runs on a device, on arrays that lie there: `Emulator` with the same words,
/// for a `Device` such as `CudaDevice`. A class of its own, because its memory, its streams and its counts
/// are the device's.
///
/// Everything is copied to the device at construction and in `bind`. `advance` takes device pointers and a
/// stream: it starts one kernel and returns, without allocation, copy or synchronisation. A tile of cells
/// goes through gather, units, normalisation, network, limits and scatter in one block, in the shared memory
/// of the block.
///
/// Left to `Emulator`: the projection on element totals and the budget (the options must say element_exact =
/// false, and no cell is flagged for its budget), the score of the uncertainty (no cell is flagged as
/// uncertain), guards with a solver (the flags tell the cells), steps longer than the horizon.
///
/// `Device` has: `Group`, `shared_memory` [bytes of a block], `Stream`; `allocate(bytes)`, `release`,
/// `copy_in(to, from, bytes)`, `copy_out(to, from, bytes, stream)`, which waits; `start(call, blocks,
/// stream)`, which says whether call(block, shared) will run for each block.
template <class Model, class Device>
class DeviceEmulator {
  template <bool Whole>
  using Block = BlockStep<Model, typename Device::Group, Device::shared_memory, Whole>;
  using Step = typename Block<true>::Step;
  using C = typename Step::C;
  using Stream = typename Device::Stream;

 public:
  /// Where the emulator finds its species and conditions in a host's arrays.
  class Binding {
   private:
    friend class DeviceEmulator;
    explicit Binding(const BlockBinding<C>& numbers) : numbers_(numbers) {}
    DeviceArray<BlockBinding<C>, Device> numbers_;
  };

  /// Reads a weights file. Errors: those of `Emulator` and of the device; Error where the options ask for the
  /// projection.
  DeviceEmulator(const std::string& file, const EmulatorOptions& options)
      : DeviceEmulator(read_safetensors(file), file, options) {}
  /// From the bytes of a weights file, see Emulator.
  static DeviceEmulator from_bytes(std::string_view bytes, const std::string& name,
                                   const EmulatorOptions& options) {
    return DeviceEmulator(parse_safetensors(bytes, name), name, options);
  }

  const EmulatorDescription& description() const { return step_->description(); }

  /// As `Emulator` has it: false, whatever the file holds, since no cell is scored on a device.
  static constexpr bool calibrated() { return false; }

  /// Once, at set-up. Errors: see HostBinding.
  Binding bind(const HostFields& fields) const {
    return Binding(BlockBinding<C>(HostBinding(description(), fields)));
  }

  /// Starts a step of a host's state, in place, in the host's own layout, order and unit, as
  /// `Emulator::advance(binding, ...)`. Returns false where the step length is not in (0, horizon], the cell
  /// counts differ, or the device does not start it: then nothing is changed.
  ///
  /// Shapes: state [cells][host species], conditions [cells][host conditions], flags [cells] or null, all in
  /// memory of the device. The counts of `status` grow.
  template <class T, class Guard = Clamp>
  bool advance(const Binding& binding, Columns<T> state, std::type_identity_t<Columns<const T>> conditions,
               double seconds, Stream stream, CellFlags* flags = nullptr, Guard guard = {}) noexcept {
    static_assert(
        std::is_same_v<Guard, FlagOnly> || std::is_same_v<Guard, Clamp> || std::is_same_v<Guard, KeepOld>,
        "DeviceEmulator: a guard on a device is FlagOnly, Clamp or KeepOld");
    if (!(seconds > 0 && seconds <= C::horizon) || state.cells != conditions.cells) return false;
    if (state.cells == 0) return true;
    const auto run = [&](auto whole, const float* constants) {
      using OfLength = Block<decltype(whole)::value>;
      const typename OfLength::template Call<T> call{tables_.data(),
                                                     constants,
                                                     binding.numbers_.data(),
                                                     state,
                                                     conditions,
                                                     Step::length(seconds),
                                                     {clamps(guard), std::is_same_v<Guard, KeepOld>},
                                                     flags,
                                                     counts_.data()};
      return Device::start(call, call.blocks(state.cells), stream);
    };
    const bool started =
        seconds == C::horizon ? run(std::true_type{}, end_.data()) : run(std::false_type{}, nodal_.data());
    if (started) cells_ += state.cells;
    return started;
  }

  /// What all steps so far did, once those of the stream are done: waits for them. Errors: those of the
  /// device, also of the steps.
  StepStatus status(Stream stream) const {
    BlockCounts counts;
    Device::copy_out(&counts, counts_.data(), sizeof counts, stream);
    return {.cells = cells_,
            .outside_training = counts.outside_training,
            .limited = counts.limited,
            .left_unchanged = counts.left_unchanged};
  }

 private:
  DeviceEmulator(const SafetensorsFile& file, const std::string& name, const EmulatorOptions& options)
      : step_(std::make_unique<Step>(file, name, checked(options).coverage)),
        tables_(BlockTables<Step>(*step_)),
        end_(prepared<typename Block<true>::P>()),
        nodal_(prepared<typename Block<false>::P>()),
        counts_(BlockCounts{}) {
    options.require_mechanism(description(), name);
  }

  static const EmulatorOptions& checked(const EmulatorOptions& options) {
    if (options.element_exact)
      throw Error("options of an emulator on a device, element_exact", "false: steps are not projected there",
                  "true");
    return options.checked();
  }

  /// The constants of a network, made on the host.
  template <class P>
  DeviceArray<float, Device> prepared() const {
    using Backend = Cuda<typename Device::Group>;
    Buffer<float> constants(P::template constants<Backend, float>);
    P::template prepare<Backend, float>(step_->weights(), constants.data());
    return {constants.data(), constants.size()};
  }

  std::unique_ptr<Step> step_;  // for its description, and for what the tables are made of
  DeviceArray<BlockTables<Step>, Device> tables_;
  DeviceArray<float, Device> end_, nodal_;
  DeviceArray<BlockCounts, Device> counts_;
  std::size_t cells_ = 0;
};

}  // namespace chemnne
