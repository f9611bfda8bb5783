#pragma once
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/rate_program.hpp>
#include <chemnne/chemistry/stoichiometry.hpp>
#include <chemnne/solver/code_parts.hpp>
#include <chemnne/solver/kinetics_program.hpp>
#include <chemnne/solver/kinetics_writer.hpp>
#include <chemnne/solver/rate_writer.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// Writes one mechanism as C++: the text of a header that defines `template <class Scalar> struct <name>`
/// and includes nothing of this library but solver/lanes.hpp.
///
/// The struct is a kernel with the interface and the numbers, to rounding, of TableKernel<Scalar>, in
/// straight lines instead of tables: a sweep of Rodas3 over the 49 species of the troposphere has 2.0
/// microseconds of arithmetic instead of 6.9. All its functions are static. Beside these it has
///
///     rate_constants(inputs, rates): what LaneRates<Scalar>::evaluate does, with the same arguments, rows
///         and result; input_names[] says what the inputs are
///     mechanism, fingerprint, species_names[], elements[], atoms[species][element]: species in the
///         mechanism's order; atoms of species without a known composition are 0 (composition_known[])
///     factor_places, factor_ends, change_places, change_coefficients, change_ends: of each reaction the
///         factors of its rate and what it changes, as places of the order of elimination; row_begin,
///         diagonal, column: where the entries of the factors are (KineticsDerivative)
///     reacts[species], conserved[element]: whether a reaction changes a species; whether every reaction
///         keeps the atoms of an element in the variable species, which is not so where it changes a species
///         of unknown composition
///
/// The same mechanism gives the same text, in every locale. The text is for g++ and clang, whose vectors it
/// uses; g++ needs 3 s for 49 species, 10 s for 209 (one of float and double). TableKernel serves all others.
class KernelWriter {
 public:
  /// What a kernel costs to compile and to hold.
  struct Size {
    std::size_t species, reactions, entries;
  };

  /// Errors: Error where the name is no identifier, and those of RateProgram and RateWriter.
  KernelWriter(const Mechanism& mechanism, std::string name)
      : mechanism_(&mechanism), name_(std::move(name)), program_(mechanism), rates_(mechanism) {
    if (!is_identifier(name_)) throw Error("name of a kernel", "an identifier", "'" + name_ + "'");
  }

  Size size() const { return {program_.size(), program_.reactions(), program_.entries().size()}; }

  std::string text() const {
    detail::KineticsWriter kinetics(program_);
    const detail::RateWriter rates(rates_);
    const std::string kinetics_text = functions_of(kinetics), rates_text = functions_of(rates);
    return beginning() + names() + sizes(kinetics) + tables() + kinetics_text + rates_text + "};\n";
  }

 private:
  bool sloped() const { return !program_.sloped().empty(); }

  std::string beginning() const {
    return "// The mechanism " + quoted(mechanism_->name) +
           " as straight-line code, written by `chemnne_mechanism kernel`:\n"
           "// chemnne/solver/kernel_writer.hpp says what is here.\n"
           "#pragma once\n#include <array>\n#include <bitset>\n#include <cmath>\n#include <cstddef>\n"
           "#include <limits>\n#include <span>\n#include <string_view>\n#include <type_traits>\n\n"
           "#include <chemnne/solver/lanes.hpp>\n\n"
           "template <class Scalar>\nstruct " +
           name_ +
           " {\n  using T = Scalar;\n  using L = chemnne::NativeLanes<T>;\n  using D = "
           "chemnne::NativeLanes<double>;\n"
           "  // One register of the lanes, of which an item has P.\n"
           "  static constexpr std::size_t P = L::count / L::width;\n"
           "  using R [[gnu::vector_size(sizeof(T) * L::width), gnu::may_alias]] = T;\n"
           "  using E = chemnne::Lanes<std::remove_extent_t<decltype(D::part)>, 1>;\n"
           "  static R* at(T* p) noexcept { return reinterpret_cast<R*>(p); }\n"
           "  static const R* at(const T* p) noexcept { return reinterpret_cast<const R*>(p); }\n\n";
  }

  std::string names() const {
    std::vector<std::string> species, known, atoms, elements, inputs;
    for (std::size_t i = 0; i < program_.size(); ++i) {
      const Species& one = mechanism_->species[i];
      species.push_back(quoted(one.name));
      known.push_back(one.composition_known ? "true" : "false");
      std::vector<std::string> counts(mechanism_->elements.size(), "0");
      for (const AtomCount& atom : one.atoms) counts[atom.element] = std::to_string(atom.count);
      atoms.push_back('{' + joined(counts) + '}');
    }
    for (const std::string& element : mechanism_->elements) elements.push_back(quoted(element));
    for (const std::string& input : rates_.input_names()) inputs.push_back(quoted(input));
    return "  static constexpr std::string_view mechanism = " + quoted(mechanism_->name) +
           ",\n                                    fingerprint = " + quoted(mechanism_->fingerprint()) +
           ";\n" + array("std::string_view", "species_names", species) +
           array("bool", "composition_known", known) + array("std::string_view", "elements", elements) +
           array("std::array<int, " + std::to_string(elements.size()) + '>', "atoms", atoms) +
           conservation() + array("std::string_view", "input_names", inputs) + '\n';
  }

