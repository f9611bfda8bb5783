#pragma once
#include <cstddef>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/rate_functions.hpp>

namespace chemnne {

/// A named constant of a mechanism, such as MCM's KRO2NO: its program, or why its text could not be compiled,
/// which matters once a rate uses it.
struct RateConstant {
  std::vector<RateInstruction> program;
  std::exception_ptr trouble = nullptr;
};

/// What the names in a rate expression stand for, beside the `rate_variables`; keys in upper case.
///
/// A name is looked up among the functions without arguments, the constants, the rate variables, the
/// parameters, and at last MCM's own constants.
struct RateNames {
  RateFunctions functions = {};
  std::map<std::string, RateConstant> constants = {};
  std::map<std::string, std::size_t> parameters = {};  ///< places in Mechanism::parameters
  /// Of all programs compiled with these names so far, by one thread. Names in a text multiply its length, so
  /// that the rates of a short file could fill any memory; the largest mechanisms need some hundred thousand.
  mutable std::size_t operations = 0;
  static constexpr std::size_t most_operations = 5000000;
};

}  // namespace chemnne
