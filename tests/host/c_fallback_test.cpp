#define BOOST_TEST_MODULE host_c_fallback
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include "c_host.hpp"
#include "counted_allocations.hpp"
#include "solver_cases.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/host/c_solver.hpp>
#include <chemnne/solver.hpp>

using namespace chemnne;
using test::contains, test::Text;

namespace {

constexpr double seconds = 1800;

/// B -> C by the condition `sun`, and A: what the small emulator knows as A, B, C and temperature, sun.
template <class Scalar>
struct Renamed : test::Decay<Scalar> {
  static constexpr std::array<std::string_view, 3> species_names{{"B", "C", "A"}};
  static constexpr std::array<std::string_view, 1> input_names{{"sun"}};
};
using Small = Solver<Renamed>;
using Ours = CSolver<Small>;
struct Opaque;  // what C sees
struct OpaqueFallback;
const char* const species[] = {"A", "B", "C"};
const char* const conditions[] = {"temperature", "sun"};

struct Fallback {
  explicit Fallback(const chemnne_fields& fields = {species, 3, conditions, 2, 0, nullptr}) {
    BOOST_TEST_REQUIRE(Ours::open(nullptr, &solver, said) == CHEMNNE_OK);
    code = Ours::fallback_create(solver, &fields, &fallback, said);
  }
  Fallback(const Fallback&) = delete;
  Fallback& operator=(const Fallback&) = delete;
  ~Fallback() {
    Ours::fallback_free(fallback);
    Ours::close(solver);
  }
  int code;
  Opaque* solver = nullptr;
  OpaqueFallback* fallback = nullptr;
  Text said;
};

/// A cell of the small emulator before a step.
struct Cell {
  double before[3] = {3e8, 2e8, 1e8}, condition[2] = {288, 1e-4}, after[3] = {7, 8, 9};
  chemnne_cell seen = {0, 3, 3, 2, before, condition, seconds, after, 0, 0};
  bool is_untouched() const { return after[0] == 7 && after[1] == 8 && after[2] == 9; }
  bool has_same_result(const Cell& other) const { return std::equal(after, after + 3, other.after); }
};

/// Whether the cell, alone, is solved.
bool solve(Cell& cell, OpaqueFallback* fallback) {
  Ours::solve(&cell.seen, 1, fallback);
  return cell.seen.solved == 1;
}

}  // namespace

static_assert(noexcept(Ours::solve(nullptr, 0, nullptr)));

