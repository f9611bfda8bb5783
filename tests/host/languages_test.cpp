#define BOOST_TEST_MODULE host_languages
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

std::string_view bytes_of(const std::vector<double>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)};
}

/// Weights of a small emulator that know how sure they are.
[[maybe_unused]] std::string weights_in(const test::TemporaryFolder& folder) {
  const std::string weights = folder.file("weights.safetensors");
  test::write_small<C>(weights, test::small_parameters<C>());
  write_uncertainty(weights, test::small_uncertainty<C>());
  return weights;
}

/// Half an hour of 7 cells in a program of another language, from a file to a file, has the bits of C++:
/// state, scores, half-widths.
[[maybe_unused]] void has_our_bits(const std::string& program) {
  const test::TemporaryFolder folder;
  const std::string weights = weights_in(folder);
  std::vector<double> state(cells * 3), weather(cells * 2);
  Random random(7);
  for (double& value : state) value = std::pow(10, random.uniform(7.5, 8.5));
  for (std::size_t i = 0; i < cells; ++i) {
    weather[2 * i] = random.uniform(265, 310);
    weather[2 * i + 1] = random.uniform(0, 1);
  }
  write_file_atomically(folder.file("state"), std::string(bytes_of(state)) + std::string(bytes_of(weather)));

  const Emulator<ChemNNE<C>, DefaultBackend> emulator(weights);
  Emulator<ChemNNE<C>, DefaultBackend>::Workspace workspace;
  const auto after = Columns<double>::cell_major(state.data(), cells, 3);
  const std::vector<double> before = state;
  std::vector<double> score(cells), half_width(cells * 3);
  const StepStatus status = emulator.advance(
      after, Columns<const double>::cell_major(weather.data(), cells, 2), 1800, after, workspace,
      {.half_width = Columns<double>::cell_major(half_width.data(), cells, 3),
       .score = Columns<double>::cell_major(score.data(), cells, 1)},
      FlagOnly{});
  BOOST_TEST_REQUIRE(status.clean());
  BOOST_TEST((state != before));
  const std::string command =
      program + " " + weights + " " + folder.file("state") + " " + folder.file("result");
  BOOST_TEST_REQUIRE(std::system(command.c_str()) == 0, command);
  BOOST_TEST(
      (read_text_file(folder.file("result")) ==
       std::string(bytes_of(state)) + std::string(bytes_of(score)) + std::string(bytes_of(half_width))));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_host_in_c_has_the_bits_of_cpp) {
#if defined(CHEMNNE_HOST_IN_C)
  has_our_bits(CHEMNNE_HOST_IN_C);
#else
  BOOST_TEST_MESSAGE("skipped: no C compiler");
#endif
}

BOOST_AUTO_TEST_CASE(a_host_in_fortran_has_the_bits_of_cpp) {
#if defined(CHEMNNE_HOST_IN_FORTRAN)
  has_our_bits(CHEMNNE_HOST_IN_FORTRAN);
#else
  BOOST_TEST_MESSAGE("skipped: no gfortran");
#endif
}

BOOST_AUTO_TEST_CASE(threads_of_a_host_in_fortran_have_the_bits_of_one) {
#if defined(CHEMNNE_THREADS_IN_FORTRAN)
  const test::TemporaryFolder folder;
  const std::string command = std::string(CHEMNNE_THREADS_IN_FORTRAN) + " " + weights_in(folder);
  BOOST_TEST(std::system(command.c_str()) == 0, command);
#else
  BOOST_TEST_MESSAGE("skipped: no gfortran with OpenMP");
#endif
}
