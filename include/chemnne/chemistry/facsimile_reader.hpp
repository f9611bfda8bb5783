#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/rate_compiler.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/chemistry/stated_photolysis.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

namespace detail {

/// Reads a FACSIMILE text statement by statement into a mechanism.
class FacsimileReader {
 public:
  FacsimileReader(const SourceText& source, const ReadOptions& options, std::string name)
      : source_(source), builder_(std::move(name), options), mechanism_(builder_.mechanism()) {
    const SourceText pressure("FACSIMILE's PRESS in hPa", "PRESS*0.01");
    define_constant(builder_.names, "PRESS", {&pressure, 0, pressure.text().size()});
    for (const auto& [parameter, units] : reserved) builder_.add_parameter(parameter, units);
  }

  Mechanism read() {
    mechanism_.photolysis = stated_photolysis(source_).value_or(PhotolysisVersion{});
    split();
    collect_species();
    for (const SourceSpan& span : statements_) statement(span);
    if (mechanism_.reactions.empty())
      throw Error(source_.name(), "a mechanism with reactions, '% rate : A + B = C ;'", "no reaction");
    set_peroxy_radicals();
    builder_.drop_unused_parameters();
    return builder_.take();
  }

 private:
  static constexpr double most_occurrences = 9;
  static constexpr std::size_t most_terms = 1000;

  /// What box models give such a file, in the units that the MCM's own rates mean.
  static constexpr std::array<std::pair<const char*, const char*>, 5> reserved{
      {{"BLHEIGHT", "as in the rate expression (height of the boundary layer)"},
       {"DEC", "rad (declination of the sun)"},
       {"DILUTE", "s-1 (dilution)"},
       {"ROOF", "1 (whether a roof keeps out the light)"},
       {"ASA", "cm2 cm-3 (surface of the aerosol)"}}};

