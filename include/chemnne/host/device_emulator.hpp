#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <chemnne/host/block_step.hpp>
#include <chemnne/host/emulator.hpp>
#include <chemnne/host/host_fields.hpp>
#include <chemnne/host/step_plan.hpp>
#include <chemnne/host/step_report.hpp>
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
  /// Not written yet.
  explicit DeviceArray(std::size_t count)
      : data_(count > 0 ? static_cast<T*>(Device::allocate(count * sizeof(T))) : nullptr) {}
  DeviceArray(const T* from, std::size_t count) : DeviceArray(count) {
    if (count > 0) Device::copy_in(data_.get(), from, count * sizeof(T));
  }
  explicit DeviceArray(std::span<const T> from) : DeviceArray(from.data(), from.size()) {}
  T* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(T* data) const noexcept { Device::release(data); }
  };
  std::unique_ptr<T[], Free> data_;
};

/// Memory of the host that a device copies from and to by itself, in the place of a Device of DeviceArray.
template <class Device>
struct Pinned {
  static void* allocate(std::size_t bytes) { return Device::allocate_pinned(bytes); }
  static void release(void* memory) noexcept { Device::release_pinned(memory); }
};

/// Which cells of a step are suspicious (`suspicious` of StepStatus), one behind the other in the memory of the
/// device: for a solver, there or on the host. With the guard KeepOld they have their state of before. In the
/// memory of the device they lie in no order that is defined.
template <class Device>
class SuspectList {
 public:
  /// For steps of so many cells, fewer than 2^32, on the current device. Errors: those of the device.
  explicit SuspectList(std::size_t most_cells)
      : device_(Device::current()), most_(most_cells), cell_(most_cells), count_(&none, 1) {}

  std::size_t most_cells() const { return most_; }
  /// In memory of the device: the places of the cells in the call of the last step, and how many they are.
  std::uint32_t* cells() const { return cell_.data(); }
  std::uint64_t* count() const { return count_.data(); }

  /// The places in ascending order, once the steps of the stream are done: waits for them. Errors: those of the
  /// device, also of the steps.
  std::vector<std::uint32_t> fetch(typename Device::Stream stream) const {
    const typename Device::On here(device_);
    std::uint64_t count = 0;
    Device::copy_out(&count, count_.data(), sizeof count, stream);
    std::vector<std::uint32_t> found(static_cast<std::size_t>(count));
    if (count > 0) Device::copy_out(found.data(), cell_.data(), found.size() * sizeof(std::uint32_t), stream);
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  static constexpr std::uint64_t none = 0;
  int device_;
  std::size_t most_;
  DeviceArray<std::uint32_t, Device> cell_;
  DeviceArray<std::uint64_t, Device> count_;
};

/// A trained emulator whose step runs on a device, on arrays that lie there: `Emulator` with the same words,
/// for a `Device` such as `CudaDevice`. A class of its own, because its memory, its streams and its counts
/// are the device's.
///
/// Everything is copied to the device at construction and in `bind`. `advance` takes device pointers and a
/// stream: it starts one kernel and returns, without allocation, copy or synchronisation. A tile of cells
/// goes through all that `Emulator` does with it in one block, in the shared memory of the block: gather, units,
/// normalisation, network, score, limits, projection on element totals, guard and scatter, for each part of a
/// step that is longer than the horizon.
///
/// Left to `Emulator`: guards with a solver. A `SuspectList` tells the cells.
///
/// It stays on the device that it was made for, whichever is current where a member is called. Streams and arrays are
/// of that device.
///
/// `Device` has: `Group`, `shared_memory` [bytes of a block], `Stream`; `current()`, the number of the current device,
/// `require(number)`, which throws where there is no such device, and `On(number)`, which makes it current for its own
/// life; `allocate(bytes)`, `release`, `copy_in(to, from, bytes)`, `copy_out(to, from, bytes, stream)`, which waits;
/// `start(call, blocks, stream)`, which says whether call(block, shared) will run for each block, and `clear(to, bytes,
/// stream)`, which says whether zeros will be written. For StagedStep also what waits for nothing: `allocate_pinned(bytes)`,
/// `release_pinned`, `make_stream()`, `release_stream`, `begin_copy_in(to, from, bytes, stream)`, `begin_copy_out`, and
/// `wait(stream)`.
template <class Model, class Device>
class DeviceEmulator {
  template <bool Whole>
  using Block = BlockStep<Model, typename Device::Group, Device::shared_memory, Whole>;
  using Step = typename Block<true>::Step;
  using C = typename Step::C;
  using Stream = typename Device::Stream;

