#define BOOST_TEST_MODULE layers_element_projection
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/autodiff/dual.hpp>
#include <chemnne/layers/element_projection.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;
using test::contains;

namespace {

/// Carbon, nitrogen and sulphur of CO, CH3NO3, PAN, NO2, N2O5, SO2, C2H6, O3, DMS.
constexpr std::size_t elements = 3, species = 9;
const std::vector<double> composition{1, 1, 2, 0, 0, 0, 2, 0, 2,  //
                                      0, 1, 1, 1, 2, 0, 0, 0, 0,  //
                                      0, 0, 0, 0, 0, 1, 0, 0, 1};
const ElementProjection projection(composition, elements, species);
const auto ozone = 7u;

using State = std::vector<double>;

/// CO, NO2 and DMS give way less readily.
const ElementProjection with_mobility(composition, elements, species, State{0.5, 1, 1, 0.1, 1, 1, 1, 1, 0.2});

/// Number densities over six decades.
State random_state(std::uint64_t seed) {
  Random random(seed);
  State c(species);
  for (double& value : c) value = std::pow(10, random.uniform(5, 11));
  return c;
}
State changed(const State& c, double decades, std::uint64_t seed) {
  Random random(seed, 7);
  State result = c;
  for (double& value : result) value *= std::pow(10, decades * random.normal());
  return result;
}
State totals_of(const State& c, const ElementProjection& of = projection) {
  State total(of.elements());
  of.totals(c.data(), total.data());
  return total;
}
/// r / (1 + r) + 0.01 with r = c max_e (A_ei / b_e), written once more.
double weight_of(double c, std::size_t i, const State& total) {
  double largest = 0;
  for (std::size_t e = 0; e < elements; ++e)
    largest = std::max(largest, composition[e * species + i] / total[e]);
  const double held = c * largest;
  return held / (1 + held) + 0.01;
}
/// (p log(p / c) - p + c) / w, the larger the farther p is from c.
double distance(double p, double c, double weight) { return (p * std::log(p / c) - p + c) / weight; }
/// Some ten terms, each of an exponent that multipliers of opposite sign make up, round a few times each.
constexpr double rounding = 64 * std::numeric_limits<double>::epsilon();

double largest_difference(const State& found, const State& expected) {
  double worst = 0;
  for (std::size_t i = 0; i < found.size(); ++i)
    worst = std::max(worst, std::abs(found[i] - expected[i]) / expected[i]);
  return worst;
}

}  // namespace

