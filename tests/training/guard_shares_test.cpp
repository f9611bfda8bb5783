#define BOOST_TEST_MODULE training_guard_shares
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/training/guard_shares.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(shares_count_cells_not_flags) {
  const std::vector<CellFlags> flags{
      0, static_cast<CellFlags>(flag(CellFlag::outside_training) | flag(CellFlag::uncertain)),
      flag(CellFlag::uncertain), flag(CellFlag::solved)};
  const GuardShares shares = guard_shares(flags);
  BOOST_TEST(shares.cells == 4u);
  BOOST_TEST(shares.outside_training == 0.25);
  BOOST_TEST(shares.uncertain == 0.5);
  BOOST_TEST(shares.limited == 0.0);
  BOOST_TEST(shares.suspicious == 0.5);  // solved is what was done, not a reason
  BOOST_TEST(guard_shares({}).suspicious == 0.0);
}
