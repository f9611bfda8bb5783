#define BOOST_TEST_MODULE host_emulator
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>

// Behind all others: what clang has for x86 declares posix_memalign once more, and without noexcept.
#include "counted_allocations.hpp"

using namespace chemnne;
using test::contains;

namespace {

using Exact = test::Small<>;
using More = test::Small<5>;
using Loose = test::Small<3, false>;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Cells around the middle of what the network was "trained" on: [cell][species] and [cell][condition].
struct Cells {
  explicit Cells(std::size_t cells) : count(cells), state(cells * 3), weather(cells * 2) {
    Random random(7);
    for (double& c : state) c = std::pow(10, random.uniform(6, 10));
    for (std::size_t i = 0; i < cells; ++i) {
      weather[2 * i] = random.uniform(265, 310);
      weather[2 * i + 1] = random.uniform(0, 1);
    }
  }
  Columns<const double> before() const { return Columns<const double>::cell_major(state.data(), count, 3); }
  Columns<const double> conditions() const {
    return Columns<const double>::cell_major(weather.data(), count, 2);
  }

  std::size_t count;
  std::vector<double> state, weather;
};

template <class C, class Backend = DefaultBackend, class Number = float>
struct Small {
  explicit Small(const EmulatorOptions& options = {}, std::vector<float> p = test::small_parameters<C>())
      : parameters(std::move(p)), emulator(file(), options) {}

  std::vector<double> advance(const Cells& cells, double seconds = C::horizon) {
    std::vector<double> after(cells.count * C::outputs, -1);
    status = emulator.advance(cells.before(), cells.conditions(), seconds,
                              Columns<double>::cell_major(after.data(), cells.count, C::outputs));
    return after;
  }

  test::TemporaryFolder folder;
  std::vector<float> parameters;
  StepStatus status;
  Emulator<ChemNNE<C>, Backend, Number> emulator;

