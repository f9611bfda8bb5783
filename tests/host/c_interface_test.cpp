#define BOOST_TEST_MODULE host_c_interface
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "c_host.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/host/c_interface.hpp>

using namespace chemnne;
using test::contains;

namespace {

using C = test::Small<>;
using test::Binding, test::Emulated, test::Memory, test::Interface, test::Opened, test::Text, test::same_bits;
constexpr std::size_t cells = Opened::cells;

template <class T>
std::vector<T> as(const std::vector<double>& values) {
  std::vector<T> result;
  for (const double value : values) result.push_back(static_cast<T>(value));
  return result;
}

/// The step of C on [block][species][length] of a host that has more species, in another order, beside that
/// of C++ with the same fields.
template <class T>
void is_the_step_of_cpp(double seconds) {
  Opened host;
  const std::size_t length = 8, items = 5, blocks = 5;
  const std::vector<const char*> species{"C", "X", "A", "Y", "B"}, conditions{"sun", "temperature"};
  const std::vector<double> mass{40, 1, 30, 1, 50};
  std::vector<T> state = as<T>(std::vector<double>(blocks * items * length, 1e-9)),
                 weather = as<T>(std::vector<double>(cells * 2));
  for (std::size_t cell = 0; cell < cells; ++cell) {
    weather[cell] = static_cast<T>(host.weather[2 * cell + 1]);
    weather[cells + cell] = static_cast<T>(host.weather[2 * cell]);
    for (std::size_t i = 0; i < items; ++i)
      state[(cell / length * items + i) * length + cell % length] =
          static_cast<T>(host.state[cell * 3 + i % 3]);
  }
  std::vector<T> expected = state;

  const Emulator<ChemNNE<C>, DefaultBackend> emulator(host.file);
  Emulator<ChemNNE<C>, DefaultBackend>::Workspace workspace;
  std::vector<CellFlags> expected_flags(cells);
  const StepStatus counted =
      emulator.advance(emulator.bind({.species = {species.begin(), species.end()},
                                      .conditions = {conditions.begin(), conditions.end()}}),
                       Columns<T>::blocks(expected.data(), cells, items, length),
                       Columns<const T>::item_major(weather.data(), cells), seconds, workspace,
                       {.flags = expected_flags.data()}, FlagOnly{});

  const chemnne_fields fields{species.data(),    species.size(),         conditions.data(),
                              conditions.size(), CHEMNNE_NUMBER_DENSITY, mass.data()};
  Binding* binding = nullptr;
  BOOST_TEST_REQUIRE(Interface::bind(host.emulator, &fields, &binding, host.said) == CHEMNNE_OK);
  const chemnne_layout layout = chemnne_blocks(cells, items, length), forcing = chemnne_item_major(cells, 2);
  std::vector<std::uint8_t> flags(cells, 255);
  const chemnne_step step = test::step_of(CHEMNNE_FLAG_ONLY, flags.data());
  const int code =
      Interface::advance(host.emulator, binding, host.memory, state.data(), &layout,
                         std::as_const(weather).data(), &forcing, seconds, &step, &host.status, host.said);
  Interface::binding_free(binding);
  BOOST_TEST_REQUIRE(code == CHEMNNE_OK, host.said.text());
  BOOST_TEST(same_bits(state, expected));
  BOOST_TEST((flags == expected_flags));
  BOOST_TEST(host.status.cells == cells);
  BOOST_TEST(host.status.outside_training == counted.outside_training);
  BOOST_TEST(host.said.text() == "");
  Text line;
  BOOST_TEST(Interface::summary(&host.status, line) == CHEMNNE_OK);
  BOOST_TEST(line.text() == counted.summary());
}

/// A solver that answers with 1, 2, 3 and writes down how many cells each call has; it cannot solve the cell
/// of number 1, and throws at that of number 3.
void solve(chemnne_cell* first, std::size_t count, void* user) {
  static_cast<std::vector<std::size_t>*>(user)->push_back(count);
  for (chemnne_cell& cell : std::span(first, count)) {
    if (cell.cell == 3) throw std::runtime_error("no convergence");
    if (cell.cell == 1) continue;
    for (std::size_t i = 0; i < cell.outputs; ++i) cell.after[i] = static_cast<double>(i + 1);
    cell.solved = 1;
  }
}

}  // namespace

