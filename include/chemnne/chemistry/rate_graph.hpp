#pragma once
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace chemnne {

/// How the value of a RateNode follows from `a`, `b` and `c`, which are values before it unless said
/// otherwise.
enum class RateNodeOperation : unsigned char {
  constant,     ///< number
  input,        ///< `a` is its place among the inputs
  call,         ///< `a` is its place among RateProgram::calls()
  square_root,  ///< of a, as are the next six
  absolute,
  exponential,
  logarithm,
  sine,
  cosine,
  truncate,
  add,  ///< a + b
  subtract,
  multiply,
  divide,
  minimum,     ///< b < a ? b : a, so that an `a` that is not a number stays so
  maximum,     ///< a < b ? b : a
  power,       ///< a^b as std::pow has it
  arctangent,  ///< of a over b, as std::atan2 has it
  less,        ///< 1 where a < b, else 0
  less_or_equal,
  equal,
  select  ///< b where a is not 0, else c, whatever the other is
};

/// One value of a program: an operation on values that stand before it.
struct RateNode {
  RateNodeOperation operation = RateNodeOperation::constant;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t c = 0;
  double number = 0;
};

/// How many of `a`, `b` and `c` are nodes.
inline std::size_t operand_count(RateNodeOperation operation) {
  if (operation < RateNodeOperation::square_root) return 0;
  if (operation < RateNodeOperation::add) return 1;
  return operation == RateNodeOperation::select ? 3 : 2;
}

/// The value of an operation on numbers (those with operands).
inline double rate_node_value(RateNodeOperation operation, double a, double b, double c = 0) {
  switch (operation) {
    case RateNodeOperation::square_root:
      return std::sqrt(a);
    case RateNodeOperation::absolute:
      return std::abs(a);
    case RateNodeOperation::exponential:
      return std::exp(a);
    case RateNodeOperation::logarithm:
      return std::log(a);
    case RateNodeOperation::sine:
      return std::sin(a);
    case RateNodeOperation::cosine:
      return std::cos(a);
    case RateNodeOperation::truncate:
      return std::trunc(a);
    case RateNodeOperation::add:
      return a + b;
    case RateNodeOperation::subtract:
      return a - b;
    case RateNodeOperation::multiply:
      return a * b;
    case RateNodeOperation::divide:
      return a / b;
    case RateNodeOperation::minimum:
      return std::min(a, b);
    case RateNodeOperation::maximum:
      return std::max(a, b);
    case RateNodeOperation::arctangent:
      return std::atan2(a, b);
    case RateNodeOperation::less:
      return a < b ? 1 : 0;
    case RateNodeOperation::less_or_equal:
      return a <= b ? 1 : 0;
    case RateNodeOperation::equal:
      return a == b ? 1 : 0;
    case RateNodeOperation::select:
      return a != 0 ? b : c;
    default:
      return std::pow(a, b);
  }
}

/// Nodes in the order of their making, each operation on the same operands once, written for machines for
/// which exponentials and quotients are what costs:
///
///     constants are folded and stand last:         (2 x) y -> (x y) 2,  (x + 1) + 2 -> x + 3
///     x/2 -> x 0.5,  2/x -> (1/x) 2 for an x that many rates divide by (T, cos)
///     exp(x) exp(y) -> exp(x + y),  log(exp(x)) -> x,  log(x y) -> log(x) + log(y) for positive x and y
///     x^2 -> x x,  x^0.5 -> sqrt(x),  x^y -> exp(y log(x)) where that is the same
///
/// Values change by some roundings (1e-14 of themselves in a rate constant), and what is infinite or not a
/// number stays so, for inputs that can be: temperature and pressure are positive. Only where a part leaves
/// the range of double precision, though the whole would not, may a value be better than as it was written.
class RateGraph {
 public:
  using Index = std::uint32_t;

  std::span<const RateNode> nodes() const { return nodes_; }

  Index constant(double number) {
    return node({.number = number}, {.positive = number > 0, .tame = std::isfinite(number)});
  }
  /// `positive`: for all legal inputs; `tame`: finite for all.
  Index input(std::size_t place, bool positive, bool tame) {
    return node({.operation = RateNodeOperation::input, .a = static_cast<Index>(place)}, {positive, tame});
  }
  Index call(std::size_t place) {
    return node({.operation = RateNodeOperation::call, .a = static_cast<Index>(place)}, {});
  }

  /// The node of an operation with one or two operands; `b` does not count where there is one.
  Index make(RateNodeOperation operation, Index a, Index b) {
    if (operand_count(operation) == 1) b = a;
    if (is_constant(a) && is_constant(b))
      return constant(rate_node_value(operation, nodes_[a].number, nodes_[b].number));
    switch (operation) {
      case RateNodeOperation::absolute:
        return traits_[a].positive ? a : unary(operation, a, {.positive = false, .tame = traits_[a].tame});
      case RateNodeOperation::square_root:
        return unary(operation, a, {traits_[a].positive, traits_[a].positive && traits_[a].tame});
      case RateNodeOperation::exponential:
        return unary(operation, a, {.positive = true, .tame = false});
      case RateNodeOperation::logarithm:
        return logarithm(a);
      case RateNodeOperation::sine:
      case RateNodeOperation::cosine:
      case RateNodeOperation::truncate:
        return unary(operation, a, {.positive = false, .tame = traits_[a].tame});
      case RateNodeOperation::add:
        return add(a, b);
      case RateNodeOperation::subtract:
        return subtract(a, b);
      case RateNodeOperation::multiply:
        return multiply(a, b);
      case RateNodeOperation::divide:
        return divide(a, b);
      case RateNodeOperation::minimum:
        return binary(operation, a, b, traits_[a].positive && traits_[b].positive);
      case RateNodeOperation::maximum:
        return binary(operation, a, b, traits_[a].positive || traits_[b].positive);
      case RateNodeOperation::arctangent:
        return binary(operation, a, b, false);
      case RateNodeOperation::less:
      case RateNodeOperation::less_or_equal:
      case RateNodeOperation::equal:
        return node({.operation = operation, .a = a, .b = b}, {.positive = false, .tame = true});
      default:
        return power(a, b);
    }
  }

  /// b where `condition` is not 0, else c.
  Index select(Index condition, Index b, Index c) {
    if (is_constant(condition)) return nodes_[condition].number != 0 ? b : c;
    if (b == c) return b;
    return node({.operation = Operation::select, .a = condition, .b = b, .c = c},
                {traits_[b].positive && traits_[c].positive, traits_[b].tame && traits_[c].tame});
  }

 private:
  using Operation = RateNodeOperation;

  /// What is known of a value wherever temperature and pressure are positive and all inputs finite.
  struct Traits {
    bool positive = false;  ///< or rounded to zero from there
    bool tame = false;      ///< finite, as is its reciprocal where it is positive
  };

  bool is_constant(Index i) const { return nodes_[i].operation == Operation::constant; }
  bool is(Index i, Operation operation) const { return nodes_[i].operation == operation; }

  Index node(const RateNode& made, Traits traits) {
    const auto key =
        std::tuple(made.operation, made.a, made.b, made.c, std::bit_cast<std::uint64_t>(made.number));
    const auto [found, is_new] = known_.try_emplace(key, static_cast<Index>(nodes_.size()));
    if (is_new) {
      nodes_.push_back(made);
      traits_.push_back(traits);
    }
    return found->second;
  }
  Index unary(Operation operation, Index a, Traits traits) {
    return node({.operation = operation, .a = a}, traits);
  }
  Index binary(Operation operation, Index a, Index b, bool positive) {
    return node({.operation = operation, .a = a, .b = b}, {positive, traits_[a].tame && traits_[b].tame});
  }

  /// x and c of a value made as x c or x + c; c of another value is what changes nothing.
  std::pair<Index, double> apart(Index i, Operation operation) const {
    if (is(i, operation) && is_constant(nodes_[i].b)) return {nodes_[i].a, nodes_[nodes_[i].b].number};
    return {i, operation == Operation::multiply ? 1.0 : 0.0};
  }

  /// a + number.
  Index offset(Index a, double number) {
    const auto [x, c] = apart(a, Operation::add);
    if (c + number == 0) return x;
    if (is_constant(x)) return constant(nodes_[x].number + c + number);
    return binary(Operation::add, x, constant(c + number), traits_[x].positive && c + number > 0);
  }

  Index add(Index a, Index b) {
    if (is_constant(a)) std::swap(a, b);
    if (is_constant(b)) return offset(a, nodes_[b].number);
    const auto [x, c] = apart(a, Operation::add);
    const auto [y, d] = apart(b, Operation::add);
    if (c != 0 || d != 0) return offset(add(x, y), c + d);
    return binary(Operation::add, std::min(a, b), std::max(a, b), traits_[a].positive && traits_[b].positive);
  }

  Index subtract(Index a, Index b) {
    if (is_constant(b)) return offset(a, -nodes_[b].number);
    if (is_constant(a)) return offset(scale(b, -1), nodes_[a].number);
    const auto [x, c] = apart(a, Operation::add);
    const auto [y, d] = apart(b, Operation::add);
    if (c != 0 || d != 0) return offset(subtract(x, y), c - d);
    return binary(Operation::subtract, a, b, false);
  }

  /// a number.
  Index scale(Index a, double number) {
    if (number == 0 && traits_[a].tame) return constant(0);
    const auto [x, c] = apart(a, Operation::multiply);
    if (c * number == 1) return x;
    if (is_constant(x)) return constant(nodes_[x].number * (c * number));
    // Two factors may leave the range where their products with x would not.
    if (c == 1 || std::isnormal(c * number))
      return binary(Operation::multiply, x, constant(c * number), traits_[x].positive && c * number > 0);
    return binary(Operation::multiply, a, constant(number), traits_[a].positive && number > 0);
  }

  /// What stands beside an exponential, if anything, and its exponent.
  struct Exponential {
    std::optional<Index> rest;
    Index exponent;
  };
  std::optional<Exponential> exponential_of(Index i) const {
    if (is(i, Operation::exponential)) return Exponential{{}, nodes_[i].a};
    if (!is(i, Operation::multiply)) return {};
    for (const auto& [one, other] :
         {std::pair(nodes_[i].a, nodes_[i].b), std::pair(nodes_[i].b, nodes_[i].a)})
      if (is(one, Operation::exponential)) return Exponential{other, nodes_[one].a};
    return {};
  }

  Index multiply(Index a, Index b) {
    if (is_constant(a)) std::swap(a, b);
    if (is_constant(b)) return scale(a, nodes_[b].number);
    const auto [x, c] = apart(a, Operation::multiply);
    const auto [y, d] = apart(b, Operation::multiply);
    if ((c != 1 || d != 1) && std::isnormal(c * d)) return scale(multiply(x, y), c * d);
    const auto left = exponential_of(a), right = exponential_of(b);
    if (left && right) {
      const Index sum = add(left->exponent, right->exponent);
      const Index merged = make(Operation::exponential, sum, sum);
      if (!left->rest && !right->rest) return merged;
      if (!left->rest || !right->rest) return multiply(left->rest ? *left->rest : *right->rest, merged);
      return multiply(multiply(*left->rest, *right->rest), merged);
    }
    return binary(Operation::multiply, std::min(a, b), std::max(a, b),
                  traits_[a].positive && traits_[b].positive);
  }

  Index divide(Index a, Index b) {
    if (is_constant(b) && std::isnormal(1 / nodes_[b].number)) return scale(a, 1 / nodes_[b].number);
    const auto [x, c] = apart(a, Operation::multiply);
    if (c != 1) return scale(divide(x, b), c);
    const auto [y, d] = apart(b, Operation::multiply);
    if (d != 1 && std::isnormal(1 / d)) return scale(divide(a, y), 1 / d);
    const bool one = is_constant(a) && nodes_[a].number == 1;
    if (is(b, Operation::divide) && is_constant(nodes_[b].a) && nodes_[nodes_[b].a].number == 1)
      return multiply(a, nodes_[b].b);
    if (traits_[b].tame && !is_constant(b) && !one) return multiply(a, divide(constant(1), b));
    if (is(b, Operation::exponential) && exponential_of(a)) {
      const Index minus = scale(nodes_[b].a, -1);
      return multiply(a, make(Operation::exponential, minus, minus));
    }
    const RateNode quotient{.operation = Operation::divide, .a = a, .b = b};
    return node(quotient, {traits_[a].positive && traits_[b].positive,
                           traits_[a].tame && traits_[b].tame && traits_[b].positive});
  }

  Index logarithm(Index a) {
    if (is_constant(a)) return constant(std::log(nodes_[a].number));
    const Index left = nodes_[a].a, right = nodes_[a].b;
    if (is(a, Operation::exponential)) return left;
    if (is(a, Operation::square_root)) return scale(logarithm(left), 0.5);
    const auto [x, c] = apart(a, Operation::multiply);
    if (c != 1 && c > 0) return offset(logarithm(x), std::log(c));
    const bool positive =
        operand_count(nodes_[a].operation) == 2 && traits_[left].positive && traits_[right].positive;
    if (positive && is(a, Operation::multiply)) return add(logarithm(left), logarithm(right));
    if (positive && is(a, Operation::divide)) return subtract(logarithm(left), logarithm(right));
    return unary(Operation::logarithm, a,
                 {.positive = false, .tame = traits_[a].positive && traits_[a].tame});
  }

  Index power(Index a, Index b) {
    static constexpr double largest_product = 64;
    if (is_constant(b)) {
      const double exponent = nodes_[b].number;
      if (exponent == 0.5) return make(Operation::square_root, a, a);
      const bool whole = exponent == std::floor(exponent);
      if (whole && std::abs(exponent) <= largest_product)
        return whole_power(exponent < 0 ? make(Operation::divide, constant(1), a) : a,
                           static_cast<unsigned>(std::abs(exponent)));
      // 0 and what is below it have the powers that std::pow gives them but for whole exponents.
      if (!whole) return exponential_of_logarithm(a, b);
    }
    if (traits_[a].positive) return exponential_of_logarithm(a, b);
    return binary(Operation::power, a, b, false);
  }

  Index exponential_of_logarithm(Index a, Index b) {
    const Index exponent = multiply(b, logarithm(a));
    return make(Operation::exponential, exponent, exponent);
  }

  /// By squares: as many products as exponent has binary digits, twice at most.
  Index whole_power(Index a, unsigned exponent) {
    if (exponent == 0) return constant(1);
    const Index half = whole_power(a, exponent / 2), square = make(Operation::multiply, half, half);
    return exponent % 2 == 0 ? square : make(Operation::multiply, square, a);
  }

  std::vector<RateNode> nodes_;
  std::vector<Traits> traits_;
  std::map<std::tuple<Operation, Index, Index, Index, std::uint64_t>, Index> known_;
};

}  // namespace chemnne
