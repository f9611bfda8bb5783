#define BOOST_TEST_MODULE host_staged_step
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include "twin_device.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/host/emulator.hpp>
#include <chemnne/host/staged_step.hpp>
#include <chemnne/io/uncertainty.hpp>

using namespace chemnne;
using test::TwinDevice;

namespace {

template <std::size_t Outputs>
using Model = ChemNNE<test::Small<Outputs>>;

/// A host whose species have another order, and one that the emulator does not know, while it lacks the last one that
/// the emulator gives beyond its three; in mole fractions. One cell has no state, one is too hot.
template <std::size_t Outputs, class T>
struct Host {
  static constexpr std::size_t cells = 41;
  HostFields fields{.species = {"inert"},
                    .conditions = {"air_number_density", "unused", "temperature", "unused too"}};
  std::size_t species;
  std::vector<T> state, conditions;
  test::TemporaryFolder folder;
  std::string file = folder.file("weights.safetensors");

  Host() {
    constexpr std::size_t known = Outputs > 3 ? Outputs - 1 : 3;
    for (std::size_t i = known; i-- > 0;)
      fields.species.push_back(std::string(1, static_cast<char>('A' + i)));
    species = fields.species.size();
    fields.unit = Unit::mole_fraction;
    Random random(3);
    for (std::size_t i = 0; i < species * cells; ++i)
      state.push_back(static_cast<T>(std::pow(10, random.uniform(7.5, 9))));
    const auto some = [&](double low, double high) {
      for (std::size_t cell = 0; cell < cells; ++cell)
        conditions.push_back(static_cast<T>(random.uniform(low, high)));
    };
    some(0.2, 1);
    conditions.resize(2 * cells, std::numeric_limits<T>::quiet_NaN());
    some(265, 310);
    some(0, 1);
    state[species * cells - 3] = std::numeric_limits<T>::quiet_NaN();
    conditions[2 * cells + 13] = 1000;
    auto description = test::small_description<test::Small<Outputs>>();
    description.conditions = {"temperature", "air_number_density"};  // thin air, of 0.2 to 1 molecules cm-3
    test::write_small<test::Small<Outputs>>(file, test::small_parameters<test::Small<Outputs>>(),
                                            description);
    write_uncertainty(file, test::small_uncertainty<test::Small<Outputs>>());
  }

