#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/elements.hpp>
#include <chemnne/chemistry/fortran_constants.hpp>
#include <chemnne/chemistry/kpp_comments.hpp>
#include <chemnne/chemistry/kpp_document.hpp>
#include <chemnne/chemistry/kpp_includes.hpp>
#include <chemnne/chemistry/kpp_run_settings.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// Reads KPP files into a KppDocument: the grammar, no meaning.
class KppParser {
 public:
  /// Errors: Error with file, line, column, what was expected and found.
  KppDocument parse(std::string text, const std::string& name) {
    read(std::move(text), name);
    return std::move(document_);
  }

 private:
  enum class Section {
    none,
    skipped,
    atoms,
    variable,
    fixed,
    set_variable,
    set_fixed,
    equations,
    initial_values
  };

  static constexpr std::size_t most_terms = 1000;
  static constexpr int largest_atom_count = 10000;

  void read(std::string text, const std::string& name) {
    const SourceText& source = document_.sources.emplace_back(without_kpp_comments(name, std::move(text)));
    SourceCursor cursor(source);
    while (!cursor.at_end()) {
      if (cursor.take('#'))
        command(cursor);
      else
        item(cursor);
    }
  }

  /// `#NAME`: a section, a command with one argument, an include or an inline block.
  void command(SourceCursor& cursor) {
    const std::size_t begin = cursor.offset();
    const std::string name = upper_case(cursor.take_name());
    if (name == "INCLUDE") return include(cursor);
    if (name == "INLINE") return inline_block(cursor);
    for (const auto& [known, section] : sections)
      if (name == known) return static_cast<void>(section_ = section);
    for (const std::string_view known : commands)
      if (name == known) {
        section_ = Section::none;
        return static_cast<void>(cursor.take_word());
      }
    cursor.move_to(begin);
    cursor.fail(
        "a KPP section or command after '#', such as DEFVAR, DEFFIX, EQUATIONS, INITVALUES or INCLUDE");
  }

  /// Lexical, as in KPP: the section that is open stays open in the included file and after it.
  void include(SourceCursor& cursor) {
    const std::string where = cursor.where();
    const std::string name(cursor.take_word());
    if (name.empty()) cursor.fail("the name of a file to include");
    const std::string& parent = cursor.source().name();
    const std::string path = name.front() == '/' ? name : parent.substr(0, parent.rfind('/') + 1) + name;
    if (!file_exists(path) && (name == "atoms" || name == "atoms.kpp")) {
      document_.elements.insert(document_.elements.end(), element_symbols.begin(), element_symbols.end());
      return;
    }
    includes_.enter(path, where);
    read(read_text_file(path), path);
    includes_.leave();
  }

  /// Raw text of other languages: only F90_RCONST, which sets the constants of rates, F90_GLOBAL, which
  /// declares what the host sets, and F90_INIT, which tells how to run, are looked at.
  void inline_block(SourceCursor& cursor) {
    const std::string type = upper_case(cursor.take_name());
    const std::size_t begin = cursor.offset();
    const std::size_t end = find_word(cursor.source().text(), "#ENDINLINE", begin);
    if (end == std::string_view::npos) cursor.fail("#ENDINLINE after #INLINE", "the end of the file");
    if (type == "F90_RCONST") read_fortran_constants({&cursor.source(), begin, end}, document_);
    if (type == "F90_GLOBAL") read_fortran_parameters({&cursor.source(), begin, end}, document_);
    if (type == "F90_INIT") read_run_settings({&cursor.source(), begin, end}, document_.run_settings);
    cursor.move_to(end + std::string_view("#ENDINLINE").size());
  }

  void item(SourceCursor& cursor) {
    switch (section_) {
      case Section::none:
        cursor.fail("'#' and a KPP section, such as #DEFVAR or #EQUATIONS");
      case Section::skipped:
        return skip_section(cursor);
      case Section::atoms:
        document_.elements.emplace_back(name_item(cursor, "an element").text());
        return;
      case Section::variable:
        return declaration(cursor, false);
      case Section::fixed:
        return declaration(cursor, true);
      case Section::set_variable:
        return document_.set_variable.push_back(name_item(cursor, "a species"));
      case Section::set_fixed:
        return document_.set_fixed.push_back(name_item(cursor, "a species"));
      case Section::equations:
        return equation(cursor);
      case Section::initial_values:
        return initial_value(cursor);
    }
  }

  static void skip_section(SourceCursor& cursor) {
    const std::string_view text = cursor.source().text();
    cursor.move_to(std::min(text.find('#', cursor.offset()), text.size()));
  }

  static KppName take_name(SourceCursor& cursor, const std::string& expected) {
    cursor.peek();
    const std::size_t begin = cursor.offset();
    if (cursor.take_name().empty()) cursor.fail(expected);
    return {cursor.span_from(begin)};
  }

