#pragma once
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <klu.h>

#include <chemnne/support/error.hpp>

namespace chemnne {

/// LU factors of sparse square matrices of one pattern, by KLU.
///
/// The pattern is analysed once, at construction. The first factorisation after that, or after
/// `forget_pivots`, chooses pivots by size; later ones keep their places and only compute anew, until that
/// makes a pivot vanish beside the largest. So factors depend on the matrices since `forget_pivots` alone,
/// bit for bit.
/// Block triangular form, minimum degree (AMD), rows not scaled. Measured on I - gamma J of ARCA's Hyde
/// mechanism (2439 species, 23956 entries; AMD Zen 4), keeping pivots takes 0.16 ms. With scaled rows, which
/// make other pivots than the diagonal look better and L and U fill from 32 000 entries to 54 000-68 000, it
/// takes 0.43-0.60; with COLAMD 1.3-3.4; without blocks 0.17. Choosing pivots takes 0.83.
/// Shapes: size n; pattern in compressed columns [n + 1], rows ascending; values in its order; b [n].
/// Source: Davis, Palamadai Natarajan, ACM TOMS 37 (2010) 36.
class SparseLu {
 public:
  /// Errors: Error when every matrix of the pattern is singular, or there is no memory.
  SparseLu(std::span<const int> column_pointers, std::span<const int> row_indices)
      : pointers_(column_pointers.begin(), column_pointers.end()),
        rows_(row_indices.begin(), row_indices.end()) {
    klu_defaults(&common_);
    common_.btf = 1;
    common_.ordering = amd_ordering;
    common_.scale = no_scaling;
    symbolic_.reset(klu_analyze(size(), pointers_.data(), rows_.data(), &common_));
    if (!symbolic_ || (common_.structural_rank >= 0 && common_.structural_rank < size()))
      throw Error("KLU", "a pattern of full rank", "status " + std::to_string(common_.status));
  }
  SparseLu(const SparseLu&) = delete;
  SparseLu& operator=(const SparseLu&) = delete;

  int size() const noexcept { return static_cast<int>(pointers_.size()) - 1; }

  /// The next factorisation chooses pivots anew.
  void forget_pivots() noexcept { numeric_.reset(); }
  /// How often pivots were chosen since construction.
  long pivot_choices() const noexcept { return pivot_choices_; }

  /// False when the matrix is singular or has a pivot that is not finite: there are no factors then.
  bool factorise(std::span<double> values) noexcept {
    if (numeric_ && refactorise(values)) return true;
    ++pivot_choices_;
    numeric_.reset(klu_factor(pointers_.data(), rows_.data(), values.data(), symbolic_.get(), &common_));
    if (numeric_ && !(rcond() > 0)) numeric_.reset();
    return numeric_ != nullptr;
  }

  /// b becomes the solution x of (matrix) x = b. Needs factors.
  void solve(std::span<double> b) noexcept {
    klu_solve(symbolic_.get(), numeric_.get(), size(), 1, b.data(), &common_);
  }

 private:
  static constexpr int amd_ordering = 0, no_scaling = -1;

  struct FreeSymbolic {
    klu_common* common;
    void operator()(klu_symbolic* symbolic) const { klu_free_symbolic(&symbolic, common); }
  };
  struct FreeNumeric {
    klu_common* common;
    void operator()(klu_numeric* numeric) const { klu_free_numeric(&numeric, common); }
  };

  bool refactorise(std::span<double> values) noexcept {
    return klu_refactor(pointers_.data(), rows_.data(), values.data(), symbolic_.get(), numeric_.get(),
                        &common_) &&
           rcond() > std::numeric_limits<double>::epsilon();
  }

  /// Smallest over largest pivot: 5e-12 and above in hours of the MCM, whose processes span that range.
  double rcond() noexcept { return klu_rcond(symbolic_.get(), numeric_.get(), &common_) ? common_.rcond : 0; }

  std::vector<int> pointers_;
  std::vector<int> rows_;
  klu_common common_{};
  std::unique_ptr<klu_symbolic, FreeSymbolic> symbolic_{nullptr, {&common_}};
  std::unique_ptr<klu_numeric, FreeNumeric> numeric_{nullptr, {&common_}};
  long pivot_choices_ = 0;
};

}  // namespace chemnne