 private:
  std::string file() const {
    test::write_small<C>(folder.file("weights.safetensors"), parameters);
    return folder.file("weights.safetensors");
  }
};

/// The specification: the deployed network in double, [cell][frame][output].
template <class C>
std::vector<double> trajectories(const std::vector<float>& parameters, const Cells& cells) {
  using Network = test::SmallNetwork<C>;
  const std::vector<double> p(parameters.begin(), parameters.end());
  std::vector<double> x, y(cells.count * C::frames * C::outputs);
  for (std::size_t i = 0; i < cells.count; ++i) {
    x.insert(x.end(), cells.state.begin() + static_cast<std::ptrdiff_t>(3 * i),
             cells.state.begin() + static_cast<std::ptrdiff_t>(3 * i + 3));
    x.insert(x.end(), cells.weather.begin() + static_cast<std::ptrdiff_t>(2 * i),
             cells.weather.begin() + static_cast<std::ptrdiff_t>(2 * i + 2));
  }
  Buffer<double> memory(Network::memory(cells.count));
  Arena<double> arena(memory.span());
  Network::template forward<Reference, double>(
      Rows<const double, 5>(x.data(), cells.count),
      std::span<const double, Network::parameters>(p.data(), Network::parameters),
      RowsOf<double, typename Network::Output>(y.data(), cells.count), arena);
  return y;
}

/// Largest relative error of a step of `seconds` against the frame of the specification at that time.
template <class C, class Backend, class Number = float>
double largest_error(std::size_t frame) {
  const Cells cells(37);
  Small<C, Backend, Number> small;
  const std::vector<double> after =
      small.advance(cells, C::horizon * static_cast<double>(frame) / (C::frames - 1));
  const std::vector<double> expected = trajectories<C>(small.parameters, cells);
  BOOST_TEST(small.status.clean());
  BOOST_TEST(small.status.cells == cells.count);
  double largest = 0;
  for (std::size_t cell = 0; cell < cells.count; ++cell)
    for (std::size_t i = 0; i < C::outputs; ++i) {
      const double wanted = expected[(cell * C::frames + frame) * C::outputs + i];
      const double found = after[cell * C::outputs + i];
      BOOST_TEST_REQUIRE(std::isfinite(found));
      largest = std::max(largest, std::abs(found / wanted - 1));
    }
  return largest;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

/// Parameters whose last layer gives exactly no change for species B.
std::vector<float> inert_b() {
  std::vector<float> p = test::small_parameters<Exact>();
  std::size_t weight = 0, bias = 0;
  test::SmallNetwork<Exact>::describe(
      "", 0, [&](const std::string& name, std::size_t offset, const auto& shape) {
        if (name.find("exponentials") != std::string::npos) {  // coefficients [terms][outputs], then rates
          const std::size_t columns = shape[shape.size() - 1];
          for (std::size_t row = 0; row < (shape.size() == 2 ? shape[0] : 1); ++row)
            for (std::size_t term = 0; term <= Exact::exponentials; ++term)
              p[offset + row * columns + term * Exact::outputs + 1] = 0;
        }
        if (name.find("decoder") == std::string::npos || shape[shape.size() - 1] != Exact::outputs) return;
        (shape.size() == 2 ? weight : bias) = offset;
      });
  BOOST_TEST_REQUIRE((weight > 0 && bias > 0));
  for (std::size_t row = 0; row < Exact::decoder_width; ++row) p[weight + row * Exact::outputs + 1] = 0;
  p[bias + 1] = 0;
  return p;
}

}  // namespace

// c = 10^(mean + deviation y) magnifies an error of y by ln 10 times a deviation of up to 1.5, that is 3.5,
// and y passes some ten layers of float arithmetic on numbers of order 1, rounding 6e-8 each, where sums of
// 16 terms gather a few: about 3e-6. The weights of the interpolation to any time sum to at most 3.
constexpr double agreement = 1e-5;

BOOST_AUTO_TEST_CASE(a_step_of_the_horizon_is_the_last_frame_of_the_network) {
  BOOST_TEST((largest_error<Exact, DefaultBackend>(12)) < agreement);
  BOOST_TEST((largest_error<Exact, Reference>(12)) < agreement);
  BOOST_TEST((largest_error<Loose, DefaultBackend>(12)) < agreement);
}

BOOST_AUTO_TEST_CASE(a_step_of_any_length_is_the_frame_of_its_time) {
  for (const std::size_t frame : {1u, 2u, 7u, 11u}) {
    BOOST_TEST((largest_error<Exact, DefaultBackend>(frame)) < agreement);
    BOOST_TEST((largest_error<Loose, Reference>(frame)) < agreement);
  }
}

BOOST_AUTO_TEST_CASE(in_double_a_step_is_the_specification_to_the_roundings_of_double) {
  BOOST_TEST((largest_error<Exact, DefaultBackend, double>(12)) < 1e-12);
  BOOST_TEST((largest_error<Exact, Reference, double>(5)) < 1e-12);
  BOOST_TEST((largest_error<More, DefaultBackend, double>(7)) < 1e-12);
}

BOOST_AUTO_TEST_CASE(species_that_are_not_given_are_predicted) {
  BOOST_TEST((largest_error<More, DefaultBackend>(12)) < agreement);
  BOOST_TEST((largest_error<More, DefaultBackend>(5)) < agreement);
}

BOOST_AUTO_TEST_CASE(the_network_of_these_tests_changes_what_it_is_given) {
  const Cells cells(20);
  Small<Exact> small;
  const std::vector<double> after = small.advance(cells);
  for (std::size_t i = 0; i < after.size(); ++i)
    BOOST_TEST(std::abs(after[i] / cells.state[i] - 1) > 100 * agreement);
}

BOOST_AUTO_TEST_CASE(a_step_allocates_nothing_and_throws_nothing) {
  static_assert(noexcept(std::declval<Emulator<ChemNNE<Exact>, DefaultBackend>&>().advance({}, {}, 0, {})));
#ifdef CHEMNNE_COUNTS_ALLOCATIONS
  const Cells cells(100);
  std::vector<double> after(cells.count * 3);
  const auto result = Columns<double>::cell_major(after.data(), cells.count, 3);
  for (const std::size_t threads : {1u, 2u}) {
    Small<Exact> small({.threads = threads});
    // The first parallel region starts the threads of OpenMP, which takes memory once in a process.
    parallel_for(threads, threads, [](std::size_t, std::size_t) {});
    long before = test::allocations;
    small.emulator.advance(cells.before(), cells.conditions(), 3600, result);
    small.emulator.advance(cells.before(), cells.conditions(), 1234, result);
    BOOST_TEST(test::allocations - before == 0, threads << " threads");
    before = test::allocations;
    const Cells another(3);
    BOOST_TEST(test::allocations - before >= 2);  // else nothing was counted above
  }
#else
  std::puts("skipped: a sanitizer has its own allocator");
#endif
}

BOOST_AUTO_TEST_CASE(layouts_give_the_same_bits_in_place_or_not) {
  const Cells cells(37);
  Small<Exact> small;
  for (const double seconds : {3600.0, 900.0}) {
    const std::vector<double> expected = small.advance(cells, seconds);

    std::vector<double> in_place = cells.state;
    const auto boxes = Columns<double>::cell_major(in_place.data(), cells.count, 3);
    small.emulator.advance(boxes, cells.conditions(), seconds, boxes);
    BOOST_TEST(same_bits(in_place, expected));

    // As in CAM: cells fastest; here each species has a margin of 5 cells behind it that is not ours.
    const std::size_t stride = cells.count + 5;
    std::vector<double> column(3 * stride, -7), weather(2 * stride, not_a_number);
    const Columns<double> view{column.data(), cells.count, 1, stride};
    for (std::size_t cell = 0; cell < cells.count; ++cell) {
      for (std::size_t i = 0; i < 3; ++i) view(cell, i) = cells.state[cell * 3 + i];
      for (std::size_t k = 0; k < 2; ++k) weather[k * stride + cell] = cells.weather[cell * 2 + k];
    }
    const StepStatus status =
        small.emulator.advance(view, {weather.data(), cells.count, 1, stride}, seconds, view);
    BOOST_TEST(status.clean());
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t cell = 0; cell < cells.count; ++cell)
        BOOST_TEST(view(cell, i) == expected[cell * 3 + i]);
      for (std::size_t cell = cells.count; cell < stride; ++cell) BOOST_TEST(column[i * stride + cell] == -7);
    }
  }
}