  static KppName name_item(SourceCursor& cursor, const std::string& expected) {
    const KppName name = take_name(cursor, expected);
    cursor.require(';', "after it");
    return name;
  }

  /// NO2 = N + 2O ;   X = IGNORE ;
  void declaration(SourceCursor& cursor, bool fixed) {
    KppSpecies species{.name = take_name(cursor, "the name of a species"), .atoms = {}, .fixed = fixed};
    cursor.require('=', "and the composition of the species");
    do {
      const int count = take_count(cursor);
      const KppName element = take_name(cursor, "an element or IGNORE");
      if (upper_case(element.text()) == "IGNORE")
        species.ignore = true;
      else
        species.atoms.push_back({element, count});
      if (species.atoms.size() > most_terms) cursor.fail("at most 1000 elements of a species", "more");
    } while (cursor.take('+'));
    cursor.require(';', "or '+' in the composition of a species");
    document_.species.push_back(std::move(species));
  }

  static int take_count(SourceCursor& cursor) {
    cursor.peek();
    const std::size_t begin = cursor.offset();
    int count = 0;
    for (; is_digit(cursor.peek()) && count <= largest_atom_count; cursor.move_to(cursor.offset() + 1))
      count = 10 * count + (cursor.peek() - '0');
    if (count > largest_atom_count) cursor.fail("at most 10000 atoms", "more");
    return cursor.offset() == begin ? 1 : count;
  }

  /// [<tag>] a + b [+ hv] = c - d : rate ;
  void equation(SourceCursor& cursor) {
    KppEquation equation{};
    if (cursor.take('<')) equation.tag = collapse_blanks(cursor.take_until('>', "after the tag").text());
    cursor.peek();
    const std::size_t begin = cursor.offset();
    equation.left = terms(cursor);
    cursor.require('=', "or '+' between the species of an equation");
    equation.right = terms(cursor);
    cursor.require(':', "and the rate, or '+', between the species of an equation");
    equation.rate = cursor.take_until(';', "after the rate");
    equation.whole = {&cursor.source(), begin, equation.rate.end};
    document_.equations.push_back(std::move(equation));
  }

  static std::vector<KppTerm> terms(SourceCursor& cursor) {
    std::vector<KppTerm> result;
    double sign = cursor.take('-') ? -1 : 1;
    for (;;) {
      result.push_back(term(cursor, sign));
      if (result.size() > most_terms) cursor.fail("at most 1000 species on a side of an equation", "more");
      if (cursor.take('+'))
        sign = 1;
      else if (cursor.take('-'))
        sign = -1;
      else
        return result;
    }
  }

  /// [number | name*] species
  static KppTerm term(SourceCursor& cursor, double sign) {
    if (const auto number = cursor.take_number())
      return {take_name(cursor, "a species, PROD or hv"), sign * *number};
    const KppName name = take_name(cursor, "a species, PROD or hv");
    if (!cursor.take('*')) return {name, sign};
    return {take_name(cursor, "a species after the coefficient " + std::string(name.text())), sign, name};
  }

  void initial_value(SourceCursor& cursor) {
    const KppName name = take_name(cursor, "a species, CFACTOR, VAR_SPEC, FIX_SPEC or ALL_SPEC");
    cursor.require('=', "and an initial value");
    const double sign = cursor.take('-') ? -1 : 1;
    const auto value = cursor.take_number();
    if (!value) cursor.fail("a number");
    cursor.require(';', "after the initial value");
    document_.initial_values.push_back({name, sign * *value});
  }

  static constexpr std::array<std::pair<std::string_view, Section>, 16> sections{{
      {"ATOMS", Section::atoms},
      {"DEFVAR", Section::variable},
      {"DEFFIX", Section::fixed},
      {"SETVAR", Section::set_variable},
      {"SETFIX", Section::set_fixed},
      {"EQUATIONS", Section::equations},
      {"INITVALUES", Section::initial_values},
      {"CHECK", Section::skipped},
      {"FAMILIES", Section::skipped},
      {"LOOKAT", Section::skipped},
      {"LUMP", Section::skipped},
      {"MONITOR", Section::skipped},
      {"TRANSPORT", Section::skipped},
      {"CHECKALL", Section::none},
      {"LOOKATALL", Section::none},
      {"TRANSPORTALL", Section::none},
  }};

  static constexpr std::array<std::string_view, 20> commands{
      "MODEL",   "INTEGRATOR", "INTFILE",      "LANGUAGE",   "DOUBLE",   "REORDER",   "EQNTAGS",
      "HESSIAN", "JACOBIAN",   "STOICMAT",     "DUMMYINDEX", "FUNCTION", "DECLARE",   "DRIVER",
      "MEX",     "MINVERSION", "UPPERCASEF90", "AUTOREDUCE", "GRAPH",    "STOCHASTIC"};

  KppDocument document_;
  Section section_ = Section::none;
  KppIncludes includes_;
};

}  // namespace chemnne::detail
