#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include <chemnne/solver/kinetics_program.hpp>
#include <chemnne/solver/lanes.hpp>

namespace chemnne {

/// The arithmetic of a KineticsProgram over lanes, from tables: for any mechanism, at run time.
///
/// Shapes, all [items][L::count] and aligned to 64 bytes: c, f, b [size()] in the order of
/// KineticsProgram::species; k [rate_items()], of which the first `rates()` are what the caller gives (k of
/// each reaction, then b of each sloped one) and the rest is memory of the kernel; m [matrix_items()]; s one
/// item. Read-only: threads share it. Nothing allocates or throws.
template <class Scalar>
class TableKernel {
 public:
  using T = Scalar;
  using L = NativeLanes<T>;

  explicit TableKernel(const KineticsProgram& program)
      : size_(program.size()),
        reactions_(program.reactions()),
        slopes_(program.sloped().size()),
        entry_count_(program.entries().size()),
        overdraws_(program.overdraws()),
        species_(program.species().begin(), program.species().end()),
        peroxy_radicals_(program.peroxy_radicals().begin(), program.peroxy_radicals().end()),
        row_begin_(program.row_begin().begin(), program.row_begin().end()),
        diagonal_(program.diagonal().begin(), program.diagonal().end()),
        flows_(program.rates(), program.gains()),
        derivatives_(program.derivatives()),
        slope_flows_(sloped_products(program), program.slope_gains()) {
    for (const std::size_t r : program.sloped()) sloped_.push_back(static_cast<Index>(r));
    for (const KineticsProgram::Entry& entry : program.entries()) {
      terms_.add(entry.terms);
      columns_.push_back(entry.column);
      updates_.insert(updates_.end(), entry.updates.begin(), entry.updates.end());
      update_end_.push_back(static_cast<Index>(updates_.size()));
    }
  }

  std::size_t size() const { return size_; }
  std::size_t rates() const { return reactions_ + slopes_; }
  std::size_t rate_items() const { return rates() + derivatives_.size() + (slopes_ > 0 ? reactions_ : 0); }
  std::size_t matrix_items() const { return entry_count_ + (slopes_ > 0 ? size_ + 1 : 0); }
  /// The mechanism's index of the species at each place.
  std::span<const std::size_t> species() const { return species_; }

  /// KineticsProgram::overdraws
  bool overdraws() const { return overdraws_; }

  /// f(c).
  void tendency(const T* __restrict c, T* k, T* __restrict f) const noexcept {
    flows_.sum(c, constants(c, k), f, size_);
  }

  /// The factors of I - s df/dc, from which `solve` solves.
  void factor(const T* __restrict c, T* k, const L& s, T* __restrict m) const noexcept {
    T* const d = k + rates() * L::count;
    derivatives_.each(c, constants(c, k),
                      [&](std::size_t p, const L& value) { value.store(d, derivatives_.order()[p]); });
    const L minus = -s;
    const Update* update = updates_.data();
    std::size_t e = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      for (; e < row_begin_[i + 1]; ++e) {
        L sum = terms_.sum(e, d) * minus;
        if (e == diagonal_[i]) sum += L(T(1));
        for (const Update* const end = updates_.data() + update_end_[e]; update < end; ++update)
          sum -= L::load(m, update->lower) * L::load(m, update->upper);
        if (e < diagonal_[i])
          sum *= L::load(m, diagonal_[columns_[e]]);
        else if (e == diagonal_[i])
          sum = L(T(1)) / sum;
        sum.store(m, e);
      }
    }
    if (slopes_ > 0) prepare_rank_one(c, k, s, m);
  }

  /// b becomes (I - s df/dc)^-1 b.
  void solve(const T* __restrict m, T* __restrict b) const noexcept {
    solve_sparse(m, b);
    if (slopes_ == 0) return;
    // Sherman-Morrison: A^-1 b + w (v.A^-1 b) / (1 - v.w), w = A^-1 s u.
    const T* const w = m + entry_count_ * L::count;
    const L share = peroxy_sum(b) * L::load(w, size_);
    for (std::size_t i = 0; i < size_; ++i) (L::load(b, i) + share * L::load(w, i)).store(b, i);
  }

