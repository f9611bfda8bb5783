#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/fortran_intrinsics.hpp>
#include <chemnne/chemistry/mcm_rate_constants.hpp>
#include <chemnne/chemistry/peroxy_radical_degree.hpp>
#include <chemnne/chemistry/rate_aliases.hpp>
#include <chemnne/chemistry/rate_emitter.hpp>
#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/rate_names.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

namespace detail {

/// A text as a stack program: what its names stand for.
class RateCompiler final : public RateIntrinsics {
 public:
  /// `scope`: the names of a function's own, which hide all others.
  RateCompiler(SourceSpan text, const RateNames& names, std::string context,
               const RateConstants* scope = nullptr)
      : RateIntrinsics(text, names, std::move(context)), scope_(scope) {}

  RateExpression compile() {
    require_number(whole_expression());
    RateExpression result(program_);
    if (result.is_constant() && !std::isfinite(result.program()[0].number))
      cursor_.fail("a finite rate", "a constant expression that is not");
    if (result.uses_peroxy_radicals() && peroxy_radical_degree(program_) > 1)
      cursor_.fail("a rate that is linear in RO2", "another function of it");
    return result;
  }

  /// What can be put in the place of a name.
  RateConstant compile_constant() {
    const RateKind kind = whole_expression();
    const RateExpression folded(program_);
    return {.program = {folded.program().begin(), folded.program().end()}, .kind = kind};
  }

  /// The name of an element of an array, of what stands between its parentheses, ')' included.
  std::string compile_element(const std::string& array) { return element_key(array); }

 private:
  RateKind named(std::string_view name, std::size_t begin) override {
    if (cursor_.take('(')) return reference(name, begin);
    if (upper_case(name) == "J" && cursor_.take('<')) return photolysis(name, begin, '>');
    if (names_.fortran && cursor_.take('%')) member(begin);
    return variable(name, begin);
  }

  RateConstant compiled(SourceSpan text, const RateConstants& scope) const override {
    return RateCompiler(text, names_, context_, &scope).compile_constant();
  }

  RateKind variable(std::string_view name, std::size_t begin) {
    const std::string upper = upper_case(name);
    if (const RateConstant* const constant = find_constant(upper)) return inlined(*constant);
    for (const NamedRateVariable& row : rate_variables)
      if (row.name == upper) {
        if (row.variable == &RateContext::peroxy_radicals) names_.follow_peroxy_radicals = true;
        return emit({.operation = RateOperation::variable, .variable = row.variable});
      }
    if (const auto alias = alias_programs().find(upper); alias != alias_programs().end())
      return inlined(alias->second);
    if (const auto parameter = emit_parameter(upper)) return *parameter;
    if (const auto of_mcm = mcm_programs().find(upper); of_mcm != mcm_programs().end())
      return inlined(of_mcm->second);
    for (const std::string_view time : kpp_times)
      if (time == upper && names_.add_parameter) {
        names_.add_parameter(std::string(name), "s");
        return *emit_parameter(upper);
      }
    if (const auto species = species_of(name)) {
      emit({.number = static_cast<double>(species->number)});
      return RateKind::integer;
    }
    unknown_name(name, begin);
  }

  /// Of the function's own, then of the mechanism, with the registered functions without arguments between.
  const RateConstant* find_constant(const std::string& upper) {
    if (scope_)
      if (const auto own = scope_->find(upper); own != scope_->end()) return &own->second;
    if (auto registered = names_.functions.find(upper, 0)) {
      called_ = {.program = {{.operation = RateOperation::call, .function = std::move(registered)}}};
      return &called_;
    }
    const auto constant = names_.constants.find(upper);
    return constant == names_.constants.end() ? nullptr : &constant->second;
  }

  std::optional<RateKind> emit_parameter(const std::string& upper) {
    const auto parameter = names_.parameters.find(upper);
    if (parameter == names_.parameters.end()) return std::nullopt;
    return emit({.operation = RateOperation::parameter, .index = parameter->second});
  }

