#pragma once
#include <cstddef>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/rate_names.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// A rate names a function or constant that nobody has given.
class UnknownRateName : public Error {
 public:
  UnknownRateName(const std::string& name, const Error& error) : Error(error), name_(name) {}
  const std::string& name() const noexcept { return name_; }

 private:
  std::string name_;
};

namespace detail {

/// The stack program of a text in the making; its length and depth, and the length of all, are bounded.
class RateEmitter {
 public:
  static constexpr std::size_t longest_program = 4096;

 protected:
  RateEmitter(SourceSpan text, const RateNames& names, std::string context)
      : cursor_(text), names_(names), context_(std::move(context)) {
    cursor_.set_context(context_);
  }
  ~RateEmitter() = default;

  RateKind emit(const RateInstruction& instruction) {
    depth_ = depth_ + 1 - operand_count(instruction);
    if (depth_ > RateExpression::stack_size)
      cursor_.fail("a rate with at most " + std::to_string(RateExpression::stack_size) + " pending values",
                   "more");
    if (program_.size() >= longest_program)
      cursor_.fail("a rate of at most " + std::to_string(longest_program) + " operations", "more");
    if (++names_.operations > RateNames::most_operations)
      cursor_.fail("rates of at most " + std::to_string(RateNames::most_operations) + " operations together",
                   "more");
    program_.push_back(instruction);
    return RateKind::real;
  }

  /// The program of a named constant in the place of its name.
  RateKind inlined(const RateConstant& constant) {
    if (constant.trouble) rethrow(constant.trouble);
    for (const RateInstruction& instruction : constant.program) emit(instruction);
    return constant.kind;
  }

  [[noreturn]] void rethrow(const std::exception_ptr& trouble) const {
    try {
      std::rethrow_exception(trouble);
    } catch (const UnknownRateName& error) {
      throw UnknownRateName(error.name(), in_context(error));
    } catch (const Error& error) {
      throw in_context(error);
    }
  }

  /// With the reaction or constant that stumbles over it; a long chain of them is cut off.
  Error in_context(const Error& error) const {
    static constexpr std::size_t longest = 300;
    const bool says_for_what = !context_.empty() && error.found().size() < longest;
    return {error.where(), error.expected(),
            error.found() + (says_for_what ? " (for" + context_.substr(1) + ')' : "")};
  }

  [[noreturn]] void unknown(const std::string& name, const std::string& expected, const std::string& found) {
    try {
      cursor_.fail(expected, found);
    } catch (const Error& error) {
      throw UnknownRateName(name, error);
    }
  }

  /// Where the programs of arguments begin, one after the other, and what they are.
  using Arguments = std::vector<std::pair<std::size_t, RateKind>>;

  /// Takes the programs of the arguments away again.
  std::vector<RateConstant> apart(const Arguments& arguments) {
    std::vector<RateConstant> result;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const auto at = [&](std::size_t place) {
        return program_.begin() + static_cast<std::ptrdiff_t>(place);
      };
      const auto& [begin, kind] = arguments[i];
      const std::size_t end = i + 1 < arguments.size() ? arguments[i + 1].first : program_.size();
      result.push_back({.program = {at(begin), at(end)}, .kind = kind});
    }
    if (!arguments.empty()) program_.resize(arguments.front().first);
    depth_ -= arguments.size();
    return result;
  }

  SourceCursor cursor_;
  const RateNames& names_;
  std::string context_;
  std::vector<RateInstruction> program_;

 private:
  std::size_t depth_ = 0;
};

}  // namespace detail
}  // namespace chemnne