static_assert(noexcept(Interface::open("", nullptr, static_cast<Emulated**>(nullptr), CMessage(nullptr, 0))));
static_assert(CHEMNNE_SOLVED == flag(CellFlag::solved) && CHEMNNE_KEPT == flag(CellFlag::kept) &&
              CHEMNNE_BUDGET == flag(CellFlag::budget) && CHEMNNE_NOT_FINITE == flag(CellFlag::not_finite) &&
              CHEMNNE_LIMITED == flag(CellFlag::limited) && CHEMNNE_UNCERTAIN == flag(CellFlag::uncertain) &&
              CHEMNNE_OUTSIDE_TRAINING == flag(CellFlag::outside_training) &&
              CHEMNNE_UNPHYSICAL == flag(CellFlag::unphysical));
static_assert(CHEMNNE_NUMBER_DENSITY == static_cast<int>(Unit::number_density) &&
              CHEMNNE_MOLE_FRACTION == static_cast<int>(Unit::mole_fraction) &&
              CHEMNNE_MASS_MIXING_RATIO == static_cast<int>(Unit::mass_mixing_ratio));

BOOST_AUTO_TEST_CASE(a_step_has_the_bits_of_the_emulator_in_any_layout_and_precision) {
  for (const double seconds : {600.0, C::horizon, 1.5 * C::horizon}) {
    is_the_step_of_cpp<double>(seconds);
    is_the_step_of_cpp<float>(seconds);
  }
}

BOOST_AUTO_TEST_CASE(bytes_are_as_good_as_their_file) {
  Opened host;
  const std::string bytes = read_text_file(host.file);
  Opened other;
  Interface::binding_free(other.binding);
  Interface::close(std::exchange(other.emulator, nullptr));
  const chemnne_options options{"0123456789abcdef", 0, 0, 0};
  BOOST_TEST_REQUIRE(
      Interface::open_bytes(bytes.data(), bytes.size(), &options, &other.emulator, other.said) == CHEMNNE_OK);
  const chemnne_fields fields{};
  BOOST_TEST_REQUIRE(Interface::bind(other.emulator, &fields, &other.binding, other.said) == CHEMNNE_OK);
  BOOST_TEST(host.advance(C::horizon) == CHEMNNE_OK);
  BOOST_TEST(other.advance(C::horizon) == CHEMNNE_OK);
  BOOST_TEST(same_bits(host.state, other.state));
}

BOOST_AUTO_TEST_CASE(species_and_conditions_are_found_by_name) {
  Opened host;
  std::size_t place = 9;
  BOOST_TEST(Interface::species_index(host.emulator, "B", &place, host.said) == CHEMNNE_OK);
  BOOST_TEST(place == 1u);
  BOOST_TEST(Interface::condition_index(host.emulator, "sun", &place, host.said) == CHEMNNE_OK);
  BOOST_TEST(place == 1u);
  BOOST_TEST(Interface::species_name(host.emulator, 2) == std::string("C"));
  BOOST_TEST(Interface::condition_name(host.emulator, 0) == std::string("temperature"));
  BOOST_TEST(!Interface::species_name(host.emulator, 3));
  BOOST_TEST(!Interface::condition_name(host.emulator, 2));
  BOOST_TEST(Interface::calibrated(host.emulator) == 0);
  double shares[] = {9, 9, 9};
  BOOST_TEST(Interface::lumping(host.emulator, "B", shares, host.said) == CHEMNNE_OK);
  BOOST_TEST((shares[0] == 0 && shares[1] == 1 && shares[2] == 0));
  BOOST_TEST(Interface::lumping(host.emulator, "b", shares, host.said) == CHEMNNE_BAD_NAME);
  BOOST_TEST(shares[1] == 1);
  BOOST_TEST(Interface::species_index(host.emulator, "b", &place, host.said) == CHEMNNE_BAD_NAME);
  BOOST_TEST(contains(host.said.text(), "found 'b'"), host.said.text());
  BOOST_TEST(place == 1u);
}

