#define BOOST_TEST_MODULE host_device_languages
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/text.hpp>

using namespace chemnne;

namespace {

using C = test::Small<>;
constexpr std::size_t cells = 7;
/// Of the network's floats, which the device adds up in another order.
constexpr double rounding = 1e-5;

[[maybe_unused]] std::string bytes_of(const std::vector<double>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)};
}

/// Half an hour of 7 cells on a device by a program of another language, from a file to a file, is that of C++ on the host:
/// state, scores, half-widths.
[[maybe_unused]] void has_our_numbers(const std::string& program) {
  const test::TemporaryFolder folder;
  const std::string weights = folder.file("weights.safetensors");
  test::write_small<C>(weights, test::small_parameters<C>());
  write_uncertainty(weights, test::small_uncertainty<C>());
  std::vector<double> state, weather, score(cells), half_width(cells * 3);
  Random random(7);
  for (std::size_t i = 0; i < cells * 3; ++i) state.push_back(std::pow(10, random.uniform(7.5, 8.5)));
  for (std::size_t i = 0; i < cells; ++i) {
    weather.push_back(random.uniform(265, 310));
    weather.push_back(random.uniform(0, 1));
  }
  write_file_atomically(folder.file("state"), bytes_of(state) + bytes_of(weather));
  const std::string command =
      program + ' ' + weights + ' ' + folder.file("state") + ' ' + folder.file("result");
  BOOST_TEST_REQUIRE(std::system(command.c_str()) == 0, command);
  const std::string found = read_text_file(folder.file("result"));

  const Emulator<ChemNNE<C>, DefaultBackend> emulator(weights);
  Emulator<ChemNNE<C>, DefaultBackend>::Workspace workspace;
  const auto after = Columns<double>::cell_major(state.data(), cells, 3);
  const std::vector<double> before = state;
  emulator.advance(after, Columns<const double>::cell_major(weather.data(), cells, 2), 1800, after, workspace,
                   {.half_width = Columns<double>::cell_major(half_width.data(), cells, 3),
                    .score = Columns<double>::cell_major(score.data(), cells, 1)},
                   FlagOnly{});
  BOOST_TEST((state != before));
  std::vector<double> expected = state;
  expected.insert(expected.end(), score.begin(), score.end());
  expected.insert(expected.end(), half_width.begin(), half_width.end());
  BOOST_TEST_REQUIRE(found.size() == expected.size() * sizeof(double));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    double value = 0;
    std::memcpy(&value, found.data() + i * sizeof(double), sizeof(double));
    BOOST_TEST(std::abs(value - expected[i]) <= rounding * expected[i],
               i << ": " << value << " and " << expected[i]);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_device_of_a_host_in_c_is_that_of_cpp) {
#if defined(CHEMNNE_DEVICE_IN_C)
  has_our_numbers(CHEMNNE_DEVICE_IN_C);
#else
  BOOST_TEST_MESSAGE("skipped: no C compiler");
#endif
}

BOOST_AUTO_TEST_CASE(a_device_of_a_host_in_fortran_is_that_of_cpp) {
#if defined(CHEMNNE_DEVICE_IN_FORTRAN)
  has_our_numbers(CHEMNNE_DEVICE_IN_FORTRAN);
#else
  BOOST_TEST_MESSAGE("skipped: no gfortran");
#endif
}
