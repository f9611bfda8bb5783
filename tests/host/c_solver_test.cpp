#define BOOST_TEST_MODULE host_c_solver
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "c_host.hpp"
#include "counted_allocations.hpp"
#include "solver_cases.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/host/c_solver.hpp>
#include <chemnne/solver.hpp>

using namespace chemnne;
using test::contains, test::Text, test::same_bits, test::Binding, test::Memory;

namespace {

using Decay = Solver<test::Decay>;  // A -> B by the condition `rate`, and X
using Interface = CSolver<Decay>;
struct Opaque;  // what C sees
constexpr std::size_t cells = 37;
constexpr double seconds = 1800;

template <class T>
struct Air {
  std::vector<T> state = std::vector<T>(cells * 3), rate = std::vector<T>(cells);
  Air() {
    Random random(3);
    for (T& value : state) value = static_cast<T>(std::pow(10, random.uniform(6, 10)));
    for (T& value : rate) value = static_cast<T>(std::pow(10, random.uniform(-5, -3)));
  }
};

/// A solver, opened and bound by C, with cells [cell][A, B, X].
struct Opened {
  explicit Opened(const chemnne_solver_options* options = nullptr) {
    BOOST_TEST_REQUIRE(Interface::open(options, &solver, said) == CHEMNNE_OK, said.text());
    BOOST_TEST_REQUIRE(Interface::workspace_create(&memory, said) == CHEMNNE_OK, said.text());
    const chemnne_fields fields{};
    BOOST_TEST_REQUIRE(Interface::bind(solver, &fields, &binding, said) == CHEMNNE_OK, said.text());
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    Interface::binding_free(binding);
    Interface::workspace_free(memory);
    Interface::close(solver);
  }

  int advance(double length, const chemnne_step* step = nullptr) {
    return Interface::advance(solver, binding, memory, air.state.data(), &layout,
                              std::as_const(air).rate.data(), &forcing, length, step, &status, said);
  }
  /// An error that leaves the state alone, says why and counts nothing.
  void refused(int code, int expected, const char* why) {
    BOOST_TEST(code == expected, why << ": " << said.text());
    BOOST_TEST(contains(said.text(), why), said.text());
    BOOST_TEST(status.cells == 0u);
    BOOST_TEST(same_bits(air.state, Air<double>().state));
  }

  Air<double> air;
  chemnne_layout layout = chemnne_cell_major(cells, 3), forcing = chemnne_cell_major(cells, 1);
  Opaque* solver = nullptr;
  Binding* binding = nullptr;
  Memory* memory = nullptr;
  chemnne_status status{};
  Text said;
};

/// What C++ makes of the cells of Opened.
std::vector<double> by_cpp(const SolverOptions& options) {
  Air<double> air;
  Decay::Workspace workspace;
  const auto state = Columns<double>::cell_major(air.state.data(), cells, 3);
  BOOST_TEST(Decay(options)
                 .advance(state, Columns<const double>::cell_major(air.rate.data(), cells, 1), seconds, state,
                          workspace)
                 .clean());
  return air.state;
}

/// The step of C of a host with one species more, in another order, beside that of C++ with the same fields.
template <class T>
void is_the_step_of_cpp(const chemnne_layout& layout, const chemnne_layout& forcing) {
  const std::vector<const char*> species{"X", "dust", "B", "A"}, conditions{"height", "rate"};
  const Air<T> air;
  std::vector<T> state(cells * 4 + 64, T(-5)), weather(cells * 2);
  const auto columns = [](auto* data, const chemnne_layout& l) {
    return Columns<std::remove_pointer_t<decltype(data)>>{data,          l.cells,  l.cell_stride,
                                                          l.item_stride, l.length, l.block_stride};
  };
  const auto view = columns(state.data(), layout);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    view(cell, 0) = air.state[3 * cell + 2];
    view(cell, 1) = -3;
    view(cell, 2) = air.state[3 * cell + 1];
    view(cell, 3) = air.state[3 * cell];
    columns(weather.data(), forcing)(cell, 1) = air.rate[cell];
  }
  view(4, 2) = std::numeric_limits<T>::quiet_NaN();
  std::vector<T> expected = state;
  const Decay solver;
  Decay::Workspace workspace;
  std::vector<CellFlags> expected_flags(cells);
  const StepStatus counted =
      solver.advance(solver.bind({.species = {species.begin(), species.end()},
                                  .conditions = {conditions.begin(), conditions.end()}}),
                     columns(expected.data(), layout), columns(std::as_const(weather).data(), forcing),
                     seconds, workspace, {.flags = expected_flags.data()});
  BOOST_TEST(counted.left_unchanged == 1u);

