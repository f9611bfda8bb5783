#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <chemnne/support/error.hpp>

namespace chemnne {

/// The nearest concentrations that have given totals:
///
///     c* = argmin sum_i (c*_i log(c*_i / c_i) - c*_i + c_i)   subject to   A c* = b,
///
/// for A [elements][species] >= 0 and c, b >= 0. Its solution is c*_i = c_i exp((A^T lambda)_i): positive
/// where c is, zero where c is, and species of the same composition change by the same factor.
///
/// lambda minimises the convex dual sum_i c_i exp((A^T lambda)_i) - b . lambda, of gradient A c* - b and
/// Hessian H = A diag(c*) A^T, by Newton's method. With d = H^-1 (b - A c*) and R = max_i |(A^T d)_i| a step
/// s d changes the dual by at most d . H d (-s + (exp(s R) - s R - 1) / R^2), which is negative for
/// s = 1 / (1 + R / 2): every step goes down, no factor changes by more than e^2 in one, and close to the
/// solution steps are Newton's. Gaps of per cent take four of them.
///
/// In logarithms x = log c the map is x* = x + A^T lambda, and by the implicit function theorem
///
///     dL/db = w = H^-1 A (dL/dx*),     dL/dx = dL/dx* - diag(c*) A^T w.
///
/// An element whose total is 0 makes all its species 0; one that has neither total nor concentration is left
/// out; of elements that depend on each other one is left out, as long as their totals agree.
///
/// Scalars: concentrations in T (float, double, dual numbers), totals and the solution in S = Solve<T>, at
/// least double. Totals agree to rounding of T. Cost: species additions and multiplications, and for each
/// step one exponential and elements^2 products for each distinct composition. Nothing is allocated or
/// thrown after construction. Source: Csiszar 1975, doi 10.1214/aop/1176996454 (I-projection); the bound is
/// that of generalised self-concordance, Bach 2010, doi 10.1214/09-EJS521.
class ElementProjection {
 public:
  static constexpr std::size_t most_elements = 8;
  static constexpr std::size_t most_compositions = 512;

  template <class T>
  using Solve = std::conditional_t<std::is_same_v<T, float>, double, T>;
  template <class S>
  using Totals = std::array<S, most_elements>;

  /// Over no element: every state is its own projection.
  ElementProjection() = default;

  /// `composition` [elements][species]: atoms of an element in a molecule. Errors: Error when it is not of
  /// that shape, negative or not finite, or has more elements or distinct compositions than there is room
  /// for.
  ElementProjection(std::span<const double> composition, std::size_t elements, std::size_t species)
      : elements_(elements), species_(species) {
    if (elements > most_elements)
      throw Error("projection", std::to_string(most_elements) + " elements or fewer",
                  std::to_string(elements));
    if (composition.size() != elements * species)
      throw Error("projection", std::to_string(elements * species) + " counts of atoms",
                  std::to_string(composition.size()));
    if (!std::all_of(composition.begin(), composition.end(), [](double a) { return non_negative(a); }))
      throw Error("projection", "counts of atoms that are finite and not negative", "another");
    const auto atoms_of = [&](std::size_t i) {
      std::vector<double> atoms(elements);
      for (std::size_t e = 0; e < elements; ++e) atoms[e] = composition[e * species + i];
      return atoms;
    };
    for (std::size_t i = 0; i < species; ++i)
      if (atoms_of(i) != std::vector<double>(elements)) member_.push_back(i);
    std::stable_sort(member_.begin(), member_.end(),
                     [&](std::size_t a, std::size_t b) { return atoms_of(a) < atoms_of(b); });
    for (std::size_t at = 0; at < member_.size(); ++at) {
      const std::vector<double> atoms = atoms_of(member_[at]);
      if (at > 0 && atoms == atoms_of(member_[at - 1])) continue;
      first_.push_back(at);
      atoms_.insert(atoms_.end(), atoms.begin(), atoms.end());
    }
    if (first_.size() > most_compositions)
      throw Error("projection", std::to_string(most_compositions) + " distinct compositions or fewer",
                  std::to_string(first_.size()));
    first_.push_back(member_.size());
  }

  std::size_t elements() const noexcept { return elements_; }
  std::size_t species() const noexcept { return species_; }

