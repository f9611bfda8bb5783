#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/rate_expression.hpp>

namespace chemnne::detail {

/// Parameters of a mechanism that come up as its reactions are read; rates that name the same one share it.
class HostParameters {
 public:
  explicit HostParameters(MechanismBuilder& builder) : builder_(builder) {}

  /// The instruction that takes the parameter's value; `units` count at its first use.
  RateInstruction take(const std::string& name, const std::string& units) {
    const auto [found, is_new] = places_.emplace(name, builder_.mechanism().parameters.size());
    if (is_new) builder_.add_parameter(name, units);
    return {.operation = RateOperation::parameter, .index = found->second};
  }

  /// factor * parameter.
  RateExpression scaled(double factor, const std::string& name, const std::string& units) {
    std::vector<RateInstruction> program{take(name, units)};
    if (factor != 1)
      program.insert(program.end(), {{.number = factor}, {.operation = RateOperation::multiply}});
    return RateExpression(program);
  }

 private:
  MechanismBuilder& builder_;
  std::map<std::string, std::size_t> places_;
};

/// Of the rate constant of a reaction of an order: "s-1", "cm3 molecule-1 s-1", ...
inline std::string rate_constant_units(int order) {
  if (order == 0) return "molecules cm-3 s-1";
  if (order == 1) return "s-1";
  return "cm" + std::to_string(3 * (order - 1)) + " molecule" + std::to_string(1 - order) + " s-1";
}

}  // namespace chemnne::detail
