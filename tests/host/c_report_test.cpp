#define BOOST_TEST_MODULE host_c_report
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "c_host.hpp"
#include <boost/test/unit_test.hpp>

using namespace chemnne;
using test::Opened, test::same_bits, test::step_of;

namespace {

using C = test::Small<>;
using Ours = Emulator<ChemNNE<C>, DefaultBackend>;
constexpr std::size_t cells = Opened::cells, outputs = C::outputs;
const EmulatorDescription description = test::small_description<C>();

/// What a host may know of its cells, with values that a step never writes.
struct Known {
  std::vector<double> score = std::vector<double>(cells, -1),
                      half_width = std::vector<double>(cells * outputs, -1);
  chemnne_step step(int guard = CHEMNNE_CLAMP) {
    chemnne_step step = step_of(guard);
    step.score = score.data();
    step.half_width = half_width.data();
    return step;
  }
};

/// That of C++ for the state of a host.
Known known_by_cpp(const Opened& host, double coverage, double seconds) {
  const Ours emulator(host.file, {.coverage = coverage});
  Ours::Workspace workspace;
  Known known;
  std::vector<double> state = host.state;
  const StepStatus status = emulator.advance(
      emulator.bind({.species = description.outputs}), Columns<double>::cell_major(state.data(), cells, 3),
      Columns<const double>::cell_major(host.weather.data(), cells, 2), seconds, workspace,
      {.half_width = Columns<double>::cell_major(known.half_width.data(), cells, outputs),
       .score = Columns<double>::cell_major(known.score.data(), cells, 1)});
  BOOST_TEST((status.uncertain > 0 && status.uncertain < cells));
  return known;
}

}  // namespace

BOOST_AUTO_TEST_CASE(scores_and_half_widths_have_the_bits_of_cpp) {
  for (const double coverage : {0.5, 0.9})
    for (const double seconds : {600.0, C::horizon, 1.5 * C::horizon}) {
      const chemnne_options options{nullptr, coverage, 0, 0};
      Opened host(&options, description, test::small_uncertainty<C>());
      const Known expected = known_by_cpp(host, coverage, seconds);
      Known known;
      const chemnne_step step = known.step();
      BOOST_TEST_REQUIRE(host.advance(seconds, &step) == CHEMNNE_OK, host.said.text());
      BOOST_TEST(same_bits(known.score, expected.score));
      BOOST_TEST(same_bits(known.half_width, expected.half_width));
      BOOST_TEST(known.half_width[0] < 10);
    }
}

BOOST_AUTO_TEST_CASE(half_widths_lie_as_the_host_says) {
  Opened host(nullptr, description, test::small_uncertainty<C>());
  const Known expected = known_by_cpp(host, 0.9, C::horizon);
  Known known;
  chemnne_step step = known.step();
  const chemnne_layout by_species = chemnne_item_major(cells, outputs);
  step.half_width_layout = &by_species;
  BOOST_TEST_REQUIRE(host.advance(C::horizon, &step) == CHEMNNE_OK, host.said.text());
  std::vector<double> turned;
  for (std::size_t cell = 0; cell < cells; ++cell)
    for (std::size_t i = 0; i < outputs; ++i) turned.push_back(known.half_width[i * cells + cell]);
  BOOST_TEST(same_bits(turned, expected.half_width));
}

BOOST_AUTO_TEST_CASE(a_layout_of_half_widths_that_does_not_fit_is_refused) {
  Opened host(nullptr, description, test::small_uncertainty<C>());
  host.untouched = host.state;
  Known known;
  chemnne_step step = known.step();
  const Known untouched = known;
  const auto negative = static_cast<std::size_t>(-3);
  for (const chemnne_layout& layout :
       {chemnne_cell_major(cells - 1, outputs), chemnne_cell_major(cells, outputs - 1),
        chemnne_layout{cells, outputs, outputs, 0, 0, 0}, chemnne_layout{cells, outputs, 2, 1, 0, 0},
        chemnne_layout{cells, outputs, negative, 1, 0, 0}}) {
    step.half_width_layout = &layout;
    host.refused(host.advance(C::horizon, &step), CHEMNNE_BAD_ARGUMENT, "half-widths");
    BOOST_TEST(same_bits(known.half_width, untouched.half_width));
    BOOST_TEST(same_bits(known.score, untouched.score));
  }
  step.half_width = nullptr;  // not wanted: its layout is not looked at
  BOOST_TEST(host.advance(C::horizon, &step) == CHEMNNE_OK);
}

BOOST_AUTO_TEST_CASE(nothing_is_known_without_calibration_or_of_a_cell_that_is_kept) {
  const auto infinite = [](const std::vector<double>& values, std::size_t first, std::size_t count) {
    return std::all_of(values.begin() + static_cast<std::ptrdiff_t>(first),
                       values.begin() + static_cast<std::ptrdiff_t>(first + count),
                       [](double value) { return value == HUGE_VAL; });
  };
  Opened bare, kept(nullptr, description, test::small_uncertainty<C>());
  Known known;
  const chemnne_step step = known.step();
  BOOST_TEST(bare.advance(C::horizon, &step) == CHEMNNE_OK);
  BOOST_TEST(infinite(known.score, 0, cells));
  BOOST_TEST(infinite(known.half_width, 0, cells * outputs));

  kept.weather[2 * 5] = std::nan("");
  BOOST_TEST(kept.advance(C::horizon, &step) == CHEMNNE_OK);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    BOOST_TEST(infinite(known.score, cell, 1) == (cell == 5));
    BOOST_TEST(infinite(known.half_width, cell * outputs, outputs) == (cell == 5));
  }
}