  std::string conservation() const {
    // Coefficients of mechanisms have few digits.
    constexpr double rounding = 1e-6;
    const Stoichiometry stoichiometry(*mechanism_);
    std::vector<std::string> reacts(program_.size(), "false");
    std::vector<std::string> conserved(mechanism_->elements.size(), "true");
    for (std::size_t r = 0; r < stoichiometry.reactions(); ++r) {
      std::vector<double> created(conserved.size());
      bool known = true;
      for (const Term& change : stoichiometry.changes(r)) {
        const Species& species = mechanism_->species[change.species];
        reacts[change.species] = "true";
        known = known && species.composition_known;
        for (const AtomCount& atom : species.atoms) created[atom.element] += change.coefficient * atom.count;
      }
      for (std::size_t e = 0; e < created.size(); ++e)
        if (!known || std::abs(created[e]) > rounding) conserved[e] = "false";
    }
    return array("bool", "reacts", reacts) + array("bool", "conserved", conserved);
  }

  std::string sizes(const detail::KineticsWriter& kinetics) const {
    const std::size_t rates = program_.reactions() + program_.sloped().size();
    const std::size_t entries = program_.entries().size();
    const auto size = [](const char* name, std::size_t value) {
      return "  static constexpr std::size_t " + std::string(name) + "() noexcept { return " +
             std::to_string(value) + "; }\n";
    };
    return size("size", program_.size()) + size("rates", rates) +
           size("rate_items", rates + kinetics.scratch_items()) +
           size("matrix_items", entries + (sloped() ? program_.size() + 1 : 0)) +
           "  static constexpr bool overdraws() noexcept { return " +
           (program_.overdraws() ? "true" : "false") + "; }\n" +
           array("std::size_t", "order", texts(program_.species())) +
           "  static std::span<const std::size_t> species() noexcept { return order; }\n\n";
  }

  std::string tables() const {
    std::vector<std::size_t> factors, factor_ends, changes, change_ends, columns;
    std::vector<std::string> coefficients;
    const Stoichiometry stoichiometry(*mechanism_);
    for (std::size_t r = 0; r < program_.reactions(); ++r) {
      for (const KineticsProgram::Index place : program_.rates()[r].factors) factors.push_back(place);
      factor_ends.push_back(factors.size());
      for (const Term& change : stoichiometry.changes(r)) {
        changes.push_back(program_.place()[change.species]);
        coefficients.push_back(number_text(change.coefficient));
      }
      change_ends.push_back(changes.size());
    }
    for (const KineticsProgram::Entry& entry : program_.entries()) columns.push_back(entry.column);
    const auto places = [](const char* name, const auto& values) {
      return array("unsigned", name, texts(std::vector<std::size_t>(values.begin(), values.end())));
    };
    return places("factor_places", factors) + places("factor_ends", factor_ends) +
           places("change_places", changes) + array("double", "change_coefficients", coefficients) +
           places("change_ends", change_ends) + places("row_begin", program_.row_begin()) +
           places("diagonal", program_.diagonal()) + places("column", columns) + '\n';
  }

  /// The three functions of a kernel. What they are made of is public, too: it is a struct.
  std::string functions_of(detail::KineticsWriter& kinetics) const {
    const detail::CodeParts tendency = kinetics.tendency(), factor = kinetics.factor(),
                            solve = kinetics.solve();
    std::string text =
        "  static void tendency(const T* __restrict c, T* k, T* __restrict f) noexcept {\n" + scratch() +
        registers(tendency) +
        "  }\n"
        "  static void factor(const T* __restrict c, T* k, const L& s, T* __restrict m) noexcept {\n" +
        scratch() + "    alignas(64) T step[L::count];\n    s.store(step);\n" + registers(factor) +
        (sloped() ? "    prepare_rank_one(c, k, s, m);\n" : "") +
        "  }\n"
        "  static void solve(const T* __restrict m, T* __restrict b) noexcept {\n" +
        (sloped() ? "    solve_sparse(m, b);\n"
                    "    const T* const w = m + " +
                        std::to_string(program_.entries().size()) +
                        " * L::count;\n"
                        "    const L share = peroxy_sum(b) * L::load(w, size());\n"
                        "    for (std::size_t i = 0; i < size(); ++i)\n"
                        "      multiply_add(share, L::load(w, i), L::load(b, i)).store(b, i);\n"
                  : registers(solve)) +
        "  }\n";
    if (sloped()) text += rank_one(kinetics, solve);
    return text + tendency.functions() + factor.functions() + solve.functions() + '\n';
  }

