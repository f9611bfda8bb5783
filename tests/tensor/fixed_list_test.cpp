#define BOOST_TEST_MODULE tensor_fixed_list
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "../support/last_words.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/tensor/fixed_list.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(it_is_what_a_vector_is) {
  FixedList<int, 4> list;
  std::vector<int> vector;
  BOOST_TEST(list.empty());
  for (const int item : {7, 3, 9, 1}) {
    list.push_back(item);
    vector.push_back(item);
    BOOST_TEST(list.size() == vector.size());
  }
  BOOST_TEST(!list.empty());
  std::sort(list.begin(), list.end());
  std::sort(vector.begin(), vector.end());
  BOOST_TEST(std::equal(list.begin(), list.end(), vector.begin(), vector.end()));
  BOOST_TEST(list[1] == vector[1]);
}

BOOST_AUTO_TEST_CASE(it_can_be_copied_as_it_is) {
  static_assert(std::is_trivially_copyable_v<FixedList<double, 3>>);
  static_assert(std::is_same_v<List<int, std::dynamic_extent>, std::vector<int>>);
  static_assert(std::is_same_v<List<int, 3>, FixedList<int, 3>>);
  constexpr auto sum = [] {
    FixedList<int, 3> list;
    list.push_back(1);
    list.push_back(2);
    int total = 0;
    for (const int item : list) total += item;
    return total;
  }();
  static_assert(sum == 3);
}

BOOST_AUTO_TEST_CASE(one_too_many_ends_the_program) {
  const std::string words = test::last_words([] {
    FixedList<int, 1> list;
    list.push_back(1);
    list.push_back(2);
  });
  BOOST_TEST(words.find("more items than it has room for") != std::string::npos, words);
}
