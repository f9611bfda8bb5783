#define BOOST_TEST_MODULE host_visited_air
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "counted_allocations.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/reference.hpp>
#include <chemnne/host/emulator.hpp>
#include <chemnne/host/visited_air.hpp>

using namespace chemnne;
using C = test::Small<>;

namespace {

const EmulatorDescription& description() {
  static const EmulatorDescription made = test::small_description<C>();
  return made;
}

/// Cell number n: A is n.
void offer(VisitedAir& air, double n, double score = 0) {
  const std::array<double, 3> state{n, 1e8, 1e7};
  const std::array<double, 2> conditions{280, 0.5};
  air.offer(state, conditions, score);
}

bool same(const AirSample& a, const AirSample& b) {
  return a.key == b.key && a.number_density == b.number_density && a.condition_value == b.condition_value &&
         a.score == b.score;
}

}  // namespace

BOOST_AUTO_TEST_CASE(cells_are_kept_as_drawing_without_replacement_by_weights_keeps_them) {
  // Two of four cells of weights 1, 2, 4 and 10. First i, then j of the rest: w_i / W w_j / (W - w_i).
  const std::array<double, 4> score{0, 1, 3, std::numeric_limits<double>::infinity()}, weight{1, 2, 4, 10};
  double all = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    BOOST_TEST(VisitedAir::weight(score[i]) == weight[i]);
    all += weight[i];
  }
  std::map<std::pair<std::size_t, std::size_t>, double> expected;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j)
      if (i != j) expected[std::minmax(i, j)] += weight[i] / all * weight[j] / (all - weight[i]);
  std::map<std::pair<std::size_t, std::size_t>, double> count;
  const int draws = 20000;
  for (int draw = 0; draw < draws; ++draw) {
    VisitedAir air(description(), 2, Random(1, static_cast<std::uint64_t>(draw)));
    for (std::size_t i = 0; i < 4; ++i) offer(air, static_cast<double>(i), score[i]);
    const AirSample sample = air.sample();
    const auto a = static_cast<std::size_t>(sample.state(0)[0]),
               b = static_cast<std::size_t>(sample.state(1)[0]);
    BOOST_TEST(sample.score[0] == score[a]);
    ++count[std::minmax(a, b)];
  }
  for (const auto& [pair, probability] : expected)
    BOOST_TEST(
        std::abs(count[pair] / draws - probability) < 5 * std::sqrt(probability * (1 - probability) / draws),
        pair.first << ", " << pair.second << ": " << count[pair] / draws << ", " << probability);
}

BOOST_AUTO_TEST_CASE(halves_merge_to_the_sample_of_all_in_any_order) {
  const std::size_t cells = 1000, half = 371;
  Random behind(3);
  behind.move_to(half);
  VisitedAir all(description(), 20, Random(3)), first(description(), 20, Random(3)),
      second(description(), 20, behind);
  for (std::size_t i = 0; i < cells; ++i) {
    const auto n = static_cast<double>(i);
    offer(all, n, n / 100);
    offer(i < half ? first : second, n, n / 100);
  }
  VisitedAir one = first, other = second;
  one.merge(second);
  other.merge(first);
  BOOST_TEST(one.sample().rows() == 20u);
  BOOST_TEST(one.offered() == cells);
  BOOST_TEST(same(one.sample(), all.sample()));
  BOOST_TEST(same(other.sample(), all.sample()));
  const AirSample merged = one.sample();
  BOOST_TEST(std::is_sorted(merged.key.rbegin(), merged.key.rend()));

  BOOST_TEST(test::contains(test::message_of([&] { one.merge(VisitedAir(description(), 21, Random(1))); }),
                            "capacity"));
  BOOST_TEST(test::contains(test::message_of([] { VisitedAir(description(), 0, Random(1)); }), "capacity"));
}

