#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <chemnne/support/error.hpp>
#include <chemnne/tensor/fixed_list.hpp>

namespace chemnne {

/// The nearest concentrations that have given totals:
///
///     c* = argmin sum_i (c*_i log(c*_i / c_i) - c*_i + c_i) / w_i   subject to   A c* = b,
///
/// for A [elements][species] >= 0 and c, b >= 0: the projection in relative entropy with weights. Its
/// solution is c*_i = c_i exp(s_i), s_i = w_i (A^T lambda)_i: positive where c is, zero where c is. The
/// weights are w_i = m_i (r_i / (1 + r_i) + 0.01), r_i = c_i max_e(A_ei / b_e) the share that a species has of
/// its elements and m_i in [0.1, 1] how readily it gives way, 1 unless something is known of it. Close to c the distance is then about a sum of squares of log(c*_i / c_i), one factor for all
/// main species of a composition: relative errors are as likely in what is scarce as in what is abundant, so
/// what a total lacks is looked for where it can be. (With w = 1 all species of a composition change by one
/// factor, and traces pay for the errors of the abundant.) Bounded weights keep the solution within reach of
/// few steps where one species rules two elements or has more than there is.
///
/// lambda minimises the convex dual sum_i c_i exp(s_i) / w_i - b . lambda, of gradient A c* - b and Hessian
/// H = A diag(w c*) A^T, by Newton's method. With d = H^-1 (b - A c*) and R = max_i |w_i (A^T d)_i| a step t
/// d changes the dual by at most d . H d (-t + (exp(t R) - t R - 1) / R^2), which is negative for t = 1 / (1
/// + R / 2): every step goes down, no concentration changes by more than a factor e^2 in one, and close to
/// the solution steps are Newton's. Residuals of per cent take four of them.
///
/// In logarithms x = log c the map is x* = x + s, and by the implicit function theorem, with
/// v = H^-1 A diag(w) (dL/dx*) and g = dL/dx* - diag(c*) A^T v,
///
///     dL/dx_i = (1 + p_i) g_i,     dL/db_e = v_e - (1 / b_e) sum p_i g_i over the i whose r_i has b_e,
///
/// p_i = m_i s_i / w_i r_i / (1 + r_i)^2.
///
/// An element whose total is 0 makes all its species 0; one that has neither total nor concentration is left
/// out; of elements that depend on each other one is left out, as long as their totals agree. Totals between
/// 0 and `smallest_total` have no projection: atoms over totals would leave the range of double.
///
/// Of at most `most_species` species, in lists of that length, the object can be copied as it is, to a device
/// for example. Scalars: concentrations in T (float, double, dual numbers), totals and the solution in S = Solve<T>, at
/// least double. Totals agree to rounding of T. Cost of a step: an exponential for each species that moves by
/// more than 1e-3, some ten operations for the others, elements^2 products for each distinct composition.
/// Nothing is allocated or thrown after construction. Source: Csiszar 1975, doi 10.1214/aop/1176996454
/// (I-projection); the bound is that of generalised self-concordance, Bach 2010, doi 10.1214/09-EJS521.
template <std::size_t most_species>
class BasicElementProjection {
 public:
  static constexpr std::size_t most_elements = 8;
  static constexpr double smallest_total = 1e-200;

  template <class T>
  using Solve = std::conditional_t<std::is_same_v<T, float>, double, T>;
  template <class S>
  using Totals = std::array<S, most_elements>;

  /// Over no element: every state is its own projection.
  BasicElementProjection() = default;