  Opened host;
  const chemnne_fields fields{species.data(),    species.size(),         conditions.data(),
                              conditions.size(), CHEMNNE_NUMBER_DENSITY, nullptr};
  Binding* binding = nullptr;
  BOOST_TEST_REQUIRE(Interface::bind(host.solver, &fields, &binding, host.said) == CHEMNNE_OK);
  std::vector<std::uint8_t> flags(cells, 255);
  std::vector<double> score(cells), half_width(cells * 3);
  chemnne_step step = test::step_of(CHEMNNE_CLAMP, flags.data());
  step.score = score.data();
  step.half_width = half_width.data();
  const int code =
      Interface::advance(host.solver, binding, host.memory, state.data(), &layout,
                         std::as_const(weather).data(), &forcing, seconds, &step, &host.status, host.said);
  Interface::binding_free(binding);
  BOOST_TEST_REQUIRE(code == CHEMNNE_OK, host.said.text());
  BOOST_TEST(same_bits(state, expected));
  BOOST_TEST((flags == expected_flags));
  BOOST_TEST(flags[4] == (CHEMNNE_NOT_FINITE | CHEMNNE_KEPT));
  for (const std::vector<double>* const one : {&score, &half_width})
    BOOST_TEST(std::all_of(one->begin(), one->end(), [](double value) { return value == HUGE_VAL; }));
  BOOST_TEST((host.status.cells == cells && host.status.left_unchanged == 1));
  Text line;
  BOOST_TEST(Interface::summary(&host.status, line) == CHEMNNE_OK);
  BOOST_TEST(line.text() == "37 cells: 1 left unchanged");
}

}  // namespace

static_assert(noexcept(Interface::open(nullptr, static_cast<Opaque**>(nullptr), CMessage(nullptr, 0))));
static_assert(Interface::inputs == 3 && Interface::outputs == 3 && Interface::conditions == 1);

BOOST_AUTO_TEST_CASE(a_step_has_the_bits_of_the_solver_in_any_layout_and_precision) {
  for (const chemnne_layout& layout :
       {chemnne_cell_major(cells, 4), chemnne_item_major(cells, 4), chemnne_blocks(cells, 4, 8)})
    for (const chemnne_layout& forcing : {chemnne_cell_major(cells, 2), chemnne_item_major(cells, 2)}) {
      is_the_step_of_cpp<double>(layout, forcing);
      is_the_step_of_cpp<float>(layout, forcing);
    }
}

BOOST_AUTO_TEST_CASE(no_options_and_zeros_are_the_defaults_and_others_reach_the_solver) {
  const std::vector<double> usual = by_cpp({});
  const chemnne_solver_options zeros{};
  for (const chemnne_solver_options* const options :
       {static_cast<const chemnne_solver_options*>(nullptr), &zeros}) {
    Opened host(options);
    BOOST_TEST(host.advance(seconds) == CHEMNNE_OK);
    BOOST_TEST(same_bits(host.air.state, usual));
  }
  const std::pair<chemnne_solver_options, SolverOptions> cases[] = {
      {{1e-5, 0, 0}, {.relative_tolerance = 1e-5}},
      {{0, 1e6, 0}, {.absolute_tolerance = 1e6}},
      {{0, 0, 1}, {.element_exact = false}}};
  for (const auto& [given, meant] : cases) {
    const std::vector<double> expected = by_cpp(meant);
    BOOST_TEST(!same_bits(expected, usual));
    Opened host(&given);
    BOOST_TEST(host.advance(seconds) == CHEMNNE_OK);
    BOOST_TEST(same_bits(host.air.state, expected));
  }
}

