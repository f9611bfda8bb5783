#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/rate_grammar.hpp>
#include <chemnne/chemistry/rate_names.hpp>
#include <chemnne/chemistry/source_text.hpp>

namespace chemnne::detail {

/// A function of Fortran that is one operation on one or two numbers.
struct ElementaryFunction {
  std::string_view name;
  RateOperation operation;
};

inline constexpr std::array<ElementaryFunction, 21> elementary_functions{{
    {"EXP", RateOperation::exponential},    {"DEXP", RateOperation::exponential},
    {"LOG", RateOperation::logarithm},      {"ALOG", RateOperation::logarithm},
    {"DLOG", RateOperation::logarithm},     {"LOG10", RateOperation::logarithm10},
    {"ALOG10", RateOperation::logarithm10}, {"DLOG10", RateOperation::logarithm10},
    {"SQRT", RateOperation::square_root},   {"DSQRT", RateOperation::square_root},
    {"ABS", RateOperation::absolute},       {"DABS", RateOperation::absolute},
    {"IABS", RateOperation::absolute},      {"SIN", RateOperation::sine},
    {"DSIN", RateOperation::sine},          {"COS", RateOperation::cosine},
    {"DCOS", RateOperation::cosine},        {"AINT", RateOperation::truncate},
    {"DINT", RateOperation::truncate},      {"ATAN2", RateOperation::arctangent},
    {"DATAN2", RateOperation::arctangent},
}};

/// A function of Fortran in terms of others, of X and Y.
struct ComposedFunction {
  std::string_view name;
  std::size_t arity;
  std::string_view text;
};

inline constexpr std::array<ComposedFunction, 25> composed_functions{{
    {"TAN", 1, "SIN(X)/COS(X)"},
    {"DTAN", 1, "SIN(X)/COS(X)"},
    {"ASIN", 1, "ATAN2(X, SQRT((1.0 - X)*(1.0 + X)))"},
    {"DASIN", 1, "ATAN2(X, SQRT((1.0 - X)*(1.0 + X)))"},
    {"ACOS", 1, "ATAN2(SQRT((1.0 - X)*(1.0 + X)), X)"},
    {"DACOS", 1, "ATAN2(SQRT((1.0 - X)*(1.0 + X)), X)"},
    {"ATAN", 1, "ATAN2(X, 1.0)"},
    {"DATAN", 1, "ATAN2(X, 1.0)"},
    {"SINH", 1, "0.5*(EXP(X) - EXP(-X))"},
    {"DSINH", 1, "0.5*(EXP(X) - EXP(-X))"},
    {"COSH", 1, "0.5*(EXP(X) + EXP(-X))"},
    {"DCOSH", 1, "0.5*(EXP(X) + EXP(-X))"},
    {"TANH", 1, "1.0 - 2.0/(EXP(2.0*X) + 1.0)"},
    {"DTANH", 1, "1.0 - 2.0/(EXP(2.0*X) + 1.0)"},
    {"SIGN", 2, "MERGE(ABS(X), -ABS(X), Y >= 0)"},
    {"DSIGN", 2, "MERGE(ABS(X), -ABS(X), Y >= 0)"},
    {"MOD", 2, "X - AINT(X/Y)*Y"},
    {"AMOD", 2, "X - AINT(X/Y)*Y"},
    {"DMOD", 2, "X - AINT(X/Y)*Y"},
    {"DIM", 2, "MAX(X - Y, 0*X)"},
    {"ANINT", 1, "AINT(X + SIGN(0.5, X))"},
    {"NINT", 1, "INT(X + SIGN(0.5, X))"},
    {"FLOOR", 1, "INT(X) - MERGE(1, 0, X < INT(X))"},
    {"CEILING", 1, "INT(X) + MERGE(1, 0, X > INT(X))"},
    {"MODULO", 2, "X - FLOOR(REAL(X)/Y)*Y"},
}};

/// What takes the least or the greatest of two or more numbers.
inline constexpr std::array<ElementaryFunction, 10> extrema{{{"MIN", RateOperation::minimum},
                                                             {"AMIN1", RateOperation::minimum},
                                                             {"DMIN1", RateOperation::minimum},
                                                             {"MIN0", RateOperation::minimum},
                                                             {"AMIN0", RateOperation::minimum},
                                                             {"MAX", RateOperation::maximum},
                                                             {"AMAX1", RateOperation::maximum},
                                                             {"DMAX1", RateOperation::maximum},
                                                             {"MAX0", RateOperation::maximum},
                                                             {"AMAX0", RateOperation::maximum}}};

/// What makes a real number or an integer of another.
inline constexpr std::array<std::string_view, 5> conversions_to_real{"REAL", "DBLE", "FLOAT", "DFLOAT",
                                                                     "SNGL"};
inline constexpr std::array<std::string_view, 3> conversions_to_integer{"INT", "IFIX", "IDINT"};

/// The functions of Fortran.
class RateIntrinsics : public RateGrammar {
 protected:
  using RateGrammar::RateGrammar;
  ~RateIntrinsics() = default;

