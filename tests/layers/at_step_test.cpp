#define BOOST_TEST_MODULE layers_at_step
#include "../properties/prepared_case.hpp"

#include <chemnne/layers/at_step.hpp>

using namespace chemnne;
using properties::Case, properties::relative_difference, properties::tolerance;

namespace {
/// Layers with an output of several steps.
using WithSteps =
    std::tuple<EachStep<6, properties::Dense>, Map<Gelu, 6, 5>, Identity<Shape<6, 5>>,
               Skip<TimeAttention<6, 4, 2>>, Skip<Sum<EachStep<6, Affine<5, 5>>, EachStep<6, Affine<5, 5>>>>,
               Sum<SpectralConvolution<6, 3, 5>, EachStep<6, Affine<5, 5>>>, SpectralConvolution<6, 4, 5>,
               TimeEmbedding<properties::Grid, 6, 2, 5, 4>, ChemNNE<properties::Tiny>::Latent,
               ChemNNE<properties::WithoutIntegral>::Latent, ChemNNE<properties::WithConvolution>::Latent,
               ProductionLoss<Chain<Affine<7, 5>, AppendTime<properties::Grid, 6, 5>>, 6, 4, 2>,
               ChemNNE<properties::WithoutSolver>::Latent>;
}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_step_by_itself_is_that_step_of_all, L, WithSteps) {
  const Case<L, double> all;
  constexpr std::size_t rows = all.rows;
  const Buffer<double> every = all.template forward<Reference>();
  const auto check = [&]<std::size_t Step>(std::integral_constant<std::size_t, Step>) {
    using One = AtStep<L, Step>;
    static_assert(One::parameters == L::parameters && One::Output::size * 6 == L::Output::size);
    Case<One, double> one;
    std::copy_n(all.x.data(), all.x.size(), one.x.data());
    std::copy_n(all.p.data(), all.p.size(), one.p.data());
    Buffer<double> wanted(rows * One::Output::size);
    for (std::size_t row = 0; row < rows; ++row)
      std::copy_n(every.data() + row * L::Output::size + Step * One::Output::size, One::Output::size,
                  wanted.data() + row * One::Output::size);
    BOOST_TEST(relative_difference(one.template forward<Reference>(), wanted) < tolerance<double>);
    BOOST_TEST(relative_difference(one.template prepared<Cpu<>>(), wanted) < tolerance<double>);
  };
  check(std::integral_constant<std::size_t, 0>{});
  check(std::integral_constant<std::size_t, 5>{});
}

BOOST_AUTO_TEST_CASE(the_selection_moves_to_where_all_steps_are_needed) {
  using Kernel = SpectralConvolution<6, 3, 5>;
  using Pointwise = EachStep<6, Affine<5, 5>>;
  using Select = SelectStep<6, 2, 5>;
  using Solver = Chain<Chain<Sum<Kernel, Pointwise>, Map<Gelu, 6, 5>>, Pointwise>;
  static_assert(
      std::is_same_v<AtStep<Skip<Solver>, 2>,
                     Sum<Chain<Chain<Sum<Chain<Kernel, Select>, Chain<Select, EachStep<1, Affine<5, 5>>>>,
                                     Map<Gelu, 1, 5>>,
                               EachStep<1, Affine<5, 5>>>,
                         Select>>);
}