  /// Into statements, comments left out. `* 1997; Saunders et al. ;`: what follows a comment's ';' in the
  /// same line belongs to it, unless it begins as another statement does.
  void split() {
    const std::string_view text = source_.text();
    bool after_comment = false;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find(';', begin), text.size());
      SourceCursor cursor(SourceSpan{&source_, begin, end});
      const bool empty = cursor.at_end(), starred = cursor.peek() == '*';
      const std::size_t start = cursor.offset();
      const bool same_line = text.substr(begin, start - begin).find('\n') == std::string_view::npos;
      after_comment = starred || (after_comment && same_line && (empty || !begins_statement(start, end)));
      if (after_comment)
        check_comment(start, end);
      else if (!empty)
        statements_.push_back({&source_, start, end});
      begin = end + 1;
    }
  }

  bool begins_statement(std::size_t begin, std::size_t end) const {
    SourceCursor cursor(SourceSpan{&source_, begin, end});
    if (cursor.peek() == '%') return true;
    const std::string name = upper_case(cursor.take_name());
    return name == "VARIABLE" || (!name.empty() && cursor.peek() == '=');
  }

  /// A comment without ';' must not swallow the statement in the next line.
  void check_comment(std::size_t begin, std::size_t end) const {
    for (std::size_t line = begin; line < end;) {
      line = std::min(source_.text().find('\n', line), end) + 1;
      if (line < end && begins_statement(line, end))
        throw Error(source_.where(line), "';' after the comment before", "a statement");
    }
  }

  /// The lists come first, wherever they stand: sums and reactions may use a species before its list. Without
  /// a list the species are those of the reactions.
  void collect_species() {
    for (const SourceSpan& span : statements_) {
      SourceCursor cursor(span);
      if (upper_case(cursor.take_name()) != "VARIABLE" || cursor.peek() == '=') continue;
      add_listed_species(cursor);
      has_list_ = true;
    }
    if (!has_list_)
      for (const SourceSpan& span : statements_) add_reacting_species(SourceCursor(span));
    mechanism_.variable_species = mechanism_.species.size();
  }

  void add_listed_species(SourceCursor& cursor) {
    while (!cursor.at_end()) {
      const SourceSpan name = take_species(cursor, "the name of a species, or ';' after the list");
      if (!add_species(name))
        mechanism_.remarks.push_back(name.where() + ": " + std::string(name.text()) +
                                     " is listed before, and passed over");
    }
  }

  /// Of `% rate : A + 2 B = C`; what is wrong with a reaction is said when it is read.
  void add_reacting_species(SourceCursor cursor) {
    if (!cursor.take('%')) return;
    while (!cursor.at_end() && !cursor.take(':')) skip(cursor);
    while (!cursor.at_end()) {
      const std::size_t begin = cursor.offset();
      if (!cursor.take_number() && !cursor.take_name().empty()) {
        add_species(cursor.span_from(begin));
      } else if (cursor.offset() == begin) {
        skip(cursor);
      }
    }
  }

  static void skip(SourceCursor& cursor) { cursor.move_to(cursor.offset() + 1); }

  /// False where there is one of this name.
  bool add_species(const SourceSpan& name) {
    if (builder_.find(name.text())) return false;
    builder_.add_species({.name = std::string(name.text())});
    return true;
  }

  void statement(const SourceSpan& span) {
    SourceCursor cursor(span);
    if (span.end == source_.text().size()) {
      cursor.move_to(span.end);
      cursor.fail("';' after the statement that begins in line " + std::to_string(source_.line(span.begin)),
                  "the end of the file");
    }
    if (cursor.take('%')) return reaction(cursor, span.end);
    const std::string name = upper_case(cursor.take_name());
    if (name == "VARIABLE" && cursor.peek() != '=') return;
    if (name.empty() || !cursor.take('=')) {
      cursor.move_to(span.begin);
      cursor.fail("VARIABLE, 'NAME = expression', '% rate : reaction' or '*' and a comment");
    }
    if (name == "RO2") return peroxy_radical_sum(cursor);
    define_constant(builder_.names, name, {&source_, cursor.offset(), span.end});
  }

  /// RO2 = A + B + ... ; possibly empty. A second sum replaces the first, as an assignment does.
  void peroxy_radical_sum(SourceCursor& cursor) {
    cursor.set_context(", the sum RO2");
    builder_.declare_peroxy_radical_sum();
    peroxy_radicals_.clear();
    while (!cursor.at_end()) {
      const SourceSpan name = take_species(cursor, "a species");
      add_peroxy_radical(name);
      if (!cursor.at_end()) cursor.require('+', "between the species");
    }
  }

  /// Without a list of species one that no reaction has is none, as in AtChem2.
  void add_peroxy_radical(const SourceSpan& name) {
    if (!has_list_ && !builder_.find(name.text()))
      return mechanism_.remarks.push_back(name.where() + ", the sum RO2: " + std::string(name.text()) +
                                          " is in no reaction, and passed over");
    if (!peroxy_radicals_.insert(known_species(name, ", the sum RO2")).second)
      throw Error(name.where() + ", the sum RO2", "every species once in it",
                  "'" + std::string(name.text()) + "'");
  }

  void set_peroxy_radicals() {
    for (const std::size_t species : peroxy_radicals_) builder_.add_peroxy_radical(species);
  }

  /// % rate : A + B = C + D ; either side may be empty.
  void reaction(SourceCursor& cursor, std::size_t end) {
    Reaction reaction;
    reaction.label = builder_.next_label();
    const std::string context = MechanismBuilder::context(reaction.label);
    cursor.set_context(context);
    cursor.peek();
    const std::size_t begin = cursor.offset();
    reaction.text = collapse_blanks(SourceSpan{&source_, begin, end}.text());
    reaction.line = source_.line(begin);
    const std::size_t colon = source_.text().substr(0, end).find(':', begin);
    if (colon == std::string_view::npos) {
      cursor.move_to(end);
      cursor.fail("':' after the rate", "the end of the reaction");
    }
    cursor.move_to(colon + 1);
    reaction.reactants = side(cursor, '=', context);
    cursor.require('=', "between reactants and products");
    reaction.products = side(cursor, '\0', context);
    for (const Term& term : reaction.reactants)
      if (term.coefficient < 1 || term.coefficient > most_occurrences ||
          term.coefficient != std::floor(term.coefficient))
        throw Error(source_.where(begin) + context, "a reactant from 1 to 9 times, a whole number",
                    number_text(term.coefficient) + " " + mechanism_.species[term.species].name);
    builder_.add_reaction(std::move(reaction), {&source_, begin, colon});
  }

  /// Species with '+' between them, each with its number, `0.5 A` or `2A`, up to a character that is not
  /// taken, or the end.
  std::vector<Term> side(SourceCursor& cursor, char closing, const std::string& context) const {
    std::vector<Term> terms;
    if (cursor.at_end() || cursor.peek() == closing) return terms;
    std::size_t count = 0;
    do {
      if (++count > most_terms) cursor.fail("at most 1000 species on a side of a reaction", "more");
      const double coefficient = cursor.take_number().value_or(1);
      const SourceSpan name = take_species(cursor, "a species");
      MechanismBuilder::merge(terms, {known_species(name, context), coefficient});
    } while (cursor.take('+'));
    if (!cursor.at_end() && cursor.peek() != closing)
      cursor.fail(closing ? "'+' or '='" : "'+' between the products or ';' after them");
    return terms;
  }

  static SourceSpan take_species(SourceCursor& cursor, const std::string& expected) {
    cursor.peek();
    const std::size_t begin = cursor.offset();
    if (cursor.take_name().empty()) cursor.fail(expected);
    return cursor.span_from(begin);
  }

  std::size_t known_species(const SourceSpan& name, const std::string& context) const {
    if (const auto found = builder_.find(name.text())) return *found;
    throw Error(name.where() + context, "a species that VARIABLE lists",
                "'" + std::string(name.text()) + "'");
  }

  const SourceText& source_;
  MechanismBuilder builder_;
  Mechanism& mechanism_;
  std::vector<SourceSpan> statements_;
  bool has_list_ = false;  ///< VARIABLE
  std::set<std::size_t> peroxy_radicals_;
};

}  // namespace detail

