#define BOOST_TEST_MODULE properties_strided
#include <tuple>
#include <vector>

#include "layer_table.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/tensor/buffer.hpp>

using namespace chemnne;

namespace {

constexpr std::size_t rows = 5;

/// What lies between the rows, and is someone else's.
constexpr float untouched = -0x1.2345p+100f;

/// Rows of a shape, `gap` scalars between them.
template <class S>
struct Apart {
  std::size_t stride;
  std::vector<float> memory;

  explicit Apart(std::size_t gap) : stride(S::size + gap), memory(rows * stride, untouched) {}

  RowsOf<float, S> view() { return {memory.data(), rows, stride}; }
  void set(const std::vector<double>& values) {
    for (std::size_t i = 0; i < rows * S::size; ++i)
      memory[i / S::size * stride + i % S::size] = static_cast<float>(values[i]);
  }
  std::vector<float> values() const {
    std::vector<float> all;
    for (std::size_t row = 0; row < rows; ++row) {
      const float* const begin = memory.data() + row * stride;
      all.insert(all.end(), begin, begin + S::size);
    }
    return all;
  }
  bool gaps_untouched() const {
    for (std::size_t i = 0; i < memory.size(); ++i)
      if (i % stride >= S::size && memory[i] != untouched) return false;
    return true;
  }
};

/// Forward and pullback of a layer with `gap` scalars between the rows of all that it is given.
template <class L>
struct Run {
  using In = typename L::Input;
  using Out = typename L::Output;
  Apart<In> x, dx;
  Apart<Out> y, dy;
  Buffer<float> dp{L::parameters + 1};

  explicit Run(std::size_t gap) : x(gap), dx(gap), y(gap), dy(gap) {
    Random random(9);
    const properties::Point at = properties::point<L>(rows, random);
    x.set(at.x);
    std::vector<double> slope(rows * Out::size);
    for (double& value : slope) value = random.normal();
    dy.set(slope);
    const std::vector<float> weights(at.p.begin(), at.p.end());
    const Parameters<const float, L::parameters> p(weights.data(), L::parameters);
    Buffer<float> memory(L::memory(rows) + L::pullback_memory(rows));
    Arena<float> arena(memory.span());
    const auto residual = L::template forward<Cpu<>, float>(x.view(), p, y.view(), arena);
    L::template pullback<Cpu<>, float>(residual, x.view(), p, dy.view(), dx.view(),
                                       Parameters<float, L::parameters>(dp.data(), L::parameters), arena);
  }
};

/// All but those that see each step as a row (EachStep, TimeAttention, Denormalise): they need rows one
/// behind the other, and say so.
using Layers =
    std::tuple<Affine<5, 7>, Affine<40, 33>, Map<Sine, 37>, Map<Silu, 3, 7>, properties::Dense,
               Sum<Affine<6, 5>, Chain<Affine<6, 3>, Map<Sine, 3>, Affine<3, 5>>>, Skip<Affine<9, 9>>,
               Identity<Shape<3, 5>>, Normalise<19, 3>, SelectStep<4, 2, 5>,
               AppendTime<properties::Grid, 4, 3>, TimeEmbedding<properties::Grid, 5, 3, 7, 9>,
               SpectralConvolution<8, 5, 3>, SpectralConvolution<7, 4, 5>, SpectralConvolution<1, 1, 2>,
               StepConvolution<6, 3, 7>, StepConvolution<2, 5, 3>, StepConvolution<5, 1, 4>,
               properties::Modes<0>, properties::Modes<2>, properties::Modes<5>, GatedRecurrence<3, 5>,
               ModalBasis<4, 3, 7, 5, 0>, ModalBasis<4, 2, 7, 5, 2>>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_that_lie_apart_give_the_same_and_nothing_between_is_written, L, Layers) {
  const Run<L> together(0), apart(3);
  BOOST_TEST(apart.y.values() == together.y.values());
  BOOST_TEST(apart.dx.values() == together.dx.values());
  BOOST_TEST(apart.y.gaps_untouched());
  BOOST_TEST(apart.dx.gaps_untouched());
  for (std::size_t i = 0; i < L::parameters; ++i) BOOST_TEST_REQUIRE(apart.dp[i] == together.dp[i]);
}
