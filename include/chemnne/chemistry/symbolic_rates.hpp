#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/photolysis.hpp>
#include <chemnne/chemistry/photolysis_table.hpp>
#include <chemnne/chemistry/rate_context.hpp>
#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/rate_functions.hpp>
#include <chemnne/chemistry/rate_graph.hpp>
#include <chemnne/chemistry/rate_symbol.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// The places of the environment among the inputs of a rate program, in the units of Environment. Parameters
/// and fixed species follow.
enum RateInput : std::size_t {
  temperature_input,
  pressure_input,
  relative_humidity_input,
  cosine_zenith_input,
  photolysis_scaling_input,
  environment_inputs
};

/// function(arguments) of a rate program, in its environment with RO2 = 0.
struct RateCall {
  std::shared_ptr<const RateFunction> function;
  std::vector<RateGraph::Index> arguments;
};

namespace detail {

/// value + slope RO2; one that is not there is 0 for certain, whatever it was to be multiplied by.
struct LinearRate {
  std::optional<RateSymbol> value;
  std::optional<RateSymbol> slope;
};

/// Writes rate expressions down in one graph.
class SymbolicRates {
 public:
  /// J by table, or without one the clear-sky J of a version of the MCM.
  SymbolicRates(const PhotolysisTable* table, McmVersion mcm) {
    RateSymbols& s = symbols_;
    s.temperature = input(temperature_input);
    s.pressure = input(pressure_input);
    s.relative_humidity = input(relative_humidity_input);
    s.cosine_zenith = input(cosine_zenith_input);
    s.photolysis_scaling = input(photolysis_scaling_input);
    s.air = air_number_density(s);
    s.oxygen = oxygen_number_density(s);
    s.nitrogen = nitrogen_number_density(s);
    s.water = water_number_density(s);
    s.sun = max(s.cosine_zenith, 0);
    if (table)
      s.photolysis = table->rates_of(s.temperature, s.photolysis_scaling);
    else
      set_photolysis(mcm_photolysis(mcm));
  }
  SymbolicRates(const SymbolicRates&) = delete;
  SymbolicRates& operator=(const SymbolicRates&) = delete;

  RateSymbol input(std::size_t place) {
    const bool positive = place == temperature_input || place == pressure_input;
    return {graph_, graph_.input(place, positive, place < environment_inputs)};
  }

  /// The number densities of the fixed species, which rates may follow.
  void set_fixed(std::vector<RateSymbol> densities) { fixed_ = std::move(densities); }

  /// The expression at RO2 = 0 and its derivative by RO2. Errors: Error when it is not linear in RO2.
  LinearRate rate(const RateExpression& expression) {
    std::vector<LinearRate> stack;
    for (const RateInstruction& instruction : expression.program()) {
      const std::size_t operands = operand_count(instruction);
      const LinearRate result = linear(instruction, std::span(stack).last(operands));
      stack.resize(stack.size() - operands);
      stack.push_back(result);
    }
    return stack.back();
  }

  RateGraph& graph() { return graph_; }
  const RateSymbols& symbols() const { return symbols_; }
  std::vector<RateCall>& calls() { return calls_; }

  /// All variables but RO2.
  std::array<std::pair<RateVariable, RateSymbol>, rate_variables.size() - 1> variables() const {
    const RateSymbols& s = symbols_;
    return {{{&RateContext::temperature, s.temperature},
             {&RateContext::air, s.air},
             {&RateContext::oxygen, s.oxygen},
             {&RateContext::nitrogen, s.nitrogen},
             {&RateContext::water, s.water},
             {&RateContext::pressure, s.pressure},
             {&RateContext::relative_humidity, s.relative_humidity},
             {&RateContext::cosine_zenith, s.cosine_zenith},
             {&RateContext::sun, s.sun},
             {&RateContext::photolysis_scaling, s.photolysis_scaling}}};
  }

  RateSymbol variable(RateVariable of) const {
    for (const auto& [known, symbol] : variables())
      if (known == of) return symbol;
    return 0;  // RO2, which a fixed species cannot follow
  }

 private:
  /// At this cosine of the zenith angle all J of the MCM are 0 in double precision, as they are below the
  /// horizon: exp(-n/cos) < exp(-746).
  static constexpr double dark_cosine = 1e-4;
  static_assert(std::all_of(mcm_photolysis_table.begin(), mcm_photolysis_table.end(),
                            [](const McmPhotolysis& row) { return row.n / dark_cosine > 746; }));
  static_assert(std::all_of(mcm_v3_2_photolysis_table.begin(), mcm_v3_2_photolysis_table.end(),
                            [](const McmPhotolysis& row) { return row.n / dark_cosine > 746; }));

  void set_photolysis(std::span<const McmPhotolysis> table) {
    const RateSymbol cosine = max(symbols_.cosine_zenith, dark_cosine);
    for (const McmPhotolysis& row : table)
      symbols_.photolysis[static_cast<std::size_t>(row.number)] =
          photolysis_by_day(row, cosine) * symbols_.photolysis_scaling;
  }

