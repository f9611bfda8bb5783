#pragma once
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/rate_functions.hpp>

namespace chemnne {

/// What a value is in Fortran, which decides what '/' and '**' make of it.
enum class RateKind : unsigned char { real, integer, logical };

/// A named constant of a mechanism, such as MCM's KRO2NO: its program, or why it has none, which matters once
/// a rate uses it.
struct RateConstant {
  std::vector<RateInstruction> program;
  std::exception_ptr trouble = nullptr;
  RateKind kind = RateKind::real;
};

/// Constants by name in upper case. Elements of arrays are named `K(2)` or `K(2,3)`, and `K(` is what those
/// have that are not named.
using RateConstants = std::map<std::string, RateConstant, std::less<>>;

struct RateNames;

/// A function that the mechanism defines itself: the program of its result, from those of its arguments.
using RateProcedure = std::function<RateConstant(std::span<const RateConstant>, const RateNames&)>;

/// What C(ind_X) and ind_X of KPP stand for.
struct RateSpecies {
  std::size_t number;                      ///< from 1; 0: not in the mechanism
  std::optional<RateInstruction> density;  ///< of what does not vary
};

/// What the names in a rate expression stand for, beside the `rate_variables`; keys in upper case.
///
/// A name is looked up among the functions without arguments, the constants, the rate variables and their
/// aliases, the parameters, and at last MCM's own constants; one with parentheses among elements of arrays,
/// the mechanism's own functions, those of Fortran and `functions`.
struct RateNames {
  RateFunctions functions = {};
  RateConstants constants = {};
  std::map<std::string, std::size_t> parameters = {};  ///< places in Mechanism::parameters
  /// By name and number of arguments.
  std::map<std::pair<std::string, std::size_t>, RateProcedure> procedures = {};
  /// Numbers without '.' or exponent are Fortran's integers: 1/2 is 0.
  bool fortran = false;
  /// KPP's species, without regard to case; nothing for another name. Without it C(ind_X) is an error.
  std::function<std::optional<RateSpecies>(std::string_view)> species = {};
  /// Makes a parameter, of these units, of `name(index)` or a global of KPP that nobody defines. Without it
  /// such a name is unknown.
  std::function<void(const std::string&, const std::string&)> add_parameter = {};

  /// Whether one of the programs compiled so far follows RO2.
  mutable bool follow_peroxy_radicals = false;

  /// Of all programs compiled with these names so far, by one thread. Names in a text multiply its length, so
  /// that the rates of a short file could fill any memory; the largest mechanisms need some hundred thousand.
  mutable std::size_t operations = 0;
  static constexpr std::size_t most_operations = 5000000;
  /// The same of Fortran statements that were executed, of which each reaction may have some for its
  /// functions, and of procedures that are being expanded.
  mutable std::size_t statements = 0, depth = 0;
  static constexpr std::size_t most_statements = 100000, statements_a_reaction = 20, greatest_depth = 20;
};

}  // namespace chemnne