BOOST_AUTO_TEST_CASE(options_that_make_no_sense_are_refused_by_name) {
  Opaque* none = nullptr;
  Text said;
  for (const double number : {-1e-3, HUGE_VAL, std::nan("")}) {
    const chemnne_solver_options relative{number, 0, 0}, absolute{0, number, 0};
    BOOST_TEST(Interface::open(&relative, &none, said) == CHEMNNE_BAD_ARGUMENT);
    BOOST_TEST(contains(said.text(), "relative_tolerance: expected a number above 0"), said.text());
    BOOST_TEST(Interface::open(&absolute, &none, said) == CHEMNNE_BAD_ARGUMENT);
    BOOST_TEST(contains(said.text(), "absolute_tolerance: expected a number above 0"), said.text());
  }
  BOOST_TEST(!none);
}

BOOST_AUTO_TEST_CASE(species_and_conditions_are_found_by_name) {
  Opened host;
  std::size_t place = 9;
  BOOST_TEST(Interface::species_index(host.solver, "X", &place, host.said) == CHEMNNE_OK);
  BOOST_TEST(place == 2u);
  BOOST_TEST(Interface::condition_index(host.solver, "rate", &place, host.said) == CHEMNNE_OK);
  BOOST_TEST(place == 0u);
  BOOST_TEST(Interface::species_name(host.solver, 1) == std::string("B"));
  BOOST_TEST(!Interface::species_name(host.solver, 3));
  BOOST_TEST(Interface::condition_name(host.solver, 0) == std::string("rate"));
  BOOST_TEST(Interface::calibrated(host.solver) == 0);
  BOOST_TEST(Interface::species_index(host.solver, "a", &place, host.said) == CHEMNNE_BAD_NAME);
  BOOST_TEST(contains(host.said.text(), "solver: expected a variable species, found 'a'"), host.said.text());

  Binding* unbound = nullptr;
  const char* const few[] = {"A", "B"};
  const chemnne_fields without_x{few, 2, nullptr, 0, 0, nullptr};
  BOOST_TEST(Interface::bind(host.solver, &without_x, &unbound, host.said) == CHEMNNE_BAD_NAME);
  BOOST_TEST(contains(host.said.text(), "a species of the host named 'X'"), host.said.text());
  const chemnne_fields relative{nullptr, 0, nullptr, 0, CHEMNNE_MOLE_FRACTION, nullptr};
  BOOST_TEST(Interface::bind(host.solver, &relative, &unbound, host.said) == CHEMNNE_BAD_NAME);
  BOOST_TEST(!unbound);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_stepped_is_refused_and_nothing_is_touched) {
  Opened host;
  for (const double length : {0.0, -1.0, HUGE_VAL, std::nan(""), 2 * Decay::longest_step})
    host.refused(host.advance(length), CHEMNNE_BAD_STEP, "step");
  const chemnne_layout good = host.layout;
  const auto refused = [&](const chemnne_layout& layout, const char* why) {
    host.layout = layout;
    host.refused(host.advance(seconds), CHEMNNE_BAD_ARGUMENT, why);
    host.layout = good;
  };
  refused({cells - 1, 3, 3, 1, 0, 0}, "as many cells");
  refused({cells, 4, 4, 1, 0, 0}, "were bound");
  refused({cells, 3, static_cast<std::size_t>(-3), 1, 0, 0}, "not negative");
  refused({cells, 3, 2, 1, 0, 0}, "overlap");
  Opened other;
  std::swap(host.binding, other.binding);
  host.refused(host.advance(seconds), CHEMNNE_BAD_ARGUMENT, "binding of this emulator or solver");
  std::swap(host.binding, other.binding);
  BOOST_TEST(host.advance(seconds) == CHEMNNE_OK);
}