BOOST_AUTO_TEST_CASE(totals_worked_by_hand) {
  const State c{1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
  BOOST_TEST(totals_of(c) == (State{1 + 10 + 200 + 2e6 + 2e8, 10 + 100 + 1e3 + 2e4, 1e5 + 1e8}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(totals_are_met_to_rounding_and_concentrations_stay_positive) {
  for (const double decades : {1e-3, 0.02, 0.3, 0.7})  // from a good network to an untrained one
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const State before = random_state(seed), wanted = totals_of(before);
      State c = changed(before, decades, seed);
      const State predicted = c;
      BOOST_REQUIRE(projection.project(c.data(), wanted.data()));
      BOOST_TEST(largest_difference(totals_of(c), wanted) < rounding);
      BOOST_TEST(*std::min_element(c.begin(), c.end()) > 0);
      BOOST_TEST(c[ozone] == predicted[ozone]);                             // in no element: as it was
      BOOST_TEST(largest_difference(totals_of(predicted), wanted) > 1e-7);  // and there was something to do
    }
}

BOOST_AUTO_TEST_CASE(a_state_that_has_its_totals_stays_to_the_last_bit) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const State before = random_state(seed), wanted = totals_of(before);
    State c = before;
    BOOST_REQUIRE(projection.project(c.data(), wanted.data()));
    BOOST_TEST(c == before, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(projecting_twice_is_projecting_once) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const State before = random_state(seed), wanted = totals_of(before);
    State once = changed(before, 0.3, seed);
    BOOST_REQUIRE(projection.project(once.data(), wanted.data()));
    State twice = once;
    BOOST_REQUIRE(projection.project(twice.data(), wanted.data()));
    // What the totals are off by rounding is divided by the share of an element that its own carriers have.
    BOOST_TEST(largest_difference(twice, once) < 1e3 * rounding);
  }
}

BOOST_AUTO_TEST_CASE(no_state_of_the_same_totals_is_nearer) {
  // Moves along A v = 0: CH3NO3 -> CO + NO2, 2 NO2 -> N2O5, PAN -> C2H6 + NO2, DMS -> 2 CO + SO2.
  const std::vector<State> reactions{{1, -1, 0, 1, 0, 0, 0, 0, 0},
                                     {0, 0, 0, -2, 1, 0, 0, 0, 0},
                                     {0, 0, -1, 1, 0, 0, 1, 0, 0},
                                     {2, 0, 0, 0, 0, 1, 0, 0, -1}};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const State before = random_state(seed), wanted = totals_of(before),
                predicted = changed(before, 0.3, seed);
    State c = predicted;
    BOOST_REQUIRE(projection.project(c.data(), wanted.data()));
    for (const State& reaction : reactions) {
      // The slope along the move vanishes: sum_i v_i log(c*_i / c_i) / w_i.
      double slope = 0, scale = 0, smallest = std::numeric_limits<double>::infinity();
      const auto weight = [&](std::size_t i) { return weight_of(predicted[i], i, wanted); };
      for (std::size_t i = 0; i < species; ++i) {
        if (reaction[i] == 0) continue;
        slope += reaction[i] * std::log(c[i] / predicted[i]) / weight(i);
        scale += std::abs(reaction[i]) / weight(i);
        smallest = std::min(smallest, c[i]);
      }
      BOOST_TEST(std::abs(slope) < 1e-13 * scale);  // a logarithm of c* rounds to some epsilon
      for (const double size : {-0.3, 0.3}) {
        double change = 0;
        for (std::size_t i = 0; i < species; ++i)
          if (reaction[i] != 0)
            change += distance(c[i] + size * smallest * reaction[i], predicted[i], weight(i)) -
                      distance(c[i], predicted[i], weight(i));
        BOOST_TEST(change > 0);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_step_worked_by_hand) {
  // One element in X and X2, c = (1, 1), b = 10: r = (0.1, 0.2), w = (1 / 11 + 0.01, 1 / 6 + 0.01), and
  // u + 2 u^p = 10 for u = exp(w_1 lambda), p = 2 w_2 / w_1: the root by bisection.
  const double power = 2 * (1.0 / 6 + 0.01) / (1.0 / 11 + 0.01);
  double low = 1, high = 3;
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = 0.5 * (low + high);
    (middle + 2 * std::pow(middle, power) < 10 ? low : high) = middle;
  }
  const ElementProjection one(State{1, 2}, 1, 2);
  State c{1, 1};
  const State total{10};
  BOOST_REQUIRE(one.project(c.data(), total.data()));
  BOOST_TEST(c[0] == low, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(c[1] == std::pow(low, power), boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(traces_do_not_pay_for_what_is_abundant) {
  // NO2 is a million times CH3NO3: 5 % too much nitrogen is NO2's, and CH3NO3 stays what it was.
  const State before{1e9, 1e3, 0, 1e9, 0, 0, 0, 0, 0}, wanted = totals_of(before);
  State c = before;
  c[3] *= 1.05;
  BOOST_REQUIRE(projection.project(c.data(), wanted.data()));
  BOOST_TEST(c[3] == 1e9, boost::test_tools::tolerance(1e-8));
  BOOST_TEST(std::abs(c[1] / 1e3 - 1) < 2e-3);  // a fiftieth of the 5 %: 0.01 of weight against a half
}

BOOST_AUTO_TEST_CASE(what_gives_way_less_readily_keeps_more_of_what_it_has) {
  // The same amount of two species: their exponents are as their mobilities.
  const ElementProjection two(State{1, 1}, 1, 2, State{1, 0.1});
  State c{1e6, 1e6};
  const State total{2.2e6};
  BOOST_REQUIRE(two.project(c.data(), total.data()));
  BOOST_TEST(c[0] + c[1] == total[0], boost::test_tools::tolerance(1e-14));
  BOOST_TEST(std::log(c[1] / 1e6) == 0.1 * std::log(c[0] / 1e6), boost::test_tools::tolerance(1e-10));
  // Where it has nearly all that there is, it gives way.
  State ruled{1e3, 1e6};
  const State more{1.1e6};
  BOOST_REQUIRE(two.project(ruled.data(), more.data()));
  BOOST_TEST(ruled[0] + ruled[1] == more[0], boost::test_tools::tolerance(1e-14));
  BOOST_TEST(ruled[1] > 1.05e6);
  // Totals are met whatever gives way, and a mobility of 1 changes no bit.
  const ElementProjection of_one(composition, elements, species, State(species, 1));
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const State before = random_state(seed), wanted = totals_of(before),
                predicted = changed(before, 0.3, seed);
    State slow = predicted, plain = predicted, one = predicted;
    BOOST_REQUIRE(with_mobility.project(slow.data(), wanted.data()));
    BOOST_TEST(largest_difference(totals_of(slow), wanted) < rounding);
    BOOST_REQUIRE(projection.project(plain.data(), wanted.data()) &&
                  of_one.project(one.data(), wanted.data()));
    BOOST_TEST(one == plain, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(zeros_and_absent_elements) {
  State before = random_state(3);
  before[5] = before[8] = 0;  // no sulphur
  before[2] = 0;              // no PAN
  const State wanted = totals_of(before);
  State c = changed(before, 0.2, 3);
  BOOST_TEST(c[2] == 0);
  BOOST_REQUIRE(projection.project(c.data(), wanted.data()));
  BOOST_TEST(c[2] == 0);
  BOOST_TEST(c[5] == 0);
  BOOST_TEST(largest_difference({totals_of(c)[0], totals_of(c)[1]}, {wanted[0], wanted[1]}) < rounding);
  // What a network adds of an element that is not there is taken away, and the others' totals still hold.
  c = changed(random_state(3), 0.2, 3);
  BOOST_REQUIRE(projection.project(c.data(), wanted.data()));
  BOOST_TEST(c[5] == 0);
  BOOST_TEST(c[8] == 0);
  BOOST_TEST(largest_difference({totals_of(c)[0], totals_of(c)[1]}, {wanted[0], wanted[1]}) < rounding);
}

BOOST_AUTO_TEST_CASE(an_element_that_no_species_has_takes_no_part) {
  std::vector<double> more = composition;
  more.insert(more.end(), species, 0.0);
  const ElementProjection four(more, elements + 1, species);
  const State before = random_state(4), wanted = totals_of(before, four);
  BOOST_TEST(wanted[elements] == 0);
  State c = changed(before, 0.2, 4), same = c;
  BOOST_REQUIRE(four.project(c.data(), wanted.data()));
  BOOST_REQUIRE(projection.project(same.data(), wanted.data()));
  BOOST_TEST(c == same, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(elements_that_depend_on_each_other_agree_or_are_refused) {
  std::vector<double> doubled{1, 1, 2, 0, 2, 2, 4, 0};  // the second row is twice the first
  const ElementProjection two(doubled, 2, 4);
  const State before{3, 5, 7, 11}, wanted = totals_of(before, two);
  State c = changed(before, 0.2, 5);
  BOOST_REQUIRE(two.project(c.data(), wanted.data()));
  BOOST_TEST(largest_difference(totals_of(c, two), wanted) < rounding);
  const State predicted = c, contradiction{wanted[0], 2.1 * wanted[0]};
  BOOST_TEST(!two.project(c.data(), contradiction.data()));
  BOOST_TEST(c == predicted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_has_no_projection_is_said_and_left_alone) {
  const State before = random_state(6), wanted = totals_of(before), predicted = changed(before, 0.2, 6);
  const auto refuses = [](State c, const State& total) {
    const State given = c;
    const bool done = projection.project(c.data(), total.data());
    for (std::size_t i = 0; i < species; ++i)
      BOOST_TEST((c[i] == given[i] || (std::isnan(c[i]) && std::isnan(given[i]))));
    return !done;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = HUGE_VAL;
  for (const double bad : {nan, infinity, -1.0}) {
    State total = wanted, c = predicted;
    total[1] = bad;
    BOOST_TEST(refuses(predicted, total));
    c[3] = bad;
    BOOST_TEST(refuses(c, wanted));
  }
  // Totals that are next to nothing: atoms over them would not be finite.
  for (const double faint : {5e-324, 1e-308, 1e-250}) {
    State total = wanted;
    total[1] = faint;
    BOOST_TEST(refuses(predicted, total));
  }
  State vast = predicted;
  vast[3] = vast[4] = 1.7e308;
  BOOST_TEST(refuses(vast, wanted));
  State no_sulphur = predicted;
  no_sulphur[5] = no_sulphur[8] = 0;  // nothing that could carry the total
  BOOST_TEST(refuses(no_sulphur, wanted));
  // CH3NO3 alone cannot have more carbon than nitrogen.
  const State nitrate{0, 1e9, 0, 0, 0, 0, 0, 0, 0};
  BOOST_TEST(refuses(nitrate, {2e9, 1e9, 0}));
  State again = nitrate;
  BOOST_TEST(projection.project(again.data(), State{2e9, 2e9, 0}.data()));
}

BOOST_AUTO_TEST_CASE(far_away_states_are_reached) {
  for (const double decades : {-3.0, -1.0, 1.0, 3.0}) {
    const State before = random_state(8), wanted = totals_of(before);
    State c = before;
    for (double& value : c) value *= std::pow(10, decades);
    BOOST_REQUIRE(projection.project(c.data(), wanted.data()));
    // Exponents of 7 round to as many epsilon.
    BOOST_TEST(largest_difference(totals_of(c), wanted) < 4 * rounding);
  }
}

BOOST_AUTO_TEST_CASE(concentrations_in_float_are_met_to_float) {
  const State before = random_state(9), wanted = totals_of(before);
  const State predicted = changed(before, 0.1, 9);
  std::vector<float> c(predicted.begin(), predicted.end());
  BOOST_REQUIRE(projection.project(c.data(), wanted.data()));
  State total(elements);
  projection.totals(c.data(), total.data());
  BOOST_TEST(largest_difference(total, wanted) < 6e-8);  // half an ULP of each species
}

namespace {

/// The error of <dx*, J v> = <pullback, v> over x = log c and b, relative to the sum of magnitudes, with J v
/// by dual numbers through Newton's method, of which the pullback knows nothing.
double pullback_error(std::uint64_t seed, double planted = 0, const ElementProjection& of = projection) {
  using D = Dual<double>;
  Random random(seed, 3);
  const State before = random_state(seed), wanted = totals_of(before), predicted = changed(before, 0.2, seed);
  State direction(species), total_direction(elements), slope(species), total_slope(elements), projected,
      exponent(species);
  for (double& v : direction) v = random.normal();
  for (std::size_t e = 0; e < elements; ++e) total_direction[e] = wanted[e] * random.normal();
  for (double& v : slope) v = random.normal();

  std::vector<D> c(species), total(elements);
  for (std::size_t i = 0; i < species; ++i) c[i] = {predicted[i], predicted[i] * direction[i]};
  for (std::size_t e = 0; e < elements; ++e) total[e] = {wanted[e], total_direction[e]};
  double forward = 0;
  for (std::size_t i = 0; i < species; ++i) forward += slope[i] * direction[i];
  BOOST_REQUIRE(of.project(c.data(), total.data(), [&](std::size_t i, const D& shift) {
    forward += slope[i] * shift.tangent;
    exponent[i] = shift.value;
  }));
  for (const D& value : c) projected.push_back(value.value);
  projected[0] *= 1 + planted;

  of.pullback(projected.data(), exponent.data(), wanted.data(), slope.data(), total_slope.data());
  double back = 0, scale = 0;
  const auto add = [&](double a, double b) {
    back += a * b;
    scale += std::abs(a * b);
  };
  for (std::size_t i = 0; i < species; ++i) add(slope[i], direction[i]);
  for (std::size_t e = 0; e < elements; ++e) add(total_slope[e], total_direction[e]);
  return std::abs(back - forward) / scale;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_pullback_is_exact) {
  // Rounding, magnified by the inverse of H: up to 1e4 where one species carries most of two elements.
  double with_error = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    BOOST_TEST(pullback_error(seed) < 1e-11);
    with_error = std::max(with_error, pullback_error(seed, 1e-3));
  }
  BOOST_TEST(with_error > 1e-6);  // a state that is a thousandth off is seen
  for (std::uint64_t seed = 0; seed < 50; ++seed) BOOST_TEST(pullback_error(seed, 0, with_mobility) < 1e-10);
}

BOOST_AUTO_TEST_CASE(a_pullback_worked_by_hand) {
  // One element in two species, at a state that has the total, b = 4: r = (1, 3) / 4, w = r / (1 + r) + 0.01
  // = (0.21, 3 / 7 + 0.01), v = (2 w_1 + 3 w_2) / (w_1 + 3 w_2), dL/dx = slope - c v.
  const ElementProjection one(State{1, 1}, 1, 2);
  State slope{2, 3}, total_slope(1);
  const State projected{1, 3}, exponent{0, 0}, total{4};
  one.pullback(projected.data(), exponent.data(), total.data(), slope.data(), total_slope.data());
  const auto close = boost::test_tools::tolerance(1e-14);
  const double w1 = 0.21, w2 = 3.0 / 7 + 0.01, v = (2 * w1 + 3 * w2) / (w1 + 3 * w2);
  BOOST_TEST(slope[0] == 2 - v, close);
  BOOST_TEST(slope[1] == 3 - 3 * v, close);
  BOOST_TEST(total_slope[0] == v, close);
}

BOOST_AUTO_TEST_CASE(a_projection_over_no_element_changes_nothing) {
  const ElementProjection none;
  State c{1, 2, 3};
  BOOST_TEST(none.project(c.data(), static_cast<const double*>(nullptr)));
  BOOST_TEST(c == (State{1, 2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(compositions_that_make_no_sense_are_refused) {
  const auto message = [](const std::vector<double>& counts, std::size_t rows, std::size_t columns) {
    return test::message_of([&] { ElementProjection(counts, rows, columns); });
  };
  BOOST_TEST(contains(message(State(9), 9, 1), "8 elements or fewer, found 9"));
  BOOST_TEST(contains(message(State(5), 2, 3), "6 counts of atoms, found 5"));
  BOOST_TEST(contains(message({1, -1}, 1, 2), "not negative"));
  BOOST_TEST(contains(message({1, HUGE_VAL}, 1, 2), "finite"));
  const auto of = [](const State& mobility) {
    return test::message_of([&] { ElementProjection(State{1, 1}, 1, 2, mobility); });
  };
  BOOST_TEST(contains(of({1}), "2 mobilities, found 1"));
  for (const double bad : {0.0, 0.09, 1.5, std::nan("")}) BOOST_TEST(contains(of({1, bad}), "from 0.1 to 1"));
}
