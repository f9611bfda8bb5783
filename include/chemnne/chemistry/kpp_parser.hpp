#pragma once
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <chemnne/chemistry/elements.hpp>
#include <chemnne/chemistry/kpp_comments.hpp>
#include <chemnne/chemistry/kpp_document.hpp>
#include <chemnne/chemistry/kpp_includes.hpp>
#include <chemnne/chemistry/kpp_keywords.hpp>
#include <chemnne/chemistry/kpp_run_settings.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/chemistry/stated_photolysis.hpp>
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
  using Section = KppSection;

  static constexpr std::size_t most_terms = 1000;
  static constexpr int largest_atom_count = 10000;

  void read(std::string text, const std::string& name) {
    if (!document_.photolysis) document_.photolysis = stated_photolysis(SourceText(name, text));
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
    if (name == "MODEL") return model(cursor);
    if (name == "INLINE") return inline_block(cursor);
    if (const auto section = find_kpp_section(name)) return static_cast<void>(section_ = *section);
    if (is_kpp_command(name)) {
      section_ = Section::none;
      return static_cast<void>(take_argument(cursor));
    }
    cursor.move_to(begin);
    cursor.fail(
        "a KPP section or command after '#', such as DEFVAR, DEFFIX, EQUATIONS, INITVALUES or INCLUDE");
  }

  /// A word in this line, without KPP's own signs; empty when there is none.
  static KppName take_argument(SourceCursor& cursor) {
    const std::string_view text = cursor.source().text();
    const std::size_t begin = std::min(text.find_first_not_of(" \t", cursor.offset()), text.size());
    const std::size_t end = std::min(text.find_first_of(" \t\r\n#;{}", begin), text.size());
    cursor.move_to(end);
    return {{&cursor.source(), begin, end}};
  }

  /// Lexical, as in KPP: the section that is open stays open in the included file and after it.
  void include(SourceCursor& cursor) {
    const KppName name = take_file_name(cursor, "the name of a file to include");
    const std::string path = file(std::string(name.text()), cursor);
    const bool is_atoms = name.text() == "atoms" || name.text() == "atoms.kpp";
    if (!is_atoms || file_exists(path)) return read_file(path, name);
    document_.elements.insert(document_.elements.end(), element_symbols.begin(), element_symbols.end());
    section_ = Section::atoms;
  }

  /// `#MODEL x` includes x.def; a file that is a whole mechanism may do without.
  void model(SourceCursor& cursor) {
    section_ = Section::none;
    const KppName name = take_file_name(cursor, "the name of a model");
    std::string definition(name.text());
    if (definition.find('.', definition.rfind('/') + 1) == std::string::npos) definition += ".def";
    const std::string path = file(definition, cursor);
    std::error_code ignored;
    if (!file_exists(path))
      document_.missing_models.push_back(name);
    else if (!std::filesystem::equivalent(path, cursor.source().name(), ignored))
      read_file(path, name);
  }

  static KppName take_file_name(SourceCursor& cursor, const std::string& expected) {
    const KppName name = take_argument(cursor);
    if (name.text().empty()) cursor.fail(expected);
    return name;
  }

  std::string file(const std::string& name, const SourceCursor& cursor) const {
    return kpp_file(name, cursor.source().name(), document_.sources.front().name());
  }

  void read_file(const std::string& path, const KppName& name) {
    includes_.enter(path, name.place.where());
    read(read_text_file(path), path);
    includes_.leave();
  }

  /// Raw text of other languages: only the Fortran that rates may need is kept, and F90_INIT, which tells how
  /// to run, is read. It ends the section, and no text behind its end counts.
  void inline_block(SourceCursor& cursor) {
    const SourceText& source = cursor.source();
    const std::string type = upper_case(cursor.take_name());
    const std::size_t begin = cursor.offset();
    const std::size_t end = end_of_inline(source.name(), source.text(), begin);
    if (type == "F90_GLOBAL" || type == "F90_RATES" || type == "F90_UTIL" || type == "F90_RCONST")
      document_.inline_blocks.push_back({type, {&source, begin, end}});
    if (type == "F90_INIT") read_run_settings({&source, begin, end}, document_.run_settings);
    section_ = Section::none;
    const std::size_t behind = end + std::string_view("#ENDINLINE").size();
    cursor.move_to(std::min(source.text().find_first_of("#\n", behind), source.text().size()));
    const SourceSpan rest{&source, behind, cursor.offset()};
    if (!collapse_blanks(rest.text()).empty()) remark(rest, "the text behind #ENDINLINE");
  }

  /// "file, line 3, column 14: ',' is passed over".
  void remark(const SourceSpan& place, const std::string& what) {
    document_.remarks.push_back(place.where() + ": " + what + " is passed over");
  }

  void item(SourceCursor& cursor) {
    if (pass_over(cursor)) return;
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
        return document_.changes.push_back({name_item(cursor, "a species"), false});
      case Section::set_fixed:
        return document_.changes.push_back({name_item(cursor, "a species"), true});
      case Section::equations:
        return equation(cursor);
      case Section::initial_values:
        return initial_value(cursor);
    }
  }

  /// A sign that begins no item and that KPP's scanner drops, as in `{one},{two}` or `: k;) ;`.
  bool pass_over(SourceCursor& cursor) {
    if (cursor.take(';')) return true;
    const char sign = cursor.peek();
    if (std::string_view(",)(}]!").find(sign) == std::string_view::npos) return false;
    const std::size_t begin = cursor.offset();
    cursor.take(sign);
    remark(cursor.span_from(begin), std::string("'") + sign + "'");
    return true;
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

  /// NO2 = N + 2O ;   X = IGNORE ;   Y ;
  void declaration(SourceCursor& cursor, bool fixed) {
    if (cursor.peek() == '=') return remark(cursor.take_until(';', "after it"), "a species without a name");
    KppSpecies species{
        .name = take_name(cursor, "the name of a species"), .atoms = {}, .ignore = true, .fixed = fixed};
    if (cursor.take('=')) composition(cursor, species);
    cursor.require(';', species.ignore && species.atoms.empty() ? "or '=' after the name of a species"
                                                                : "or '+' in the composition of a species");
    document_.species.push_back(std::move(species));
  }

  static void composition(SourceCursor& cursor, KppSpecies& species) {
    species.ignore = false;
    do {
      const int count = take_count(cursor);
      const KppName element = take_name(cursor, "an element or IGNORE");
      if (upper_case(element.text()) == "IGNORE")
        species.ignore = true;
      else
        species.atoms.push_back({element, count});
      if (species.atoms.size() > most_terms) cursor.fail("at most 1000 elements of a species", "more");
    } while (cursor.take('+'));
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

  /// [<tag>] a + b [+ hv] = c - d : rate ;   no product: a = : rate ;
  void equation(SourceCursor& cursor) {
    KppEquation equation{};
    if (cursor.take('<')) equation.tag = collapse_blanks(cursor.take_until('>', "after the tag").text());
    cursor.peek();
    const std::size_t begin = cursor.offset();
    equation.left = terms(cursor);
    cursor.require('=', "or '+' between the species of an equation");
    if (cursor.peek() != ':') equation.right = terms(cursor);
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

  /// [number [*] | name*] species
  static KppTerm term(SourceCursor& cursor, double sign) {
    if (const auto number = cursor.take_number()) {
      cursor.take('*');
      return {take_name(cursor, "a species, PROD or hv"), sign * *number};
    }
    const KppName name = take_name(cursor, "a species, PROD or hv");
    if (!cursor.take('*')) return {name, sign};
    return {take_name(cursor, "a species after the coefficient " + std::string(name.text())), sign, name};
  }

  void initial_value(SourceCursor& cursor) {
    const KppName name = take_name(cursor, "a species, CFACTOR, VAR_SPEC, FIX_SPEC or ALL_SPEC");
    cursor.require('=', "and an initial value");
    const double sign = cursor.take('-') ? -1 : 1;
    if (sign > 0) cursor.take('+');
    const auto value = cursor.take_number();
    if (!value) cursor.fail("a number");
    cursor.require(';', "after the initial value");
    document_.initial_values.push_back({name, sign * *value});
  }

  KppDocument document_;
  Section section_ = Section::none;
  KppIncludes includes_;
};

}  // namespace chemnne::detail
