#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
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
        rate_products_(program.rates(), program),
        derivative_products_(program.derivatives(), program),
        slope_products_(sloped_products(program), program) {
    for (const std::size_t r : program.sloped()) sloped_.push_back(static_cast<Index>(r));
    for (const auto& terms : program.gains()) gains_.add(terms);
    for (const auto& terms : program.slope_gains()) slope_gains_.add(terms);
    for (const KineticsProgram::Entry& entry : program.entries()) {
      terms_.add(entry.terms);
      columns_.push_back(entry.column);
      updates_.insert(updates_.end(), entry.updates.begin(), entry.updates.end());
      update_end_.push_back(static_cast<Index>(updates_.size()));
    }
  }

  std::size_t size() const { return size_; }
  std::size_t rates() const { return reactions_ + slopes_; }
  std::size_t rate_items() const {
    return rates() + std::max(reactions_, derivative_products_.size()) + reactions_ * (slopes_ > 0);
  }
  std::size_t matrix_items() const { return entry_count_ + (slopes_ > 0 ? size_ + 1 : 0); }
  /// The mechanism's index of the species at each place.
  std::span<const std::size_t> species() const { return species_; }

  /// KineticsProgram::overdraws
  bool overdraws() const { return overdraws_; }

  /// f(c).
  void tendency(const T* __restrict c, T* k, T* __restrict f) const noexcept {
    const T* const now = constants(c, k);
    T* const rate = products(k);
    rate_products_.evaluate(c, now, rate);
    for (std::size_t i = 0; i < size_; ++i) gains_.sum(i, rate).store(f, i);
  }

  /// The factors of I - s df/dc, from which `solve` solves.
  void factor(const T* __restrict c, T* k, const L& s, T* __restrict m) const noexcept {
    T* const d = products(k);
    derivative_products_.evaluate(c, constants(c, k), d);
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

  /// Products of a rate constant and concentrations, those of 0, 1 and 2 factors without inner loops.
  class Products {
   public:
    Products(std::span<const Product> products, const KineticsProgram&) : size_(products.size()) {
      for (std::size_t j = 0; j < products.size(); ++j) {
        const Product& p = products[j];
        const Index to = static_cast<Index>(j);
        switch (p.factors.size()) {
          case 0:
            none_.push_back({to, p.rate});
            break;
          case 1:
            one_.push_back({to, p.rate, p.factors[0]});
            break;
          case 2:
            two_.push_back({to, p.rate, p.factors[0], p.factors[1]});
            break;
          default:
            two_.push_back({to, p.rate, p.factors[0], p.factors[1]});
            for (std::size_t f = 2; f < p.factors.size(); ++f) more_.push_back({to, p.factors[f]});
        }
      }
    }
    std::size_t size() const { return size_; }
    void evaluate(const T* __restrict c, const T* k, T* to) const noexcept {
      for (const None& p : none_) L::load(k, p.rate).store(to, p.to);
      for (const One& p : one_) (L::load(k, p.rate) * L::load(c, p.a)).store(to, p.to);
      for (const Two& p : two_) (L::load(k, p.rate) * L::load(c, p.a) * L::load(c, p.b)).store(to, p.to);
      for (const None& p : more_) (L::load(to, p.to) * L::load(c, p.rate)).store(to, p.to);
    }

   private:
    struct None {
      Index to, rate;
    };
    struct One {
      Index to, rate, a;
    };
    struct Two {
      Index to, rate, a, b;
    };
    std::size_t size_;
    std::vector<None> none_, more_;
    std::vector<One> one_;
    std::vector<Two> two_;
  };

  static std::vector<Product> sloped_products(const KineticsProgram& program) {
    std::vector<Product> products;
    for (std::size_t s = 0; s < program.sloped().size(); ++s) {
      products.push_back(program.rates()[program.sloped()[s]]);
      products.back().rate = static_cast<Index>(program.reactions() + s);
    }
    return products;
  }

  T* products(T* k) const noexcept { return k + rates() * L::count; }

  L peroxy_sum(const T* c) const noexcept {
    L sum(T(0));
    for (const Index i : peroxy_radicals_) sum += L::load(c, i);
    return sum;
  }

  /// k + b S.
  const T* constants(const T* c, T* k) const noexcept {
    if (slopes_ == 0) return k;
    T* const now = products(k) + std::max(reactions_, derivative_products_.size()) * L::count;
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
    T* const rate = products(k);
    slope_products_.evaluate(c, k, rate);
    for (std::size_t i = 0; i < size_; ++i) (s * slope_gains_.sum(i, rate)).store(w, i);
    solve_sparse(m, w);
    (L(T(1)) / (L(T(1)) - peroxy_sum(w))).store(w, size_);
  }

  std::size_t size_, reactions_, slopes_, entry_count_;
  bool overdraws_;
  std::vector<std::size_t> species_;
  std::vector<Index> peroxy_radicals_, sloped_, row_begin_, diagonal_, columns_, update_end_;
  Products rate_products_, derivative_products_, slope_products_;
  Sums gains_, slope_gains_, terms_;
  std::vector<Update> updates_;
};

}  // namespace chemnne