  /// What `ind_X` stands for; species that the mechanism does not have count as number 0, as with KPP's
  /// #DUMMYINDEX.
  std::optional<RateSpecies> species_of(std::string_view index) const {
    if (!names_.species) return std::nullopt;
    for (const std::string_view prefix : {"IND_", "INDF_", "KPP_"})
      if (index.size() > prefix.size() && upper_case(index.substr(0, prefix.size())) == prefix)
        return names_.species(index.substr(prefix.size())).value_or(RateSpecies{});
    return std::nullopt;
  }

  using Programs = std::map<std::string_view, RateConstant>;

  /// Of texts that are compiled once.
  template <class Rows>
  static Programs programs_of(const Rows& rows, const std::string& whose) {
    Programs result;
    const RateNames names;
    for (const auto& row : rows) {
      const SourceText source(whose + std::string(row.name), std::string(row.text));
      result.emplace(row.name,
                     RateCompiler({&source, 0, source.text().size()}, names, {}).compile_constant());
    }
    return result;
  }
  static const Programs& mcm_programs() {
    static const Programs programs = programs_of(mcm_rate_constants, "MCM's ");
    return programs;
  }
  static const Programs& alias_programs() {
    static const Programs programs = programs_of(rate_aliases, "alias ");
    return programs;
  }

  [[noreturn]] void unknown_name(std::string_view name, std::size_t begin) {
    cursor_.move_to(begin);
    std::string known;
    for (const NamedRateVariable& row : rate_variables) known += std::string(row.name) + ", ";
    unknown(std::string(name),
            "one of " + known + "a constant of the mechanism or of the MCM, " +
                (names_.fortran ? "a scalar that F90_GLOBAL declares, " : "") +
                "or a name registered in RateFunctions",
            names_.species && names_.species(name)
                ? "'" + std::string(name) + "', a species, whose concentration no rate constant may follow"
                : "the unknown name '" + std::string(name) + "'");
  }

  /// State%x: a member of a derived type, of which nothing is known.
  [[noreturn]] void member(std::size_t begin) {
    cursor_.take_name();
    const std::string name = collapse_blanks(cursor_.span_from(begin).text());
    cursor_.move_to(begin);
    unknown(name, "a rate of numbers that the mechanism knows", "'" + name + "', a member of a derived type");
  }

  /// name(arguments).
  RateKind reference(std::string_view name, std::size_t begin) {
    const std::string upper = upper_case(name);
    if (const auto element = array_element(upper)) return *element;
    if (const auto density = concentration(upper, begin)) return *density;
    if (upper == "J") return photolysis(name, begin, ')');
    const auto first = names_.procedures.lower_bound({upper, 0});
    const bool is_own = first != names_.procedures.end() && first->first.first == upper;
    const std::vector<std::size_t> arities = names_.functions.arities(upper);
    if (!is_own && arities.empty()) {
      const auto value = intrinsic(upper);
      return value ? *value : host_value(name, begin);
    }
    const Arguments arguments = take_arguments();
    const auto own = names_.procedures.find({upper, arguments.size()});
    if (own != names_.procedures.end()) return expanded(own->second, upper, arguments);
    if (auto function = names_.functions.find(upper, arguments.size()))
      return emit({.operation = RateOperation::call, .function = std::move(function)});
    wrong_count(name, is_own ? std::vector{first->first.second} : arities, arguments.size());
  }

  /// The mechanism's own function, its program in the place of the call.
  RateKind expanded(const RateProcedure& procedure, const std::string& name, const Arguments& arguments) {
    try {
      return inlined(procedure(apart(arguments), names_));
    } catch (const UnknownRateName&) {
      throw;
    } catch (const Error& error) {
      throw UnknownRateName(name, in_context(error));
    }
  }

