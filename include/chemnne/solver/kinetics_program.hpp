#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/stoichiometry.hpp>

namespace chemnne {

/// What is to be computed for a step of a mechanism, made once: the order of elimination, the pattern of the
/// factors with their fill, and each sum written out.
///
///     rate_r  = k_r prod_{i in factors_r} c_i
///     f_i     = sum_{t in gains_i} coefficient_t rate_t
///     d_j     = k_r prod_{i in others_j} c_i                      (a derivative of a rate)
///     A_e     = [diagonal] - s sum_{t in terms_e} coefficient_t d_t
///     m_e     = A_e - sum_{(l, u) in updates_e} m_l m_u,          row by row, columns ascending,
///
/// then times the reciprocal of the column's diagonal below the diagonal, and its reciprocal on it: the
/// factors L and U of A = I - s J, without pivoting, in the order of `species`. In that order all places
/// count. Matrices I - s J of chemistry are diagonally dominant enough for it (Sandu et al., Atmos. Environ.
/// 31 (1997) 3459); a step for which they are not fails its error test.
///
/// Order: of the pivots on the diagonal that which fills least (Markowitz, Management Science 3 (1957) 255:
/// the smallest (r - 1)(c - 1) of its row and column). Rates that follow the sum S of peroxy radicals are k_r
/// + b_r S; J holds S fixed, and the part of rank one, u v^T with u_i = sum_t coefficient_t b_t prod c, v = 1
/// at peroxy radicals, stands beside it.
class KineticsProgram {
 public:
  using Index = std::uint32_t;
  /// coefficient times item `index` of what the sum is over.
  struct Term {
    double coefficient;
    Index index;
  };
  /// k_`rate` times the product of the places in `factors`.
  struct Product {
    Index rate;
    std::vector<Index> factors;
  };
  /// m_lower m_upper, to be subtracted.
  struct Update {
    Index lower, upper;
  };
  /// The entry (row, column) of Newton's matrix: a sum of terms less the updates by the elimination.
  struct Entry {
    Index row, column;
    std::vector<Term> terms;
    std::vector<Update> updates;
  };

  explicit KineticsProgram(const Mechanism& mechanism)
      : KineticsProgram(Stoichiometry(mechanism), mechanism.peroxy_radicals, slopes_of(mechanism)) {}

  /// `sloped`: reactions whose rate follows the sum of the `peroxy_radicals`, ascending.
  KineticsProgram(const Stoichiometry& stoichiometry, std::span<const std::size_t> peroxy_radicals,
                  std::vector<std::size_t> sloped)
      : species_(stoichiometry.species()), reactions_(stoichiometry.reactions()), sloped_(std::move(sloped)) {
    collect_derivatives(stoichiometry);
    const BitMatrix pattern = pattern_of(stoichiometry);
    eliminate(pattern);
    lay_out(pattern);
    collect_sums(stoichiometry);
    for (const std::size_t i : peroxy_radicals) peroxy_radicals_.push_back(static_cast<Index>(place_[i]));
    overdraws_ = has_overdrawn_species(stoichiometry);
  }

  /// Number of variable species.
  std::size_t size() const { return species_; }
  std::size_t reactions() const { return reactions_; }
  /// The mechanism's index of the species at each place, and the other way.
  std::span<const std::size_t> species() const { return order_; }
  std::span<const std::size_t> place() const { return place_; }
  /// Reactions whose rate has a slope b, in the order of the slopes.
  std::span<const std::size_t> sloped() const { return sloped_; }
  std::span<const Index> peroxy_radicals() const { return peroxy_radicals_; }

  /// Whether a reaction takes a species that its rate does not follow, so that it may fall below zero.
  bool overdraws() const { return overdraws_; }

  /// Of each reaction.
  std::span<const Product> rates() const { return rates_; }
  /// Of each place: which rates change it.
  std::span<const std::vector<Term> > gains() const { return gains_; }
  std::span<const Product> derivatives() const { return derivatives_; }
  /// Row by row, columns ascending.
  std::span<const Entry> entries() const { return entries_; }
  /// The first entry of each row, and the end.
  std::span<const Index> row_begin() const { return row_begin_; }
  /// The entry of each row that is on the diagonal.
  std::span<const Index> diagonal() const { return diagonal_; }
  /// Of each place, the terms of u over products of slopes (`sloped`); none without such reactions.
  std::span<const std::vector<Term> > slope_gains() const { return slope_gains_; }

