#define BOOST_TEST_MODULE host_range_limit
#include <algorithm>
#include <cmath>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(a_value_is_held_at_the_edge_or_where_it_was) {
  const RangeLimit limit(ValueRange{6, 8});
  BOOST_TEST(limit.limited(1e7, 3e7) == 3e7);
  BOOST_TEST(limit.limited(1e7, 1e9) == 2e8, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(limit.limited(1e7, 1e3) == 5e5, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(limit.limited(1e9, 2e9) == 1e9);  // outside before: no further
  BOOST_TEST(limit.limited(1e9, 1e7) == 1e7);  // but back
  BOOST_TEST(limit.limited(1e2, 1e1) == 1e2);
  BOOST_TEST(limit.limited(1e12) == 2e8, boost::test_tools::tolerance(1e-12));
}

namespace {

using Exact = test::Small<>;

/// `count` steps of the horizon with so wide or narrow a range of the training data.
struct Step {
  explicit Step(const ValueRange& range) : state(count * outputs), after(count * outputs) {
    Random random(7);
    for (double& c : state) c = std::pow(10, random.uniform(6, 10));
    std::vector<double> weather;
    for (std::size_t i = 0; i < count; ++i)
      weather.insert(weather.end(), {random.uniform(265, 310), random.uniform(0, 1)});
    EmulatorDescription description = test::small_description<Exact>();
    description.output_range.assign(outputs, range);
    const std::string path = folder.file("weights.safetensors");
    test::write_small<Exact>(path, test::small_parameters<Exact>(), description);
    Emulator<ChemNNE<Exact>, DefaultBackend> emulator(path);
    status = emulator.advance(Columns<const double>::cell_major(state.data(), count, outputs),
                              Columns<const double>::cell_major(weather.data(), count, 2), Exact::horizon,
                              Columns<double>::cell_major(after.data(), count, outputs));
  }

  static constexpr std::size_t count = 40, outputs = Exact::outputs;
  test::TemporaryFolder folder;
  std::vector<double> state, after;
  StepStatus status;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_step_goes_no_further_beyond_the_training_data) {
  const Step free({-30, 40}), held({8.0, 8.1});
  BOOST_TEST(free.status.limited == 0u);
  std::size_t limited = 0;
  for (std::size_t cell = 0; cell < Step::count; ++cell) {
    bool differs = false;
    for (std::size_t i = cell * Step::outputs; i < (cell + 1) * Step::outputs; ++i) {
      BOOST_TEST(held.after[i] <= std::max(held.state[i], 2 * std::pow(10, 8.1)) * (1 + 1e-12));
      BOOST_TEST(held.after[i] >= std::min(held.state[i], 0.5e8) * (1 - 1e-12));
      differs = differs || held.after[i] != free.after[i];
    }
    if (differs) ++limited;
  }
  BOOST_TEST(held.status.limited == limited);
  BOOST_TEST(limited > 0u);
  BOOST_TEST(!held.status.clean());
}
