#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/cam_document.hpp>
#include <chemnne/chemistry/chemical_formula.hpp>
#include <chemnne/chemistry/host_parameters.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/rate_call.hpp>
#include <chemnne/chemistry/rate_functions.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

namespace detail {

/// k0/(1+r) Fc^(1/(1+log10(r)^2)), k0 = a0 (300/T)^n, kinf = ai (300/T)^m, r = k0 [M]/kinf: per [M], which
/// stands among the reactants; arguments a0, n, ai, m, Fc. Source: CAM-chem's `jpl`, in the form of the JPL
/// evaluations.
inline SharedRateFunction cam_troe() {
  static const auto function = shared_function("cam_troe", 5, [](const auto& c, auto p) {
    using std::pow;
    const auto k0 = p[0] * pow(300 / c.temperature, p[1]), kinf = p[2] * pow(300 / c.temperature, p[3]);
    return fall_off(k0 * c.air, kinf, p[4], 1) / c.air;
  });
  return function;
}

/// Reads a CAM-chem text section by section into a mechanism.
class CamReader {
 public:
  CamReader(const SourceText& source, const ReadOptions& options, std::string name)
      : source_(source),
        document_(source),
        builder_(std::move(name), options),
        parameters_(builder_),
        mechanism_(builder_.mechanism()) {}

  Mechanism read() {
    const std::vector<CamSection> sections = document_.sections(0, document_.size());
    for (const CamSection& section : sections)
      if (section.name == "SPECIES") read_species(section);
    for (const CamSection& section : sections)
      if (section.name == "CHEMISTRY") read_chemistry(section);
    if (mechanism_.reactions.empty())
      throw Error(source_.name(), "a mechanism with reactions, in the section CHEMISTRY", "no reaction");
    remark("products that are no species, left out as CAM's preprocessor does: ", unlisted_products_);
    return builder_.take();
  }

 private:
  static constexpr int highest_order = 9;
  static constexpr std::size_t most_terms = 1000;

  /// What stands in brackets before a reaction.
  struct Label {
    std::string name;          ///< empty without one
    double factor = 1;         ///< of [name->,factor*other]
    std::string photolysis{};  ///< other, or the name itself
  };

  void read_species(const CamSection& section) {
    const std::vector<CamSection> lists = document_.sections(section.begin, section.end);
    for (const CamSection& list : lists)
      if (list.name == "SOLUTION")
        add_species(list, false);
      else if (list.name != "FIXED" && list.name != "COL-INT" && list.name != "NOT-TRANSPORTED")
        throw Error(list.place.where(), "Solution, Fixed, Col-int or Not-Transported", "'" + list.name + "'");
    mechanism_.variable_species = mechanism_.species.size();
    for (const CamSection& list : lists)
      if (list.name == "FIXED") add_species(list, true);
  }

  /// NAME or NAME -> FORMULA, with commas between, in any number of lines.
  void add_species(const CamSection& list, bool fixed) {
    for (std::size_t i = list.begin; i < list.end; ++i) {
      SourceCursor cursor(document_.line(i));
      while (!cursor.at_end()) {
        const SourceSpan name = take_name(cursor, "the name of a species");
        std::string_view formula = name.text();
        if (cursor.take_text("->")) {
          cursor.peek();
          const std::size_t begin = cursor.offset();
          while (is_name_part(character_at(cursor))) cursor.move_to(cursor.offset() + 1);
          formula = cursor.span_from(begin).text();
          if (formula.empty()) cursor.fail("a formula after '->'");
        }
        add_species(name, formula, fixed);
        if (!cursor.at_end()) cursor.require(',', "between the species");
      }
    }
  }

  void add_species(const SourceSpan& name, std::string_view formula, bool fixed) {
    Species species{.name = std::string(name.text())};
    if (builder_.find(species.name))
      throw Error(name.where(), "every species listed once", "'" + species.name + "'");
    const bool electron = formula == "E";
    if (const auto atoms = electron ? std::map<std::string, int>{} : atoms_of_formula(formula)) {
      species.composition_known = true;
      for (const auto& [element, count] : *atoms) species.atoms.push_back({element_index(element), count});
    }
    if (fixed) species.abundance = abundance_of(species.name);
    builder_.add_species(std::move(species));
  }

  std::size_t element_index(const std::string& element) {
    auto& elements = mechanism_.elements;
    const auto found = std::find(elements.begin(), elements.end(), element);
    if (found == elements.end()) return elements.push_back(element), elements.size() - 1;
    return static_cast<std::size_t>(found - elements.begin());
  }

  void read_chemistry(const CamSection& section) {
    for (const CamSection& part : document_.sections(section.begin, section.end)) {
      if (part.name == "PHOTOLYSIS" || part.name == "REACTIONS")
        read_reactions(part);
      else if (part.name == "EXT FORCING")
        remark("emissions (Ext Forcing), which the host gives, left out: ", first_names(part));
      else if (part.name == "HETEROGENEOUS")
        remark("wet deposition (Heterogeneous), which the host gives, left out: ", first_names(part));
      else
        throw Error(part.place.where(), "Photolysis, Reactions, Ext Forcing or Heterogeneous",
                    "'" + part.name + "'");
    }
  }