  /// An element of an array that the mechanism sets. One whose index nobody defines is the host's (MECCA's
  /// `jx(IP_MAX) = 0.` and `jx(ip_NO2)`).
  std::optional<RateKind> array_element(const std::string& upper) {
    for (const RateConstants* const constants : {scope_, &names_.constants}) {
      if (!constants) continue;
      const auto first = constants->lower_bound(upper + '(');
      if (first == constants->end() || first->first.rfind(upper + '(', 0) != 0) continue;
      if (constants != scope_ && has_index_of_host()) return std::nullopt;
      const std::size_t begin = cursor_.offset();
      const std::string key = element_key(upper);
      auto found = constants->find(key);
      if (found == constants->end()) found = constants->find(upper + '(');
      if (found != constants->end()) return inlined(found->second);
      if (constants == scope_) unknown(key, "an element that has a value", "'" + key + "'");
      cursor_.move_to(begin);
    }
    return std::nullopt;
  }

  /// After '(' has been taken; the cursor stays.
  bool has_index_of_host() {
    if (!names_.add_parameter) return false;
    const std::size_t begin = cursor_.offset();
    bool is_found = false;
    do {
      const SourceSpan index = take_argument();
      is_found = is_found || (kind_of(index) == HostArgument::name && !species_of(trimmed(index.text())));
    } while (cursor_.take(','));
    cursor_.move_to(begin);
    return is_found;
  }

  /// K(2,3), of indices that are constant, after '(' has been taken.
  std::string element_key(const std::string& upper) {
    std::string key = upper;
    for (const RateConstant& index : apart(take_arguments())) {
      const RateExpression value(index.program);
      if (!value.is_constant() || index.kind == RateKind::logical)
        cursor_.fail("an index that is known when the file is read", "another");
      key += (key.size() == upper.size() ? '(' : ',') + number_text(value.program()[0].number);
    }
    return key + ')';
  }

  /// C(ind_X), VAR(ind_X), FIX(indf_X): the density of a species that does not vary.
  std::optional<RateKind> concentration(const std::string& upper, std::size_t begin) {
    if (upper != "C" && !(names_.species && (upper == "VAR" || upper == "FIX"))) return std::nullopt;
    const std::size_t inside = cursor_.offset();
    const auto species = species_of(cursor_.take_name());
    const bool is_element = cursor_.take(')') && species;
    if (is_element && species->density) return emit(*species->density);
    if (!is_element && upper != "C") {
      cursor_.move_to(inside);
      return std::nullopt;
    }
    const std::string name = collapse_blanks(cursor_.span_from(begin).text());
    cursor_.move_to(begin);
    unknown(name, "a rate of temperature, pressure, humidity and light alone",
            name +
                ", a concentration (only RO2, the sum of peroxy radicals, and those of fixed species may "
                "be one)");
  }

  /// J(4) or J(J_NO2); J<4> in FACSIMILE.
  RateKind photolysis(std::string_view array, std::size_t begin, char closing) {
    const std::size_t inside = (cursor_.peek(), cursor_.offset());
    const std::string name = upper_case(cursor_.take_name());
    const double number = name.empty() ? cursor_.take_number().value_or(0) : 0;
    const McmPhotolysis* row = find_mcm_photolysis(name);
    if (number >= 1 && number <= 99 && number == std::floor(number))
      row = find_mcm_photolysis(static_cast<int>(number));
    if (!row && !name.empty() && names_.add_parameter) {
      cursor_.move_to(inside);
      return host_value(array, begin);
    }
    if (!row) {
      cursor_.move_to(inside);
      unknown(std::string(array) + '(' + (name.empty() ? number_text(number) : name) + ')',
              "a number or name of the MCM's photolysis table, such as J(4) or J(J_NO2)", cursor_.found());
    }
    cursor_.require(closing, "after the photolysis number");
    return emit({.operation = RateOperation::photolysis, .index = static_cast<std::size_t>(row->number)});
  }