/// A mechanism from text in the FACSIMILE form of the MCM; `name` stands in messages.
///
/// Read: statements that end with ';', wherever lines end: `VARIABLE A B ...`, all species (without it those
/// of the reactions), which are all variable and of unknown composition; `NAME = expression`, in the order of
/// the file, where a later value counts from there on; `RO2 = A + B + ...`; `% rate : A + B = C + 0.5 D`;
/// comments, which begin with '*'. Rates may use TEMP, PRESS (here in hPa), M, N2, O2, H2O, RH, JFAC, RO2,
/// J<n>, of the version that a comment states (`stated_photolysis`), and the MCM's own coefficients where the
/// file does not set them; BLHEIGHT, DEC, DILUTE, ROOF and ASA
/// are parameters of the mechanism where rates use them and the file does not set them. Units: molecules
/// cm-3, s, K. Errors: Error with file, line, column, reaction, what was expected and found. Source: files of
/// the MCM (mcm.york.ac.uk) and of AtChem2 (Sommariva et al., Geosci. Model Dev. 13, 169, 2020).
inline Mechanism parse_facsimile(std::string text, const std::string& name, const ReadOptions& options = {}) {
  const SourceText source(name, std::move(text));
  return detail::FacsimileReader(source, options, detail::stem_of(name)).read();
}

/// The same from a file (.fac). Errors: also Error when the file cannot be read.
inline Mechanism read_facsimile(const std::string& path, const ReadOptions& options = {}) {
  return parse_facsimile(read_text_file(path), path, options);
}

}  // namespace chemnne