  /// Another text, in which names are first those of `scope`.
  virtual RateConstant compiled(SourceSpan text, const RateConstants& scope) const = 0;

  /// The value of a function after its '(' has been taken; nothing where Fortran has none of the name.
  std::optional<RateKind> intrinsic(const std::string& upper) {
    for (const auto& [name, operation] : elementary_functions)
      if (name == upper) {
        const std::size_t arity = operation == RateOperation::arctangent ? 2 : 1;
        const RateKind kind = require_number(take_arguments(name, arity)[0].second);
        emit({.operation = operation});
        const bool keeps = operation == RateOperation::absolute || operation == RateOperation::truncate;
        return keeps ? kind : RateKind::real;
      }
    for (const auto& [name, operation] : extrema)
      if (name == upper) return extremum(operation);
    for (const ComposedFunction& function : composed_functions)
      if (function.name == upper) return composed(function);
    for (const std::string_view name : conversions_to_real)
      if (name == upper) return converted(RateKind::real);
    for (const std::string_view name : conversions_to_integer)
      if (name == upper) return converted(RateKind::integer);
    if (upper == "MERGE") return merge();
    return std::nullopt;
  }

 private:
  RateKind extremum(RateOperation operation) {
    RateKind kind = require_number(expression());
    cursor_.require(',', "between the arguments of MIN or MAX");
    do {
      if (require_number(expression()) == RateKind::real) kind = RateKind::real;
      emit({.operation = operation});
    } while (cursor_.take(','));
    cursor_.require(')', "after the arguments of MIN or MAX");
    return kind;
  }

  RateKind composed(const ComposedFunction& function) {
    const std::vector<RateConstant> arguments = apart(take_arguments(function.name, function.arity));
    RateConstants scope;
    for (std::size_t i = 0; i < arguments.size(); ++i) scope.emplace(i == 0 ? "X" : "Y", arguments[i]);
    const SourceText source(std::string(function.name), std::string(function.text));
    return inlined(compiled({&source, 0, source.text().size()}, scope));
  }

  /// REAL(x, dp): the kind is of no account.
  RateKind converted(RateKind kind) {
    require_number(expression());
    if (cursor_.take(',') && !cursor_.take_number()) {
      cursor_.take_name();
      if (cursor_.take('=') && !cursor_.take_number()) cursor_.take_name();
    }
    cursor_.require(')', "after the argument of a conversion");
    if (kind == RateKind::integer) emit({.operation = RateOperation::truncate});
    return kind;
  }

  /// MERGE(yes, no, condition).
  RateKind merge() {
    const std::vector<RateConstant> of = apart(take_arguments("MERGE", 3));
    require_logical(of[2].kind);
    const RateExpression condition(of[2].program);
    if (condition.is_constant()) return inlined(of[condition.program()[0].number != 0 ? 0 : 1]);
    inlined(of[2]);
    inlined(of[0]);
    inlined(of[1]);
    emit({.operation = RateOperation::select});
    return of[0].kind == of[1].kind ? of[0].kind : RateKind::real;
  }
};

}  // namespace chemnne::detail
