#define BOOST_TEST_MODULE backend_cpu_bf16_tiles
#include <initializer_list>
#include <span>
#include <vector>

#include "../properties/layer_table.hpp"
#include "amx_emulation.hpp"
#include "packed_case.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu_bf16.hpp>
#include <chemnne/backend/reference_bf16.hpp>
#include <chemnne/inference/prepared_network.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;
using test::bf16_tolerance;
using test::largest_difference;
using test::PackedCase;
using test::same_bits;

// Affine maps by the tiles of AMX, emulated where the processor has none: the numbers of `ReferenceBf16` with
// every edge that a tile can have, and no tile in use afterwards.
namespace {

static_assert(Bf16::tiles && Bf16::vectors, "this unit is compiled for AMX-BF16 and AVX512-BF16");

/// `Cpu<Arch, Bf16>` where the tiles are granted.
struct Tiled : Cpu<> {
  using Precise = Cpu<>;
  using Bits = Cpu<xsimd::default_arch, Bf16>;
  template <class T, std::size_t K, std::size_t N>
  static constexpr std::size_t packed_size = Bits::packed_size<T, K, N>;

  template <class T, std::size_t K, std::size_t N>
  static void pack(Rows<const T, N> w, std::span<const T, N> bias, Packed<T, K, N> packed) {
    chemnne::detail::pack_pairs<Batch<T>, K, chemnne::detail::tile_depth<K>>(w, bias.data(), packed.data);
  }
  template <class F, class T, std::size_t K, std::size_t N, class... More>
  static void affine_map(F f, Rows<const T, K> a, Packed<const T, K, N> w, Rows<T, N> y, More... more) {
    chemnne::detail::tiled_affine<Batch<T>>(f, a, w.data, y, more...);
  }
};

/// Of each case: Boost has a handler of its own in the place of SIGILL's before it.
struct Emulation {
  Emulation() {
    test::emulate_amx();
    BOOST_TEST_MESSAGE((chemnne::detail::tiles_granted() ? "on hardware" : "under emulation"));
  }
};

template <std::size_t K, std::size_t N>
void check(std::size_t rows) {
  const PackedCase<float, K, N> c{rows};
  BOOST_TEST(largest_difference(c.template on<Tiled>({rows}), c.template on<ReferenceBf16>({rows})) <
                 bf16_tolerance(K),
             rows << " rows, " << K << " x " << N);
  BOOST_TEST(!test::amx.configured);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tiles, Emulation)

BOOST_AUTO_TEST_CASE(products_of_every_edge) {
  for (const std::size_t rows : {1u, 2u, 15u, 16u, 17u, 31u, 32u, 33u, 48u, 49u, 64u, 129u, 161u}) {
    check<32, 32>(rows);
    check<7, 49>(rows);
    check<33, 16>(rows);
    check<5, 3>(rows);
    check<67, 145>(rows);
  }
  check<1, 1>(1);
  check<1, 33>(40);
  check<2439, 20>(40);  // 32 rows are more than 64 KiB
}

BOOST_AUTO_TEST_CASE(the_instructions_are_those_of_the_tiles) {
  const PackedCase<float, 64, 64> c{64};
  test::amx.instructions = test::amx.products = test::amx.configurations = 0;
  c.on<Tiled>({64});
  // 2 x 2 groups of rows and columns, 2 blocks of k, 2 x 2 products; without AMX each came here.
  if (test::amx.instructions > 0) BOOST_TEST(test::amx.products == 2u * 2 * 2 * 4);
  if (test::amx.instructions > 0) BOOST_TEST(test::amx.configurations == 1u);
}

BOOST_AUTO_TEST_CASE(rows_do_not_depend_on_their_neighbours) {
  const PackedCase<float, 67, 145> c{150};
  const Buffer<float> whole = c.on<Tiled>({150});
  BOOST_TEST(same_bits(whole, c.on<Tiled>({1, 149})));
  BOOST_TEST(same_bits(whole, c.on<Tiled>({12, 1, 31, 32, 33, 1, 40})));
}

BOOST_AUTO_TEST_CASE(a_network_is_that_of_the_specification) {
  using L = ChemNNE<properties::Tiny>::EndOfStep;
  using P = Prepared<L>;
  constexpr std::size_t rows = 13;
  Random random(11);
  const properties::Point at = properties::point<L>(rows, random);
  const std::vector<float> x(at.x.begin(), at.x.end()), p(at.p.begin(), at.p.end());
  const auto on = [&]<class B>(B) {
    Buffer<float> constants(P::constants<B, float>), y(rows * L::Output::size), memory(P::memory(rows));
    P::prepare<B, float>(Parameters<const float, L::parameters>(p.data(), L::parameters), constants.data());
    P::evaluate<B, float>({x.data(), rows}, constants.data(), {y.data(), rows}, Arena<float>(memory.span()));
    return y;
  };
  BOOST_TEST(largest_difference(on(Tiled{}), on(ReferenceBf16{})) < 1e-3);
}

BOOST_AUTO_TEST_CASE(the_unit_is_what_is_granted) {
  const auto yes = [] { return true; };
  const auto no = [] { return false; };
  BOOST_TEST((bf16_unit<Bf16With<true, true>>(yes, yes) == Bf16Unit::tiles));
  BOOST_TEST((bf16_unit<Bf16With<true, true>>(no, yes) == Bf16Unit::none));  // no vdpbf16ps on Intel
  BOOST_TEST((bf16_unit<Bf16With<true, true>>(no, no) == Bf16Unit::vectors));
  BOOST_TEST((bf16_unit<Bf16With<true, false>>(yes, no) == Bf16Unit::vectors));
  BOOST_TEST((bf16_unit<Bf16With<true, false>>(yes, yes) == Bf16Unit::none));
  BOOST_TEST((bf16_unit<Bf16With<false, false>>(yes, no) == Bf16Unit::none));
}

BOOST_AUTO_TEST_SUITE_END()
