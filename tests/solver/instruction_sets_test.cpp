#define BOOST_TEST_MODULE solver_instruction_sets
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>
#include <sys/wait.h>

#include <chemnne/support/text.hpp>

using namespace chemnne;

namespace {

constexpr std::size_t cells = 200, species = 49;

/// The states after an hour by a program; empty where the processor cannot run it.
std::vector<double> solved_by(const std::string& program, const std::string& kind) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("result");
  const int status = std::system((program + " " + kind + " " + std::to_string(cells) + " " + file).c_str());
  if (WIFEXITED(status) && WEXITSTATUS(status) == 3) return {};
  BOOST_TEST_REQUIRE(status == 0, program);
  const std::string bytes = read_text_file(file);
  std::vector<double> values(bytes.size() / sizeof(double));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  BOOST_TEST_REQUIRE(values.size() == cells * species);
  return values;
}

/// The same for SSE2, AVX2 and AVX-512; none on another processor.
std::vector<std::string> programs() {
  std::vector<std::string> all;
#if defined(CHEMNNE_SOLVE_HOUR)  // on x86
  std::istringstream list(CHEMNNE_SOLVE_HOUR);
  for (std::string one; std::getline(list, one, ',');) all.push_back(one);
#endif
  return all;
}

}  // namespace

/// At a tolerance of 1e-3: roundings of float may make a step longer or shorter by a little, so what is left
/// of them is a part of the tolerance.
BOOST_AUTO_TEST_CASE(all_instruction_sets_have_the_same_numbers_to_rounding) {
  for (const std::string kind : {"tables", "generated"}) {
    std::vector<double> plain;
    for (const std::string& program : programs()) {
      const std::vector<double> other = solved_by(program, kind);
      if (plain.empty()) plain = other;
      std::vector<double> difference;
      for (std::size_t v = 0; v < other.size(); ++v)
        difference.push_back(std::abs(other[v] - plain[v]) / (plain[v] + 1e4));
      if (difference.empty()) continue;  // not on this processor
      std::ranges::sort(difference);
      BOOST_TEST_MESSAGE(program << " " << kind << " " << difference[difference.size() / 2] << " "
                                 << difference.back());
      BOOST_TEST(difference[difference.size() / 2] < 1e-6, program << ", " << kind);
      BOOST_TEST(difference.back() < 1e-4, program << ", " << kind);
    }
  }
}
