#define BOOST_TEST_MODULE properties_memory
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

#include "../data/data_test_tools.hpp"
#include "../host/small_emulator.hpp"
#include "layer_table.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/host/emulator.hpp>
#include <chemnne/inference/block_runner.hpp>

namespace {
std::atomic<std::size_t> allocations = 0;

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  if (void* const memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment))
    return memory;
  throw std::bad_alloc();
}
}  // namespace

void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t a) {
  return counted(size, static_cast<std::size_t>(a));
}
// Not inlined: g++ would take std::free for the wrong partner of operator new.
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

using namespace chemnne;

namespace {

constexpr std::size_t rows = 5;
constexpr std::size_t guard = 64;

/// A value that no layer computes, so that what still has it was not written.
constexpr float untouched = -0x1.2345p+100f;

/// Scalars of `memory` up to the last that was written.
std::size_t used(const Buffer<float>& memory) {
  std::size_t end = memory.size();
  while (end > 0 && memory[end - 1] == untouched) --end;
  return end;
}

/// One forward and pullback of a layer in exactly the memory that it declares. Everything that is to be
/// written holds `untouched` beforehand, parameters' gradients excepted, which the pullback adds to.
template <class L>
struct Run {
  static constexpr std::size_t declared = L::memory(rows) + L::pullback_memory(rows);
  Buffer<float> x, p, y, dy, dx, dp, memory;
  std::size_t after_forward = 0;
  std::size_t allocated = 0;

  explicit Run(float start_of_dp)
      : x(rows * L::Input::size),
        p(L::parameters + 1),
        y(rows * L::Output::size),
        dy(y.size()),
        dx(x.size()),
        dp(p.size()),
        memory(declared + guard) {
    Random random(9);
    const properties::Point at = properties::point<L>(rows, random);
    std::copy(at.x.begin(), at.x.end(), x.data());
    std::copy(at.p.begin(), at.p.end(), p.data());
    for (float& value : dy.span()) value = static_cast<float>(random.normal());
    for (Buffer<float>* buffer : {&y, &dx, &memory}) std::fill_n(buffer->data(), buffer->size(), untouched);
    std::fill_n(dp.data(), dp.size(), start_of_dp);

    using In = typename L::Input;
    using Out = typename L::Output;
    const Parameters<const float, L::parameters> block(p.data(), L::parameters);
    const RowsOf<const float, In> input(x.data(), rows);
    const std::size_t before = allocations;
    Arena<float> arena(memory.span().first(declared));
    const auto residual =
        L::template forward<Cpu<>, float>(input, block, RowsOf<float, Out>(y.data(), rows), arena);
    after_forward = used(memory);
    L::template pullback<Cpu<>, float>(residual, input, block, RowsOf<const float, Out>(dy.data(), rows),
                                       RowsOf<float, In>(dx.data(), rows),
                                       Parameters<float, L::parameters>(dp.data(), L::parameters), arena);
    allocated = allocations - before;
  }
};

bool written(const Buffer<float>& values) {
  return std::none_of(values.span().begin(), values.span().end(), [](float v) { return v == untouched; });
}

template <class... T>
using Joined = decltype(std::tuple_cat(std::declval<T>()...));
using Layers = Joined<properties::PlainLayers, properties::StepLayers, properties::Compositions>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(forward_and_pullback_keep_to_the_memory_they_declare, L, Layers) {
  const Run<L> run(0);
  BOOST_TEST(run.after_forward <= L::memory(rows));
  BOOST_TEST(used(run.memory) <= run.declared);
  // Not wasteful: forward uses most of what it declares. The rest is scratch that was free again for the
  // layers after it, which declare their own.
  BOOST_TEST(run.after_forward * 5 >= L::memory(rows) * 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(forward_and_pullback_allocate_nothing, L, Layers) {
  const Run<L> run(0);
  BOOST_TEST(run.allocated == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(results_are_written_and_gradients_of_parameters_added, L, Layers) {
  const Run<L> from_zero(0), from_one(1);
  BOOST_TEST(written(from_zero.y));
  BOOST_TEST(written(from_zero.dx));
  for (std::size_t i = 0; i < L::parameters; ++i) {
    // 1 + g against g + 1: sums in another order, some ten terms of up to |g|.
    const float tolerance = 1e-5f * (1 + std::abs(from_zero.dp[i]));
    BOOST_TEST_REQUIRE(std::abs(from_one.dp[i] - 1 - from_zero.dp[i]) < tolerance);
  }
}

BOOST_AUTO_TEST_CASE(the_counter_counts) {
  const std::size_t before = allocations;
  const Buffer<float> buffer(100);
  BOOST_TEST(allocations == before + 1);
}

BOOST_AUTO_TEST_CASE(a_block_runner_allocates_at_set_up_alone) {
  using Network = ChemNNE<properties::Tiny>::EndOfStep;
  Random random(1);
  const properties::Point at = properties::point<Network>(21, random);
  const std::vector<float> x(at.x.begin(), at.x.end()), p(at.p.begin(), at.p.end());
  std::vector<float> y(21 * Network::Output::size);
  BlockRunner<Network, Cpu<>, float> runner;
  runner.prepare(Parameters<const float, Network::parameters>(p.data(), Network::parameters));
  const std::size_t before = allocations;
  runner.run({x.data(), 21}, {y.data(), 21});
  BOOST_TEST(allocations == before);
}

BOOST_AUTO_TEST_CASE(an_emulator_allocates_at_construction_alone) {
  using C = test::Small<>;
  const test::TemporaryFolder folder;
  const std::string path = folder.file("weights.safetensors");
  test::write_small<C>(path, test::small_parameters<C>());
  Emulator<ChemNNE<C>, Cpu<>> emulator(path);
  constexpr std::size_t cells = 100;
  std::vector<double> state(cells * 3, 1e8), conditions(cells * 2, 0.5);
  for (std::size_t cell = 0; cell < cells; ++cell) conditions[2 * cell] = 288;
  const auto boxes = Columns<double>::cell_major(state.data(), cells, 3);
  const auto weather = Columns<const double>::cell_major(conditions.data(), cells, 2);
  BOOST_TEST(emulator.advance(boxes, weather, 900, boxes).clean());  // tables that are made at the first call
  BOOST_TEST(emulator.advance(boxes, weather, 3600, boxes).clean());
  const std::size_t before = allocations;
  emulator.advance(boxes, weather, 900, boxes);
  emulator.advance(boxes, weather, 3600, boxes);
  BOOST_TEST(allocations == before);

  // The same with scores and half-widths.
  const auto spread = [](std::size_t width) {
    return ValueSpread{std::vector<float>(width), std::vector<float>(width * spread_directions(width), 0.01f),
                       1};
  };
  const Uncertainty uncertainty{.input = spread(5),
                                .code = spread(C::encoder_width),
                                .threshold = 1e-6f,
                                .least = 1e-6f,
                                .coverage = {0.9f},
                                .half_width = {0.1f, 0.1f, 0.1f}};
  write_uncertainty(path, uncertainty);
  Emulator<ChemNNE<C>, Cpu<>> scored(path);
  std::vector<double> widths(cells * 3), scores(cells);
  const StepReport wanted{Columns<double>::cell_major(widths.data(), cells, 3),
                          Columns<double>::cell_major(scores.data(), cells, 1)};
  const std::size_t then = allocations;
  const StepStatus status = scored.advance(boxes, weather, 900, boxes, wanted);
  scored.advance(boxes, weather, 3600, boxes, wanted);
  BOOST_TEST(allocations == then);
  BOOST_TEST(status.uncertain == cells);  // the threshold is next to nothing
}