BOOST_AUTO_TEST_CASE(threads_and_the_split_over_calls_change_no_bit) {
  const Cells cells(137);
  for (const double seconds : {3600.0, 60.0}) {
    const std::vector<double> expected = Small<More>().advance(cells, seconds);
    for (const std::size_t threads : {1u, 2u, 5u})
      for (const std::size_t part : {1u, 3u, 16u, 64u, 137u}) {
        Small<More> small({.threads = threads});
        std::vector<double> after(cells.count * 5, -1);
        for (std::size_t first = 0; first < cells.count; first += part) {
          const std::size_t count = std::min(part, cells.count - first);
          small.emulator.advance(
              Columns<const double>::cell_major(cells.state.data() + first * 3, count, 3),
              Columns<const double>::cell_major(cells.weather.data() + first * 2, count, 2), seconds,
              Columns<double>::cell_major(after.data() + first * 5, count, 5));
        }
        BOOST_TEST(same_bits(after, expected), threads << " threads, " << part << " cells a call");
      }
  }
}

BOOST_AUTO_TEST_CASE(cells_that_are_not_finite_keep_their_state_and_are_counted) {
  Cells cells(20);
  const std::vector<double> expected = Small<More>().advance(cells);
  cells.state[3 * 2] = not_a_number;
  cells.state[3 * 5 + 1] = std::numeric_limits<double>::infinity();
  cells.state[3 * 9 + 2] = 1e300;  // infinite in float
  cells.weather[2 * 11] = not_a_number;
  cells.weather[2 * 19 + 1] = -std::numeric_limits<double>::infinity();
  Small<More> small;
  const std::vector<double> after = small.advance(cells);
  BOOST_TEST(small.status.left_unchanged == 5u);
  BOOST_TEST(small.status.cells == cells.count);
  BOOST_TEST(!small.status.clean());
  for (const std::size_t cell : {2u, 5u, 9u, 11u, 19u}) {
    BOOST_TEST(std::memcmp(&after[cell * 5], &cells.state[cell * 3], 3 * sizeof(double)) == 0,
               "cell " << cell);
    BOOST_TEST(after[cell * 5 + 3] == -1);  // a species that has no state before is not invented
  }
  // The others do not notice.
  for (const std::size_t cell : {0u, 1u, 3u, 4u, 6u, 10u, 12u, 18u})
    BOOST_TEST(std::memcmp(&after[cell * 5], &expected[cell * 5], 5 * sizeof(double)) == 0, "cell " << cell);
}