BOOST_AUTO_TEST_CASE(null_pointers_are_errors_or_nothing) {
  Opened host;
  Opaque* const nothing = nullptr;
  const chemnne_fields fields{};
  Text said;
  for (const int code : {Interface::open(nullptr, static_cast<Opaque**>(nullptr), said),
                         Interface::bind(nothing, &fields, &host.binding, said)})
    BOOST_TEST(code == CHEMNNE_BAD_ARGUMENT);
  BOOST_TEST(!Interface::species_name(nothing, 0));
  BOOST_TEST(Interface::calibrated(nothing) == 0);
  Interface::close(nothing);
  const auto advance = [&](Opaque* solver, Binding* binding, Memory* memory, double* state) {
    return Interface::advance(solver, binding, memory, state, &host.layout,
                              std::as_const(host.air).rate.data(), &host.forcing, seconds, nullptr,
                              &host.status, host.said);
  };
  double* const state = host.air.state.data();
  host.refused(advance(nullptr, host.binding, host.memory, state), CHEMNNE_BAD_ARGUMENT, "solver");
  host.refused(advance(host.solver, nullptr, host.memory, state), CHEMNNE_BAD_ARGUMENT, "binding");
  host.refused(advance(host.solver, host.binding, nullptr, state), CHEMNNE_BAD_ARGUMENT, "workspace");
  host.refused(advance(host.solver, host.binding, host.memory, nullptr), CHEMNNE_BAD_ARGUMENT, "state");
}

BOOST_AUTO_TEST_CASE(a_guard_is_not_looked_at) {
  const std::vector<double> expected = by_cpp({});
  for (const int guard : {CHEMNNE_FLAG_ONLY, CHEMNNE_KEEP_OLD, CHEMNNE_FALL_BACK}) {
    Opened host;
    const chemnne_step step = test::step_of(guard);
    BOOST_TEST(host.advance(seconds, &step) == CHEMNNE_OK);
    BOOST_TEST(same_bits(host.air.state, expected));
  }
}

BOOST_AUTO_TEST_CASE(threads_share_a_solver_and_have_workspaces_of_their_own) {
  Opened host;
  const std::vector<double> expected = by_cpp({});
  std::array<int, 2> code{-1, -1};
  const auto half = [&](std::size_t thread) {
    const std::size_t first = thread * 20, count = thread == 0 ? 20 : cells - 20;
    const chemnne_layout layout = chemnne_cell_major(count, 3), forcing = chemnne_cell_major(count, 1);
    Memory* memory = nullptr;
    Text said;
    Interface::workspace_create(&memory, said);
    for (int turn = 0; turn < 50; ++turn) {
      std::copy_n(Air<double>().state.begin() + 3 * static_cast<std::ptrdiff_t>(first), 3 * count,
                  host.air.state.begin() + 3 * static_cast<std::ptrdiff_t>(first));
      code[thread] =
          Interface::advance(host.solver, host.binding, memory, &host.air.state[3 * first], &layout,
                             &std::as_const(host.air).rate[first], &forcing, seconds, nullptr, nullptr, said);
    }
    Interface::workspace_free(memory);
  };
  std::thread one(half, 0), another(half, 1);
  one.join();
  another.join();
  BOOST_TEST((code[0] == CHEMNNE_OK && code[1] == CHEMNNE_OK));
  BOOST_TEST(same_bits(host.air.state, expected));
}

#ifdef CHEMNNE_COUNTS_ALLOCATIONS
BOOST_AUTO_TEST_CASE(a_step_allocates_nothing) {
  Opened host;
  std::array<int, 2> code{};
  const auto step = [&] { code = {host.advance(seconds), host.advance(0)}; };
  step();
  const long before = test::allocations;
  step();
  BOOST_TEST(test::allocations == before);
  BOOST_TEST((code == std::array<int, 2>{CHEMNNE_OK, CHEMNNE_BAD_STEP}));
}
#endif
