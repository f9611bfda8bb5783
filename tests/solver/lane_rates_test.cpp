#define BOOST_TEST_MODULE solver_lane_rates
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../chemistry/rate_program_cases.hpp"
#include "../host/counted_allocations.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/solver/lane_rates.hpp>
#include <chemnne/tensor/buffer.hpp>

using namespace chemnne;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// A program with the arrays of a block.
template <class T>
struct Block {
  static constexpr std::size_t cells = LaneRates<T>::cells;

  explicit Block(const RateProgram& program)
      : lanes(program), inputs(program.inputs() * cells), rates(lanes.rates() * cells) {}

  void set(std::size_t cell, std::span<const double> values) {
    for (std::size_t i = 0; i < values.size(); ++i) inputs[i * cells + cell] = values[i];
  }
  auto evaluate() { return lanes.evaluate(inputs.data(), rates.data()); }
  std::vector<double> of(std::size_t cell) const {
    std::vector<double> result;
    for (std::size_t r = 0; r < lanes.rates(); ++r)
      result.push_back(static_cast<double>(rates[r * cells + cell]));
    return result;
  }

  LaneRates<T> lanes;
  Buffer<double> inputs;
  Buffer<T> rates;
};

Mechanism with_rate(const std::string& rate, const ReadOptions& options = {}) {
  return parse_kpp(
      "#DEFVAR\nA = IGNORE; B = IGNORE;\n#INLINE F90_GLOBAL\n  REAL(dp) :: P\n#ENDINLINE\n#EQUATIONS\n"
      "<1> A = B : " +
          rate + " ;\n",
      "one.kpp", options);
}