BOOST_AUTO_TEST_CASE(cells_outside_the_training_data_are_advanced_and_counted) {
  Cells cells(8);
  cells.state[0] = 1e13;                    // A: above 10^12.5
  cells.state[3 + 1] = 1e5;                 // B: below 10^5.5
  cells.weather[2 * 2] = 240;               // colder than 243 K
  cells.weather[2 * 3 + 1] = 1.8;           // above 1.7
  cells.state[3 * 4] = 0;                   // absent is no extrapolation
  cells.state[3 * 5] = std::pow(10, 12.5);  // the very end of the range
  cells.weather[2 * 6] = 243;
  Small<Exact> small;
  const std::vector<double> after = small.advance(cells);
  BOOST_TEST(small.status.outside_training == 4u);
  BOOST_TEST(small.status.left_unchanged == 0u);
  BOOST_TEST(!small.status.clean());
  for (const double c : after) BOOST_TEST((std::isfinite(c) && c >= 0));
  BOOST_TEST(after[0] != cells.state[0]);
}

BOOST_AUTO_TEST_CASE(a_species_below_its_floor_loses_its_share_and_gains_what_the_floor_would) {
  Cells cells(240);
  const double held[] = {1e3, 999, 10, 0};  // the floor is 1e3: the network sees the same four times
  for (std::size_t cell = 0; cell < cells.count; ++cell) {
    std::copy_n(&cells.state[3 * (cell - cell % 4)], 3, &cells.state[3 * cell]);
    std::copy_n(&cells.weather[2 * (cell - cell % 4)], 2, &cells.weather[2 * cell]);
    cells.state[3 * cell + cell / 4 % 3] = held[cell % 4];
  }
  const std::vector<double> after = Small<Exact>().advance(cells);
  std::size_t lost = 0;
  for (std::size_t at = 0, cell = 0; cell < cells.count; ++cell, at = 3 * cell + cell / 4 % 3) {
    const double factor = after[at - 3 * (cell % 4)] / 1e3, before = held[cell % 4];
    lost += factor < 1;
    BOOST_TEST(after[at] == (factor < 1 ? before * factor : before + 1e3 * (factor - 1)),
               boost::test_tools::tolerance(1e-9));
  }
  BOOST_TEST((lost > 0 && lost < cells.count));
}

BOOST_AUTO_TEST_CASE(an_invalid_step_changes_nothing) {
  const Cells cells(4);
  Small<Exact> small;
  for (const double seconds : {0.0, -1.0, 3600.5, not_a_number, std::numeric_limits<double>::infinity()}) {
    const std::vector<double> after = small.advance(cells, seconds);
    BOOST_TEST(!small.status.valid_step);
    BOOST_TEST(!small.status.clean());
    BOOST_TEST(small.status.cells == 0u);
    BOOST_TEST(std::count(after.begin(), after.end(), -1.0) == 12);
  }
  const Cells fewer(3);
  std::vector<double> after(12, -1);
  const auto result = Columns<double>::cell_major(after.data(), 4, 3);
  BOOST_TEST(!small.emulator.advance(fewer.before(), cells.conditions(), 3600, result).valid_step);
  BOOST_TEST(!small.emulator.advance(cells.before(), fewer.conditions(), 3600, result).valid_step);
  BOOST_TEST(!small.emulator.advance(fewer.before(), fewer.conditions(), 3600, result).valid_step);
  BOOST_TEST(std::count(after.begin(), after.end(), -1.0) == 12);
  BOOST_TEST(small.emulator.advance({}, {}, 3600, {}).clean());  // no cell is no error
}