  /// A c. Shapes: c [species], total [elements].
  template <class T>
  void totals(const T* c, Solve<T>* total) const noexcept {
    using S = Solve<T>;
    std::fill_n(total, elements_, S(0));
    for (std::size_t k = 0; k < compositions(); ++k) {
      S amount(0);
      for (std::size_t at = first_[k]; at < first_[k + 1]; ++at) amount += S(c[member_[at]]);
      for (std::size_t e = 0; e < elements_; ++e) total[e] += atoms(k)[e] * amount;
    }
  }

  /// Replaces c by its projection on the totals. Returns false and changes nothing where there is none:
  /// values that are negative or not finite, totals that no change of these concentrations can have.
  template <class T>
  bool project(T* c, const Solve<T>* total) const noexcept {
    using S = Solve<T>;
    return solve(c, total, [&](std::size_t i, const S&, const S& factor) { c[i] = T(S(c[i]) * factor); });
  }

  /// The same, with x_i = log c_i for the caller to change: calls shift(i, (A^T lambda)_i) of every species
  /// that an element is in. Here totals are above 0.
  template <class T, class Shift>
  bool project(T* c, const Solve<T>* total, const Shift& shift) const noexcept {
    using S = Solve<T>;
    for (std::size_t e = 0; e < elements_; ++e)
      if (!(S(0) < total[e])) return false;
    return solve(c, total, [&](std::size_t i, const S& exponent, const S& factor) {
      c[i] = T(S(c[i]) * factor);
      shift(i, exponent);
    });
  }

  /// The pullback in logarithms: on entry `slope` is dL/dx*, on return dL/dx; `dtotal` is dL/db. Shapes:
  /// projected (c*), slope [species], dtotal [elements].
  template <class T>
  void pullback(const T* projected, Solve<T>* slope, Solve<T>* dtotal) const noexcept {
    using S = Solve<T>;
    System<S> system(elements_);
    Totals<S> w{};
    for (std::size_t k = 0; k < compositions(); ++k) {
      S amount(0), sum(0);
      for (std::size_t at = first_[k]; at < first_[k + 1]; ++at) {
        amount += S(projected[member_[at]]);
        sum += slope[member_[at]];
      }
      for (std::size_t e = 0; e < elements_; ++e) w[e] += atoms(k)[e] * sum;
      system.add(atoms(k), amount);
    }
    system.solve(w);
    for (std::size_t k = 0; k < compositions(); ++k) {
      const S along = product(k, w);
      for (std::size_t at = first_[k]; at < first_[k + 1]; ++at)
        slope[member_[at]] -= S(projected[member_[at]]) * along;
    }
    std::copy_n(w.begin(), elements_, dtotal);
  }

 private:
  static constexpr std::size_t most_steps = 64;  ///< a gap of a factor 1e6 takes some 30
  /// Relative gap of a total that counts as met; the step from there leaves its square.
  template <class T>
  static constexpr double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-12;

  /// The symmetric matrix H = sum_k amount_k a_k a_k^T and its factors. Cholesky's accuracy does not depend
  /// on the scaling of rows, so traces beside abundant elements need none.
  template <class S>
  class System {
   public:
    explicit System(std::size_t size) : size_(size) {}
    void add(const double* a, const S& amount) {
      for (std::size_t e = 0; e < size_; ++e)
        for (std::size_t f = 0; f <= e; ++f) h_[e][f] += a[e] * a[f] * amount;
    }
    /// r = H^-1 r; 0 for an element whose pivot vanishes beside its diagonal: absent, or a combination of
    /// those before it.
    void solve(Totals<S>& r) {
      using std::sqrt;
      std::array<bool, most_elements> out{};
      for (std::size_t e = 0; e < size_; ++e) {
        const S diagonal = h_[e][e];
        for (std::size_t f = 0; f <= e; ++f) {
          for (std::size_t g = 0; g < f; ++g) h_[e][f] -= h_[e][g] * h_[f][g];
          if (f < e) h_[e][f] = out[f] ? S(0) : h_[e][f] / h_[f][f];
        }
        out[e] = !(S(1e-13) * diagonal < h_[e][e]);
        h_[e][e] = out[e] ? S(1) : sqrt(h_[e][e]);
        for (std::size_t f = 0; f < e; ++f) r[e] -= h_[e][f] * r[f];
        r[e] = out[e] ? S(0) : r[e] / h_[e][e];
      }
      for (std::size_t e = size_; e-- > 0;) {
        for (std::size_t f = e + 1; f < size_; ++f) r[e] -= h_[f][e] * r[f];
        r[e] = out[e] ? S(0) : r[e] / h_[e][e];
      }
    }

