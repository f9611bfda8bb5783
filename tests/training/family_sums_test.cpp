#define BOOST_TEST_MODULE training_family_sums
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/training/family_sums.hpp>

BOOST_AUTO_TEST_CASE(members_are_found_by_name_and_absent_ones_skipped) {
  const std::vector<std::string> species{"N2O5", "CH4", "NO2", "NO", "O3"};
  const auto sums = chemnne::family_sums(chemnne::common_families(), species);
  BOOST_TEST(sums.size() == 3u);  // no HOx here
  BOOST_TEST(sums[0].name == "Ox");
  BOOST_TEST(sums[0].weight == (std::vector<double>{3, 0, 1, 0, 1}));
  BOOST_TEST(sums[1].name == "NOx");
  BOOST_TEST(sums[1].weight == (std::vector<double>{0, 0, 1, 1, 0}));
  BOOST_TEST(sums[2].name == "NOy");
  BOOST_TEST(sums[2].weight == (std::vector<double>{2, 0, 1, 1, 0}));
}

BOOST_AUTO_TEST_CASE(every_member_of_nox_is_one_of_noy) {
  const std::vector<std::string> species{"NO", "NO2"};
  const auto sums = chemnne::family_sums(chemnne::common_families(), species);
  BOOST_TEST(sums[1].weight == sums[2].weight);
}
