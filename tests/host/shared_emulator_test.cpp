#define BOOST_TEST_MODULE host_shared_emulator
#include <cmath>
#include <cstddef>
#include <thread>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>

using namespace chemnne;

// A host with threads of its own: all step one emulator at the same time, each with its cells and its
// workspace.

namespace {

using C = test::Small<>;
using Tested = Emulator<ChemNNE<C>, DefaultBackend>;

constexpr std::size_t cells = 41;

struct Slab {
  explicit Slab(std::uint64_t seed)
      : state(cells * C::inputs), weather(cells * C::conditions), after(state.size()) {
    Random random(seed);
    for (double& value : state) value = std::pow(10, random.uniform(6, 10));
    for (std::size_t cell = 0; cell < cells; ++cell) {
      weather[cell * 2] = random.uniform(270, 300);
      weather[cell * 2 + 1] = random.uniform(0, 1);
    }
  }

  /// Some steps, whose lengths need tables of their own.
  void advance(const Tested& emulator) {
    Tested::Workspace workspace;
    after = state;
    const auto boxes = Columns<double>::cell_major(after.data(), cells, C::inputs);
    for (const double seconds : {3600.0, 450.0, 1234.0})
      status +=
          emulator.advance(boxes, Columns<const double>::cell_major(weather.data(), cells, C::conditions),
                           seconds, boxes, workspace);
  }

  std::vector<double> state, weather, after;
  StepStatus status;
};

std::vector<Slab> slabs() { return {Slab(1), Slab(2), Slab(3), Slab(4)}; }

}  // namespace

BOOST_AUTO_TEST_CASE(threads_of_a_host_share_an_emulator) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("weights.safetensors");
  test::write_small<C>(file, test::small_parameters<C>());
  const Tested emulator(file);

  std::vector<Slab> at_once = slabs();
  std::vector<std::thread> threads;
  for (Slab& slab : at_once) threads.emplace_back([&] { slab.advance(emulator); });
  for (std::thread& thread : threads) thread.join();

  std::vector<Slab> in_turn = slabs();
  for (std::size_t i = 0; i < in_turn.size(); ++i) {
    in_turn[i].advance(emulator);
    BOOST_TEST(at_once[i].after == in_turn[i].after);
    BOOST_TEST(at_once[i].status.cells == 3 * cells);
    BOOST_TEST(at_once[i].after != at_once[i].state);
  }
}
