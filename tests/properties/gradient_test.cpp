#define BOOST_TEST_MODULE properties_gradient
#include "gradient_error.hpp"
#include "layer_table.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>

using namespace chemnne;

namespace {

using properties::exact;
using properties::worst_error;
using properties::wrong;

template <class... T>
using Joined = decltype(std::tuple_cat(std::declval<T>()...));
using Layers = Joined<properties::PlainLayers, properties::StepLayers>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(pullbacks_of_layers_are_exact_on_reference, L, Layers) {
  BOOST_TEST((worst_error<L, Reference>()) < exact);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(pullbacks_of_layers_are_exact_on_cpu, L, Layers) {
  BOOST_TEST((worst_error<L, Cpu<>>()) < exact);
}

// What follows is wrong on purpose: the check must see it.
namespace {

/// The adjoint of the inverse real transform without the factor 2 of interior modes.
struct FactorTwoMissing : FourierMatrix {
  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static void inverse_pullback(Rows<const T, Steps, Width> dy, Rows<T, Parts, Width> dspectrum) {
    FourierMatrix::inverse_pullback<B, T>(dy, dspectrum);
    for (std::size_t part = 2; part < Parts; ++part)
      for (std::size_t row = 0; row < dspectrum.count(); ++row)
        for (std::size_t i = 0; i < Width; ++i) dspectrum.step(part)[row][i] /= 2;
  }
};

/// The same mistake at the Nyquist mode: a factor 2 where there is none.
struct NyquistDoubled : FourierMatrix {
  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static void inverse_pullback(Rows<const T, Steps, Width> dy, Rows<T, Parts, Width> dspectrum) {
    FourierMatrix::inverse_pullback<B, T>(dy, dspectrum);
    for (std::size_t row = 0; row < dspectrum.count(); ++row)
      for (std::size_t i = 0; i < Width; ++i) dspectrum.step(Steps)[row][i] *= 2;
  }
};

template <class L>
struct BiasGradientMissing : L {
  template <class B, class T>
  static void pullback(NoResidual none, RowsOf<const T, typename L::Input> x,
                       Parameters<const T, L::parameters> p, RowsOf<const T, typename L::Output> dy,
                       RowsOf<T, typename L::Input> dx, Parameters<T, L::parameters> dp, Arena<T> arena) {
    L::template pullback<B, T>(none, x, p, dy, dx, dp, arena);
    std::fill(dp.end() - L::Output::size, dp.end(), T(0));
  }
};

/// dx = dy W in the place of dy W^T.
template <std::size_t Width>
struct MatrixTransposed : Affine<Width, Width> {
  using L = Affine<Width, Width>;
  template <class B, class T>
  static void pullback(NoResidual none, Rows<const T, Width> x, Parameters<const T, L::parameters> p,
                       Rows<const T, Width> dy, Rows<T, Width> dx, Parameters<T, L::parameters> dp,
                       Arena<T> arena) {
    L::template pullback<B, T>(none, x, p, dy, dx, dp, arena);
    B::matmul(dy, Rows<const T, Width>(p.data(), Width), dx);
  }
};

/// A skip whose pullback forgets the straight path.
template <class L>
struct StraightPathMissing : Skip<L> {
  template <class B, class T, class Residual>
  static void pullback(const Residual& residual, RowsOf<const T, typename L::Input> x,
                       Parameters<const T, L::parameters> p, RowsOf<const T, typename L::Output> dy,
                       RowsOf<T, typename L::Input> dx, Parameters<T, L::parameters> dp, Arena<T> arena) {
    L::template pullback<B, T>(residual, x, p, dy, dx, dp, arena);
  }
};

/// The pullback of attention without the term of softmax that all keys share.
struct SharedTermMissing : Reference {
  template <std::size_t Heads, class T, std::size_t S, std::size_t QKV, std::size_t Width>
  static void attend_pullback(Rows<const T, S, QKV> qkv, AttentionWeights<const T, Heads, S> weights,
                              Rows<const T, S, Width> d_o, Rows<T, S, QKV> dqkv) {
    constexpr std::size_t D = Width / Heads;
    Reference::attend_pullback<Heads>(qkv, weights, d_o, dqkv);
    detail::each_head<Heads, Width>(
        qkv, d_o, [&](std::size_t row, std::size_t head, auto, auto k, auto v, auto cotangent) {
          const auto a = weights_of_head<S>(weights.steps(row), head);
          const auto dq = dqkv.steps(row).template columns<D>(head * D);
          for (std::size_t i = 0; i < S; ++i)
            for (std::size_t d = 0; d < D; ++d) {
              dq[i][d] = T(0);
              for (std::size_t j = 0; j < S; ++j)
                for (std::size_t e = 0; e < D; ++e)
                  dq[i][d] += T(attention_scale<D>) * a[j][i] * cotangent[i][e] * v[j][e] * k[j][d];
            }
        });
  }
};

/// A derivative that is wrong in the fourth digit.
struct NearlyGelu : Gelu {
  template <class V>
  V derivative(const V& x) const {
    return Gelu::derivative(x) * constant<V>(1.0005);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(planted_errors_are_seen) {
  BOOST_TEST((worst_error<SpectralConvolution<8, 3, 4, FactorTwoMissing>, Reference>()) > wrong);
  BOOST_TEST((worst_error<SpectralConvolution<8, 5, 4, NyquistDoubled>, Reference>()) > wrong);
  BOOST_TEST((worst_error<BiasGradientMissing<Affine<5, 7>>, Reference>()) > wrong);
  BOOST_TEST((worst_error<MatrixTransposed<6>, Reference>()) > wrong);
  BOOST_TEST((worst_error<StraightPathMissing<Affine<6, 6>>, Reference>()) > wrong);
  BOOST_TEST((worst_error<TimeAttention<5, 6, 2>, SharedTermMissing>()) > wrong);
  BOOST_TEST((worst_error<Map<NearlyGelu, 37>, Reference>()) > wrong);
  // An error deep inside a composition is seen from outside.
  BOOST_TEST(
      (worst_error<Chain<Affine<4, 6>, Map<Sine, 6>, Skip<BiasGradientMissing<Affine<6, 6>>>, Affine<6, 2>>,
                   Reference>()) > wrong);
}