  /// `composition` [elements][species]: atoms of an element in a molecule; `mobility` [species]: m, 1 for all
  /// where it is empty. Errors: Error when they are not of that shape, negative or not finite, a mobility is not
  /// in [0.1, 1], or there are more elements than there is room for.
  BasicElementProjection(std::span<const double> composition, std::size_t elements, std::size_t species,
                         std::span<const double> mobility = {})
      : elements_(elements), species_(species) {
    if (elements > most_elements)
      throw Error("projection", std::to_string(most_elements) + " elements or fewer",
                  std::to_string(elements));
    if (composition.size() != elements * species)
      throw Error("projection", std::to_string(elements * species) + " counts of atoms",
                  std::to_string(composition.size()));
    if (!std::all_of(composition.begin(), composition.end(), [](double a) { return non_negative(a); }))
      throw Error("projection", "counts of atoms that are finite and not negative", "another");
    if (!mobility.empty() && mobility.size() != species)
      throw Error("projection", std::to_string(species) + " mobilities", std::to_string(mobility.size()));
    if (!std::all_of(mobility.begin(), mobility.end(), [](double m) { return m >= 0.1 && m <= 1; }))
      throw Error("projection", "mobilities from 0.1 to 1", "another");
    const auto atoms_of = [&](std::size_t i) {
      std::vector<double> atoms(elements);
      for (std::size_t e = 0; e < elements; ++e) atoms[e] = composition[e * species + i];
      return atoms;
    };
    const auto mobility_of = [&](std::size_t i) { return mobility.empty() ? 1 : mobility[i]; };
    const auto kind_of = [&](std::size_t i) { return std::pair(atoms_of(i), mobility_of(i)); };
    for (std::size_t i = 0; i < species; ++i)
      if (atoms_of(i) != std::vector<double>(elements)) member_.push_back(i);
    std::stable_sort(member_.begin(), member_.end(),
                     [&](std::size_t a, std::size_t b) { return kind_of(a) < kind_of(b); });
    for (std::size_t at = 0; at < member_.size(); ++at) {
      if (at > 0 && kind_of(member_[at]) == kind_of(member_[at - 1])) continue;
      first_.push_back(at);
      for (const double a : atoms_of(member_[at])) atoms_.push_back(a);
      mobility_.push_back(mobility_of(member_[at]));
    }
    first_.push_back(member_.size());
  }

  constexpr std::size_t elements() const noexcept { return elements_; }
  constexpr std::size_t species() const noexcept { return species_; }

  /// A c. Shapes: c [species], total [elements].
  template <class T>
  constexpr void totals(const T* c, Solve<T>* total) const noexcept {
    using S = Solve<T>;
    std::fill_n(total, elements_, S(0));
    for (std::size_t k = 0; k < compositions(); ++k) {
      S amount(0);
      for (std::size_t at = first_[k]; at < first_[k + 1]; ++at) amount += S(c[member_[at]]);
      for (std::size_t e = 0; e < elements_; ++e) total[e] += atoms(k)[e] * amount;
    }
  }

  /// Replaces c by its projection on the totals. Returns false and changes nothing where there is none:
  /// values that are negative or not finite, totals that are so small or that no change of these
  /// concentrations can have.
  template <class T>
  constexpr bool project(T* c, const Solve<T>* total) const noexcept {
    using S = Solve<T>;
    return solve(c, total, [&](std::size_t i, const S&, const S& factor) { c[i] = T(S(c[i]) * factor); });
  }

  /// The same, with x_i = log c_i for the caller to change: calls shift(i, s_i) of every species that an
  /// element is in. Here totals are above 0.
  template <class T, class Shift>
  constexpr bool project(T* c, const Solve<T>* total, const Shift& shift) const noexcept {
    using S = Solve<T>;
    for (std::size_t e = 0; e < elements_; ++e)
      if (!(S(0) < total[e])) return false;
    return solve(c, total, [&](std::size_t i, const S& exponent, const S& factor) {
      c[i] = T(S(c[i]) * factor);
      shift(i, exponent);
    });
  }

