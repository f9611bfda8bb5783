#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/solver/code_parts.hpp>
#include <chemnne/solver/kinetics_program.hpp>
#include <chemnne/solver/shared_sums.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne::detail {

/// A KineticsProgram as straight-line C++ over registers R of numbers T, one register of the lanes at a time.
/// R is a vector of the compiler itself, P of them are an item: arithmetic that need not be inlined first
/// compiles in a third of the time.
///
/// Arrays are those of TableKernel. The matrix is that of -A, so that all of elimination is a b + c:
///
///     n_ij = s J_ij - [i = j] + sum_k l_ik n_kj,    r_j = -1 / n_jj,    l_ij = n_ij r_j below the diagonal,
///
/// with r_j where the diagonal is. It is made column by column: the derivatives by one species stand in its
/// column alone, and a column fits into registers, so that a derivative is computed where it is used and an
/// entry written once (in 0.55 microseconds for 49 species; row by row, with derivatives in memory, 0.87).
class KineticsWriter {
 public:
  using Index = KineticsProgram::Index;

  explicit KineticsWriter(const KineticsProgram& program)
      : program_(&program), slope_of_(program.reactions(), 0), columns_(program.size()) {
    for (std::size_t s = 0; s < program.sloped().size(); ++s) slope_of_[program.sloped()[s]] = s + 1;
    for (std::size_t e = 0; e < program.entries().size(); ++e)
      columns_[program.entries()[e].column].push_back({program.entries()[e].row, e});
  }

  /// Items of scratch memory that the functions need: the sum of the peroxy radicals, then products.
  std::size_t scratch_items() const { return scratch_; }

  /// f from c and k.
  CodeParts tendency() {
    const std::span<const Sum> gains = program_->gains();
    return sums("tendency", program_->rates(), {gains.begin(), gains.end()});
  }

  /// u / s of the part of rank one.
  CodeParts slope_gains() {
    std::vector<Product> products;
    for (std::size_t s = 0; s < program_->sloped().size(); ++s) {
      products.push_back(program_->rates()[program_->sloped()[s]]);
      products.back().rate = static_cast<Index>(program_->reactions() + s);
    }
    const std::span<const Sum> gains = program_->slope_gains();
    return sums("slope_gains", products, {gains.begin(), gains.end()});
  }

  /// m from c, k and s.
  CodeParts factor() {
    CodeParts code(
        "factor",
        arrays("[[maybe_unused]] const R* __restrict c, [[maybe_unused]] const R* __restrict k, ", "m"),
        "at(c + p), at(k + p), at(scratch + p), at(m + p), *at(step + p)");
    begin();
    scaled_in_.assign(program_->size(), 0);
    std::size_t items = program_->derivatives().size();  // pairs of different columns have different names
    for (std::size_t j = 0; j < program_->size(); ++j) {
      std::vector<Sum> terms;
      for (const Place& place : columns_[j]) terms.push_back(program_->entries()[place.entry].terms);
      const SharedSums shared(std::move(terms), items);
      write_column(code, j, shared);
      items = shared.items();
      if (code.full()) code.end_part();
    }
    code.end_part();
    return code;
  }

  /// b becomes the solution.
  CodeParts solve() const;

 private:
  using Sum = SharedSums::Sum;
  using Product = KineticsProgram::Product;
  struct Place {
    std::size_t row, entry;
  };

  /// Rows of a column that are at work together: as many as leave some of 32 registers for what they read.
  static constexpr std::size_t column_rows = 22;

  static std::string arrays(const std::string& inputs, const std::string& output) {
    return inputs + "[[maybe_unused]] R* __restrict q, R* __restrict " + output +
           (output == "m" ? ", [[maybe_unused]] const R s" : "");
  }
  static std::string name(const char* kind, std::size_t i) { return kind + std::to_string(i); }
  static std::string element(const char* array, std::size_t i) {
    return array + ('[' + std::to_string(i) + " * P]");
  }
  static void store(CodeParts& code, const std::string& value, const char* array, std::size_t i) {
    code.line(element(array, i) + " = " + value + ';', 0);
  }

  void begin() {
    constant_in_.assign(program_->reactions(), 0);
    sum_in_ = 0;
  }

  /// A rate constant, or a slope. One that follows the sum of the peroxy radicals is made once a part.
  std::string constant(CodeParts& code, std::size_t rate) {
    if (rate >= program_->reactions() || slope_of_[rate] == 0) return element("k", rate);
    if (sum_in_ != code.part()) code.line("const R sum = " + element("q", 0) + ';', 0);
    sum_in_ = code.part();
    if (constant_in_[rate] != code.part())
      code.line("const R " + name("k", rate) + " = " + element("k", rate) + " + sum * " +
                element("k", program_->reactions() + slope_of_[rate] - 1) + ';');
    constant_in_[rate] = code.part();
    return name("k", rate);
  }