BOOST_AUTO_TEST_CASE(set_up_errors_are_codes_and_say_why) {
  Opened host;
  Emulated* none = nullptr;
  BOOST_TEST(Interface::open("/no/such/file", nullptr, &none, host.said) == CHEMNNE_BAD_FILE);
  BOOST_TEST(contains(host.said.text(), "/no/such/file"), host.said.text());
  const std::string cut = read_text_file(host.file).substr(0, 1000);
  BOOST_TEST(Interface::open_bytes(cut.data(), cut.size(), nullptr, &none, host.said) == CHEMNNE_BAD_FILE);
  BOOST_TEST(contains(host.said.text(), "weights in memory"), host.said.text());
  BOOST_TEST(!none);

  Binding* unbound = nullptr;
  const char* const few[] = {"A", "B"};
  const char* const twice[] = {"A", "B", "C", "A"};
  const char* const hole[] = {"A", nullptr, "C"};
  const auto bind = [&](const chemnne_fields& fields) {
    return Interface::bind(host.emulator, &fields, &unbound, host.said);
  };
  BOOST_TEST(bind({few, 2, nullptr, 0, 0, nullptr}) == CHEMNNE_BAD_NAME);
  BOOST_TEST(contains(host.said.text(), "'C'"), host.said.text());
  BOOST_TEST(bind({twice, 4, nullptr, 0, 0, nullptr}) == CHEMNNE_BAD_NAME);
  BOOST_TEST(contains(host.said.text(), "'A' twice"), host.said.text());
  BOOST_TEST(bind({hole, 3, nullptr, 0, 0, nullptr}) == CHEMNNE_BAD_ARGUMENT);
  BOOST_TEST(bind({nullptr, 0, few, 2, 0, nullptr}) == CHEMNNE_BAD_NAME);
  BOOST_TEST(bind({nullptr, 0, nullptr, 0, CHEMNNE_MOLE_FRACTION, nullptr}) == CHEMNNE_BAD_NAME);
  BOOST_TEST(bind({nullptr, 0, nullptr, 0, 3, nullptr}) == CHEMNNE_BAD_ARGUMENT);
  BOOST_TEST(bind({nullptr, 0, nullptr, 0, -1, nullptr}) == CHEMNNE_BAD_ARGUMENT);
  BOOST_TEST(!unbound);

  // No names of conditions are the emulator's: none is read beyond what the host has.
  BOOST_TEST_REQUIRE(bind({nullptr, 0, few, 0, 0, nullptr}) == CHEMNNE_OK);
  host.untouched = host.state;
  host.forcing = chemnne_cell_major(cells, 0);
  host.refused(Interface::advance(host.emulator, unbound, host.memory, host.state.data(), &host.layout,
                                  std::as_const(host.weather).data(), &host.forcing, 60, nullptr,
                                  &host.status, host.said),
               CHEMNNE_BAD_ARGUMENT, "were bound");
  Interface::binding_free(unbound);
}