  /// The pullback in logarithms: on entry `slope` is dL/dx*, on return dL/dx; `dtotal` is dL/db. Shapes:
  /// projected (c*), exponent (s), slope [species]; total (above 0), dtotal [elements].
  template <class T>
  constexpr void pullback(const T* projected, const Solve<T>* exponent, const Solve<T>* total,
                          Solve<T>* slope, Solve<T>* dtotal) const noexcept {
    using S = Solve<T>;
    System<S> system(elements_);
    Totals<S> v{};
    for (std::size_t k = 0; k < compositions(); ++k) {
      const S scale = share_of(k, total).scale;
      S curvature(0), sum(0);
      for (std::size_t at = first_[k]; at < first_[k + 1]; ++at) {
        const std::size_t i = member_[at];
        const S now = S(projected[i]), w = weight(k, scale * now * exponential(-exponent[i]));
        curvature += w * now;
        sum += w * slope[i];
      }
      for (std::size_t e = 0; e < elements_; ++e) v[e] += atoms(k)[e] * sum;
      system.add(atoms(k), curvature);
    }
    system.solve(v);
    std::copy_n(v.begin(), elements_, dtotal);
    for (std::size_t k = 0; k < compositions(); ++k) {
      const S along = product(k, v);
      const Share<S> share = share_of(k, total);
      S of_share(0);
      for (std::size_t at = first_[k]; at < first_[k + 1]; ++at) {
        const std::size_t i = member_[at];
        const S now = S(projected[i]), rest = slope[i] - now * along,
                r = share.scale * now * exponential(-exponent[i]),
                part = exponent[i] * (r / ((S(1) + r) * (S(1) + r) * weight(r))) * rest;
        of_share += part;
        slope[i] = rest + part;
      }
      dtotal[share.element] -= of_share / total[share.element];
    }
  }

 private:
  static constexpr std::size_t most_steps = 64;  ///< a total off by a factor 1e3 takes some 20
  /// Relative residual of a total that counts as met; the step from there leaves its square.
  template <class T>
  static constexpr double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-12;

  /// The symmetric matrix H = sum_k curvature_k a_k a_k^T and its factors. Cholesky's accuracy does not
  /// depend on the scaling of rows, so traces beside abundant elements need none.
  template <class S>
  class System {
   public:
    constexpr explicit System(std::size_t size) : size_(size) {}
    constexpr void add(const double* a, const S& curvature) {
      for (std::size_t e = 0; e < size_; ++e)
        for (std::size_t f = 0; f <= e; ++f) h_[e][f] += a[e] * a[f] * curvature;
    }
    /// r = H^-1 r; 0 for an element whose pivot vanishes beside its diagonal: absent, or a combination of
    /// those before it.
    constexpr void solve(Totals<S>& r) {
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
  static constexpr bool finite(const S& value) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return S(-infinity) < value && value < S(infinity);
  }
  template <class S>
  static constexpr bool non_negative(const S& value) {
    return !(value < S(0)) && finite(value);
  }

  /// exp(s), for small s by its series, whose next term is below 1e-17.
  template <class S>
  static constexpr S exponential(const S& s) {
    using std::exp;
    if (s < S(1e-3) && S(-1e-3) < s)
      return S(1) + s * (S(1) + s * (S(0.5) + s * (S(1.0 / 6) + s * S(1.0 / 24))));
    return exp(s);
  }
  /// w / m of a species of which r times as much is there as the totals can hold; r / (1 + r) as written would
  /// be no number for an infinite r.
  template <class S>
  static constexpr S weight(const S& r) {
    return S(1.01) - S(1) / (S(1) + r);
  }
  /// w of one of a composition.
  template <class S>
  constexpr S weight(std::size_t k, const S& r) const {
    return S(mobility_[k]) * weight(r);
  }

  constexpr std::size_t compositions() const { return first_.empty() ? 0 : first_.size() - 1; }
  constexpr const double* atoms(std::size_t k) const { return atoms_.data() + k * elements_; }
  template <class S>
  constexpr S product(std::size_t k, const Totals<S>& with) const {
    S sum(0);
    for (std::size_t e = 0; e < elements_; ++e) sum += atoms(k)[e] * with[e];
    return sum;
  }

  /// r_i / c_i of the species of a composition, and the element of which it is the share; 0 where one of
  /// the elements has no total.
  template <class S>
  struct Share {
    S scale;
    std::size_t element;
  };
  template <class S>
  constexpr Share<S> share_of(std::size_t k, const S* total) const {
    Share<S> result{S(0), 0};
    for (std::size_t e = 0; e < elements_; ++e) {
      if (!(atoms(k)[e] > 0)) continue;
      if (!(S(0) < total[e])) return {S(0), e};
      const S share = S(atoms(k)[e]) / total[e];
      if (result.scale < share) result = {share, e};
    }
    return result;
  }

