#define BOOST_TEST_MODULE laws_prepared
#include <cstring>

#include "layer_table.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/reference.hpp>
#include <chemnne/inference/prepared_network.hpp>

using namespace chemnne;

// A layer that is prepared for inference gives the numbers of its forward; what it is given to work in is
// enough; and how rows are split changes no bit.

namespace {

constexpr std::size_t rows = 13;

template <class L, class T>
struct Case {
  using Input = RowsOf<const T, typename L::Input>;
  using Output = RowsOf<T, typename L::Output>;

  Case() : x(rows * L::Input::size), p(L::parameters + 1) {
    Random random(11);
    const laws::Point at = laws::point<L>(rows, random);
    std::copy(at.x.begin(), at.x.end(), x.data());
    std::copy(at.p.begin(), at.p.end(), p.data());
  }

  Input input() const { return {x.data(), rows}; }
  Parameters<const T, L::parameters> parameters() const {
    return Parameters<const T, L::parameters>(p.data(), L::parameters);
  }

  template <class B>
  Buffer<T> forward() const {
    Buffer<T> y(rows * L::Output::size), memory(L::memory(rows));
    Arena<T> arena(memory.span());
    L::template forward<B, T>(input(), parameters(), Output(y.data(), rows), arena);
    return y;
  }

  template <class B>
  Buffer<T> prepared(std::initializer_list<std::size_t> parts = {rows}) const {
    using P = Prepared<L>;
    constexpr T canary(-77);
    Buffer<T> constants(P::template constants<B, T>), y(rows * L::Output::size), memory(P::memory(rows) + 16);
    P::template prepare<B, T>(parameters(), constants.data());
    std::size_t first = 0;
    for (const std::size_t count : parts) {
      std::fill_n(memory.data(), memory.size(), canary);
      P::template evaluate<B, T>(input().slice(first, count), constants.data(),
                                 Output(y.data(), rows).slice(first, count),
                                 Arena<T>(memory.span().first(P::memory(count))));
      for (std::size_t i = P::memory(count); i < memory.size(); ++i) BOOST_TEST_REQUIRE(memory[i] == canary);
      first += count;
    }
    BOOST_TEST_REQUIRE(first == rows);
    return y;
  }

  Buffer<T> x, p;
};

/// The largest difference over the largest value.
template <class T>
double gap(const Buffer<T>& a, const Buffer<T>& b) {
  double difference = 0, largest = 1e-300;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto u = static_cast<double>(a[i]), v = static_cast<double>(b[i]);
    difference = std::max(difference, std::isfinite(u) ? std::abs(u - v) : HUGE_VAL);
    largest = std::max(largest, std::abs(v));
  }
  return difference / largest;
}

// Sums run in another order here and there, and 1 + a_n of the time embedding is rounded once more: some ten
// roundings, amplified by condition numbers of about ten.
template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 200 * 6e-8 : 200 * 1.1e-16;

template <class... T>
using Joined = decltype(std::tuple_cat(std::declval<T>()...));
using Layers = Joined<laws::PlainLayers, laws::StepLayers, laws::Models, laws::Ablations>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(prepared_equals_forward, L, Layers) {
  const Case<L, double> in_double;
  BOOST_TEST(gap(in_double.template prepared<Reference>(), in_double.template forward<Reference>()) <
             tolerance<double>);
  const Case<L, float> in_float;
  BOOST_TEST(gap(in_float.template prepared<Cpu<>>(), in_float.template forward<Cpu<>>()) < tolerance<float>);
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
/// Layers with an output of several steps.
using WithSteps =
    std::tuple<EachStep<6, laws::Dense>, Map<Gelu, 6, 5>, Identity<Shape<6, 5>>, Skip<TimeAttention<6, 4, 2>>,
               Sum<SpectralConvolution<6, 3, 5>, EachStep<6, Affine<5, 5>>>, SpectralConvolution<6, 4, 5>,
               TimeEmbedding<laws::Grid, 6, 2, 5, 4>, ChemNNE<laws::Tiny>::Latent,
               ChemNNE<laws::WithoutIntegral>::Latent, ChemNNE<laws::WithConvolution>::Latent,
               ChemNNE<laws::WithoutSolver>::Latent>;
}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_step_by_itself_is_that_step_of_all, L, WithSteps) {
  const Case<L, double> all;
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
    BOOST_TEST(gap(one.template forward<Reference>(), wanted) < tolerance<double>);
    BOOST_TEST(gap(one.template prepared<Cpu<>>(), wanted) < tolerance<double>);
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
  BOOST_TEST(gap(c.prepared<Cpu<>>(), c.forward<Cpu<>>()) < tolerance<float>);
}

BOOST_AUTO_TEST_CASE(wrong_constants_are_seen) {
  Case<ChemNNE<laws::Tiny>::EndOfStep, float> c;
  const Buffer<float> right = c.forward<Cpu<>>();
  for (const std::size_t at : {std::size_t{0}, c.p.size() / 2, c.p.size() - 2}) {
    const float kept = c.p[at];
    c.p[at] += 0.01f;
    BOOST_TEST(gap(c.prepared<Cpu<>>(), right) > tolerance<float>);
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
