#define BOOST_TEST_MODULE host_solver_languages
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>
#include <stiff_small.hpp>

#include <chemnne/io/atomic_file.hpp>
#include <chemnne/solver.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/support/text.hpp>

using namespace chemnne;

namespace {

using Ours = Solver<StiffSmall>;
constexpr std::size_t cells = 7, species = Ours::species, conditions = Ours::conditions;
static_assert(species == 3 && conditions == 5);

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

/// Half an hour by C++.
template <class T>
std::vector<T> stepped(const std::vector<double>& state, const std::vector<double>& weather) {
  std::vector<T> after, conditions_of_cells;
  for (const double value : state) after.push_back(static_cast<T>(value));
  for (const double value : weather) conditions_of_cells.push_back(static_cast<T>(value));
  const std::vector<T> before = after;
  const Ours solver;
  Ours::Workspace workspace;
  const StepStatus status = solver.advance(
      solver.bind({.species = solver.description().inputs}),
      Columns<T>::cell_major(after.data(), cells, species),
      Columns<const T>::cell_major(conditions_of_cells.data(), cells, conditions), 1800, workspace);
  BOOST_TEST_REQUIRE(status.clean());
  BOOST_TEST((after != before));
  return after;
}

/// 7 cells in a program of another language, from a file to a file, have the bits of C++, in double and
/// float.
[[maybe_unused]] void has_our_bits(const std::string& program) {
  const test::TemporaryFolder folder;
  std::vector<double> state, weather;
  Random random(7);
  for (std::size_t i = 0; i < cells * species; ++i) state.push_back(std::pow(10, random.uniform(9, 12)));
  for (std::size_t i = 0; i < cells; ++i)
    weather.insert(weather.end(), {random.uniform(240, 310), random.uniform(5e4, 1e5), random.uniform(10, 90),
                                   random.uniform(0.2, 1), random.uniform(0.5, 1.5)});
  write_file_atomically(folder.file("state"), bytes_of(state) + bytes_of(weather));
  const std::string command = program + " " + folder.file("state") + " " + folder.file("result");
  BOOST_TEST_REQUIRE(std::system(command.c_str()) == 0, command);
  BOOST_TEST((read_text_file(folder.file("result")) ==
              bytes_of(stepped<double>(state, weather)) + bytes_of(stepped<float>(state, weather))));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_host_in_c_has_the_bits_of_cpp) {
#if defined(CHEMNNE_SOLVER_IN_C)
  has_our_bits(CHEMNNE_SOLVER_IN_C);
#else
  BOOST_TEST_MESSAGE("skipped: no C compiler");
#endif
}

BOOST_AUTO_TEST_CASE(a_host_in_fortran_has_the_bits_of_cpp) {
#if defined(CHEMNNE_SOLVER_IN_FORTRAN)
  has_our_bits(CHEMNNE_SOLVER_IN_FORTRAN);
#else
  BOOST_TEST_MESSAGE("skipped: no gfortran");
#endif
}
