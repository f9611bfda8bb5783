#define BOOST_TEST_MODULE properties_batch_split
#include <cstring>

#include "layer_table.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/inference/block_runner.hpp>

using namespace chemnne;

namespace {

constexpr std::size_t rows = 13;

template <class L>
struct Case {
  using Input = RowsOf<const float, typename L::Input>;
  using Output = RowsOf<float, typename L::Output>;

  explicit Case(double scale = 1) : x(rows * L::Input::size), p(L::parameters + 1) {
    Random random(5);
    const properties::Point at = properties::point<L>(rows, random);
    for (std::size_t i = 0; i < at.x.size(); ++i) x[i] = static_cast<float>(scale * at.x[i]);
    std::copy(at.p.begin(), at.p.end(), p.data());
  }

  Input input() const { return {x.data(), rows}; }
  Parameters<const float, L::parameters> parameters() const {
    return Parameters<const float, L::parameters>(p.data(), L::parameters);
  }

  /// The result where the 13 rows are evaluated in parts of these sizes, one after the other.
  Buffer<float> in_parts(std::initializer_list<std::size_t> parts) const {
    Buffer<float> y(rows * L::Output::size), memory(L::memory(rows));
    std::size_t first = 0;
    for (const std::size_t count : parts) {
      Arena<float> arena(memory.span());
      L::template forward<Cpu<>, float>(input().slice(first, count), parameters(),
                                        Output(y.data(), rows).slice(first, count), arena);
      first += count;
    }
    BOOST_TEST_REQUIRE(first == rows);
    return y;
  }

  Buffer<float> by_runner(std::size_t threads) const {
    Buffer<float> y(rows * L::Output::size);
    BlockRunner<L, Cpu<>, float> runner(threads);
    runner.prepare(parameters());
    runner.run(input(), Output(y.data(), rows));
    return y;
  }

  Buffer<float> x, p;
};

bool bitwise_equal(const Buffer<float>& a, const Buffer<float>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

template <class... T>
using Joined = decltype(std::tuple_cat(std::declval<T>()...));
using Layers = Joined<properties::PlainLayers, properties::StepLayers, properties::Compositions>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(the_result_does_not_depend_on_the_split, L, Layers) {
  const Case<L> c;
  const Buffer<float> whole = c.in_parts({13});
  BOOST_TEST(bitwise_equal(whole, c.in_parts({1, 12})));
  BOOST_TEST(bitwise_equal(whole, c.in_parts({5, 8})));
  BOOST_TEST(bitwise_equal(whole, c.in_parts({2, 3, 7, 1})));
  BOOST_TEST(bitwise_equal(whole, c.in_parts({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_result_does_not_depend_on_threads, L, properties::Compositions) {
  const Case<L> c;
  const Buffer<float> whole = c.by_runner(1);
  for (const std::size_t threads : {2u, 3u, 20u}) BOOST_TEST(bitwise_equal(whole, c.by_runner(threads)));
}

using Functions = std::tuple<Map<Sine, 5>, Map<Tanh, 5>, Map<Gelu, 5>, Map<Silu, 5>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(functions_do_not_depend_on_their_neighbours, L, Functions) {
  // Values up to some hundreds, so that lanes of one register take different branches where a function has
  // some.
  const Case<L> c(150);
  const Buffer<float> whole = c.in_parts({13});
  BOOST_TEST(bitwise_equal(whole, c.in_parts({1, 12})));
  BOOST_TEST(bitwise_equal(whole, c.in_parts({5, 8})));
  BOOST_TEST(bitwise_equal(whole, c.in_parts({2, 3, 7, 1})));
}
