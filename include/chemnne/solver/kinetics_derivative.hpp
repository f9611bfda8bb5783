#pragma once
#include <cstddef>
#include <span>

namespace chemnne {

/// First and second derivatives of a generated kernel's tendency f(c, k) = sum_r nu_r k_r prod c, over lanes,
/// from the tables of the kernel (`factor_places`, ..., see KernelWriter), reaction by reaction. Rates are
/// products, so that all of it is products of what is left without one factor or two.
///
/// Shapes, [items][L::count]: c, v, u, s, out [size()] in the kernel's order; k, dk [rates()]. Rates that
/// follow the sum of peroxy radicals are not among them: `supported`.
template <class Kernel>
class KineticsDerivative {
 public:
  using T = typename Kernel::T;
  using L = typename Kernel::L;

  static constexpr bool supported = Kernel::rates() == Kernel::factor_ends.size();

  /// out += df/dc v + df/dk dk.
  static void apply(const T* c, const T* k, const T* v, const T* dk, T* out) noexcept {
    each([&](std::size_t r, std::span<const unsigned> f, auto change) {
      L sum = L::load(dk, r) * rest(c, f);
      for (std::size_t a = 0; a < f.size(); ++a) sum += L::load(k, r) * rest(c, f, a) * L::load(v, f[a]);
      change([&](std::size_t i, const L& nu) { add(out, i, nu * sum); });
    });
  }

  /// out += (df/dc)^T u, dk += (df/dk)^T u.
  static void apply_transposed(const T* c, const T* k, const T* u, T* out, T* dk) noexcept {
    each([&](std::size_t r, std::span<const unsigned> f, auto change) {
      L along(T(0));
      change([&](std::size_t i, const L& nu) { along += nu * L::load(u, i); });
      add(dk, r, along * rest(c, f));
      const L rate = along * L::load(k, r);
      for (std::size_t a = 0; a < f.size(); ++a) add(out, f[a], rate * rest(c, f, a));
    });
  }

  /// out += d(df/dc s), s held: its derivative along v and dk.
  static void apply_second(const T* c, const T* k, const T* s, const T* v, const T* dk, T* out) noexcept {
    each([&](std::size_t r, std::span<const unsigned> f, auto change) {
      L sum(T(0));
      for (std::size_t a = 0; a < f.size(); ++a) {
        L slope = L::load(dk, r) * rest(c, f, a);
        for (std::size_t b = 0; b < f.size(); ++b)
          if (b != a) slope += L::load(k, r) * rest(c, f, a, b) * L::load(v, f[b]);
        sum += slope * L::load(s, f[a]);
      }
      change([&](std::size_t i, const L& nu) { add(out, i, nu * sum); });
    });
  }

  /// Its transposed: out and dk += the slopes of u . (df/dc s) with respect to c and k.
  static void apply_second_transposed(const T* c, const T* k, const T* s, const T* u, T* out,
                                      T* dk) noexcept {
    each([&](std::size_t r, std::span<const unsigned> f, auto change) {
      L along(T(0));
      change([&](std::size_t i, const L& nu) { along += nu * L::load(u, i); });
      for (std::size_t a = 0; a < f.size(); ++a) {
        const L by = along * L::load(s, f[a]), rate = by * L::load(k, r);
        add(dk, r, by * rest(c, f, a));
        for (std::size_t b = 0; b < f.size(); ++b)
          if (b != a) add(out, f[b], rate * rest(c, f, a, b));
      }
    });
  }

  /// b becomes A^-T b, where `m` are the factors of A that the kernel's `factor` makes (KineticsWriter).
  static void solve_transposed(const T* m, T* b) noexcept {
    constexpr std::size_t n = Kernel::size();
    for (std::size_t i = 0; i < n; ++i) {
      const L x = L::load(b, i) * L::load(m, Kernel::diagonal[i]);
      x.store(b, i);
      for (std::size_t e = Kernel::diagonal[i] + 1; e < Kernel::row_begin[i + 1]; ++e)
        add(b, Kernel::column[e], L::load(m, e) * x);
    }
    for (std::size_t i = n; i-- > 0;) {
      const L x = L::load(b, i);
      for (std::size_t e = Kernel::row_begin[i]; e < Kernel::diagonal[i]; ++e)
        add(b, Kernel::column[e], L::load(m, e) * x);
    }
  }

 private:
  static constexpr std::size_t no_factor = static_cast<std::size_t>(-1);

  static void add(T* to, std::size_t i, const L& value) noexcept { (L::load(to, i) + value).store(to, i); }

  /// The product of the factors but a and b.
  static L rest(const T* c, std::span<const unsigned> factors, std::size_t a = no_factor,
                std::size_t b = no_factor) noexcept {
    L product(T(1));
    for (std::size_t f = 0; f < factors.size(); ++f)
      if (f != a && f != b) product *= L::load(c, factors[f]);
    return product;
  }

  /// visit(r, factors, change) of each reaction, where change(f) calls f(i, nu_i) of what it changes.
  template <class Visit>
  static void each(const Visit& visit) noexcept {
    std::size_t factor = 0, changed = 0;
    for (std::size_t r = 0; r < Kernel::factor_ends.size(); ++r) {
      const std::size_t factor_end = Kernel::factor_ends[r], change_end = Kernel::change_ends[r];
      visit(r, std::span<const unsigned>(Kernel::factor_places).subspan(factor, factor_end - factor),
            [changed, change_end](const auto& f) {
              for (std::size_t at = changed; at < change_end; ++at)
                f(Kernel::change_places[at], L(static_cast<T>(Kernel::change_coefficients[at])));
            });
      factor = factor_end;
      changed = change_end;
    }
  }
};

}  // namespace chemnne