  /// Multiplications of a factorisation, those of A's terms not counted.
  std::size_t updates() const {
    std::size_t count = 0;
    for (const Entry& entry : entries_) count += entry.updates.size();
    return count;
  }

 private:
  /// A square matrix of yes and no.
  class BitMatrix {
   public:
    explicit BitMatrix(std::size_t size) : words_((size + 63) / 64), bits_(size * words_) {}
    void set(std::size_t i, std::size_t j) { row(i)[j / 64] |= bit(j); }
    void clear(std::size_t i, std::size_t j) { row(i)[j / 64] &= ~bit(j); }
    bool at(std::size_t i, std::size_t j) const { return (bits_[i * words_ + j / 64] & bit(j)) != 0; }
    void merge(std::size_t i, const std::vector<std::uint64_t>& other) {
      for (std::size_t w = 0; w < words_; ++w) row(i)[w] |= other[w];
    }
    std::vector<std::uint64_t> copy(std::size_t i) const {
      const auto first = bits_.begin() + static_cast<std::ptrdiff_t>(i * words_);
      return {first, first + static_cast<std::ptrdiff_t>(words_)};
    }
    std::size_t count(std::size_t i) const {
      std::size_t sum = 0;
      for (std::size_t w = 0; w < words_; ++w)
        sum += static_cast<std::size_t>(std::popcount(bits_[i * words_ + w]));
      return sum;
    }
    /// visit(j) for the columns of row i, ascending.
    template <class Visitor>
    void each(std::size_t i, const Visitor& visit) const {
      for (std::size_t w = 0; w < words_; ++w)
        for (std::uint64_t left = bits_[i * words_ + w]; left != 0; left &= left - 1)
          visit(64 * w + static_cast<std::size_t>(std::countr_zero(left)));
    }

   private:
    static std::uint64_t bit(std::size_t j) { return std::uint64_t{1} << (j % 64); }
    std::uint64_t* row(std::size_t i) { return bits_.data() + i * words_; }
    std::size_t words_;
    std::vector<std::uint64_t> bits_;
  };

  static std::vector<std::size_t> slopes_of(const Mechanism& mechanism) {
    std::vector<std::size_t> sloped;
    for (std::size_t r = 0; r < mechanism.reactions.size(); ++r)
      if (mechanism.reactions[r].rate.uses_peroxy_radicals()) sloped.push_back(r);
    return sloped;
  }

  void collect_derivatives(const Stoichiometry& stoichiometry) {
    for (std::size_t r = 0; r < reactions_; ++r) {
      const std::span<const std::size_t> factors = stoichiometry.factors(r);
      stoichiometry.for_each_derivative(r, [&](std::size_t f, std::size_t) {
        Product product{.rate = static_cast<Index>(r), .factors = {}};
        for (std::size_t other = 0; other < factors.size(); ++other)
          if (other != f) product.factors.push_back(static_cast<Index>(factors[other]));
        derivatives_.push_back(std::move(product));
      });
    }
  }

  BitMatrix pattern_of(const Stoichiometry& stoichiometry) const {
    BitMatrix pattern(species_);
    for (std::size_t i = 0; i < species_; ++i) pattern.set(i, i);
    for (std::size_t r = 0; r < reactions_; ++r)
      for (const chemnne::Term& change : stoichiometry.changes(r))
        for (const std::size_t factor : stoichiometry.factors(r)) pattern.set(change.species, factor);
    return pattern;
  }

  /// Chooses the order.
  void eliminate(const BitMatrix& pattern) {
    BitMatrix rows = pattern, columns(species_);
    for (std::size_t i = 0; i < species_; ++i) rows.each(i, [&](std::size_t j) { columns.set(j, i); });
    std::vector<std::size_t> left(species_), in_row(species_), in_column(species_);
    for (std::size_t i = 0; i < species_; ++i) {
      left[i] = i;
      in_row[i] = rows.count(i);
      in_column[i] = columns.count(i);
    }
    place_.resize(species_);
    while (!left.empty()) {
      const auto cost = [&](std::size_t i) { return (in_row[i] - 1) * (in_column[i] - 1); };
      const auto best = std::min_element(left.begin(), left.end(),
                                         [&](std::size_t a, std::size_t b) { return cost(a) < cost(b); });
      const std::size_t pivot = *best;
      left.erase(best);
      place_[pivot] = order_.size();
      order_.push_back(pivot);
      rows.clear(pivot, pivot);
      columns.clear(pivot, pivot);
      const std::vector<std::uint64_t> row = rows.copy(pivot), column = columns.copy(pivot);
      columns.each(pivot, [&](std::size_t i) {
        rows.merge(i, row);
        rows.clear(i, pivot);
        in_row[i] = rows.count(i);
      });
      rows.each(pivot, [&](std::size_t j) {
        columns.merge(j, column);
        columns.clear(j, pivot);
        in_column[j] = columns.count(j);
      });
    }
  }

