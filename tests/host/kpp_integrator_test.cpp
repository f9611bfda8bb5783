#define BOOST_TEST_MODULE host_kpp_integrator
#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>
#include <stiff_small.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/solver.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/support/text.hpp>

using namespace chemnne;

// Hosts with KPP's modules and INTEGRATE, in Fortran, a cell a call, have the bits of a step of all cells by
// C++. What else they have to do they check themselves.
namespace {

constexpr std::size_t cells = 40;

std::string bytes_of(const std::vector<double>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)};
}

/// Values of all cells, one after another, each between its two numbers.
std::vector<double> between(const std::vector<std::pair<double, double>>& limits, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values;
  for (std::size_t cell = 0; cell < cells; ++cell)
    for (const auto& [lower, upper] : limits) values.push_back(random.uniform(lower, upper));
  return values;
}

/// Half an hour of each cell.
template <class Chemistry>
std::vector<double> stepped(const Chemistry& chemistry, std::vector<double> state,
                            const std::vector<double>& weather) {
  const std::vector<double> before = state;
  typename Chemistry::Workspace workspace;
  const StepStatus status = chemistry.advance(
      chemistry.bind({.species = chemistry.description().inputs}),
      Columns<double>::cell_major(state.data(), cells, state.size() / cells),
      Columns<const double>::cell_major(weather.data(), cells, weather.size() / cells), 1800, workspace);
  BOOST_TEST_REQUIRE(status.clean());
  BOOST_TEST((state != before));
  return state;
}

[[maybe_unused]] std::string run_in(const test::TemporaryFolder& folder, const std::string& program,
                                    const std::vector<double>& state, const std::vector<double>& weather) {
  write_file_atomically(folder.file("state"), bytes_of(state) + bytes_of(weather));
  const std::string command = "cd " + folder.file("") + " && " + program + " state result";
  BOOST_TEST_REQUIRE(std::system(command.c_str()) == 0, command);
  return read_text_file(folder.file("result"));
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_emulator_in_the_place_of_kpp) {
#if defined(CHEMNNE_KPP_HOST)
  const test::TemporaryFolder folder;
  std::vector<double> state = between({{7.5, 8.5}, {7.5, 8.5}, {7.5, 8.5}}, 7);
  for (double& value : state) value = std::pow(10, value);
  const std::vector<double> weather = between({{265, 310}, {0, 1}}, 8);
  const std::string without = "cd " + folder.file("") + " && " + CHEMNNE_KPP_HOST + " 2>messages";
  BOOST_TEST_REQUIRE(std::system(without.c_str()) == 0, without);
  BOOST_TEST(read_text_file(folder.file("messages")).starts_with("kpp_small_Integrator: "));

  using C = test::Small<>;
  const std::string weights = folder.file("chemnne_small.safetensors");
  test::write_small<C>(weights, test::small_parameters<C>());
  BOOST_TEST((run_in(folder, CHEMNNE_KPP_HOST, state, weather) ==
              bytes_of(stepped(Emulator<ChemNNE<C>, DefaultBackend>(weights), state, weather))));
#else
  BOOST_TEST_MESSAGE("skipped: no gfortran with OpenMP");
#endif
}

BOOST_AUTO_TEST_CASE(a_solver_in_the_place_of_kpp) {
#if defined(CHEMNNE_KPP_SOLVER_HOST)
  const test::TemporaryFolder folder;
  std::vector<double> state = between({{9, 12}, {9, 12}, {9, 12}}, 7);
  for (double& value : state) value = std::pow(10, value);
  // Humidity and photolysis scaling are constants of this host.
  const std::vector<double> weather = between({{240, 310}, {5e4, 1e5}, {50, 50}, {0.2, 1}, {1, 1}}, 8);
  BOOST_TEST((run_in(folder, CHEMNNE_KPP_SOLVER_HOST, state, weather) ==
              bytes_of(stepped(Solver<StiffSmall>(), state, weather))));
#else
  BOOST_TEST_MESSAGE("skipped: no gfortran");
#endif
}
