#define BOOST_TEST_MODULE host_derivative_languages
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/host/step_derivative.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/text.hpp>

using namespace chemnne;

namespace {

using C = test::Small<>;
constexpr std::size_t cells = 7;
/// Of the network's floats: which multiply-adds a compiler fuses in a pullback differs from unit to unit.
constexpr double rounding = 1e-5;

[[maybe_unused]] std::string bytes_of(const std::vector<double>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)};
}

/// Derivatives of half an hour of 7 cells in a program of another language, from a file to a file, are those
/// of C++.
[[maybe_unused]] void has_our_numbers(const std::string& program) {
  const test::TemporaryFolder folder;
  test::write_small<C>(folder.file("weights"), test::small_parameters<C>());
  std::vector<double> state, weather;
  Random random(7);
  for (std::size_t i = 0; i < cells * 3; ++i) state.push_back(std::pow(10, random.uniform(7.5, 8.5)));
  for (std::size_t i = 0; i < cells; ++i) {
    weather.push_back(random.uniform(265, 310));
    weather.push_back(random.uniform(0, 1));
  }
  write_file_atomically(folder.file("state"), bytes_of(state) + bytes_of(weather));

  const Emulator<ChemNNE<C>, DefaultBackend> emulator(folder.file("weights"));
  StepDerivative<ChemNNE<C>, DefaultBackend> derivative(emulator);
  const HostBinding binding = emulator.bind({.species = emulator.description().outputs});
  const auto by_cell = [](std::vector<double>& values) {
    return Columns<double>::cell_major(values.data(), cells, values.size() / cells);
  };
  std::vector<double> direction = state, slope(cells * 3, 1.0), of_weather(cells * 2);
  derivative.tangent(binding, by_cell(state), by_cell(weather), 1800, by_cell(direction), by_cell(weather),
                     FlagOnly{});
  derivative.adjoint(binding, by_cell(state), by_cell(weather), 1800, by_cell(slope), by_cell(of_weather),
                     FlagOnly{});
  BOOST_TEST((direction != state));
  const std::string command =
      program + ' ' + folder.file("weights") + ' ' + folder.file("state") + ' ' + folder.file("result");
  BOOST_TEST_REQUIRE(std::system(command.c_str()) == 0, command);
  const std::string found = read_text_file(folder.file("result"));
  BOOST_TEST_REQUIRE(found.size() == (2 * cells * 3 + cells * 2) * sizeof(double));
  const char* next = found.data();
  for (const std::vector<double>* expected : {&direction, &slope, &of_weather}) {
    double largest = 0;
    for (const double value : *expected) largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < expected->size(); ++i, next += sizeof(double)) {
      double value = 0;
      std::memcpy(&value, next, sizeof(double));
      BOOST_TEST(std::abs(value - (*expected)[i]) <= rounding * largest, value << " and " << (*expected)[i]);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(derivatives_in_c_are_those_of_cpp) {
#if defined(CHEMNNE_DERIVATIVE_IN_C)
  has_our_numbers(CHEMNNE_DERIVATIVE_IN_C);
#else
  BOOST_TEST_MESSAGE("skipped: no C compiler");
#endif
}

BOOST_AUTO_TEST_CASE(derivatives_in_fortran_are_those_of_cpp) {
#if defined(CHEMNNE_DERIVATIVE_IN_FORTRAN)
  has_our_numbers(CHEMNNE_DERIVATIVE_IN_FORTRAN);
#else
  BOOST_TEST_MESSAGE("skipped: no gfortran");
#endif
}