BOOST_AUTO_TEST_CASE(what_is_no_air_is_never_kept) {
  VisitedAir air(description(), 4, Random(1));
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {std::nan(""), -1e-30, infinity, -infinity}) {
    offer(air, bad, infinity);
    air.offer(std::array<double, 3>{1, 1, 1},
              std::array<double, 2>{280, std::isfinite(bad) ? infinity : bad});
  }
  BOOST_TEST(air.kept() == 0u);
  for (int i = 0; i < 10; ++i) {
    offer(air, i, std::nan(""));
    offer(air, std::nan(""), infinity);
  }
  BOOST_TEST(air.kept() == 4u);
  for (const double density : air.sample().number_density) BOOST_TEST((density >= 0 && density <= 1e8));
}

BOOST_AUTO_TEST_CASE(a_host_s_layout_and_unit_give_the_same_sample) {
  EmulatorDescription of = description();
  of.conditions = {"temperature", "air_number_density"};
  const std::size_t cells = 30, tracers = 5;
  std::vector<double> state(cells * 3), conditions(cells * 2), host(cells * tracers), weather(2 * cells);
  Random random(5);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    conditions[2 * cell] = weather[cells + cell] = random.uniform(250, 300);
    conditions[2 * cell + 1] = weather[cell] = random.uniform(1e19, 2e19);
    for (std::size_t i = 0; i < 3; ++i) {
      host[(4 - i) * cells + cell] = random.uniform(1e-12, 1e-9);
      state[3 * cell + i] = host[(4 - i) * cells + cell] * weather[cell];
    }
  }
  VisitedAir own(of, 7, Random(2)), bound(of, 7, Random(2));
  own.offer(Columns<const double>::cell_major(state.data(), cells, 3),
            Columns<const double>::cell_major(conditions.data(), cells, 2));
  const HostBinding binding(of, {.species = {"dust", "salt", "C", "B", "A"},
                                 .conditions = {"air_number_density", "temperature"},
                                 .unit = Unit::mole_fraction});
  bound.offer(binding, Columns<double>::item_major(host.data(), cells),
              Columns<const double>::item_major(weather.data(), cells));
  BOOST_TEST(same(own.sample(), bound.sample()));
}

BOOST_AUTO_TEST_CASE(a_guard_samples_what_the_network_meets_and_changes_nothing) {
  const test::TemporaryFolder folder;
  using Model = ChemNNE<C>;
  test::write_small<C>(folder.file("small.safetensors"), test::small_parameters<C>(), description());
  write_uncertainty(folder.file("small.safetensors"), test::small_uncertainty<C>());
  const Emulator<Model, Reference> emulator(folder.file("small.safetensors"));
  Emulator<Model, Reference>::Workspace workspace;
  const std::size_t cells = 50;
  std::vector<double> state, plain, conditions;
  Random random(9);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    for (const double decade : {8.0, 8.5, 7.0}) state.push_back(std::pow(10, decade + random.uniform(-1, 1)));
    conditions.insert(conditions.end(), {random.uniform(270, 300), random.uniform()});
  }
  const std::vector<double> before = plain = state;
  const auto weather = Columns<const double>::cell_major(conditions.data(), cells, 2);
  const auto view = [](std::vector<double>& of) { return Columns<double>::cell_major(of.data(), cells, 3); };
  VisitedAir air(emulator.description(), 8, Random(4)), expected(emulator.description(), 8, Random(4));
  SamplingGuard guard(air, Clamp{});
#ifdef CHEMNNE_COUNTS_ALLOCATIONS
  const long allocations = test::allocations;
#endif
  emulator.advance(view(state), weather, 3600, view(state), workspace, {}, guard);
#ifdef CHEMNNE_COUNTS_ALLOCATIONS
  BOOST_TEST(test::allocations == allocations);
#endif
  std::vector<double> score(cells);
  const StepReport report{.score = Columns<double>::cell_major(score.data(), cells, 1)};
  emulator.advance(view(plain), weather, 3600, view(plain), workspace, report);
  expected.offer(Columns<const double>::cell_major(before.data(), cells, 3), weather, report);
  BOOST_TEST((state == plain));
  BOOST_TEST((state != before));
  BOOST_TEST(same(air.sample(), expected.sample()));
  BOOST_TEST(*std::max_element(score.begin(), score.end()) < std::numeric_limits<double>::infinity());
}
