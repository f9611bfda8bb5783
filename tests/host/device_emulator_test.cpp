#define BOOST_TEST_MODULE host_device_emulator
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "../properties/block_twin.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/reference.hpp>
#include <chemnne/host/device_emulator.hpp>
#include <chemnne/host/emulator.hpp>

using namespace chemnne;
using properties::BlockTwin;

namespace {

/// A device on the host. Its memory is apart from that of the host and begins as NaN, so that a missing copy
/// shows; so does the shared memory of each block.
struct TwinDevice {
  using Group = BlockTwin;
  using Stream = int;
  static constexpr std::size_t shared_memory = 16 * 1024;
  static inline std::map<const std::byte*, std::size_t> allocated;
  static inline bool by_threads = false, refuses = false;

  static void* allocate(std::size_t bytes) {
    auto* const memory = static_cast<std::byte*>(std::aligned_alloc(64, padded(bytes) / 64 * 64 + 64));
    std::memset(memory, 0xff, bytes);
    allocated[memory] = bytes;
    return memory;
  }
  static void release(void* memory) noexcept {
    allocated.erase(static_cast<std::byte*>(memory));
    std::free(memory);
  }
  static bool owns(const void* at, std::size_t bytes) {
    const auto* const first = static_cast<const std::byte*>(at);
    const auto next = allocated.upper_bound(first);
    if (next == allocated.begin()) return false;
    const auto& [start, size] = *std::prev(next);
    return first + bytes <= start + size;
  }
  static void copy_in(void* to, const void* from, std::size_t bytes) {
    BOOST_TEST_REQUIRE(owns(to, bytes));
    BOOST_TEST_REQUIRE(!owns(from, 1));
    std::memcpy(to, from, bytes);
  }
  static void copy_out(void* to, const void* from, std::size_t bytes, Stream) {
    BOOST_TEST_REQUIRE(owns(from, bytes));
    BOOST_TEST_REQUIRE(!owns(to, 1));
    std::memcpy(to, from, bytes);
  }
  template <class Call>
  static bool start(const Call& call, std::size_t blocks, Stream) noexcept {
    if (refuses) return false;
    const auto shared = std::make_unique<typename Call::Shared>();
    for (std::size_t block = 0; block < blocks; ++block) {
      std::memset(static_cast<void*>(shared.get()), 0xff, sizeof *shared);
      if (by_threads)
        BlockTwin::by_threads([&] { call(block, *shared); });
      else
        call(block, *shared);
    }
    return true;
  }
};

/// Numbers on the device that begin as these of the host.
template <class T>
struct OnDevice {
  explicit OnDevice(const std::vector<T>& from) : array(from.data(), from.size()), size(from.size()) {}
  std::vector<T> back() const {
    std::vector<T> to(size);
    TwinDevice::copy_out(to.data(), array.data(), size * sizeof(T), 0);
    return to;
  }
  DeviceArray<T, TwinDevice> array;
  std::size_t size;
};

template <std::size_t Outputs>
using Model = ChemNNE<test::Small<Outputs>>;

/// A host with species in another order, one that the emulator does not know, and a few cells that are odd.
template <std::size_t Outputs, class T>
struct Host {
  static constexpr std::size_t cells = 41, species = Outputs + 1;
  HostFields fields{.species = {}, .conditions = {"sun", "unused", "temperature"}};
  std::vector<T> state, conditions;
  test::TemporaryFolder folder;
  std::string file = folder.file("weights.safetensors");