  /// Coefficients times variables `kind`, added to `start`, which may be empty.
  static std::string sum_text(Sum sum, const char* kind, std::string start = {}) {
    // What is only added can be the beginning.
    std::stable_partition(sum.begin(), sum.end(), [](const auto& term) { return term.coefficient == 1; });
    for (const KineticsProgram::Term& term : sum) {
      const std::string x = name(kind, term.index);
      const bool minus = term.coefficient < 0;
      const double size = std::abs(term.coefficient);
      if (!start.empty())
        start += minus ? " - " : " + ";
      else if (minus)
        start = "-";
      start += size == 1 ? x : "T(" + number_text(size) + ") * " + x;
    }
    return start.empty() ? "R{}" : start;
  }
  static std::string pair_text(const SharedSums::Pair& pair, const char* kind) {
    return sum_text({{1, pair.a}, {pair.ratio, pair.b}}, kind);
  }

  /// Writes sums of products to the array f. What a later part needs again is kept in scratch memory.
  CodeParts sums(const char* function, std::span<const Product> products, std::vector<Sum> terms) {
    CodeParts code(
        function,
        arrays("[[maybe_unused]] const R* __restrict c, [[maybe_unused]] const R* __restrict k, ", "f"),
        "at(c + p), at(k + p), at(scratch + p), at(f + p)");
    begin();
    const SharedSums shared(std::move(terms), products.size());
    Kept kept(shared);
    for (std::size_t i = 0; i < shared.sums().size(); ++i) {
      for (const KineticsProgram::Term& term : shared.sums()[i])
        need(code, products, shared, kept, term.index);
      code.line("const R " + name("f", i) + " = " + sum_text(shared.sums()[i], "r") + ';',
                shared.sums()[i].size());
      store(code, name("f", i), "f", i);
      if (code.full()) code.end_part();
    }
    code.end_part();
    scratch_ = std::max(scratch_, kept.slots);
    return code;
  }

  /// Of each item how often it will be read, the part that sees it, and where it is kept.
  struct Kept {
    explicit Kept(const SharedSums& shared)
        : uses(shared.items()), seen_in(shared.items()), slot(shared.items()) {
      for (const Sum& sum : shared.sums())
        for (const KineticsProgram::Term& term : sum) ++uses[term.index];
      for (std::size_t i = 0; i < shared.items(); ++i) {
        const auto item = static_cast<Index>(i);
        if (!shared.is_pair(item)) continue;
        ++uses[shared.pair(item).a];
        ++uses[shared.pair(item).b];
      }
    }
    std::vector<std::size_t> uses, seen_in, slot;
    std::size_t slots = 1;
  };

  void need(CodeParts& code, std::span<const Product> products, const SharedSums& shared, Kept& kept,
            Index item) {
    --kept.uses[item];
    if (kept.seen_in[item] == code.part()) return;
    const bool again = kept.seen_in[item] != 0;
    kept.seen_in[item] = code.part();
    if (again)
      return code.line("const R " + name("r", item) + " = " + element("q", kept.slot[item]) + ';', 0);
    std::string value;
    if (shared.is_pair(item)) {
      need(code, products, shared, kept, shared.pair(item).a);
      need(code, products, shared, kept, shared.pair(item).b);
      value = pair_text(shared.pair(item), "r");
    } else {
      value = constant(code, products[item].rate);
      for (const Index factor : products[item].factors) value += " * " + element("c", factor);
    }
    code.line("const R " + name("r", item) + " = " + value + ';');
    if (kept.uses[item] == 0) return;
    kept.slot[item] = kept.slots++;
    store(code, name("r", item), "q", kept.slot[item]);
  }

  void write_column(CodeParts& code, std::size_t j, const SharedSums& shared);

  /// Variable d of a derivative times s, or of a pair of them.
  void derive(CodeParts& code, const SharedSums& shared, std::vector<bool>& known, Index item) {
    if (known[item]) return;
    known[item] = true;
    std::string value;
    if (shared.is_pair(item)) {
      derive(code, shared, known, shared.pair(item).a);
      derive(code, shared, known, shared.pair(item).b);
      value = pair_text(shared.pair(item), "d");
    } else {
      const Product& product = program_->derivatives()[item];
      value = product.factors.empty() ? "s" : scaled(code, product.factors[0]);
      value += " * " + constant(code, product.rate);
      for (std::size_t f = 1; f < product.factors.size(); ++f)
        value += " * " + element("c", product.factors[f]);
    }
    code.line("const R " + name("d", item) + " = " + value + ';');
  }

