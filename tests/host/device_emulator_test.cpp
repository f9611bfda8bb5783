#define BOOST_TEST_MODULE host_device_emulator
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include "twin_device.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/reference.hpp>
#include <chemnne/host/device_emulator.hpp>
#include <chemnne/host/emulator.hpp>
#include <chemnne/io/uncertainty.hpp>

using namespace chemnne;
using properties::BlockTwin;
using test::TwinDevice;

namespace {

/// Numbers on the device that begin as these of the host.
template <class T>
struct OnDevice {
  explicit OnDevice(const std::vector<T>& from) : array(from.data(), from.size()), size(from.size()) {}
  std::vector<T> back() const {
    std::vector<T> to(size);
    TwinDevice::copy_out(to.data(), array.data(), size * sizeof(T), nullptr);
    return to;
  }
  DeviceArray<T, TwinDevice> array;
  std::size_t size;
};

template <std::size_t Outputs>
using Model = ChemNNE<test::Small<Outputs>>;

/// What a weights file says of cells.
struct Said {
  bool calibrated = true;
  chemnne::ValueRange outputs = {6.5, 8.6};  ///< so that limits act
  chemnne::ValueRange temperature = {243, 333};
  float threshold = 0.82f;
};

/// A host with species in another order, one that the emulator does not know, and a few cells that are odd. Two
/// elements are conserved.
template <std::size_t Outputs, class T>
struct Host {
  static constexpr std::size_t cells = 41, species = Outputs + 1;
  HostFields fields{.species = {}, .conditions = {"sun", "unused", "temperature"}};
  std::vector<T> state, conditions;
  test::TemporaryFolder folder;
  std::string file = folder.file("weights.safetensors");

  explicit Host(const Said& said = {}) {
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
    state[species * cells - 13] = state[(species - 1) * cells - 13] = static_cast<T>(1e-12);  // A, B: faint
    conditions[2 * cells + 13] = static_cast<T>(-4);  // no temperature
    auto description = test::small_description<test::Small<Outputs>>();
    for (auto& range : description.output_range) range = said.outputs;
    description.condition_range[0] = said.temperature;
    description.elements = {"X", "Y"};
    description.composition = {std::vector<double>(Outputs), std::vector<double>(Outputs)};
    description.composition[0] = {1, 2, 0};
    description.composition[1] = {0, 1, 1};
    for (auto& atoms : description.composition) atoms.resize(Outputs);
    test::write_small<test::Small<Outputs>>(file, test::small_parameters<test::Small<Outputs>>(),
                                            description);
    if (!said.calibrated) return;
    Uncertainty uncertainty = test::small_uncertainty<test::Small<Outputs>>();
    uncertainty.threshold = said.threshold;
    write_uncertainty(file, uncertainty);
  }