  /// As in TableKernel: Sherman-Morrison with w = A^-1 s u and 1 / (1 - v.w) behind the factors.
  std::string rank_one(detail::KineticsWriter& kinetics, const detail::CodeParts& solve) const {
    const detail::CodeParts gains = kinetics.slope_gains();
    std::vector<std::string> places;
    for (const KineticsProgram::Index place : program_.peroxy_radicals())
      places.push_back(std::to_string(place));
    return "  static void solve_sparse(const T* __restrict m, T* __restrict b) noexcept {\n" +
           registers(solve) + "  }\n" + array("std::size_t", "peroxy_radicals", places) +
           "  static L peroxy_sum(const T* c) noexcept {\n"
           "    L sum(T(0));\n"
           "    for (const std::size_t i : peroxy_radicals) sum += L::load(c, i);\n"
           "    return sum;\n  }\n"
           "  static void prepare_rank_one(const T* __restrict c, T* k, const L& s, T* __restrict m) "
           "noexcept {\n"
           "    T* const scratch = k + rates() * L::count;\n"
           "    T* const f = m + " +
           std::to_string(program_.entries().size()) + " * L::count;\n" + registers(gains) +
           "    for (std::size_t i = 0; i < size(); ++i) (s * L::load(f, i)).store(f, i);\n"
           "    solve_sparse(m, f);\n"
           "    (L(T(1)) / (L(T(1)) - peroxy_sum(f))).store(f, size());\n  }\n" +
           gains.functions();
  }

  std::string scratch() const {
    return std::string("    T* const scratch = k + rates() * L::count;\n") +
           (sloped() ? "    peroxy_sum(c).store(scratch);\n" : "");
  }

  static std::string registers(const detail::CodeParts& code) {
    return "    for (std::size_t p = 0; p < L::count; p += L::width) {\n" + code.calls() + "    }\n";
  }

  std::string functions_of(const detail::RateWriter& rates) const {
    const detail::CodeParts code = rates.write();
    return array("std::size_t", "rate_places", texts(rates.results())) +
           array("std::size_t", "rate_inputs", texts(rates.inputs())) +
           "  static std::bitset<L::count> rate_constants(const double* inputs, T* k) noexcept {\n"
           "    std::bitset<L::count> well;\n"
           "    alignas(64) double v[" +
           std::to_string(rates.places() + 1) +
           " * E::count];\n"
           "    for (std::size_t p = 0; p < L::count; p += D::width) {\n" +
           code.calls() + R"(      well |= std::bitset<L::count>(write_rates(inputs + p, v, k + p)) << p;
    }
    return well;
  }
  // A bit for each lane where all is finite: 0 x is no longer 0 where x is not.
  static unsigned write_rates(const double* x, const double* v, T* k) noexcept {
    const E largest(static_cast<double>(std::numeric_limits<T>::max()));
    E nothing(0.0);
    for (const std::size_t i : rate_inputs) nothing += E(0.0) * E::load(x + i * L::count);
    alignas(64) double lane[E::count];
    for (std::size_t r = 0; r < rates(); ++r) {
      const E rate = E::load(v, rate_places[r]);
      nothing = multiply_add(E(0.0), rate, nothing);
      max(-largest, min(largest, rate)).store(lane);
      for (std::size_t i = 0; i < D::width; ++i) k[r * L::count + i] = static_cast<T>(lane[i]);
    }
    nothing.store(lane);
    unsigned well = 0;
    for (std::size_t i = 0; i < D::width; ++i) well |= unsigned{lane[i] == 0} << i;
    return well;
  }
)" + code.functions();
  }

  /// A C++ literal; of bytes that are no letters, digits or signs of ASCII the octal code.
  static std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\')
        result += {'\\', c};
      else if (byte >= ' ' && byte < 127 && c != '?')
        result += c;
      else
        for (const int digit : {-1, byte / 64, byte / 8 % 8, byte % 8})
          result += digit < 0 ? '\\' : static_cast<char>('0' + digit);
    }
    return result + '"';
  }

  static std::vector<std::string> texts(std::span<const std::size_t> numbers) {
    std::vector<std::string> result;
    for (const std::size_t number : numbers) result.push_back(std::to_string(number));
    return result;
  }

  static std::string joined(std::span<const std::string> items) {
    std::string text;
    for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
    return text;
  }

  static std::string array(const std::string& type, const std::string& name,
                           std::span<const std::string> items) {
    return "  static constexpr std::array<" + type + ", " + std::to_string(items.size()) + "> " + name +
           "{{" + joined(items) + "}};\n";
  }

  const Mechanism* mechanism_;
  std::string name_;
  KineticsProgram program_;
  RateProgram rates_;
};

}  // namespace chemnne