  /// Species of a cell together, or cells of a species, or blocks of five cells.
  Columns<T> of(std::vector<T>& values, std::size_t items, int layout) const {
    return layout == 0   ? Columns<T>::item_major(values.data(), cells)
           : layout == 1 ? Columns<T>::cell_major(values.data(), cells, items)
                         : Columns<T>::blocks(values.data(), cells, items, 5);
  }
  /// The values of an array by item in another layout.
  std::vector<T> laid_out(const std::vector<T>& by_item, std::size_t items, int layout) const {
    std::vector<T> values((cells + 4) / 5 * 5 * items, T(-5));
    const Columns<T> to = of(values, items, layout);
    for (std::size_t cell = 0; cell < cells; ++cell)
      for (std::size_t i = 0; i < items; ++i) to(cell, i) = by_item[i * cells + cell];
    return values;
  }
};

/// The parts together are the bits of the emulator on the host with the same arithmetic, in any layout.
template <std::size_t Outputs, class T, class Guard>
void compare(double seconds, Guard guard, std::size_t part, int layout) {
  const Host<Outputs, T> host;
  constexpr std::size_t cells = Host<Outputs, T>::cells;
  Emulator<Model<Outputs>, properties::Collective> expected(host.file);
  typename Emulator<Model<Outputs>, properties::Collective>::Workspace workspace;
  auto wanted_state = host.laid_out(host.state, host.species, layout), state = wanted_state;
  auto conditions = host.laid_out(host.conditions, 4, layout);
  std::vector<CellFlags> wanted_flags(cells), flags(cells);
  std::vector<double> wanted_score(cells), score(cells), wanted_width(cells * Outputs),
      width(cells * Outputs);
  const auto report = [](std::vector<CellFlags>& f, std::vector<double>& s, std::vector<double>& w) {
    return StepReport{.half_width = Columns<double>::cell_major(w.data(), cells, Outputs),
                      .score = Columns<double>::cell_major(s.data(), cells, 1),
                      .flags = f.data()};
  };
  const StepStatus wanted =
      expected.advance(expected.bind(host.fields), host.of(wanted_state, host.species, layout),
                       Columns<const T>(host.of(conditions, 4, layout)), seconds, workspace,
                       report(wanted_flags, wanted_score, wanted_width), guard);
  BOOST_TEST_REQUIRE(wanted.outside_training > 0);
  BOOST_TEST_REQUIRE(wanted.left_unchanged > 0);

  {
    DeviceEmulator<Model<Outputs>, TwinDevice> emulator(host.file, {}, 1);
    StagedStep<Model<Outputs>, TwinDevice> staged(emulator, host.fields,
                                                  {.cells = part, .half_widths = true});
    const StepStatus found =
        staged.advance(host.of(state, host.species, layout), host.of(conditions, 4, layout), seconds,
                       report(flags, score, width), guard);
    BOOST_TEST(std::memcmp(state.data(), wanted_state.data(), state.size() * sizeof(T)) == 0);
    BOOST_TEST(flags == wanted_flags);
    BOOST_TEST(score == wanted_score);
    BOOST_TEST(width == wanted_width);
    BOOST_TEST(found.summary() == wanted.summary());
    BOOST_TEST(TwinDevice::current() == 0);
    auto again = host.laid_out(host.state, host.species, layout);  // the memory of a step before is no matter
    staged.advance(host.of(again, host.species, layout), host.of(conditions, 4, layout), seconds, {}, guard);
    BOOST_TEST(std::memcmp(again.data(), wanted_state.data(), state.size() * sizeof(T)) == 0);
  }
  BOOST_TEST(TwinDevice::is_empty());
}

struct NoFailures {
  ~NoFailures() {
    TwinDevice::fails_after = 0;
    TwinDevice::refuses = false;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(parts_are_the_whole) {
  for (const std::size_t part :
       {std::size_t{1}, std::size_t{7}, std::size_t{20}, std::size_t{41}, std::size_t{1000}})
    for (const double seconds : {3600.0, 600.0, 9000.0}) {
      compare<3, double>(seconds, Clamp{}, part, 0);
      compare<5, float>(seconds, KeepOld{}, part, 0);
    }
}

BOOST_AUTO_TEST_CASE(in_any_layout) {
  for (const int layout : {1, 2}) {
    compare<3, double>(3600, FlagOnly{}, 16, layout);
    compare<5, float>(1800, Clamp{}, 16, layout);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_valid_changes_nothing) {
  Host<3, double> host;
  DeviceEmulator<Model<3>, TwinDevice> emulator(host.file);
  using Staged = StagedStep<Model<3>, TwinDevice>;
  BOOST_CHECK_THROW(Staged(emulator, host.fields, {.cells = 0}), Error);
  HostFields unknown = host.fields;
  unknown.species.pop_back();
  BOOST_CHECK_THROW(Staged(emulator, unknown), Error);
  Staged staged(emulator, host.fields);
  const auto before = host.state;
  const Columns<double> state = host.of(host.state, host.species, 0);
  const Columns<const double> conditions = host.of(host.conditions, 4, 0);
  std::vector<double> width(3 * host.cells);
  for (const double seconds : {0.0, -1.0, 3.7e8, std::nan("")})
    BOOST_TEST(!staged.advance(state, conditions, seconds).valid_step);
  Columns<const double> less = conditions;
  --less.cells;
  BOOST_TEST(!staged.advance(state, less, 600).valid_step);
  BOOST_TEST(!staged
                  .advance(state, conditions, 600,
                           {.half_width = Columns<double>::item_major(width.data(), host.cells)})
                  .valid_step);
  BOOST_TEST(std::memcmp(before.data(), host.state.data(), before.size() * sizeof(double)) == 0);
  const StepStatus none = staged.advance(Columns<double>::item_major(nullptr, 0),
                                         Columns<const double>::item_major(nullptr, 0), 600);
  BOOST_TEST(none.valid_step);
  BOOST_TEST(none.cells == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_device_that_fails_on_the_way_loses_nothing, NoFailures) {
  for (const bool refuses : {false, true}) {
    Host<3, double> host;
    DeviceEmulator<Model<3>, TwinDevice> emulator(host.file);
    StagedStep<Model<3>, TwinDevice> staged(emulator, host.fields, {.cells = 10});
    const auto before = host.state;
    auto whole = before;
    const Columns<const double> conditions = host.of(host.conditions, 4, 0);
    staged.advance(host.of(whole, host.species, 0), conditions, 3600);
    TwinDevice::fails_after = refuses ? 0 : 3;
    TwinDevice::refuses = refuses;
    BOOST_CHECK_THROW(staged.advance(host.of(host.state, host.species, 0), conditions, 3600), Error);
    TwinDevice::refuses = false;
    for (std::size_t i = 0; i < host.species; ++i)
      for (std::size_t cell = 0; cell < host.cells; ++cell) {
        const std::size_t at = i * host.cells + cell;
        const double& expected = (!refuses && cell < 20 ? whole : before)[at];
        BOOST_TEST(std::memcmp(&host.state[at], &expected, sizeof expected) == 0);
      }
    host.state = before;
    staged.advance(host.of(host.state, host.species, 0), conditions, 3600);  // and it goes on
    BOOST_TEST(std::memcmp(host.state.data(), whole.data(), whole.size() * sizeof(double)) == 0);
  }
}