  /// Entries with their updates, in the order of elimination.
  void lay_out(const BitMatrix& pattern) {
    BitMatrix filled(species_);
    for (std::size_t i = 0; i < species_; ++i)
      pattern.each(i, [&](std::size_t j) { filled.set(place_[i], place_[j]); });
    // Where in a row the entry of a column is; valid for the row that is at work.
    std::vector<Index> at(species_);
    row_begin_.push_back(0);
    for (std::size_t i = 0; i < species_; ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (!filled.at(i, k)) continue;
        for (Index e = diagonal_[k] + 1; e < row_begin_[k + 1]; ++e) filled.set(i, entries_[e].column);
      }
      const std::size_t first = entries_.size();
      filled.each(i, [&](std::size_t j) {
        at[j] = static_cast<Index>(entries_.size());
        if (j == i) diagonal_.push_back(at[j]);
        entries_.push_back({static_cast<Index>(i), static_cast<Index>(j), {}, {}});
      });
      for (std::size_t e = first; entries_[e].column < i; ++e) {
        const std::size_t k = entries_[e].column;
        for (Index u = diagonal_[k] + 1; u < row_begin_[k + 1]; ++u)
          entries_[at[entries_[u].column]].updates.push_back({static_cast<Index>(e), u});
      }
      row_begin_.push_back(static_cast<Index>(entries_.size()));
    }
  }

  void collect_sums(const Stoichiometry& stoichiometry) {
    for (Product& derivative : derivatives_)
      for (Index& factor : derivative.factors) factor = static_cast<Index>(place_[factor]);
    gains_.resize(species_);
    slope_gains_.resize(sloped_.empty() ? 0 : species_);
    Index derivative = 0, slope = 0;
    for (std::size_t r = 0; r < reactions_; ++r) {
      Product rate{.rate = static_cast<Index>(r), .factors = {}};
      for (const std::size_t factor : stoichiometry.factors(r))
        rate.factors.push_back(static_cast<Index>(place_[factor]));
      rates_.push_back(std::move(rate));
      const bool has_slope = slope < sloped_.size() && sloped_[slope] == r;
      for (const chemnne::Term& change : stoichiometry.changes(r)) {
        gains_[place_[change.species]].push_back({change.coefficient, static_cast<Index>(r)});
        if (has_slope) slope_gains_[place_[change.species]].push_back({change.coefficient, slope});
      }
      slope += has_slope ? 1 : 0;
      stoichiometry.for_each_derivative(r, [&](std::size_t f, std::size_t multiplicity) {
        const std::size_t column = place_[stoichiometry.factors(r)[f]];
        for (const chemnne::Term& change : stoichiometry.changes(r))
          entry(place_[change.species], column)
              .terms.push_back({change.coefficient * static_cast<double>(multiplicity), derivative});
        ++derivative;
      });
    }
  }

  static bool has_overdrawn_species(const Stoichiometry& stoichiometry) {
    for (std::size_t r = 0; r < stoichiometry.reactions(); ++r) {
      const std::span<const std::size_t> factors = stoichiometry.factors(r);
      for (const chemnne::Term& change : stoichiometry.changes(r))
        if (change.coefficient < 0 && !std::binary_search(factors.begin(), factors.end(), change.species))
          return true;
    }
    return false;
  }

  Entry& entry(std::size_t row, std::size_t column) {
    const auto begin = entries_.begin() + row_begin_[row], end = entries_.begin() + row_begin_[row + 1];
    return *std::lower_bound(begin, end, column,
                             [](const Entry& one, std::size_t j) { return one.column < j; });
  }

  std::size_t species_, reactions_;
  std::vector<std::size_t> sloped_, order_, place_;
  std::vector<Index> peroxy_radicals_;
  std::vector<Product> rates_, derivatives_;
  std::vector<std::vector<Term> > gains_, slope_gains_;
  std::vector<Entry> entries_;
  std::vector<Index> row_begin_, diagonal_;
  bool overdraws_;
};

}  // namespace chemnne