 private:
  using Index = KineticsProgram::Index;
  using Update = KineticsProgram::Update;
  using Product = KineticsProgram::Product;

  /// Sums of coefficient times item, one after another.
  class Sums {
   public:
    void add(std::span<const KineticsProgram::Term> terms) {
      for (const KineticsProgram::Term& term : terms)
        terms_.push_back({static_cast<T>(term.coefficient), term.index});
      end_.push_back(static_cast<Index>(terms_.size()));
    }
    L sum(std::size_t i, const T* items) const noexcept {
      L result(T(0));
      const Term* const end = terms_.data() + end_[i];
      for (const Term* t = terms_.data() + (i == 0 ? 0 : end_[i - 1]); t < end; ++t)
        result += L(t->coefficient) * L::load(items, t->index);
      return result;
    }

   private:
    struct Term {
      T coefficient;
      Index index;
    };
    std::vector<Term> terms_;
    std::vector<Index> end_;
  };

  /// Products of a rate constant and concentrations, those with as many factors together, so that no loop
  /// over factors makes the processor guess.
  class Factors {
   public:
    explicit Factors(std::span<const Product> products) : order_(products.size()) {
      std::iota(order_.begin(), order_.end(), Index{0});
      std::stable_sort(order_.begin(), order_.end(), [&](Index a, Index b) {
        return products[a].factors.size() < products[b].factors.size();
      });
      for (const Index j : order_) {
        const std::vector<Index>& factors = products[j].factors;
        first_.push_back(
            {products[j].rate, factors.size() > 0 ? factors[0] : 0, factors.size() > 1 ? factors[1] : 0});
        for (std::size_t kind = 0; kind < kinds; ++kind)
          end_[kind] += factors.size() <= kind || kind + 1 == kinds;
        if (factors.size() > 2) more_.insert(more_.end(), factors.begin() + 2, factors.end());
        if (factors.size() > 2) more_end_.push_back(static_cast<Index>(more_.size()));
      }
    }
    std::size_t size() const { return order_.size(); }
    /// Of the products, as they come.
    std::span<const Index> order() const { return order_; }

    /// visit(p, value) for the p-th product of the order.
    template <class Visitor>
    [[gnu::always_inline]] void each(const T* __restrict c, const T* k, Visitor visit) const noexcept {
      std::size_t p = 0;
      const First* const first = first_.data();
      for (; p < end_[0]; ++p) visit(p, L::load(k, first[p].rate));
      for (; p < end_[1]; ++p) visit(p, L::load(k, first[p].rate) * L::load(c, first[p].a));
      for (; p < end_[2]; ++p)
        visit(p, L::load(k, first[p].rate) * L::load(c, first[p].a) * L::load(c, first[p].b));
      const Index* more = more_.data();
      for (std::size_t m = 0; p < end_[3]; ++p, ++m) {
        L value = L::load(k, first[p].rate) * L::load(c, first[p].a) * L::load(c, first[p].b);
        for (const Index* const end = more_.data() + more_end_[m]; more < end;) value *= L::load(c, *more++);
        visit(p, value);
      }
    }

   private:
    struct First {
      Index rate, a, b;
    };
    static constexpr std::size_t kinds = 4;  ///< none, one, two and more factors
    std::vector<Index> order_, more_, more_end_;
    std::vector<First> first_;
    std::array<std::size_t, kinds> end_{};
  };