  std::set<std::string> first_names(const CamSection& list) const {
    std::set<std::string> names;
    for (std::size_t i = list.begin; i < list.end; ++i) {
      SourceCursor cursor(document_.line(i));
      do names.emplace(take_name(cursor, "the name of a species").text());
      while (cursor.take(',') && !cursor.at_end());
    }
    return names;
  }

  /// A line that begins with '+' goes on with the products of the one before.
  void read_reactions(const CamSection& part) {
    for (std::size_t i = part.begin; i < part.end;) {
      std::size_t end = i + 1;
      while (end < part.end && document_.line(end).text().front() == '+') ++end;
      read_reaction(i, end, part.name == "PHOTOLYSIS");
      i = end;
    }
  }

  void read_reaction(std::size_t begin, std::size_t end, bool photolysis) {
    SourceCursor cursor(document_.line(begin));
    Reaction reaction;
    reaction.line = source_.line(document_.line(begin).begin);
    reaction.photolysis = photolysis;
    const Label label = take_label(cursor, photolysis);
    reaction.label = label.name.empty() ? builder_.next_label() : label.name;
    cursor.set_context(MechanismBuilder::context(reaction.label));
    const std::size_t first = cursor.offset();
    reaction.reactants = reactants(cursor, reaction.photolysis);
    const int order = total_order(cursor, reaction.reactants);
    if (!cursor.take_text("->")) cursor.fail("'+', or '->' after the reactants");
    add_products(cursor, reaction.products);
    const std::vector<double> numbers = take_numbers(cursor);
    std::string text = collapse_blanks(cursor.span_from(first).text());
    for (std::size_t i = begin + 1; i < end; ++i) {
      SourceCursor next(document_.line(i));
      next.set_context(MechanismBuilder::context(reaction.label));
      next.require('+', "before more products");
      add_products(next, reaction.products);
      if (!next.at_end()) next.fail("'+' between the products (rates stand in a reaction's first line)");
      text += ' ' + collapse_blanks(document_.line(i).text());
    }
    reaction.text = std::move(text);
    if (photolysis && !numbers.empty())
      throw Error(document_.line(begin).where() + MechanismBuilder::context(reaction.label),
                  "a photolysis without numbers, for the host gives its rate", "some");
    if (photolysis && label.name.empty())
      throw Error(document_.line(begin).where(), "[label] before a photolysis", "none");
    reaction.rate = photolysis ? parameters_.scaled(label.factor, label.photolysis, "s-1")
                               : rate(numbers, label.name, order);
    builder_.add_reaction(std::move(reaction), document_.line(begin).where());
  }

  /// [name], [name,cph=heat], [name->,other], [name->,factor*other], [name=userdefined,].
  static Label take_label(SourceCursor& cursor, bool photolysis) {
    if (!cursor.take('[')) return {};
    cursor.peek();
    const std::size_t begin = cursor.offset();
    const SourceSpan span = cursor.take_until(']', "after the label of a reaction");
    const std::string_view text = span.text();
    const std::size_t arrow = text.find("->");
    const std::size_t end = std::min({text.find_first_of(",="), arrow, text.size()});
    Label label{.name = std::string(trimmed(text.substr(0, end)))};
    if (label.name.empty())
      throw Error(span.where(), "the label of a reaction", "'" + std::string(text) + "'");
    label.photolysis = label.name;
    SourceCursor rest(SourceSpan{span.source, begin + end, span.end});
    if (photolysis && end == arrow) {
      rest.take_text("->");
      rest.take(',');
      if (const auto factor = rest.take_number()) {
        label.factor = *factor;
        rest.require('*', "after the factor of another photolysis");
      }
      label.photolysis = std::string(take_name(rest, "the name of another photolysis").text());
      if (!rest.at_end()) rest.fail("']' after the name of another photolysis");
    } else if (const std::string tail = lower_case_text(trimmed(text.substr(end)));
               !tail.empty() && !tail.starts_with(",cph=") && !tail.starts_with("=userdefined")) {
      rest.fail("',cph=', '=userdefined' or, of a photolysis, '->' after the label");
    }
    return label;
  }

  static std::string lower_case_text(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = lower_case(c);
    return result;
  }

  /// Up to "->"; hv is light.
  std::vector<Term> reactants(SourceCursor& cursor, bool& photolysis) const {
    std::vector<Term> terms;
    std::size_t count = 0;
    do {
      if (++count > most_terms) cursor.fail("at most 1000 reactants", "more");
      const double order = take_coefficient(cursor);
      const SourceSpan name = take_name(cursor, "a reactant");
      if (upper_case(name.text()) == "HV") {
        photolysis = true;
        continue;
      }
      const auto species = builder_.find(name.text());
      const bool is_order = order >= 1 && order <= highest_order && order == std::floor(order);
      if (!species || !is_order) cursor.move_to(name.begin);
      if (!species) cursor.fail("a species that Solution or Fixed lists");
      if (!is_order) cursor.fail("an order from 1 to 9, a whole number, before each reactant", "another");
      MechanismBuilder::merge(terms, {*species, order});
    } while (cursor.take('+'));
    return terms;
  }