// Float has 24 bits: without the factor 1 that an exact zero gives, a double would lose its last 29.
BOOST_AUTO_TEST_CASE(a_species_that_does_not_change_keeps_its_bits) {
  const Cells cells(37);
  Small<Exact> small({}, inert_b());
  for (const double seconds : {3600.0, 100.0}) {
    const std::vector<double> after = small.advance(cells, seconds);
    for (std::size_t cell = 0; cell < cells.count; ++cell) {
      BOOST_TEST(after[3 * cell + 1] == cells.state[3 * cell + 1]);
      BOOST_TEST(after[3 * cell] != cells.state[3 * cell]);
    }
  }
}

BOOST_AUTO_TEST_CASE(lumped_species_take_their_share_of_what_a_host_emits) {
  EmulatorDescription lumped = test::small_description<Exact>();
  lumped.lumped = {{"B", {{"X", 1}, {"Y", 0.5}}}, {"C", {{"Y", 0.25}}}};
  const test::TemporaryFolder folder;
  const std::string path = folder.file("lumped.safetensors");
  test::write_small<Exact>(path, test::small_parameters<Exact>(), lumped);
  const Emulator<ChemNNE<Exact>, DefaultBackend> emulator(path);
  using Shares = std::vector<double>;
  BOOST_TEST((emulator.lumping("A") == Shares{1, 0, 0}));
  BOOST_TEST((emulator.lumping("B") == Shares{0, 1, 0}));
  BOOST_TEST((emulator.lumping("X") == Shares{0, 1, 0}));
  BOOST_TEST((emulator.lumping("Y") == Shares{0, 0.5, 0.25}));
  BOOST_TEST(contains(test::message_of([&] { emulator.lumping("Z"); }), "'Z'"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_at_set_up_is_an_error) {
  Small<Exact> small;
  BOOST_TEST(small.emulator.species_index("C") == 2u);
  BOOST_TEST(small.emulator.condition_index("sun") == 1u);
  const std::string species = test::message_of([&] { small.emulator.species_index("O3"); });
  BOOST_TEST(contains(species, "'O3'"), species);
  BOOST_TEST(contains(test::message_of([&] { small.emulator.condition_index("A"); }), "a condition"));

  using Wrong = Emulator<ChemNNE<More>, DefaultBackend>;
  const std::string path = small.folder.file("weights.safetensors");
  const std::string configuration = test::message_of([&] { Wrong{path}; });
  BOOST_TEST(contains(configuration, configuration_text<More>()), configuration);
  BOOST_TEST(contains(configuration, configuration_text<Exact>()), configuration);
  using Right = Emulator<ChemNNE<Exact>, DefaultBackend>;
  BOOST_TEST(contains(test::message_of([&] { Right{small.folder.file("missing")}; }), "missing"));
  const std::string other = test::message_of([&] { Right(path, {.fingerprint = "fedcba9876543210"}); });
  BOOST_TEST(contains(other, "fedcba9876543210"), other);
  BOOST_TEST(contains(other, "0123456789abcdef"), other);
  BOOST_CHECK_NO_THROW(Right(path, {.fingerprint = "0123456789abcdef"}));
  const std::string coverage = test::message_of([&] { Right(path, {.coverage = 90}); });
  BOOST_TEST(contains(coverage, "options, coverage"), coverage);
  const std::string budget = test::message_of([&] { Right(path, {.budget_tolerance = 0}); });
  BOOST_TEST(contains(budget, "options, budget_tolerance"), budget);
  EmulatorDescription description = test::small_description<Exact>();
  description.conditions.pop_back();
  description.condition_units.pop_back();
  description.condition_range.pop_back();
  test::write_small<Exact>(path, small.parameters, description);
  BOOST_TEST(contains(test::message_of([&] { Right{path}; }), "number"));
}