  LinearRate linear(const RateInstruction& instruction, std::span<const LinearRate> of) {
    switch (instruction.operation) {
      case RateOperation::variable:
        if (instruction.variable == &RateContext::peroxy_radicals) return {.value = {}, .slope = 1};
        break;
      case RateOperation::negate:
        return {product(of[0].value, -1), product(of[0].slope, -1)};
      case RateOperation::add:
        return {sum(of[0].value, of[1].value), sum(of[0].slope, of[1].slope)};
      case RateOperation::subtract:
        return {sum(of[0].value, product(of[1].value, -1)), sum(of[0].slope, product(of[1].slope, -1))};
      case RateOperation::multiply:
        if (of[0].slope && of[1].slope) not_linear();
        return {product(of[0].value, of[1].value),
                of[0].slope ? product(of[0].slope, of[1].value) : product(of[0].value, of[1].slope)};
      case RateOperation::divide: {
        const RateSymbol divisor = known(of[1]);
        const auto quotient = [&](const std::optional<RateSymbol>& a) {
          return a ? std::optional(*a / divisor) : std::nullopt;
        };
        return {quotient(of[0].value), quotient(of[0].slope)};
      }
      case RateOperation::select: {
        const RateSymbol condition = known(of[0]);
        const auto chosen = [&](const std::optional<RateSymbol>& a, const std::optional<RateSymbol>& b) {
          return a || b ? std::optional(select(condition, a.value_or(0), b.value_or(0))) : std::nullopt;
        };
        return {chosen(of[1].value, of[2].value), chosen(of[1].slope, of[2].slope)};
      }
      default:
        break;
    }
    std::vector<RateSymbol> numbers;
    for (const LinearRate& one : of) numbers.push_back(known(one));
    return {value(instruction, numbers), {}};
  }

  static std::optional<RateSymbol> sum(const std::optional<RateSymbol>& a,
                                       const std::optional<RateSymbol>& b) {
    if (a && b) return *a + *b;
    return a ? a : b;
  }
  static std::optional<RateSymbol> product(const std::optional<RateSymbol>& a,
                                           const std::optional<RateSymbol>& b) {
    if (a && b) return *a * *b;
    return {};
  }

  /// What does not follow RO2.
  static RateSymbol known(const LinearRate& one) {
    if (one.slope) not_linear();
    return one.value.value_or(0);
  }
  [[noreturn]] static void not_linear() {
    throw Error("rate", "one that is linear in RO2", "another function of it");
  }

  RateSymbol value(const RateInstruction& instruction, std::span<const RateSymbol> of) {
    switch (instruction.operation) {
      case RateOperation::constant:
        return instruction.number;
      case RateOperation::variable:
        return variable(instruction.variable);
      case RateOperation::photolysis:
        return symbols_.photolysis[instruction.index];
      case RateOperation::parameter:
        return input(environment_inputs + instruction.index);
      case RateOperation::fixed:
        return fixed_[instruction.index];
      case RateOperation::exponential:
        return exp(of[0]);
      case RateOperation::logarithm:
        return log(of[0]);
      case RateOperation::logarithm10:
        return log10(of[0]);
      case RateOperation::square_root:
        return sqrt(of[0]);
      case RateOperation::absolute:
        return abs(of[0]);
      case RateOperation::sine:
        return sin(of[0]);
      case RateOperation::cosine:
        return cos(of[0]);
      case RateOperation::truncate:
        return trunc(of[0]);
      case RateOperation::power:
        return pow(of[0], of[1]);
      case RateOperation::minimum:
        return min(of[0], of[1]);
      case RateOperation::maximum:
        return max(of[0], of[1]);
      case RateOperation::arctangent:
        return atan2(of[0], of[1]);
      case RateOperation::less:
        return RateSymbol::apply(RateNodeOperation::less, of[0], of[1]);
      case RateOperation::less_or_equal:
        return RateSymbol::apply(RateNodeOperation::less_or_equal, of[0], of[1]);
      case RateOperation::equal:
        return RateSymbol::apply(RateNodeOperation::equal, of[0], of[1]);
      default:
        return call(instruction.function, of);
    }
  }

  RateSymbol call(const std::shared_ptr<const RateFunction>& function, std::span<const RateSymbol> of) {
    if (function->symbolic) return function->symbolic(symbols_, of);
    std::vector<RateGraph::Index> arguments;
    for (const RateSymbol& argument : of) arguments.push_back(argument.node_in(graph_));
    const auto same = [&](const RateCall& other) {
      return other.function == function && other.arguments == arguments;
    };
    const auto found = std::find_if(calls_.begin(), calls_.end(), same);
    const auto place = static_cast<std::size_t>(found - calls_.begin());
    if (found == calls_.end()) calls_.push_back({function, std::move(arguments)});
    return {graph_, graph_.call(place)};
  }

  RateGraph graph_;
  RateSymbols symbols_;
  std::vector<RateSymbol> fixed_;
  std::vector<RateCall> calls_;
};

}  // namespace detail
}  // namespace chemnne