   private:
    std::size_t size_;
    std::array<Totals<S>, most_elements> h_{};  ///< lower triangle; the factor after `solve`
  };

  template <class S>
  static bool non_negative(const S& value) {
    return !(value < S(0)) && value < S(std::numeric_limits<double>::infinity());
  }

  std::size_t compositions() const { return first_.empty() ? 0 : first_.size() - 1; }
  const double* atoms(std::size_t k) const { return atoms_.data() + k * elements_; }
  template <class S>
  S product(std::size_t k, const Totals<S>& with) const {
    S sum(0);
    for (std::size_t e = 0; e < elements_; ++e) sum += atoms(k)[e] * with[e];
    return sum;
  }

  /// Finds lambda and calls apply(i, (A^T lambda)_i, its exponential) of every species with an element.
  template <class T, class Apply>
  bool solve(const T* c, const Solve<T>* total, const Apply& apply) const noexcept {
    using std::exp;
    using S = Solve<T>;
    for (std::size_t e = 0; e < elements_; ++e)
      if (!non_negative(total[e])) return false;
    std::array<S, most_compositions> amount, exponent, factor;
    for (std::size_t k = 0; k < compositions(); ++k) {
      amount[k] = exponent[k] = S(0);
      for (std::size_t at = first_[k]; at < first_[k + 1]; ++at) {
        if (!non_negative(S(c[member_[at]]))) return false;
        amount[k] += S(c[member_[at]]);
      }
      factor[k] = S(1);
      for (std::size_t e = 0; e < elements_; ++e)
        if (atoms(k)[e] > 0 && !(S(0) < total[e])) amount[k] = factor[k] = S(0);
      if (!non_negative(amount[k])) return false;
    }

    Totals<S> gap{};
    for (std::size_t step = 0; step < most_steps; ++step) {
      System<S> system(elements_);
      std::fill_n(gap.begin(), elements_, S(0));
      for (std::size_t k = 0; k < compositions(); ++k) {
        const S now = amount[k] * factor[k];
        for (std::size_t e = 0; e < elements_; ++e) gap[e] += atoms(k)[e] * now;
        system.add(atoms(k), now);
      }
      for (std::size_t e = 0; e < elements_; ++e) gap[e] = total[e] - gap[e];
      bool met = true;
      for (std::size_t e = 0; e < elements_; ++e)
        met = met && !(S(tolerance<T>) * total[e] < gap[e]) && !(gap[e] < S(-tolerance<T>) * total[e]);
      system.solve(gap);
      S longest(0);
      for (std::size_t k = 0; k < compositions(); ++k) {
        if (!(S(0) < amount[k])) continue;
        const S change = product(k, gap), size = change < S(0) ? -change : change;
        if (longest < size) longest = size;
      }
      const S damping = S(1) / (S(1) + S(0.5) * longest);
      for (std::size_t k = 0; k < compositions(); ++k) {
        if (!(S(0) < amount[k])) continue;
        exponent[k] += damping * product(k, gap);
        factor[k] = exp(exponent[k]);
      }
      // A relative gap is no larger than the step that closes it, unless totals contradict each other.
      if (!met && longest < S(0.1 * tolerance<T>)) return false;
      if (!met) continue;
      for (std::size_t k = 0; k < compositions(); ++k)
        for (std::size_t at = first_[k]; at < first_[k + 1]; ++at) apply(member_[at], exponent[k], factor[k]);
      return true;
    }
    return false;
  }

  std::size_t elements_ = 0, species_ = 0;
  std::vector<std::size_t> member_;  ///< species that have an element, those of one composition side by side
  std::vector<std::size_t> first_;   ///< of each composition in `member_`, and the end
  std::vector<double> atoms_;        ///< [composition][element]
};

}  // namespace chemnne