BOOST_AUTO_TEST_CASE(null_pointers_are_errors_or_nothing) {
  Opened host;
  Emulated* const nothing = nullptr;
  Emulated* made = nullptr;
  const chemnne_fields fields{};
  std::size_t place = 0;
  double share = 0;
  Text said;
  for (const int code :
       {Interface::open(nullptr, nullptr, &made, said),
        Interface::open("x", nullptr, static_cast<Emulated**>(nullptr), said),
        Interface::open_bytes(nullptr, 3, nullptr, &made, said),
        Interface::species_index(nothing, "A", &place, said),
        Interface::species_index(host.emulator, nullptr, &place, said),
        Interface::condition_index(host.emulator, "sun", nullptr, said),
        Interface::lumping(host.emulator, "A", nullptr, said), Interface::lumping(nothing, "A", &share, said),
        Interface::workspace_create(static_cast<Memory**>(nullptr), said),
        Interface::bind(nothing, &fields, &host.binding, said),
        Interface::bind(host.emulator, nullptr, &host.binding, said),
        Interface::bind(host.emulator, &fields, static_cast<Binding**>(nullptr), said),
        Interface::summary(nullptr, said)})
    BOOST_TEST(code == CHEMNNE_BAD_ARGUMENT);
  BOOST_TEST(!Interface::species_name(nothing, 0));
  BOOST_TEST(!Interface::condition_name(nothing, 0));
  BOOST_TEST(Interface::calibrated(nothing) == 0);
  Interface::close(nothing);
  Interface::workspace_free(static_cast<Memory*>(nullptr));
  Interface::binding_free(static_cast<Binding*>(nullptr));

  host.untouched = host.state;
  const auto advance = [&](Emulated* e, Binding* b, Memory* m, double* state, const double* weather) {
    return Interface::advance(e, b, m, state, &host.layout, weather, &host.forcing, 60, nullptr, &host.status,
                              host.said);
  };
  double* const state = host.state.data();
  const double* const weather = host.weather.data();
  host.refused(advance(nullptr, host.binding, host.memory, state, weather), CHEMNNE_BAD_ARGUMENT, "emulator");
  host.refused(advance(host.emulator, nullptr, host.memory, state, weather), CHEMNNE_BAD_ARGUMENT, "binding");
  host.refused(advance(host.emulator, host.binding, nullptr, state, weather), CHEMNNE_BAD_ARGUMENT,
               "workspace");
  host.refused(advance(host.emulator, host.binding, host.memory, nullptr, weather), CHEMNNE_BAD_ARGUMENT,
               "state");
  host.refused(advance(host.emulator, host.binding, host.memory, state, nullptr), CHEMNNE_BAD_ARGUMENT,
               "conditions");
  host.layout.cells = host.forcing.cells = 0;
  BOOST_TEST(advance(host.emulator, host.binding, host.memory, nullptr, nullptr) == CHEMNNE_OK);
}

BOOST_AUTO_TEST_CASE(layouts_that_do_not_fit_are_refused_and_nothing_is_touched) {
  Opened host;
  host.untouched = host.state;
  const chemnne_layout good = host.layout;
  const auto refused = [&](chemnne_layout layout, const char* why) {
    host.layout = layout;
    host.refused(host.advance(60), CHEMNNE_BAD_ARGUMENT, why);
    host.layout = good;
  };
  const auto negative = static_cast<std::size_t>(-3);
  refused({cells - 1, 3, 3, 1, 0, 0}, "as many cells");
  refused({cells, 4, 4, 1, 0, 0}, "were bound");
  refused({cells, 3, negative, 1, 0, 0}, "not negative");
  refused({cells, 3, 3, negative, 0, 0}, "not negative");
  refused({cells, 3, 1, 8, 8, negative}, "not negative");
  refused({cells, 3, 2, 1, 0, 0}, "overlap");
  refused({cells, 3, 0, 1, 0, 0}, "overlap");
  refused({cells, 3, 3, 0, 0, 0}, "overlap");
  refused({cells, 3, 1, cells - 1, 0, 0}, "overlap");
  refused({cells, 3, 1, 8, 8, 0}, "overlap");
  refused({cells, 3, 1, 8, 8, 23}, "overlap");

  for (const double seconds : {0.0, -1.0, HUGE_VAL, std::numeric_limits<double>::quiet_NaN()})
    host.refused(host.advance(seconds), CHEMNNE_BAD_STEP, "step length");
  for (const chemnne_step& step : {test::step_of(-1), test::step_of(4), test::step_of(CHEMNNE_FALL_BACK)})
    host.refused(host.advance(60, &step), CHEMNNE_BAD_ARGUMENT, "guard");

  Opened other;  // as it were of other weights, whose species may have another order
  std::swap(host.binding, other.binding);
  host.refused(host.advance(60), CHEMNNE_BAD_ARGUMENT, "binding of this emulator");
}

