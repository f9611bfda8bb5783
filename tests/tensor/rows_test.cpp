#define BOOST_TEST_MODULE tensor_rows
#include <numeric>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "../support/last_words.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/tensor/rows.hpp>

using namespace chemnne;
using test::contains;
using test::last_words;

BOOST_AUTO_TEST_CASE(fill_sets_the_rows_and_nothing_between_them) {
  std::vector<int> memory(4 * 9, -1);
  Rows<int, 2, 3>(memory.data() + 1, 3, 9).fill(5);
  for (std::size_t i = 0; i < memory.size(); ++i) {
    const bool in_a_row = i < 3 * 9 && i % 9 >= 1 && i % 9 < 7;
    BOOST_TEST(memory[i] == (in_a_row ? 5 : -1), "at " << i);
  }
  Rows<int, 2>().fill(5);  // no rows
}

BOOST_AUTO_TEST_CASE(views_of_steps_columns_and_rows_see_the_same_scalars) {
  std::vector<int> memory(2 * 12);
  std::iota(memory.begin(), memory.end(), 0);
  const Rows<const int, 4, 3> rows(memory.data(), 2);
  BOOST_TEST(rows.step(2)[1][1] == 12 + 2 * 3 + 1);
  BOOST_TEST(rows.steps(1)[2][1] == 12 + 2 * 3 + 1);
  BOOST_TEST(rows.merge()[4 + 2][1] == 12 + 2 * 3 + 1);
  BOOST_TEST(rows.flat()[1][7] == 12 + 7);
  BOOST_TEST(rows.step(1).columns<2>(1)[1][0] == 12 + 3 + 1);
  BOOST_TEST(rows.slice(1, 1)[0][0] == 12);
}

BOOST_AUTO_TEST_CASE(strided_rows_in_another_shape_end_the_program_in_every_build) {
  std::vector<int> memory(40);
  const Rows<int, 2, 3> together(memory.data(), 4), apart(memory.data(), 4, 10);
  BOOST_TEST(last_words([&] { together.merge().fill(1); }) == "it went on");
  BOOST_TEST(contains(last_words([&] { apart.merge().fill(1); }), "must lie one behind the other"));
}
