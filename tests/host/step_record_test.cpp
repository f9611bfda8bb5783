#define BOOST_TEST_MODULE host_step_record
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/host/guarded_step.hpp>
#include <chemnne/host/step_record.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

constexpr std::size_t species = 6;
using State = std::array<double, species>;

/// X and Y in five species, two of which have both; one that has neither.
EmulatorDescription description() {
  EmulatorDescription d;
  d.inputs = d.outputs = {"A", "B", "C", "D", "E", "F"};
  d.elements = {"X", "Y"};
  d.composition = {{1, 2, 1, 0, 3, 0}, {0, 0, 1, 1, 2, 0}};
  return d;
}

/// A guarded step whose network says `raw`, with one record.
struct Guarded {
  explicit Guarded(std::array<RangeLimit, species> edges) : limits(edges) {}

  template <class Guard>
  State operator()(const State& before, const State& raw, Guard guard, CellFlags* flags = nullptr) {
    State after = raw, memory{};
    GuardedCell cell{.cell = 0,
                     .before = before,
                     .conditions = {},
                     .seconds = 60,
                     .limits = limits,
                     .after = after,
                     .flags = 0};
    record.begin(before.data());
    step.decide(std::span(&cell, 1), guard, memory.data(), record);
    if (flags) *flags = cell.flags;
    return after;
  }

  GuardedStep step{ElementBudget(description()), true, 0.1};
  StepRecord record{step.budget(), species, species};
  std::array<RangeLimit, species> limits;
};

std::array<RangeLimit, species> limits_of(double lowest, double highest) {
  std::array<RangeLimit, species> limits;
  for (RangeLimit& limit : limits) limit = RangeLimit({lowest, highest}, 1);
  return limits;
}

double product(const State& a, const State& b) {
  double sum = 0;
  for (std::size_t i = 0; i < species; ++i) sum += a[i] * b[i];
  return sum;
}
State along(State x, const State& v, double by) {
  for (std::size_t i = 0; i < species; ++i) x[i] += by * v[i];
  return x;
}

/// The derivative at a point has <w, J v> = <J^T w, v>, and J v is the difference of two steps. `move`: of
/// what size directions are, each relative to its value.
template <class Guard>
void is_the_derivative(Guarded& guarded, const State& before, const State& raw, Guard guard, Random& random,
                       CellFlags expected) {
  State d_before, d_raw, w;
  for (std::size_t i = 0; i < species; ++i) {
    d_before[i] = random.normal() * std::abs(before[i]);
    d_raw[i] = random.normal() * (raw[i] > 0 ? raw[i] : 1e7);
    w[i] = random.normal() / (1e6 + std::abs(before[i]));
  }
  CellFlags flags = 0;
  guarded(before, raw, guard, &flags);
  BOOST_TEST(static_cast<int>(flags) == static_cast<int>(expected));
  State forward = d_raw, back = w, back_before{};
  guarded.record.tangent(d_before.data(), forward.data());
  guarded.record.cotangent(back.data(), back_before.data());
  const double left = product(w, forward), right = product(back, d_raw) + product(back_before, d_before);
  double size = 0;
  for (std::size_t i = 0; i < species; ++i)
    size +=
        std::abs(w[i] * forward[i]) + std::abs(back[i] * d_raw[i]) + std::abs(back_before[i] * d_before[i]);
  BOOST_TEST(std::abs(left - right) <= 1e-11 * size, left << " and " << right);

  const double by = 1e-6;
  const State plus = guarded(along(before, d_before, by), along(raw, d_raw, by), guard),
              minus = guarded(along(before, d_before, -by), along(raw, d_raw, -by), guard);
  for (std::size_t i = 0; i < species; ++i) {
    const double difference = (plus[i] - minus[i]) / (2 * by);
    BOOST_TEST(std::abs(forward[i] - difference) <= 1e-6 * (std::abs(forward[i]) + std::abs(plus[i])),
               "species " << i << ": " << forward[i] << " and " << difference);
  }
}

State random_state(Random& random) {
  State state;
  for (double& c : state) c = std::pow(10, random.uniform(7, 9));
  return state;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_projection_has_its_derivative) {
  Guarded guarded(limits_of(-30, 30));
  Random random(1);
  for (int n = 0; n < 20; ++n) {
    const State before = random_state(random);
    State raw = before;
    for (double& c : raw) c *= std::exp(0.2 * random.normal());
    is_the_derivative(guarded, before, raw, Clamp{}, random, 0);
  }
}

BOOST_AUTO_TEST_CASE(what_the_totals_cannot_hold_is_cut_off_with_its_derivative) {
  Guarded guarded(limits_of(-30, 30));
  Random random(2);
  const State before{1e8, 1e8, 1e7, 2e7, 1e6, 1e7};
  is_the_derivative(guarded, before, {5e8, 1e8, 2e7, 1e8, 1e6, 1e8}, Clamp{}, random, 0);
}