BOOST_AUTO_TEST_CASE(all_cells_may_share_their_conditions) {
  Opened host, shared;
  for (std::size_t cell = 0; cell < cells; ++cell)
    std::copy_n(host.weather.begin(), 2, &host.weather[2 * cell]);
  shared.forcing.cell_stride = 0;
  BOOST_TEST(host.advance(C::horizon) == CHEMNNE_OK);
  BOOST_TEST(shared.advance(C::horizon) == CHEMNNE_OK);
  BOOST_TEST(same_bits(host.state, shared.state));
}

BOOST_AUTO_TEST_CASE(a_message_ends_with_nul_in_a_buffer_of_any_size) {
  for (std::size_t size = 0; size < 40; ++size) {
    Text said;
    Emulated* none = nullptr;
    BOOST_TEST(Interface::open("/no/such/file", nullptr, &none, CMessage(said.chars.data(), size)) ==
               CHEMNNE_BAD_FILE);
    BOOST_TEST((size == 0 || said.chars[size - 1] == '\0'));
    BOOST_TEST(said.chars[size] == '#');
    if (size > 0)
      BOOST_TEST(std::string("/no/such/file: expected a readable file").substr(0, size - 1) == said.text());
    Text short_one;
    BOOST_TEST(Interface::open(nullptr, nullptr, &none, CMessage(short_one.chars.data(), size)) ==
               CHEMNNE_BAD_ARGUMENT);
    BOOST_TEST(short_one.chars[size] == '#');
    if (size > 0)
      BOOST_TEST(std::string("expected a file's name and a place for").substr(0, size - 1) ==
                 short_one.text());
  }
  Emulated* none = nullptr;
  BOOST_TEST(Interface::open("/no/such/file", nullptr, &none, CMessage(nullptr, 100)) == CHEMNNE_BAD_FILE);
}

BOOST_AUTO_TEST_CASE(the_guard_decides_what_becomes_of_a_cell_with_a_flag) {
  std::vector<std::uint8_t> flags(cells);
  const auto far_away = [](Opened& host) {
    for (std::size_t cell = 0; cell < 4; ++cell) host.weather[2 * cell] = 400;
    host.untouched = host.state;
  };
  Opened kept;
  far_away(kept);
  const chemnne_step keep = test::step_of(CHEMNNE_KEEP_OLD, flags.data());
  BOOST_TEST(kept.advance(C::horizon, &keep) == CHEMNNE_OK);
  BOOST_TEST(kept.status.left_unchanged == 4u);
  BOOST_TEST(std::equal(kept.state.begin(), kept.state.begin() + 12, kept.untouched.begin()));
  BOOST_TEST(kept.state[12] != kept.untouched[12]);
  BOOST_TEST(flags[3] == (CHEMNNE_OUTSIDE_TRAINING | CHEMNNE_KEPT));
  BOOST_TEST(flags[4] == 0);

  Opened plain, solved;
  far_away(plain);
  far_away(solved);
  std::vector<std::size_t> calls;
  chemnne_step fall_back = test::step_of(CHEMNNE_FALL_BACK, flags.data());
  fall_back.solve = solve;
  fall_back.user = &calls;
  BOOST_TEST(plain.advance(C::horizon) == CHEMNNE_OK);
  BOOST_TEST(solved.advance(C::horizon, &fall_back) == CHEMNNE_OK);
  BOOST_TEST(calls == std::vector<std::size_t>{4}, boost::test_tools::per_element());
  BOOST_TEST(solved.status.solved == 2u);
  BOOST_TEST(solved.status.outside_training == 4u);
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_TEST(solved.state[i] == static_cast<double>(i + 1));
    BOOST_TEST(solved.state[3 + i] == plain.state[3 + i]);  // clamped, as the default is
    BOOST_TEST(solved.state[6 + i] == static_cast<double>(i + 1));
    BOOST_TEST(solved.state[9 + i] == plain.state[9 + i]);  // thrown
    BOOST_TEST(solved.state[12 + i] == plain.state[12 + i]);
  }
  BOOST_TEST(flags[0] == (CHEMNNE_OUTSIDE_TRAINING | CHEMNNE_SOLVED));
  BOOST_TEST(flags[1] == CHEMNNE_OUTSIDE_TRAINING);
}