  /// Finds lambda and calls apply(i, s_i, exp(s_i)) of every species with an element; 0 for exp(s_i) where
  /// one of its elements has no total. A step calls it in several places: one copy of it is enough.
  template <class T, class Apply>
  [[gnu::noinline]] constexpr bool solve(const T* c, const Solve<T>* total,
                                         const Apply& apply) const noexcept {
    using S = Solve<T>;
    for (std::size_t e = 0; e < elements_; ++e)
      if (!non_negative(total[e]) || (S(0) < total[e] && total[e] < S(smallest_total))) return false;
    for (const std::size_t i : member_)
      if (!non_negative(S(c[i]))) return false;

    Totals<S> lambda{};
    for (std::size_t step = 0; step < most_steps; ++step) {
      System<S> system(elements_);
      Totals<S> residual{};
      for (std::size_t k = 0; k < compositions(); ++k) {
        const S scale = share_of(k, total).scale, along = product(k, lambda);
        if (!(S(0) < scale)) continue;
        S amount(0), curvature(0);
        for (std::size_t at = first_[k]; at < first_[k + 1]; ++at) {
          const S given = S(c[member_[at]]), w = weight(k, scale * given),
                  now = given * exponential(w * along);
          amount += now;
          curvature += w * now;
        }
        for (std::size_t e = 0; e < elements_; ++e) residual[e] += atoms(k)[e] * amount;
        system.add(atoms(k), curvature);
      }
      bool met = true;
      for (std::size_t e = 0; e < elements_; ++e) {
        residual[e] = total[e] - residual[e];
        if (!finite(residual[e])) return false;
        met = met && !(S(tolerance<T>) * total[e] < residual[e]) &&
              !(residual[e] < S(-tolerance<T>) * total[e]);
      }
      system.solve(residual);
      const S longest = longest_change(c, total, residual);
      // A relative residual is no larger than the step that removes it, unless totals contradict each other.
      if (!met && longest < S(0.1 * tolerance<T>)) return false;
      const S damping = S(1) / (S(1) + S(0.5) * longest);
      for (std::size_t e = 0; e < elements_; ++e) lambda[e] += damping * residual[e];
      if (!met) continue;
      for (std::size_t k = 0; k < compositions(); ++k) {
        const S scale = share_of(k, total).scale, along = product(k, lambda);
        for (std::size_t at = first_[k]; at < first_[k + 1]; ++at) {
          const S exponent = weight(k, scale * S(c[member_[at]])) * along;
          apply(member_[at], exponent, S(0) < scale ? exponential(exponent) : S(0));
        }
      }
      return true;
    }
    return false;
  }

  /// max_i |w_i (A^T d)_i|.
  template <class T>
  constexpr Solve<T> longest_change(const T* c, const Solve<T>* total, const Totals<Solve<T>>& d) const {
    using S = Solve<T>;
    S longest(0);
    for (std::size_t k = 0; k < compositions(); ++k) {
      T most(0);
      for (std::size_t at = first_[k]; at < first_[k + 1]; ++at)
        if (most < c[member_[at]]) most = c[member_[at]];
      const S scale = share_of(k, total).scale;
      if (!(S(0) < scale) || !(T(0) < most)) continue;
      const S change = weight(k, scale * S(most)) * product(k, d), size = change < S(0) ? -change : change;
      if (longest < size) longest = size;
    }
    return longest;
  }

  std::size_t elements_ = 0, species_ = 0;
  static constexpr bool any_number = most_species == std::dynamic_extent;
  /// Species that have an element, those of one composition and mobility side by side.
  List<std::size_t, most_species> member_;
  /// Of each composition in `member_`, and the end.
  List<std::size_t, any_number ? most_species : most_species + 1> first_;
  /// [composition][element]
  List<double, any_number ? most_species : most_species * most_elements> atoms_;
  List<double, most_species> mobility_;  ///< m of each composition
};

/// Of any number of species.
using ElementProjection = BasicElementProjection<std::dynamic_extent>;

}  // namespace chemnne
