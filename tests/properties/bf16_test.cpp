#define BOOST_TEST_MODULE properties_bf16
#include <cstring>
#include <string>
#include <vector>

#include "prepared_case.hpp"

#include <chemnne/backend/cpu_bf16.hpp>
#include <chemnne/backend/reference_bf16.hpp>
#include <chemnne/inference/block_runner.hpp>

using namespace chemnne;
using properties::Case, properties::relative_difference, properties::tolerance;

// Whole networks with products in bf16: the numbers of the specification, for any split of the rows and any
// number of threads the same to the bit, and in full where a layer asks for it.

namespace {

using InBf16 = Cpu<xsimd::default_arch, Bf16>;

bool same_bits(const Buffer<float>& a, const Buffer<float>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

// Two sums of the same products in another order round to neighbouring bf16 numbers now and then, 2^-8 apart,
// in one of the many numbers that a result depends on.
BOOST_AUTO_TEST_CASE_TEMPLATE(networks_are_those_of_the_specification, L, properties::Compositions) {
  const Case<L, float> c;
  const Buffer<float> found = c.template prepared<InBf16>();
  if (InBf16::unit() == Bf16Unit::none)
    BOOST_TEST(same_bits(found, c.template prepared<Cpu<>>()));
  else
    BOOST_TEST(relative_difference(found, c.template prepared<ReferenceBf16>()) < 1e-3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_result_does_not_depend_on_the_split, L, properties::Compositions) {
  const Case<L, float> c;
  const Buffer<float> whole = c.template prepared<InBf16>();
  BOOST_TEST(same_bits(whole, c.template prepared<InBf16>({1, 12})));
  BOOST_TEST(same_bits(whole, c.template prepared<InBf16>({5, 8})));
  BOOST_TEST(same_bits(whole, c.template prepared<InBf16>({2, 3, 7, 1})));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_result_does_not_depend_on_threads, L, properties::Compositions) {
  const Case<L, float> c;
  const auto on = [&](std::size_t threads) {
    Buffer<float> y(c.rows * L::Output::size);
    BlockRunner<L, InBf16, float> runner(threads);
    runner.prepare(c.parameters());
    runner.run(c.input(), RowsOf<float, typename L::Output>(y.data(), c.rows));
    return y;
  };
  const Buffer<float> alone = on(1);
  for (const std::size_t threads : {2u, 3u, 20u}) BOOST_TEST(same_bits(alone, on(threads)));
}

using Layers =
    std::tuple<Affine<40, 33>, properties::Dense, TimeAttention<5, 12, 3>, SpectralConvolution<8, 5, 3>,
               AtStep<SpectralConvolution<8, 5, 3>, 3>, Sum<Affine<6, 5>, Affine<6, 5>>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(a_precise_layer_is_the_layer_in_full, L, Layers) {
  const Case<L, float> layer;
  const Case<Precise<L>, float> precise;
  const Buffer<float> in_full = layer.template prepared<Cpu<>>();
  BOOST_TEST(same_bits(precise.template prepared<InBf16>(), in_full));
  BOOST_TEST(same_bits(precise.template prepared<Cpu<>>(), in_full));
  BOOST_TEST(same_bits(precise.template forward<Cpu<>>(), layer.template forward<Cpu<>>()));
  BOOST_TEST(relative_difference(precise.template prepared<ReferenceBf16>(), in_full) < tolerance<float>);
  BOOST_TEST(relative_difference(layer.template prepared<ReferenceBf16>(), in_full) > 10 * tolerance<float>);
}

BOOST_AUTO_TEST_CASE(in_the_middle_of_a_network) {
  using Rest = Chain<Map<Gelu, 9>, Affine<9, 5>>;
  const Case<Chain<Affine<7, 9>, Rest>, float> rounded;
  const Case<Chain<Precise<Affine<7, 9>>, Rest>, float> first;
  const Case<Chain<Precise<Affine<7, 9>>, Precise<Rest>>, float> all;
  const Buffer<float> in_full = rounded.prepared<Reference>();
  const double of_rounded = relative_difference(rounded.prepared<ReferenceBf16>(), in_full),
               of_first = relative_difference(first.prepared<ReferenceBf16>(), in_full);
  BOOST_TEST(of_first < of_rounded);
  BOOST_TEST(of_first > 10 * tolerance<float>);
  BOOST_TEST(relative_difference(all.prepared<ReferenceBf16>(), in_full) == 0);
}

BOOST_AUTO_TEST_CASE(a_precise_network_can_be_watched) {
  using L = Chain<Affine<7, 9>, Map<Gelu, 9>, Affine<9, 5>>;
  const Case<Precise<L>, float> c;
  const PreparedNetwork<Precise<L>, InBf16, float> network(c.parameters());
  Buffer<float> y(c.rows * 5), memory(network.memory(c.rows));
  std::size_t seen = 0;
  network.evaluate(c.input(), Rows<float, 5>(y.data(), c.rows), Arena<float>(memory.span()),
                   [&](const auto& code, const Arena<float>&) { seen += code.count() * code.size; });
  BOOST_TEST(seen == c.rows * 9);
  BOOST_TEST(same_bits(y, Case<L, float>().prepared<Cpu<>>()));
}

BOOST_AUTO_TEST_CASE(precise_changes_no_name) {
  const auto names = []<class L>(L) {
    std::vector<std::string> found;
    L::describe("layer", 0, [&](const std::string& name, std::size_t offset, const auto&) {
      found.push_back(name + ' ' + std::to_string(offset));
    });
    return found;
  };
  BOOST_TEST(names(Precise<properties::Dense>{}) == names(properties::Dense{}),
             boost::test_tools::per_element());
}