BOOST_AUTO_TEST_CASE(a_solver_solves_the_cell_of_an_emulator_by_its_names) {
  Fallback ours;
  BOOST_TEST_REQUIRE(ours.code == CHEMNNE_OK, ours.said.text());
  Cell cell;
  BOOST_TEST(solve(cell, ours.fallback));
  double state[3] = {2e8, 1e8, 3e8};  // in the solver's order
  const double sun = 1e-4;
  Small::Workspace workspace;
  const auto view = Columns<double>::cell_major(state, 1, 3);
  Small().advance(view, Columns<const double>::cell_major(&sun, 1, 1), seconds, view, workspace);
  BOOST_TEST((cell.after[0] == 3e8 && cell.after[1] == state[0] && cell.after[2] == state[1]));
  BOOST_TEST(cell.after[1] == 2e8 * std::exp(-0.18), boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(a_cell_that_it_cannot_solve_is_untouched) {
  Fallback ours;
  const auto untouched = [&](const char* why, const auto& change) {
    Cell cell;
    change(cell);
    BOOST_TEST(!solve(cell, ours.fallback), why);
    BOOST_TEST(cell.is_untouched(), why);
  };
  untouched("another emulator's", [](Cell& cell) { cell.seen.inputs = cell.seen.outputs = 2; });
  untouched("not all is given", [](Cell& cell) { cell.seen.inputs = 2; });
  untouched("other conditions", [](Cell& cell) { cell.seen.conditions = 1; });
  untouched("not finite", [](Cell& cell) { cell.before[2] = std::nan(""); });
  untouched("no rate constant", [](Cell& cell) { cell.condition[1] = -1e-4; });
  untouched("no step", [](Cell& cell) { cell.seen.seconds = 0; });
}

BOOST_AUTO_TEST_CASE(many_cells_are_solved_at_once_and_each_as_if_it_were_alone) {
  constexpr std::size_t count = 2 * largest_together + 9;
  Fallback ours;
  std::vector<Cell> cells(count), alone(count);
  std::vector<chemnne_cell> seen;
  for (std::size_t i = 0; i < count; ++i) {
    for (Cell* cell : {&cells[i], &alone[i]}) {
      cell->before[1] *= static_cast<double>(1 + i);
      cell->seen = {i, 3, 3, 2, cell->before, cell->condition, i < 70 ? seconds : 600, cell->after, 0, 0};
      if (i % 5 == 3) cell->seen.conditions = 1;
      if (i % 7 == 2) cell->before[0] = std::nan("");
    }
    seen.push_back(cells[i].seen);
  }
  Ours::solve(seen.data(), count, ours.fallback);
  std::size_t solved = 0;
  for (std::size_t i = 0; i < count; ++i) {
    BOOST_TEST(solve(alone[i], ours.fallback) == (seen[i].solved == 1), i);
    BOOST_TEST(cells[i].has_same_result(alone[i]), i);
    solved += static_cast<std::size_t>(seen[i].solved);
  }
  BOOST_TEST(solved == static_cast<std::size_t>(std::ranges::count_if(
                           seen, [](const auto& one) { return one.cell % 5 != 3 && one.cell % 7 != 2; })));
}

BOOST_AUTO_TEST_CASE(names_of_an_emulator_are_never_guessed) {
  const auto refused = [](const chemnne_fields& fields, int code, const char* why) {
    const Fallback ours(fields);
    BOOST_TEST(ours.code == code, why);
    BOOST_TEST(contains(ours.said.chars.data(), why), ours.said.text());
    BOOST_TEST(!ours.fallback);
  };
  const char* const four[] = {"A", "B", "C", "D"};
  const char* const twice[] = {"A", "B", "C", "B"};
  const char* const hole[] = {"A", nullptr, "C"};
  refused({species, 2, conditions, 2, 0, nullptr}, CHEMNNE_BAD_NAME, "named 'C'");
  refused({four, 4, conditions, 2, 0, nullptr}, CHEMNNE_BAD_NAME, "found 'D'");
  refused({twice, 4, conditions, 2, 0, nullptr}, CHEMNNE_BAD_NAME, "'B' twice");
  refused({species, 3, conditions, 1, 0, nullptr}, CHEMNNE_BAD_NAME, "named 'sun'");
  refused({nullptr, 0, conditions, 2, 0, nullptr}, CHEMNNE_BAD_ARGUMENT, "names of the emulator");
  refused({species, 3, nullptr, 0, 0, nullptr}, CHEMNNE_BAD_ARGUMENT, "names of the emulator");
  refused({hole, 3, conditions, 2, 0, nullptr}, CHEMNNE_BAD_ARGUMENT, "names of the emulator");
  refused({species, 3, conditions, 2, CHEMNNE_MOLE_FRACTION, nullptr}, CHEMNNE_BAD_ARGUMENT,
          "number densities");
}

BOOST_AUTO_TEST_CASE(null_pointers_are_errors_or_nothing) {
  Fallback ours;
  const chemnne_fields fields{species, 3, conditions, 2, 0, nullptr};
  OpaqueFallback* none = nullptr;
  Text said;
  for (const int code :
       {Ours::fallback_create(static_cast<Opaque*>(nullptr), &fields, &none, said),
        Ours::fallback_create(ours.solver, nullptr, &none, said),
        Ours::fallback_create(ours.solver, &fields, static_cast<OpaqueFallback**>(nullptr), said)})
    BOOST_TEST(code == CHEMNNE_BAD_ARGUMENT);
  Ours::fallback_free(none);
  Cell cell;
  Ours::solve(nullptr, 1, ours.fallback);
  BOOST_TEST(!solve(cell, nullptr));
  BOOST_TEST(cell.is_untouched());
}

BOOST_AUTO_TEST_CASE(a_guarded_emulator_falls_back_to_it) {
  Fallback ours;
  test::Opened host, plain;
  for (std::size_t cell = 0; cell < 4; ++cell) {
    host.weather[2 * cell] = plain.weather[2 * cell] = 400;
    host.weather[2 * cell + 1] = plain.weather[2 * cell + 1] = 1e-4;
  }
  host.weather[2 * 3 + 1] = plain.weather[2 * 3 + 1] = -1e-4;  // a rate constant that is none
  const std::vector<double> before = host.state;
  std::vector<std::uint8_t> flags(test::Opened::cells);
  chemnne_step step = test::step_of(CHEMNNE_FALL_BACK, flags.data());
  step.solve = Ours::solve;
  step.user = ours.fallback;
  BOOST_TEST_REQUIRE(host.advance(seconds, &step) == CHEMNNE_OK, host.said.text());
  BOOST_TEST_REQUIRE(plain.advance(seconds) == CHEMNNE_OK);
  BOOST_TEST(host.status.solved == 3u);
  for (std::size_t cell = 0; cell < 3; ++cell) {
    BOOST_TEST(flags[cell] == (CHEMNNE_OUTSIDE_TRAINING | CHEMNNE_SOLVED));
    BOOST_TEST(host.state[3 * cell] == before[3 * cell]);
    BOOST_TEST(host.state[3 * cell + 1] == before[3 * cell + 1] * std::exp(-0.18),
               boost::test_tools::tolerance(1e-3));
  }
  BOOST_TEST(flags[3] == CHEMNNE_OUTSIDE_TRAINING);  // clamped
  for (std::size_t i = 9; i < host.state.size(); ++i) BOOST_TEST(host.state[i] == plain.state[i]);
}

#ifdef CHEMNNE_COUNTS_ALLOCATIONS
BOOST_AUTO_TEST_CASE(a_solution_allocates_nothing) {
  Fallback ours;
  Cell cell;
  solve(cell, ours.fallback);
  const long before = test::allocations;
  const bool solved = solve(cell, ours.fallback);
  BOOST_TEST(test::allocations == before);
  BOOST_TEST(solved);
}
#endif