 public:
  using Suspects = SuspectList<Device>;

  /// Where the emulator finds its species and conditions in a host's arrays.
  class Binding {
   private:
    friend class DeviceEmulator;
    explicit Binding(const BlockBinding<C>& numbers) : numbers_(&numbers, 1) {}
    DeviceArray<BlockBinding<C>, Device> numbers_;
  };

  /// Reads a weights file. `device`: its number, below 0 the current one. Errors: those of `Emulator` and of the
  /// device.
  explicit DeviceEmulator(const std::string& file, const EmulatorOptions& options = {}, int device = -1)
      : DeviceEmulator(read_safetensors(file), file, options, typename Device::On(known(device))) {}
  /// From the bytes of a weights file, see Emulator.
  static DeviceEmulator from_bytes(std::string_view bytes, const std::string& name,
                                   const EmulatorOptions& options = {}, int device = -1) {
    return DeviceEmulator(parse_safetensors(bytes, name), name, options, typename Device::On(known(device)));
  }

  const EmulatorDescription& description() const { return step_->description(); }

  /// The longest step that is composed of others [s], as of `Emulator`.
  static constexpr double longest_step = StepPlan<Step>::longest;

  /// Whether the weights file holds an uncertainty, see Emulator.
  bool calibrated() const { return step_->uncertainty().meaning().calibrated; }

  /// Once, at set-up. Errors: see HostBinding.
  Binding bind(const HostFields& fields) const {
    const typename Device::On here(device_);
    return Binding(BlockBinding<C>(HostBinding(description(), fields)));
  }

  /// For arrays of the emulator's own species and conditions alone, in its order, in the units of a host's binding.
  /// Outputs that the host lacks stay absent.
  Binding bind_packed(const HostBinding& host) const {
    const typename Device::On here(device_);
    BlockBinding<C> numbers(host);
    for (std::size_t i = 0; i < C::inputs; ++i) numbers.input[i] = i;
    for (std::size_t i = 0; i < C::outputs; ++i)
      if (numbers.output[i] != HostBinding::absent) numbers.output[i] = i;
    for (std::size_t k = 0; k < C::conditions; ++k) numbers.condition[k] = k;
    return Binding(numbers);
  }

  /// The number of its device.
  int device() const { return device_; }

  /// A list for steps of so many cells. Errors: those of SuspectList.
  Suspects suspects(std::size_t most_cells) const {
    const typename Device::On here(device_);
    return Suspects(most_cells);
  }