  /// What products add to species: each is computed once and goes where it counts, so that memory holds
  /// neither them nor a list of sums.
  class Flows {
   public:
    /// `gains`: of each species the terms over `products`.
    Flows(std::span<const Product> products, std::span<const std::vector<KineticsProgram::Term>> gains)
        : factors_(products) {
      std::vector<std::vector<Change>> changes(products.size());
      for (std::size_t i = 0; i < gains.size(); ++i)
        for (const KineticsProgram::Term& term : gains[i])
          changes[term.index].push_back({static_cast<T>(term.coefficient), static_cast<Index>(i)});
      for (const Index r : factors_.order()) {
        changes_.insert(changes_.end(), changes[r].begin(), changes[r].end());
        change_end_.push_back(static_cast<Index>(changes_.size()));
      }
    }
    void sum(const T* __restrict c, const T* k, T* __restrict f, std::size_t size) const noexcept {
      std::fill_n(f, size * L::count, T(0));
      const Change* const all = changes_.data();
      factors_.each(
          c, k, [f, all, change = all, end_of = change_end_.data()](std::size_t p, const L& rate) mutable {
            for (const Change* const end = all + end_of[p]; change < end; ++change)
              (L::load(f, change->species) + L(change->coefficient) * rate).store(f, change->species);
          });
    }

   private:
    struct Change {
      T coefficient;
      Index species;
    };
    Factors factors_;
    std::vector<Change> changes_;
    std::vector<Index> change_end_;
  };

  static std::vector<Product> sloped_products(const KineticsProgram& program) {
    std::vector<Product> products;
    for (std::size_t s = 0; s < program.sloped().size(); ++s) {
      products.push_back(program.rates()[program.sloped()[s]]);
      products.back().rate = static_cast<Index>(program.reactions() + s);
    }
    return products;
  }

  L peroxy_sum(const T* c) const noexcept {
    L sum(T(0));
    for (const Index i : peroxy_radicals_) sum += L::load(c, i);
    return sum;
  }

  /// k + b S.
  const T* constants(const T* c, T* k) const noexcept {
    if (slopes_ == 0) return k;
    T* const now = k + (rates() + derivatives_.size()) * L::count;
    std::copy_n(k, reactions_ * L::count, now);
    const L sum = peroxy_sum(c);
    for (std::size_t s = 0; s < slopes_; ++s)
      (L::load(k, sloped_[s]) + L::load(k, reactions_ + s) * sum).store(now, sloped_[s]);
    return now;
  }

  void solve_sparse(const T* __restrict m, T* __restrict b) const noexcept {
    for (std::size_t i = 0; i < size_; ++i) {
      L sum = L::load(b, i);
      for (std::size_t e = row_begin_[i]; e < diagonal_[i]; ++e)
        sum -= L::load(m, e) * L::load(b, columns_[e]);
      sum.store(b, i);
    }
    for (std::size_t i = size_; i-- > 0;) {
      L sum = L::load(b, i);
      for (std::size_t e = diagonal_[i] + 1; e < row_begin_[i + 1]; ++e)
        sum -= L::load(m, e) * L::load(b, columns_[e]);
      (sum * L::load(m, diagonal_[i])).store(b, i);
    }
  }

  /// w and 1 / (1 - v.w), behind the factors.
  void prepare_rank_one(const T* __restrict c, T* k, const L& s, T* __restrict m) const noexcept {
    T* const w = m + entry_count_ * L::count;
    slope_flows_.sum(c, k, w, size_);
    for (std::size_t i = 0; i < size_; ++i) (s * L::load(w, i)).store(w, i);
    solve_sparse(m, w);
    (L(T(1)) / (L(T(1)) - peroxy_sum(w))).store(w, size_);
  }

  std::size_t size_, reactions_, slopes_, entry_count_;
  bool overdraws_;
  std::vector<std::size_t> species_;
  std::vector<Index> peroxy_radicals_, sloped_, row_begin_, diagonal_, columns_, update_end_;
  Flows flows_;
  Factors derivatives_;
  Flows slope_flows_;
  Sums terms_;
  std::vector<Update> updates_;
};

}  // namespace chemnne