  static int total_order(SourceCursor& cursor, const std::vector<Term>& reactants) {
    double order = 0;
    for (const Term& term : reactants) order += term.coefficient;
    if (order > highest_order) cursor.fail("at most order 9 in all", "more");
    return static_cast<int>(order);
  }

  /// Up to what is no '+'; there may be none.
  void add_products(SourceCursor& cursor, std::vector<Term>& products) {
    if (cursor.at_end() || cursor.peek() == ';') return;
    do {
      if (products.size() > most_terms) cursor.fail("at most 1000 products", "more");
      const double coefficient = take_coefficient(cursor);
      const SourceSpan name = take_name(cursor, "a product");
      if (const auto species = builder_.find(name.text()))
        MechanismBuilder::merge(products, {*species, coefficient});
      else
        unlisted_products_.emplace(name.text());
    } while (cursor.take('+'));
  }

  /// `.5*X`, `2 * X`, `.25 X` or nothing before X.
  static double take_coefficient(SourceCursor& cursor) {
    const std::optional<double> coefficient = cursor.take_number();
    if (coefficient) cursor.take('*');
    return coefficient.value_or(1);
  }

  static std::vector<double> take_numbers(SourceCursor& cursor) {
    std::vector<double> numbers;
    if (!cursor.at_end()) cursor.require(';', "or '+' after the products");
    while (!cursor.at_end()) {
      if (!numbers.empty()) cursor.require(',', "between the numbers of a rate");
      const bool negative = cursor.take('-');
      if (!negative) cursor.take('+');
      const std::optional<double> number = cursor.take_number();
      if (!number) cursor.fail("a number of the rate");
      numbers.push_back(negative ? -*number : *number);
    }
    if (numbers.size() > 2 && numbers.size() != 5)
      cursor.fail("one, two or five numbers of a rate", std::to_string(numbers.size()));
    return numbers;
  }

  RateExpression rate(const std::vector<double>& numbers, const std::string& label, int order) {
    if (numbers.empty())
      return parameters_.scaled(1, label.empty() ? "reaction_" + builder_.next_label() : label,
                                rate_constant_units(order));
    if (numbers.size() == 5) return RateExpression(call_with(cam_troe(), numbers));
    return RateExpression(arrhenius_program(numbers[0], numbers.size() == 2 ? -numbers[1] : 0, 0));
  }

  static SourceSpan take_name(SourceCursor& cursor, const std::string& expected) {
    cursor.peek();
    const std::size_t begin = cursor.offset();
    if (cursor.take_name().empty()) cursor.fail(expected);
    return cursor.span_from(begin);
  }

  static char character_at(SourceCursor& cursor) {
    const std::string_view text = cursor.source().text();
    return cursor.offset() < text.size() ? text[cursor.offset()] : '\0';
  }

  void remark(std::string text, const std::set<std::string>& names) {
    if (names.empty()) return;
    for (const std::string& name : names) text += (name == *names.begin() ? "" : ", ") + name;
    mechanism_.remarks.push_back(std::move(text));
  }

  const SourceText& source_;
  CamDocument document_;
  MechanismBuilder builder_;
  HostParameters parameters_;
  Mechanism& mechanism_;
  std::set<std::string> unlisted_products_;
};

}  // namespace detail

/// A mechanism from text in the form of CAM-chem, WACCM and MOZART (`chem_mech.in`); `name` stands in
/// messages.
///
/// Read: SPECIES with Solution (variable) and Fixed (M, O2, N2 and H2O follow the environment), whose
/// formulas give the atoms, without one the name; CHEMISTRY with Photolysis and Reactions; words in any case,
/// names as they stand. `A + B -> c ; numbers`: one number is k, two are a exp(b/T), five a fall-off per M
/// (see cam_troe). Photolysis rates and those without numbers (`usr_...`, `het...`) are parameters of the
/// mechanism by the label; `[jx->,.28*jref]` is so many times the parameter jref. Products that no list has,
/// such as CO2 in MOZART-4, are left out, and so are emissions and wet deposition: Mechanism::remarks names
/// them. Solution Classes, Col-int, Not-Transported and the parameters of the simulation do not matter here.
/// Units: molecules cm-3, s, K. Bounds: 1000 terms a side. Errors: Error with file, line, column, reaction,
/// what was expected and found. Source: the mechanisms of CAM (github.com/ESCOMP/CAM, src/chemistry/pp_*) and
/// what its preprocessor makes of them; Emmons et al., Geosci. Model Dev. 3, 43 (2010).
inline Mechanism parse_cam(std::string text, const std::string& name, const ReadOptions& options = {}) {
  const SourceText source(name, std::move(text));
  return detail::CamReader(source, options, detail::stem_of(name)).read();
}

/// The same from a file. Errors: also Error when the file cannot be read.
inline Mechanism read_cam(const std::string& path, const ReadOptions& options = {}) {
  return parse_cam(read_text_file(path), path, options);
}

}  // namespace chemnne