  /// Starts a step of a host's state, in place, in the host's own layout, order and unit, as
  /// `Emulator::advance(binding, ...)`; a step longer than the horizon is composed in the one kernel. Returns
  /// false where the step length is not in (0, longest_step], cell counts do not agree, the list has no room for
  /// all cells, or the device does not start it: then no cell is changed.
  ///
  /// Shapes: state [cells][host species], conditions [cells][host conditions], those of the report; all in
  /// memory of the device. The counts of `status` grow. `suspects` becomes the list of this step.
  template <class T, class Guard = Clamp>
  bool advance(const Binding& binding, Columns<T> state, std::type_identity_t<Columns<const T>> conditions,
               double seconds, Stream stream, const StepReport& report = {}, Guard guard = {},
               Suspects* suspects = nullptr) noexcept {
    static_assert(
        std::is_same_v<Guard, FlagOnly> || std::is_same_v<Guard, Clamp> || std::is_same_v<Guard, KeepOld>,
        "DeviceEmulator: a guard on a device is FlagOnly, Clamp or KeepOld");
    if (!(seconds > 0 && seconds <= longest_step) || state.cells != conditions.cells ||
        !report.fits(state.cells) || (suspects && suspects->most_cells() < state.cells))
      return false;
    const typename Device::On here(device_);
    if (suspects && !Device::clear(suspects->count(), sizeof(std::uint64_t), stream)) return false;
    if (state.cells == 0) return true;
    const StepPlan<Step> plan(seconds);
    const auto run = [&]<bool whole>(std::bool_constant<whole>) {
      const typename Block<whole>::template Call<T> call{
          .tables = tables_.data(),
          .end = end_.data(),
          .nodal = nodal_.data(),
          .score = score_.data(),
          .binding = binding.numbers_.data(),
          .state = state,
          .conditions = conditions,
          .whole = plan.whole,
          .length = plan.last,
          .guard = {clamps(guard), std::is_same_v<Guard, KeepOld>},
          .report = report,
          .counts = counts_.data(),
          .suspect = suspects ? suspects->cells() : nullptr,
          .suspects = suspects ? suspects->count() : nullptr};
      return Device::start(call, call.blocks(state.cells), stream);
    };
    const bool started = plan.rest > 0 ? run(std::false_type{}) : run(std::true_type{});
    if (started) cells_ += state.cells;
    return started;
  }

  /// What all steps so far did, once those of the stream are done: waits for them. Errors: those of the
  /// device, also of the steps.
  StepStatus status(Stream stream) const {
    const typename Device::On here(device_);
    BlockCounts counts;
    Device::copy_out(&counts, counts_.data(), sizeof counts, stream);
    return {.cells = cells_,
            .outside_training = counts.outside_training,
            .uncertain = counts.uncertain,
            .limited = counts.limited,
            .budget = counts.budget,
            .left_unchanged = counts.left_unchanged};
  }

 private:
  /// `on_device`: it is the current one.
  DeviceEmulator(const SafetensorsFile& file, const std::string& name, const EmulatorOptions& options,
                 const typename Device::On& on_device)
      : device_(on_device.number()),
        step_(std::make_unique<Step>(file, name, options.checked().coverage)),
        tables_(tables(options)),
        end_(prepared<typename Block<true>::EndOfStep>()),
        nodal_(prepared<typename Block<true>::Nodal>()),
        score_(step_->uncertainty().constants()),
        counts_(one(BlockCounts{})) {
    options.require_mechanism(description(), name);
  }

  static int known(int device) {
    const int number = device < 0 ? Device::current() : device;
    Device::require(number);
    return number;
  }

  template <class Numbers>
  static DeviceArray<Numbers, Device> one(const Numbers& numbers) {
    return {&numbers, 1};
  }

  DeviceArray<BlockTables<Step>, Device> tables(const EmulatorOptions& options) const {
    const BasicGuardedStep<C::outputs> guarded(BasicElementBudget<C::outputs>(description()),
                                               options.element_exact, options.budget_tolerance);
    return one(BlockTables<Step>(*step_, guarded));
  }

  /// The constants of a network, made on the host.
  template <class P>
  DeviceArray<float, Device> prepared() const {
    using Backend = Cuda<typename Device::Group>;
    Buffer<float> constants(P::template constants<Backend, float>);
    P::template prepare<Backend, float>(step_->weights(), constants.data());
    return {constants.data(), constants.size()};
  }

  int device_;
  std::unique_ptr<Step> step_;  // for its description, and for what the tables are made of
  DeviceArray<BlockTables<Step>, Device> tables_;
  DeviceArray<float, Device> end_, nodal_, score_;
  DeviceArray<BlockCounts, Device> counts_;
  std::size_t cells_ = 0;
};

}  // namespace chemnne