  /// The first of the cells.
  template <class U>
  static Columns<U> first(U* data, std::size_t count) {
    return {data, count, 1, cells};
  }
};

const EmulatorOptions projected{}, flagged{.element_exact = false, .budget_tolerance = 0.1},
    plain{.element_exact = false, .budget_tolerance = 1e300};

/// The twin's result, flags, scores and widths are those of an emulator on the host with the same arithmetic, to
/// the bit, and its list is that of the suspicious cells. Returns what the host counts.
template <std::size_t Outputs, class T, class Guard>
StepStatus compare(const Host<Outputs, T>& host, double seconds, Guard guard, const EmulatorOptions& options,
                   std::size_t count = Host<Outputs, T>::cells) {
  Emulator<Model<Outputs>, properties::Collective> expected(host.file, options);
  typename Emulator<Model<Outputs>, properties::Collective>::Workspace workspace;
  auto state = host.state;
  std::vector<CellFlags> flags(count);
  std::vector<double> score(count), width(count * Outputs);
  const auto wanted = expected.advance(expected.bind(host.fields), host.first(state.data(), count),
                                       host.first(host.conditions.data(), count), seconds, workspace,
                                       {.half_width = Columns<double>::item_major(width.data(), count),
                                        .score = Columns<double>::item_major(score.data(), count),
                                        .flags = flags.data()},
                                       guard);
  BOOST_TEST_REQUIRE(wanted.valid_step);

  DeviceEmulator<Model<Outputs>, TwinDevice> emulator(host.file, options);
  BOOST_TEST(emulator.calibrated() == expected.calibrated());
  const auto binding = emulator.bind(host.fields);
  const OnDevice<T> device(host.state), conditions(host.conditions);
  const OnDevice<CellFlags> device_flags(std::vector<CellFlags>(count, 0xff));
  const OnDevice<double> device_score(std::vector<double>(count, -1)),
      device_width(std::vector<double>(count * Outputs, -1));
  SuspectList<TwinDevice> suspects(count);
  BOOST_TEST(emulator.advance(binding, host.first(device.array.data(), count),
                              host.first(static_cast<const T*>(conditions.array.data()), count), seconds,
                              nullptr,
                              {.half_width = Columns<double>::item_major(device_width.array.data(), count),
                               .score = Columns<double>::item_major(device_score.array.data(), count),
                               .flags = device_flags.array.data()},
                              guard, &suspects));
  const auto found = device.back();
  BOOST_TEST(std::memcmp(found.data(), state.data(), state.size() * sizeof(T)) == 0);
  BOOST_TEST(device_flags.back() == flags);
  BOOST_TEST(device_score.back() == score);
  BOOST_TEST(device_width.back() == width);
  std::vector<std::uint32_t> of_flags;
  for (std::size_t cell = 0; cell < count; ++cell)
    if ((flags[cell] & suspicious) != 0) of_flags.push_back(static_cast<std::uint32_t>(cell));
  BOOST_TEST(suspects.fetch(nullptr) == of_flags);
  const StepStatus status = emulator.status(nullptr);
  BOOST_TEST(status.cells == wanted.cells);
  BOOST_TEST(status.outside_training == wanted.outside_training);
  BOOST_TEST(status.uncertain == wanted.uncertain);
  BOOST_TEST(status.limited == wanted.limited);
  BOOST_TEST(status.budget == wanted.budget);
  BOOST_TEST(status.left_unchanged == wanted.left_unchanged);
  return wanted;
}

/// The same for all cells of a host in which everything happens that can.
template <std::size_t Outputs, class T, class Guard>
void compare_all(double seconds, Guard guard, const EmulatorOptions& options = projected) {
  const Host<Outputs, T> host;
  const StepStatus status = compare(host, seconds, guard, options);
  BOOST_TEST(status.outside_training > 0);
  BOOST_TEST(status.uncertain > 0);
  BOOST_TEST(status.uncertain < host.cells);
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
  for (const double seconds : {3600.0, 600.0, 7200.0, 9000.0})
    for (const EmulatorOptions& options : {projected, flagged, plain}) {
      compare_all<3, double>(seconds, Clamp{}, options);
      compare_all<3, double>(seconds, FlagOnly{}, options);
      compare_all<5, float>(seconds, KeepOld{}, options);
    }
}

BOOST_FIXTURE_TEST_CASE(it_depends_on_neither_order_nor_threads, EachWay) {
  for (const double seconds : {3600.0, 9000.0}) {
    BlockTwin::order = BlockTwin::Order::backwards;
    compare_all<3, double>(seconds, Clamp{});
    BlockTwin::order = BlockTwin::Order::shuffled;
    compare_all<3, double>(seconds, Clamp{});
    TwinDevice::by_threads = true;
    compare_all<3, double>(seconds, Clamp{});
    TwinDevice::by_threads = false;
  }
}

BOOST_AUTO_TEST_CASE(any_number_of_cells) {
  constexpr std::size_t tile = BlockStep<Model<3>, BlockTwin, TwinDevice::shared_memory, true>::cells;
  static_assert(tile > 1 && 2 * tile < Host<3, double>::cells && Host<3, double>::cells % tile != 0);
  const Host<3, double> host;
  for (const std::size_t count : {std::size_t{1}, tile - 1, tile, tile + 1, 2 * tile})
    compare(host, 3600, Clamp{}, projected, count);
}

BOOST_AUTO_TEST_CASE(all_cells_are_suspicious_or_none) {
  const Host<3, double> cold({.temperature = {100, 200}});
  const StepStatus all = compare(cold, 3600, KeepOld{}, projected);
  BOOST_TEST(all.outside_training == all.cells);
  BOOST_TEST(all.left_unchanged == all.cells);
  const Host<3, double> any({.outputs = {-30, 40}, .threshold = 1e30f});
  BOOST_TEST(compare(any, 3600, Clamp{}, projected, 13).clean());
}

BOOST_AUTO_TEST_CASE(without_calibration_nothing_is_known) {
  const Host<3, double> host({.calibrated = false});
  const StepStatus status = compare(host, 3600, Clamp{}, projected);
  BOOST_TEST(status.uncertain == 0u);
}

BOOST_AUTO_TEST_CASE(a_list_is_that_of_the_last_step) {
  const Host<3, double> host;
  DeviceEmulator<Model<3>, TwinDevice> emulator(host.file, projected);
  const auto binding = emulator.bind(host.fields);
  const OnDevice<double> conditions(host.conditions);
  SuspectList<TwinDevice> suspects(host.cells);
  BOOST_TEST(suspects.fetch(nullptr).empty());
  std::vector<std::uint32_t> before;
  for (int call = 0; call < 2; ++call) {
    const OnDevice<double> state(host.state);
    BOOST_TEST(emulator.advance(binding, Columns<double>::item_major(state.array.data(), host.cells),
                                Columns<const double>::item_major(conditions.array.data(), host.cells), 3600,
                                nullptr, {}, KeepOld{}, &suspects));
    const auto now = suspects.fetch(nullptr);
    BOOST_TEST(!now.empty());
    if (call > 0) BOOST_TEST(now == before);
    before = now;
    const auto kept = state.back();
    for (const std::uint32_t cell : now)
      for (std::size_t i = 0; i < host.species; ++i) {
        const std::size_t at = i * host.cells + cell;
        BOOST_TEST(std::memcmp(&kept[at], &host.state[at], sizeof(double)) == 0);
      }
  }
  BOOST_TEST(emulator.advance(binding, Columns<double>::item_major(nullptr, 0),
                              Columns<const double>::item_major(nullptr, 0), 3600, nullptr, {}, Clamp{},
                              &suspects));
  BOOST_TEST(suspects.fetch(nullptr).empty());
}

BOOST_FIXTURE_TEST_CASE(what_is_not_valid_changes_nothing, EachWay) {
  const Host<3, double> host;
  DeviceEmulator<Model<3>, TwinDevice> emulator(host.file, plain);
  const auto binding = emulator.bind(host.fields);
  const OnDevice<double> state(host.state), conditions(host.conditions);
  SuspectList<TwinDevice> enough(host.cells), too_few(host.cells - 1);
  const auto advance = [&](double seconds, std::size_t cells, std::size_t scores = Host<3, double>::cells,
                           SuspectList<TwinDevice>* suspects = nullptr) {
    return emulator.advance(binding, Columns<double>::item_major(state.array.data(), host.cells),
                            Columns<const double>::item_major(conditions.array.data(), cells), seconds,
                            nullptr, {.score = Columns<double>::item_major(state.array.data(), scores)},
                            Clamp{}, suspects);
  };
  for (const double seconds : {0.0, -1.0, 3.7e8, std::nan("")}) BOOST_TEST(!advance(seconds, host.cells));
  BOOST_TEST(!advance(600, host.cells - 1));
  BOOST_TEST(!advance(600, host.cells, host.cells - 1));
  BOOST_TEST(!advance(600, host.cells, host.cells, &too_few));
  TwinDevice::refuses = true;
  BOOST_TEST(!advance(600, host.cells));
  BOOST_TEST(!advance(600, host.cells, host.cells, &enough));
  BOOST_TEST(std::memcmp(state.back().data(), host.state.data(), host.state.size() * sizeof(double)) == 0);
  BOOST_TEST(emulator.status(nullptr).cells == 0u);
}

BOOST_AUTO_TEST_CASE(what_the_options_ask_in_vain) {
  const Host<3, double> host;
  using OnTwin = DeviceEmulator<Model<3>, TwinDevice>;
  BOOST_CHECK_THROW(OnTwin(host.file, {.coverage = 0.7}), Error);
  BOOST_CHECK_THROW(OnTwin(host.file, {.fingerprint = "another", .element_exact = false}), Error);
  BOOST_TEST(TwinDevice::is_empty());
}

BOOST_AUTO_TEST_CASE(it_stays_on_its_device) {
  const Host<3, double> host;
  using OnTwin = DeviceEmulator<Model<3>, TwinDevice>;
  BOOST_CHECK_EXCEPTION(OnTwin(host.file, plain, 2), Error, [](const Error& e) {
    return std::string(e.what()).find("device 0 or 1") != std::string::npos;
  });
  OnTwin second(host.file, plain, 1);
  const auto binding = second.bind(host.fields);
  auto suspects = second.suspects(host.cells);
  BOOST_TEST(TwinDevice::current() == 0);
  const auto step = [&](const OnDevice<double>& state, const OnDevice<double>& conditions) {
    return second.advance(binding, Columns<double>::item_major(state.array.data(), host.cells),
                          Columns<const double>::item_major(conditions.array.data(), host.cells), 3600,
                          nullptr, {}, KeepOld{}, &suspects);
  };
  const OnDevice<double> first_state(host.state), first_conditions(host.conditions);
  BOOST_TEST(!step(first_state, first_conditions));
  std::unique_ptr<OnDevice<double>> state, conditions;
  {
    const TwinDevice::On here(1);
    state = std::make_unique<OnDevice<double>>(host.state);
    conditions = std::make_unique<OnDevice<double>>(host.conditions);
  }
  BOOST_TEST(step(*state, *conditions));
  BOOST_TEST(second.status(nullptr).cells == host.cells);
  BOOST_TEST(!suspects.fetch(nullptr).empty());
  BOOST_TEST(TwinDevice::current() == 0);
}

BOOST_AUTO_TEST_CASE(a_copy_that_is_forgotten_shows) {
  const Host<3, double> host;
  DeviceEmulator<Model<3>, TwinDevice> emulator(host.file, plain);
  const auto binding = emulator.bind(host.fields);
  const OnDevice<double> state(host.state);
  void* const never_copied = TwinDevice::allocate(host.conditions.size() * sizeof(double));
  BOOST_TEST(emulator.advance(
      binding, Columns<double>::item_major(state.array.data(), host.cells),
      Columns<const double>::item_major(static_cast<const double*>(never_copied), host.cells), 3600,
      nullptr));
  BOOST_TEST(emulator.status(nullptr).left_unchanged == host.cells);
  TwinDevice::release(never_copied);
}

BOOST_AUTO_TEST_CASE(a_tile_of_the_default_network_is_several_cells) {
  using Default = ChemNNE<DefaultConfiguration<49, 49>>;
  static_assert(BlockStep<Default, ThreadBlock, 163 * 1024, true>::cells == 12);
  static_assert(BlockStep<Default, ThreadBlock, 227 * 1024, true>::cells == 16);
}
