#pragma once
#include <algorithm>
#include <cstddef>
#include <functional>
#include <list>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/fortran_interpreter.hpp>
#include <chemnne/chemistry/fortran_parser.hpp>
#include <chemnne/chemistry/fortran_program.hpp>
#include <chemnne/chemistry/fortran_statements.hpp>
#include <chemnne/chemistry/kpp_comments.hpp>
#include <chemnne/chemistry/kpp_document.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/rate_aliases.hpp>
#include <chemnne/chemistry/rate_context.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne::detail {

/// What the Fortran of a KPP file means: its functions (F90_RATES, F90_UTIL), parameters of the host
/// (F90_GLOBAL), constants of rates and the sum RO2 (F90_RCONST).
///
/// Real scalars that are declared without a value, and that no statement sets, are parameters. A statement
/// that is not understood is an Error, or with ReadOptions::collect_unresolved a line of
/// Mechanism::not_understood.
class KppFortran {
 public:
  KppFortran(MechanismBuilder& builder, const ReadOptions& options)
      : builder_(builder),
        names_(builder.names),
        interpreter_(names_, reporter(options), [this](const FortranStatement& statement, bool is_certain) {
          return take_peroxy_radicals(statement, is_certain);
        }) {}

  /// Executes the blocks in the order of KPP: first what is declared, then what is set. Errors: Error.
  void read(const std::vector<KppInlineBlock>& blocks) {
    for (const KppInlineBlock& block : blocks)
      if (block.type != "F90_RCONST") declarations_.push_back(parse(block));
    for (const KppInlineBlock& block : blocks)
      if (block.type == "F90_RCONST") statements_.push_back(parse(block));
    for (const auto* const programs : {&declarations_, &statements_})
      for (const FortranProgram& program : *programs) define_functions(program);
    for (const FortranProgram& program : statements_) collect_names(program.body);
    for (const FortranProgram& program : declarations_) add_parameters(program.body);
    for (const auto* const programs : {&declarations_, &statements_})
      for (const FortranProgram& program : *programs) interpreter_.run(program.body);
    if (has_sum_) builder_.declare_peroxy_radical_sum();
  }

  /// The species of RO2 = C(ind_A) + ...
  const std::vector<KppName>& peroxy_radicals() const { return sum_; }

 private:
  static constexpr std::size_t longest_list = 1000;

  std::function<void(const Error&)> reporter(const ReadOptions& options) {
    if (!options.collect_unresolved) return {};
    return [this](const Error& error) {
      if (reported_.size() < longest_list && reported_.insert(error.what()).second)
        builder_.mechanism().not_understood.emplace_back(error.what());
    };
  }

  FortranProgram parse(const KppInlineBlock& block) {
    return FortranParser(fortran_statements(block.text, sources_)).parse();
  }

  void define_functions(const FortranProgram& program) {
    for (const FortranFunction& function : program.functions)
      names_.procedures[{function.name, function.arguments.size()}] = procedure_of(function);
    for (const auto& [generic, specific] : program.interfaces)
      for (const FortranFunction& function : program.functions)
        if (function.name == specific)
          names_.procedures[{generic, function.arguments.size()}] = procedure_of(function);
  }

  /// Those that statements set.
  void collect_names(const std::vector<FortranStatement>& body) {
    for (const FortranStatement& statement : body) {
      if (statement.kind == FortranStatement::Kind::assignment) set_names_.insert(statement.name);
      for (const FortranArm& arm : statement.arms) collect_names(arm.body);
    }
  }

  void add_parameters(const std::vector<FortranStatement>& body) {
    for (const FortranStatement& statement : body) {
      if (statement.kind != FortranStatement::Kind::declaration || statement.type != RateKind::real ||
          statement.indices || statement.value || set_names_.count(statement.name) > 0 ||
          names_.parameters.count(statement.name) > 0)
        continue;
      const auto is_name = [&](const auto& row) { return row.name == statement.name; };
      if (std::none_of(rate_variables.begin(), rate_variables.end(), is_name) &&
          std::none_of(rate_aliases.begin(), rate_aliases.end(), is_name))
        builder_.add_parameter(std::string(SourceCursor(statement.text).take_name()),
                               "as in the rate expression");
    }
  }

  /// RO2 = [RO2 + | 0 +] C(ind_A) + ... as the sum of peroxy radicals. False when the statement is another
  /// one.
  bool take_peroxy_radicals(const FortranStatement& statement, bool is_certain) {
    if (statement.name != "RO2" || statement.indices) return false;
    SourceCursor cursor(*statement.value);
    std::vector<KppName> species;
    std::size_t adds = 0;
    do {
      if (const auto number = cursor.take_number(); number && *number == 0) continue;
      const std::string name = upper_case(cursor.take_name());
      if (name == "RO2" && has_sum_)
        ++adds;
      else if (name != "C" || !take_species(cursor, species))
        return leave_peroxy_radicals(statement);
    } while (cursor.take('+'));
    if (!cursor.at_end() || adds > 1) return leave_peroxy_radicals(statement);
    if (!is_certain)
      throw Error(statement.text.where(), "RO2 as the same sum whatever the conditions are",
                  "another where a condition holds");
    if (names_.follow_peroxy_radicals)
      throw Error(statement.text.where(), "RO2 complete before another constant follows it", "more of it");
    names_.constants.erase("RO2");
    if (adds == 0) sum_.clear();
    sum_.insert(sum_.end(), species.begin(), species.end());
    return has_sum_ = true;
  }

  /// RO2 becomes something else, which may follow the sum.
  bool leave_peroxy_radicals(const FortranStatement& statement) {
    if (upper_case(statement.value->text()).find("RO2") == std::string::npos) sum_.clear();
    return false;
  }

  /// (ind_A)
  static bool take_species(SourceCursor& cursor, std::vector<KppName>& species) {
    if (!cursor.take('(')) return false;
    cursor.peek();
    const std::size_t begin = cursor.offset();
    const std::string_view index = cursor.take_name();
    if (upper_case(index.substr(0, 4)) != "IND_" || index.size() == 4) return false;
    species.push_back({SourceSpan{&cursor.source(), begin + 4, cursor.offset()}});
    return cursor.take(')');
  }

  MechanismBuilder& builder_;
  RateNames& names_;
  std::list<SourceText> sources_;
  FortranInterpreter interpreter_;
  std::vector<FortranProgram> declarations_, statements_;
  std::set<std::string> set_names_;
  std::set<std::string> reported_;
  std::vector<KppName> sum_;
  bool has_sum_ = false;
};

}  // namespace chemnne::detail