  /// s c_i, made once a part.
  std::string scaled(CodeParts& code, std::size_t i) {
    if (scaled_in_[i] != code.part())
      code.line("const R " + name("s", i) + " = s * " + element("c", i) + ';');
    scaled_in_[i] = code.part();
    return name("s", i);
  }

  const KineticsProgram* program_;
  std::vector<std::size_t> slope_of_;  ///< of each reaction, counted from 1
  std::vector<std::vector<Place> > columns_;
  std::size_t scratch_ = 1;
  /// The part that sees a variable.
  std::vector<std::size_t> constant_in_, scaled_in_;
  std::size_t sum_in_ = 0;
};

inline void KineticsWriter::write_column(CodeParts& code, std::size_t j, const SharedSums& shared) {
  const std::vector<Place>& column = columns_[j];
  const auto value = [](const Place& place) { return name("a", place.entry); };
  std::vector<bool> known(shared.items(), false);
  for (std::size_t first = 0; first < column.size(); first += column_rows) {
    const std::span<const Place> rows =
        std::span(column).subspan(first, std::min(column_rows, column.size() - first));
    for (std::size_t x = 0; x < rows.size(); ++x) {
      const Sum& sum = shared.sums()[first + x];
      for (const KineticsProgram::Term& term : sum) derive(code, shared, known, term.index);
      code.line(
          "R " + value(rows[x]) + " = " + sum_text(sum, "d", rows[x].row == j ? "R{} - T(1)" : "") + ';',
          sum.size());
    }
    for (const Place& upper : column) {
      if (upper.row >= std::min(j, rows.back().row + 1)) break;
      // Both are ascending, and elimination has made a place for each target.
      auto target = rows.begin();
      for (const Place& lower : columns_[upper.row]) {
        if (lower.row <= upper.row || lower.row < rows.front().row || lower.row > rows.back().row) continue;
        while (target->row < lower.row) ++target;
        code.line(value(*target) + " += " + element("m", lower.entry) + " * " + value(upper) + ';');
      }
    }
    for (const Place& place : rows) {
      if (place.row == j)
        code.line(value(place) + " = T(-1) / " + value(place) + ';', 4);
      else if (place.row > j)
        code.line(value(place) + " *= " + name("a", program_->diagonal()[j]) + ';');
      store(code, value(place), "m", place.entry);
    }
  }
}

inline CodeParts KineticsWriter::solve() const {
  // The last places, in which most entries are, stay in registers and are gone through column by column.
  static constexpr std::size_t last_places = 20;
  const std::size_t n = program_->size(), tail = n - std::min(n, last_places);
  CodeParts code("solve", "const R* __restrict m, R* __restrict b", "at(m + p), at(b + p)");
  std::vector<std::size_t> seen_in(n, 0);
  std::vector<bool> changed(n, false);
  const auto x = [&](std::size_t i) {
    if (seen_in[i] != code.part()) code.line("R " + name("x", i) + " = " + element("b", i) + ';', 0);
    seen_in[i] = code.part();
    return name("x", i);
  };
  const auto write = [&](std::size_t i) {
    store(code, name("x", i), "b", i);
    changed[i] = false;
  };
  const auto end_part = [&] {
    for (std::size_t i = 0; i < n; ++i)
      if (changed[i]) write(i);
    code.end_part();
  };
  const auto add = [&](const KineticsProgram::Entry& entry) {
    const std::string to = x(entry.row), from = x(entry.column);
    const auto number = static_cast<std::size_t>(&entry - program_->entries().data());
    code.line(to + " += " + element("m", number) + " * " + from + ';');
    changed[entry.row] = true;
    if (code.full()) end_part();
  };
  const auto divide = [&](std::size_t i) {
    code.line(x(i) + " *= " + element("m", program_->diagonal()[i]) + ';');
    write(i);
  };
  const std::span<const KineticsProgram::Entry> entries = program_->entries();
  const std::span<const Index> row = program_->row_begin(), diagonal = program_->diagonal();
  for (std::size_t i = 0; i < tail; ++i)
    for (std::size_t e = row[i]; e < diagonal[i]; ++e) add(entries[e]);
  for (std::size_t j = 0; j < n; ++j)
    for (const Place& place : columns_[j])
      if (place.row >= tail && place.row > j) add(entries[place.entry]);
  for (std::size_t j = n; j-- > tail;) {
    divide(j);
    for (const Place& place : columns_[j])
      if (place.row >= tail && place.row < j) add(entries[place.entry]);
  }
  for (std::size_t i = tail; i-- > 0;) {
    for (std::size_t e = row[i + 1]; --e > diagonal[i];) add(entries[e]);
    divide(i);
  }
  end_part();
  return code;
}

}  // namespace chemnne::detail