  /// name(arguments) that nobody defines and the host gives, under that name without blanks: where all
  /// arguments are indices, whole numbers or names that stand for no number, or where one is such a name
  /// alone, an object of the host's (`uptake(SR_MW(ind_HI), 0.1, State_Het)` of GEOS-Chem).
  RateKind host_value(std::string_view name, std::size_t begin) {
    if (names_.add_parameter) {
      std::string text = std::string(name) + '(';
      bool are_indices = true, has_object = false, has_ended = false;
      while (!has_ended) {
        const SourceSpan argument = take_argument();
        const HostArgument kind = kind_of(argument);
        are_indices = are_indices && kind != HostArgument::expression;
        has_object = has_object || kind == HostArgument::name;
        for (const char c : argument.text())
          if (!is_blank(c)) text += c;
        has_ended = !cursor_.take(',');
        text += has_ended ? ')' : ',';
      }
      if (cursor_.take(')') && (are_indices || has_object)) {
        names_.add_parameter(text, "as in the rate expression");
        return *emit_parameter(upper_case(text));
      }
    }
    cursor_.move_to(begin);
    unknown(std::string(name), "a rate function that is built in or registered in RateFunctions",
            "the unknown function '" + std::string(name) + "'");
  }

  /// The text up to the ',' or ')' that ends it.
  SourceSpan take_argument() {
    cursor_.peek();
    const std::size_t begin = cursor_.offset();
    for (std::size_t depth = 0; !cursor_.at_end(); cursor_.move_to(cursor_.offset() + 1)) {
      const char c = cursor_.peek();
      if (depth == 0 && (c == ',' || c == ')')) break;
      if (c == '(') ++depth;
      if (c == ')') --depth;
    }
    return cursor_.span_from(begin);
  }

  enum class HostArgument { number, name, expression };

  /// A whole number, a name of something that is no real number here, or something else.
  HostArgument kind_of(SourceSpan argument) {
    SourceCursor cursor(argument);
    if (const auto number = cursor.take_number())
      return cursor.at_end() && *number == std::floor(*number) ? HostArgument::number
                                                               : HostArgument::expression;
    const std::string upper = upper_case(cursor.take_name());
    if (upper.empty() || !cursor.at_end()) return HostArgument::expression;
    if (const RateConstant* const constant = find_constant(upper))
      return constant->kind == RateKind::integer ? HostArgument::number : HostArgument::expression;
    const bool is_variable = std::any_of(rate_variables.begin(), rate_variables.end(),
                                         [&](const NamedRateVariable& row) { return row.name == upper; });
    const bool is_known = is_variable || alias_programs().count(upper) > 0 ||
                          names_.parameters.count(upper) > 0 || mcm_programs().count(upper) > 0;
    return is_known ? HostArgument::expression : HostArgument::name;
  }

  const RateConstants* scope_;
  RateConstant called_;  ///< a registered function without arguments
};

}  // namespace detail

/// The rate expression of a text, names without regard to case.
///
/// Grammar: + - * / ** ^ @ (the last three are powers), comparisons, .AND., .OR., .NOT. and parentheses as in
/// Fortran; its functions of numbers (EXP, LOG, LOG10, SQRT, ABS, SIN, ATAN, MOD, INT, MIN, MAX, MERGE, ...);
/// J(n), J(J_NAME) and J<n> of `mcm_photolysis_table`; `names`. `context`, such as ", reaction <7>", follows
/// the place in messages. Errors: Error with file, line, column, what was expected
/// and found; UnknownRateName for a name that stands for nothing.
inline RateExpression compile_rate(SourceSpan text, const RateNames& names, std::string context = {}) {
  return detail::RateCompiler(text, names, std::move(context)).compile();
}

/// The same of a text on its own; messages call it "rate".
inline RateExpression compile_rate(std::string_view text, const RateNames& names = {}) {
  const SourceText source("rate", std::string(text));
  return compile_rate(SourceSpan{&source, 0, source.text().size()}, names);
}

/// Gives a text a name that later constants and rates may use; a second text replaces the first for those
/// after it. A text that cannot be compiled is an error where its name is used.
inline void define_constant(RateNames& names, std::string_view name, SourceSpan text) {
  const std::string upper = upper_case(name);
  RateConstant constant;
  try {
    constant = detail::RateCompiler(text, names, ", constant " + upper).compile_constant();
  } catch (const Error&) {
    constant.trouble = std::current_exception();
  }
  names.constants.insert_or_assign(upper, std::move(constant));
}

}  // namespace chemnne