BOOST_AUTO_TEST_CASE(limits_have_their_derivative_on_the_side_that_is_taken) {
  Guarded guarded(limits_of(7, 9));  // 5e6 to 2e9
  Random random(3);
  const CellFlags limited = flag(CellFlag::limited);
  // Beyond the upper end: F was within, or beyond itself.
  is_the_derivative(guarded, {1e8, 1e8, 1e8, 1e8, 1e8, 1e9}, {1e8, 1e8, 1e8, 1e8, 1e8, 5e9}, Clamp{}, random,
                    limited);
  is_the_derivative(guarded, {1e8, 1e8, 1e8, 1e8, 1e8, 3e9}, {1e8, 1e8, 1e8, 1e8, 1e8, 5e9}, Clamp{}, random,
                    limited);
  // Below the lower end, and the projection takes another beyond it: rounds within the limits.
  is_the_derivative(guarded, {6e6, 1e8, 2e7, 5.5e6, 1e8, 1e8}, {5.2e6, 2e8, 2e7, 5.05e6, 1.5e8, 1e6}, Clamp{},
                    random, limited);
  is_the_derivative(guarded, {2e6, 1e8, 2e7, 1e6, 1e8, 1e8}, {1e6, 2e8, 2e7, 5e5, 1.5e8, 1e8}, Clamp{},
                    random, limited);
  is_the_derivative(guarded, {1e8, 1e8, 1e8, 1e8, 1e8, 1e9}, {1e8, 1e8, 1e8, 1e8, 1e8, 5e9}, FlagOnly{},
                    random, limited);
}

BOOST_AUTO_TEST_CASE(rounds_within_limits_have_their_derivative) {
  Guarded guarded(limits_of(7, 9));
  Random random(4);
  std::size_t rounds = 0;
  for (int n = 0; n < 200; ++n) {
    State before;
    for (double& c : before) c = 5e6 * std::pow(10, random.uniform(0, 2.6));
    State raw = before;
    for (double& c : raw) c *= std::exp(0.7 * random.normal());
    CellFlags flags = 0;
    const State after = guarded(before, raw, Clamp{}, &flags);
    std::size_t at_edge = 0;
    for (const double c : after) at_edge += c == 5e6 || c == 2e9 ? 1u : 0u;
    rounds += at_edge;
    is_the_derivative(guarded, before, raw, Clamp{}, random, flags);
  }
  BOOST_TEST(rounds > 50u);
}

BOOST_AUTO_TEST_CASE(faint_and_absent_elements_have_the_derivative_of_what_is_done_with_them) {
  Guarded guarded(limits_of(-30, 30));
  Random random(5);
  // Y is a trace, its carriers stay as they are.
  is_the_derivative(guarded, {1e8, 1e8, 1e-12, 2e-12, 1e-13, 1e7}, {2e8, 1e8, 1, 1, 1, 1e8}, Clamp{}, random,
                    0);
  // There is no Y: nothing moves its carriers.
  guarded({1e8, 1e8, 0, 0, 0, 1e7}, {2e8, 1e8, 5, 5, 5, 1e8}, Clamp{});
  State direction{1e7, 0, 3, 4, 5, 1e6}, unmoved{}, slope{0, 0, 1, 1, 1, 0}, found{};
  guarded.record.tangent(unmoved.data(), direction.data());
  guarded.record.cotangent(slope.data(), found.data());
  for (std::size_t i = 2; i < 5; ++i) BOOST_TEST((direction[i] == 0 && slope[i] == 0 && found[i] == 0));
  BOOST_TEST(direction[0] != 0);
}

// c* = c exp(s): a species that is not there grows as its neighbours' factors say.
BOOST_AUTO_TEST_CASE(a_species_that_is_not_there_has_the_derivative_of_small_values) {
  Guarded guarded(limits_of(-30, 30));
  const State before{1e8, 1e8, 1e7, 1e7, 1e7, 1e7};
  const auto after_of = [&](double c) { return guarded(before, {2e8, 1e8, 2e7, c, 1e7, 1e7}, Clamp{}); };
  const double factor = after_of(1e-3)[3] / 1e-3;
  after_of(0);
  State direction{0, 0, 0, 1, 0, 0}, still{}, slope{0, 0, 0, 1, 0, 0}, found{};
  guarded.record.tangent(still.data(), direction.data());
  guarded.record.cotangent(slope.data(), found.data());
  BOOST_TEST(direction[3] == factor, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(slope[3] == factor, boost::test_tools::tolerance(1e-9));
}
