#define BOOST_TEST_MODULE host_bf16_step
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/standardisation.hpp>
#include <chemnne/emulator.hpp>

using namespace chemnne;

// Steps of a trained network with products in bf16 beside those in full, on windows that it was not trained
// on.
namespace {

using C = DefaultConfiguration<49, 49>;

const std::string weights = CHEMNNE_SOURCE_DIRECTORY "/examples/arca/task1.safetensors",
                  windows = CHEMNNE_SHARED_DIRECTORY "/data/arca_hyde_validation.nc";

struct HeldOut {
  std::size_t cells;
  std::vector<double> state, conditions;

  explicit HeldOut(const EmulatorDescription& description) {
    const Dataset data = read_dataset(windows);
    cells = data.cases();
    const auto species = indices_by_name(description.inputs, data.species_name, "species"),
               columns = indices_by_name(description.conditions, data.environment_name, "conditions");
    for (std::size_t i = 0; i < cells; ++i) {
      for (const std::size_t s : species)
        state.push_back(static_cast<double>(data.concentration[i * data.frames() * data.species() + s]));
      for (const std::size_t k : columns)
        conditions.push_back(data.environment_value[i * data.environment_name.size() + k]);
    }
  }
};

template <class Backend>
std::vector<double> after(const HeldOut& start, double seconds, bool one_by_one = false) {
  const Emulator<ChemNNE<C>, Backend> emulator(weights);
  typename Emulator<ChemNNE<C>, Backend>::Workspace workspace;
  std::vector<double> state = start.state;
  const std::size_t part = one_by_one ? 1 : start.cells;
  for (std::size_t first = 0; first < start.cells; first += part) {
    const auto of = Columns<double>::cell_major(state.data() + first * C::inputs, part, C::inputs);
    emulator.advance(of,
                     Columns<const double>::cell_major(start.conditions.data() + first * C::conditions, part,
                                                       C::conditions),
                     seconds, of, workspace);
  }
  return state;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_step_changes_little_in_every_cell,
                     *boost::unit_test::precondition([](auto) { return std::filesystem::exists(windows); })) {
  const Emulator<ChemNNE<C>, DefaultBackend> emulator(weights);
  const EmulatorDescription& description = emulator.description();
  const HeldOut start(description);
  const auto place = std::find(description.outputs.begin(), description.outputs.end(), "O3");
  const auto ozone = static_cast<std::size_t>(place - description.outputs.begin());
  BOOST_TEST_REQUIRE(ozone < C::outputs);
  for (const double seconds : {3600.0, 600.0}) {
    const auto full = after<DefaultBackend>(start, seconds), rounded = after<Bf16Backend>(start, seconds);
    double of_ozone = 0, all_ozone = 0;
    for (std::size_t cell = 0; cell < start.cells; ++cell) {
      double squares = 0;
      for (std::size_t s = 0; s < C::outputs; ++s) {
        const std::size_t at = cell * C::outputs + s;
        const double floor = description.output_floor[s];
        squares += std::pow(std::log10(std::max(floor, full[at]) / std::max(floor, rounded[at])), 2);
      }
      BOOST_TEST(std::sqrt(squares / C::outputs) < 0.01, "cell " << cell);
      of_ozone += std::abs(full[cell * C::outputs + ozone] - rounded[cell * C::outputs + ozone]);
      all_ozone += full[cell * C::outputs + ozone];
    }
    BOOST_TEST(of_ozone < 0.001 * all_ozone);
  }
}

BOOST_AUTO_TEST_CASE(a_cell_alone_is_the_cell_among_others,
                     *boost::unit_test::precondition([](auto) { return std::filesystem::exists(windows); })) {
  const HeldOut start(Emulator<ChemNNE<C>, DefaultBackend>(weights).description());
  BOOST_TEST(after<Bf16Backend>(start, 3600) == after<Bf16Backend>(start, 3600, true));
}