Mechanism troposphere() {
  return read_mechanism(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
}

using Numbers = std::tuple<float, double>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(lanes_have_the_rates_of_the_chemical_system, T, Numbers) {
  constexpr bool single = std::is_same_v<T, float>;
  for (const Mechanism& mechanism : test::all_mechanisms()) {
    const RateProgram program(mechanism);
    Block<T> block(program);
    Random random{21};
    for (int repeat = 0; repeat < 2; ++repeat) {
      std::vector<std::vector<double>> inputs;
      for (std::size_t cell = 0; cell < block.cells; ++cell) {
        inputs.push_back(test::random_inputs(program, random));
        block.set(cell, inputs.back());
      }
      BOOST_TEST(block.evaluate().all(), mechanism.name);
      for (std::size_t cell = 0; cell < block.cells; ++cell)
        for (const double sum : test::peroxy_radical_sums) {
          std::vector<double> expected = test::expected_rates(mechanism, program, inputs[cell], sum);
          // Slopes are rounded and bounded apart from the rates: what is beyond single precision is not
          // compared.
          for (double& rate : expected)
            if (single) rate = std::clamp(rate, -1e38, 1e38);
          std::vector<double> found = test::rates_at(program, block.of(cell), sum);
          for (double& rate : found)
            if (single) rate = std::clamp(rate, -1e38, 1e38);
          const double negligible = single ? 1e-37 * std::max(sum, 1.0) : 1e-290;
          const double difference = test::largest_difference(found, expected, negligible);
          BOOST_TEST(difference < (single ? 1e-6 : 1e-12),
                     mechanism.name << ", sum " << sum << ": " << difference);
        }
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_numbers_of_a_lane_do_not_depend_on_its_mates, T, Numbers) {
  const Mechanism mechanism = troposphere();
  const RateProgram program(mechanism);
  Block<T> block(program);
  Random random{22};
  for (std::size_t cell = 0; cell < block.cells; ++cell) {
    const std::vector<double> inputs = test::random_inputs(program, random);
    for (std::size_t other = 0; other < block.cells; ++other) block.set(other, inputs);
    block.evaluate();
    const std::vector<double> alike = block.of(0);
    // Others of all kinds: at night, at high noon, hot, absurd.
    const double absurd[] = {0, -1, 1e300, 1e-310, infinity, not_a_number};
    for (std::size_t other = 0; other < block.cells; ++other) {
      block.set(other, test::random_inputs(program, random));
      if (other % 2 == 1) block.inputs[random.index(5) * block.cells + other] = absurd[random.index(6)];
    }
    block.set(cell, inputs);
    BOOST_TEST(block.evaluate()[cell]);
    const std::vector<double> among_others = block.of(cell);
    BOOST_TEST(std::memcmp(alike.data(), among_others.data(), alike.size() * sizeof(double)) == 0);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_input_that_is_not_finite_spoils_its_own_cell_alone, T, Numbers) {
  const RateProgram program(troposphere());
  Block<T> block(program);
  Random random{23};
  for (std::size_t input = 0; input < program.inputs(); ++input)
    for (const double bad : {not_a_number, infinity, -infinity})
      for (std::size_t cell = 0; cell < block.cells; ++cell) {
        for (std::size_t other = 0; other < block.cells; ++other)
          block.set(other, test::random_inputs(program, random));
        block.inputs[input * block.cells + cell] = bad;
        const auto well = block.evaluate();
        BOOST_TEST(!well[cell]);
        BOOST_TEST(well.count() == block.cells - 1);
      }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_too_large_becomes_the_largest_number, T, Numbers) {
  const RateProgram program(with_rate("P*P"));
  Block<T> block(program);
  for (std::size_t cell = 0; cell < block.cells; ++cell)
    block.set(cell, std::vector<double>{280, 1e5, 50, 0.5, 1, cell == 1 ? 1e150 : cell == 2 ? 1e160 : 3});
  const auto well = block.evaluate();
  BOOST_TEST(well.count() == block.cells - 1);
  BOOST_TEST(!well[2]);
  BOOST_TEST(block.rates[0] == 9);
  const double expected = std::min(1e150 * 1e150, static_cast<double>(std::numeric_limits<T>::max()));
  BOOST_TEST(block.rates[1] == static_cast<T>(expected));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(functions_of_a_user_are_called_for_each_cell, T, Numbers) {
  ReadOptions options;
  options.functions.add("ARR_ab", 2, [](const RateContext& c, std::span<const double> p) {
    if (c.temperature > 300) throw std::runtime_error("too warm");
    return p[0] * c.temperature + p[1] * c.parameters[0] + c.photolysis[4];
  });
  const Mechanism mechanism = with_rate("2*ARR_ab(3, P) + ARR_ab(ARR_ab(1, 2), 5)", options);
  const RateProgram program(mechanism);
  Block<T> block(program);
  std::vector<std::vector<double>> inputs;
  for (std::size_t cell = 0; cell < block.cells; ++cell) {
    inputs.push_back(
        {280 + 5.0 * static_cast<double>(cell), 1e5, 50, 0.5, 1, 3.0 + static_cast<double>(cell)});
    block.set(cell, inputs.back());
  }
  const auto well = block.evaluate();
  for (std::size_t cell = 0; cell < block.cells; ++cell) {
    BOOST_TEST(well[cell] == (inputs[cell][temperature_input] <= 300));
    if (well[cell])
      BOOST_TEST(block.of(cell)[0] == test::expected_rates(mechanism, program, inputs[cell], 0)[0],
                 boost::test_tools::tolerance(1e-6));
  }
}

BOOST_AUTO_TEST_CASE(powers_that_have_no_logarithm_and_a_copy_with_memory_of_its_own) {
  const RateProgram program(with_rate("MIN(P, 2)**MAX(P, 1) + ABS(P) + SQRT(ABS(P))"));
  Block<double> block(program);
  for (std::size_t cell = 0; cell < block.cells; ++cell)
    block.set(cell, std::vector<double>{280, 1e5, 50, 0.5, 1, 3 - static_cast<double>(cell)});
  LaneRates<double> copy = block.lanes;
  BOOST_TEST(copy.evaluate(block.inputs.data(), block.rates.data()).all());
  for (std::size_t cell = 0; cell < block.cells; ++cell) {
    const double p = 3 - static_cast<double>(cell);
    BOOST_TEST(block.of(cell)[0] ==
                   std::pow(std::min(p, 2.0), std::max(p, 1.0)) + std::abs(p) + std::sqrt(std::abs(p)),
               boost::test_tools::tolerance(1e-15));
  }
}

/// As in std::min and std::max the first operand is kept where one is not a number.
BOOST_AUTO_TEST_CASE(extrema_drop_what_is_not_a_number_where_the_scalar_ones_do) {
  const std::pair<const char*, bool> cases[] = {{"MAX(LOG(P), 1)", false},
                                                {"MAX(1, LOG(P))", true},
                                                {"MIN(LOG(P), 1)", false},
                                                {"MIN(1, LOG(P))", true}};
  for (const auto& [rate, is_well] : cases) {
    const RateProgram program(with_rate(rate));
    Block<double> block(program);
    for (std::size_t cell = 0; cell < block.cells; ++cell)
      block.set(cell, std::vector<double>{280, 1e5, 50, 0.5, 1, cell == 3 ? -1.0 : 1.0});
    const auto well = block.evaluate();
    BOOST_TEST(well.count() == block.cells - (is_well ? 0 : 1));
    BOOST_TEST(well[3] == is_well);
    if (is_well) BOOST_TEST(block.of(3)[0] == 1);
  }
}

/// Each lane takes its own branch, whatever becomes of the others there.
BOOST_AUTO_TEST_CASE_TEMPLATE(conditions_are_those_of_each_cell, T, Numbers) {
  const Mechanism mechanism = parse_kpp(R"(#DEFVAR
A = IGNORE; B = IGNORE;
#INLINE F90_GLOBAL
  REAL(dp) :: P, K, L
#ENDINLINE
#INLINE F90_RATES
REAL(dp) FUNCTION cold(limit)
  REAL(dp) :: limit
  cold = 2*limit
  IF (TEMP < limit .AND. P > 0) THEN
    cold = LOG(P)*SQRT(limit - TEMP)
  ELSE IF (P == 0) THEN
    RETURN
  END IF
  cold = cold + MOD(TEMP, 7.0)
END FUNCTION
#ENDINLINE
#INLINE F90_RCONST
  K = 1
  IF (P > 1) K = 1/(P - 1) + SIN(P)
  L = MERGE(EXP(1E3*P), ATAN2(P, TEMP), P < 0.5)
#ENDINLINE
#EQUATIONS
<1> A = B : K ;
<2> B = A : cold(260.) ;
<3> A = A + B : L ;
)",
                                        "conditions.kpp");
  const RateProgram program(mechanism);
  Block<T> block(program);
  Random random{25};
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::vector<std::vector<double>> inputs;
    for (std::size_t cell = 0; cell < block.cells; ++cell) {
      inputs.push_back(test::random_inputs(program, random));
      constexpr double numbers[] = {0, 0.01, 0.5, 1, 1.5, 40};
      inputs.back()[environment_inputs] = numbers[random.index(6)];
      block.set(cell, inputs.back());
    }
    BOOST_TEST(block.evaluate().all());
    for (std::size_t cell = 0; cell < block.cells; ++cell) {
      const std::vector<double> expected = test::expected_rates(mechanism, program, inputs[cell], 0);
      const double difference = test::largest_difference(block.of(cell), expected, 1e-3);
      BOOST_TEST(difference < (std::is_same_v<T, float> ? 1e-6 : 1e-12),
                 "P " << inputs[cell][environment_inputs]);
    }
  }
}

BOOST_AUTO_TEST_CASE(evaluation_allocates_nothing) {
  const RateProgram program(troposphere());
  Block<float> block(program);
  Random random{24};
  for (std::size_t cell = 0; cell < block.cells; ++cell)
    block.set(cell, test::random_inputs(program, random));
  static_assert(noexcept(block.lanes.evaluate(nullptr, nullptr)));
#if defined(CHEMNNE_COUNTS_ALLOCATIONS)
  const long before = test::allocations;
  block.evaluate();
  BOOST_TEST(test::allocations == before);
#endif
}