  Host() {
    fields.species.push_back("inert");
    for (std::size_t i = Outputs; i-- > 0;)
      fields.species.push_back(std::string(1, static_cast<char>('A' + i)));
    Random random(3);
    for (std::size_t i = 0; i < species * cells; ++i)
      state.push_back(static_cast<T>(std::pow(10, random.uniform(6, 9))));
    for (std::size_t cell = 0; cell < cells; ++cell)
      conditions.push_back(static_cast<T>(random.uniform(0, 1)));
    conditions.resize(2 * cells, std::numeric_limits<T>::quiet_NaN());
    for (std::size_t cell = 0; cell < cells; ++cell)
      conditions.push_back(static_cast<T>(random.uniform(250, 330)));
    using Limits = std::numeric_limits<T>;
    state[species * cells - 3] = Limits::quiet_NaN();  // A of a cell
    state[species * cells - 5] = Limits::infinity();
    state[species * cells - 7] = 0;
    state[species * cells - 9] = static_cast<T>(1e17);  // outside the training data
    state[species * cells - 11] = static_cast<T>(-1);
    conditions[2 * cells + 13] = static_cast<T>(-4);  // no temperature
    auto description = test::small_description<test::Small<Outputs>>();
    for (auto& range : description.output_range) range = {6.5, 8.6};  // so that limits act
    test::write_small<test::Small<Outputs>>(file, test::small_parameters<test::Small<Outputs>>(),
                                            description);
  }
};

/// What is left to `Emulator` is off.
const EmulatorOptions plain{.element_exact = false, .budget_tolerance = 1e300};

/// The twin's result and flags are those of an emulator on the host with the same arithmetic, to the bit.
template <std::size_t Outputs, class T, class Guard>
void compare(double seconds, Guard guard) {
  const Host<Outputs, T> host;
  Emulator<Model<Outputs>, properties::Collective> expected(host.file, plain);
  typename Emulator<Model<Outputs>, properties::Collective>::Workspace workspace;
  auto state = host.state;
  std::vector<CellFlags> flags(host.cells);
  const auto wanted =
      expected.advance(expected.bind(host.fields), Columns<T>::item_major(state.data(), host.cells),
                       Columns<const T>::item_major(host.conditions.data(), host.cells), seconds, workspace,
                       {.flags = flags.data()}, guard);
  BOOST_TEST_REQUIRE(wanted.valid_step);

  DeviceEmulator<Model<Outputs>, TwinDevice> emulator(host.file, plain);
  const auto binding = emulator.bind(host.fields);
  const OnDevice<T> device(host.state), conditions(host.conditions);
  const OnDevice<CellFlags> device_flags(std::vector<CellFlags>(host.cells, 0xff));
  BOOST_TEST(emulator.advance(binding, Columns<T>::item_major(device.array.data(), host.cells),
                              Columns<const T>::item_major(conditions.array.data(), host.cells), seconds, 0,
                              device_flags.array.data(), guard));
  const auto found = device.back();
  BOOST_TEST(std::memcmp(found.data(), state.data(), state.size() * sizeof(T)) == 0);
  BOOST_TEST(device_flags.back() == flags);
  const StepStatus status = emulator.status(0);
  BOOST_TEST(status.cells == wanted.cells);
  BOOST_TEST(status.outside_training == wanted.outside_training);
  BOOST_TEST(status.limited == wanted.limited);
  BOOST_TEST(status.left_unchanged == wanted.left_unchanged);
  BOOST_TEST(status.limited > 0);
  BOOST_TEST(status.left_unchanged >= 3);
}

struct EachWay {
  ~EachWay() {
    BlockTwin::order = BlockTwin::Order::forwards;
    TwinDevice::by_threads = TwinDevice::refuses = false;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_step_is_that_of_the_emulator_on_the_host, EachWay) {
  for (const double seconds : {3600.0, 600.0}) {
    compare<3, double>(seconds, Clamp{});
    compare<3, double>(seconds, FlagOnly{});
    compare<5, float>(seconds, KeepOld{});
  }
}

BOOST_FIXTURE_TEST_CASE(it_depends_on_neither_order_nor_threads, EachWay) {
  for (const double seconds : {3600.0, 600.0}) {
    BlockTwin::order = BlockTwin::Order::backwards;
    compare<3, double>(seconds, Clamp{});
    BlockTwin::order = BlockTwin::Order::shuffled;
    compare<3, double>(seconds, Clamp{});
    TwinDevice::by_threads = true;
    compare<3, double>(seconds, Clamp{});
  }
}

BOOST_FIXTURE_TEST_CASE(what_is_not_valid_changes_nothing, EachWay) {
  const Host<3, double> host;
  DeviceEmulator<Model<3>, TwinDevice> emulator(host.file, plain);
  const auto binding = emulator.bind(host.fields);
  const OnDevice<double> state(host.state), conditions(host.conditions);
  const auto advance = [&](double seconds, std::size_t cells) {
    return emulator.advance(binding, Columns<double>::item_major(state.array.data(), host.cells),
                            Columns<const double>::item_major(conditions.array.data(), cells), seconds, 0);
  };
  for (const double seconds : {0.0, -1.0, 3601.0, std::nan("")}) BOOST_TEST(!advance(seconds, host.cells));
  BOOST_TEST(!advance(600, host.cells - 1));
  TwinDevice::refuses = true;
  BOOST_TEST(!advance(600, host.cells));
  BOOST_TEST(std::memcmp(state.back().data(), host.state.data(), host.state.size() * sizeof(double)) == 0);
  BOOST_TEST(emulator.status(0).cells == 0u);
}

BOOST_AUTO_TEST_CASE(what_a_device_does_not_do_is_asked_for_in_vain) {
  const Host<3, double> host;
  using OnTwin = DeviceEmulator<Model<3>, TwinDevice>;
  BOOST_CHECK_THROW(OnTwin(host.file, EmulatorOptions{}), Error);
  BOOST_CHECK_THROW(OnTwin(host.file, {.fingerprint = "another", .element_exact = false}), Error);
  BOOST_TEST(TwinDevice::allocated.empty());
}

BOOST_AUTO_TEST_CASE(a_copy_that_is_forgotten_shows) {
  const Host<3, double> host;
  DeviceEmulator<Model<3>, TwinDevice> emulator(host.file, plain);
  const auto binding = emulator.bind(host.fields);
  const OnDevice<double> state(host.state);
  void* const never_copied = TwinDevice::allocate(host.conditions.size() * sizeof(double));
  BOOST_TEST(emulator.advance(
      binding, Columns<double>::item_major(state.array.data(), host.cells),
      Columns<const double>::item_major(static_cast<const double*>(never_copied), host.cells), 3600, 0));
  BOOST_TEST(emulator.status(0).left_unchanged == host.cells);
  TwinDevice::release(never_copied);
}

BOOST_AUTO_TEST_CASE(a_tile_of_the_default_network_is_several_cells) {
  using Default = ChemNNE<DefaultConfiguration<49, 49>>;
  static_assert(BlockStep<Default, ThreadBlock, 163 * 1024, true>::cells == 12);
  static_assert(BlockStep<Default, ThreadBlock, 227 * 1024, true>::cells == 16);
}
