#define BOOST_TEST_MODULE properties_prepared
#include <cstring>

#include "prepared_case.hpp"

using namespace chemnne;
using properties::Case, properties::relative_difference, properties::tolerance;

// A layer that is prepared for inference gives the numbers of its forward; what it is given to work in is
// enough; and how rows are split changes no bit.

namespace {

template <class... T>
using Joined = decltype(std::tuple_cat(std::declval<T>()...));
/// Sums in sums: what one path has left in the result must not be overwritten by the next.
using Square = Affine<5, 5>;
using Nested =
    std::tuple<Sum<Square, Sum<Square, Square>>, Sum<Sum<Square, Square>, Chain<Square, Sum<Square, Square>>>,
               Skip<Skip<Sum<Square, Square>>>>;
/// Modes of more outputs than are computed together, some known.
template <std::size_t Outputs, std::size_t Known>
using Wide = ExponentialModes<ChemNNE<properties::Tiny>::NodeTimes, 3, 7, Outputs, Known, 4>;
using Layers = Joined<properties::PlainLayers, properties::StepLayers, properties::Compositions, Nested,
                      std::tuple<Wide<200, 70>, Wide<64, 64>, Wide<129, 0>>>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(prepared_equals_forward, L, Layers) {
  const Case<L, double> in_double;
  BOOST_TEST(relative_difference(in_double.template prepared<Reference>(),
                                 in_double.template forward<Reference>()) < tolerance<double>);
  const Case<L, float> in_float;
  BOOST_TEST(relative_difference(in_float.template prepared<Cpu<>>(), in_float.template forward<Cpu<>>()) <
             tolerance<float>);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_result_does_not_depend_on_the_split, L, Layers) {
  const Case<L, float> c;
  const Buffer<float> whole = c.template prepared<Cpu<>>();
  const auto same = [&](const Buffer<float>& y) {
    return std::memcmp(y.data(), whole.data(), y.size() * sizeof(float)) == 0;
  };
  BOOST_TEST(same(c.template prepared<Cpu<>>({1, 12})));
  BOOST_TEST(same(c.template prepared<Cpu<>>({5, 8})));
  BOOST_TEST(same(c.template prepared<Cpu<>>({2, 3, 7, 1})));
}

namespace {
/// A layer of a user: y = p x. `Prepared` has never heard of it.
struct Scaled : MemoryFree {
  using Input = Shape<5>;
  using Output = Input;
  static constexpr std::size_t parameters = 1;
  template <class B, class T>
  static NoResidual forward(Rows<const T, 5> x, Parameters<const T, 1> p, Rows<T, 5> y, Arena<T>&) {
    B::map([s = p[0]](const auto& v) { return v * std::decay_t<decltype(v)>(s); }, y, x);
    return {};
  }
  template <class T>
  static void initialise(Parameters<T, 1> p, Random&) {
    p[0] = T(2);
  }
};
}  // namespace

BOOST_AUTO_TEST_CASE(a_layer_of_ones_own_takes_part) {
  using L = Chain<Affine<5, 5>, Scaled, Skip<Scaled>, Sum<Scaled, Scaled>, Map<Sine, 5>>;
  const Case<L, float> c;
  BOOST_TEST(relative_difference(c.prepared<Cpu<>>(), c.forward<Cpu<>>()) < tolerance<float>);
}

BOOST_AUTO_TEST_CASE(wrong_constants_are_seen) {
  Case<ChemNNE<properties::Tiny>::EndOfStep, float> c;
  const Buffer<float> right = c.forward<Cpu<>>();
  for (const std::size_t at : {std::size_t{0}, std::size_t{90}, c.p.size() - 25}) {
    const float kept = c.p[at];
    c.p[at] += 0.01f;
    BOOST_TEST(relative_difference(c.prepared<Cpu<>>(), right) > tolerance<float>);
    c.p[at] = kept;
  }
}

BOOST_AUTO_TEST_CASE(a_block_of_the_default_network_fits_the_second_cache) {
  using Default = ChemNNE<DefaultConfiguration<49, 49>>;
  using Network = PreparedNetwork<Default::EndOfStep, Cpu<>, float>;
  static_assert(Network::block >= 12 && Network::memory(Network::block) * sizeof(float) <= 512 * 1024);
  using Trajectory = PreparedNetwork<Default::Trajectory, Cpu<>, float>;
  static_assert(Trajectory::block >= 12 &&
                Trajectory::memory(Trajectory::block) * sizeof(float) <= 512 * 1024);
}

BOOST_AUTO_TEST_CASE(a_block_of_thousands_of_species_is_more_than_a_few_cells) {
  using Default = ChemNNE<DefaultConfiguration<49, 2439>>::EndOfStep;
  static_assert(PreparedNetwork<Default, Cpu<>, float>::block >= 12);
  using Paper = ChemNNE<PaperConfiguration<49, 2439>>::EndOfStep;
  static_assert(PreparedNetwork<Paper, Cpu<>, float>::block == 48);
}
