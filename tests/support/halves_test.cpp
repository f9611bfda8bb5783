#define BOOST_TEST_MODULE support_halves
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/support/halves.hpp>

using namespace chemnne;

namespace {

/// The sum of letters as text: the tree of additions is seen.
std::string sum(const Share& share) {
  std::vector<std::string> letters;
  for (char c = 'a'; c <= 'z'; ++c) letters.push_back(std::string(1, c));
  add_by_halves(share, [&](std::size_t to, std::size_t from) {
    letters[to] = "(" + letters[to] + letters[from] + ")";
  });
  return letters[share.first];
}

}  // namespace

BOOST_AUTO_TEST_CASE(shares_follow_each_other_and_differ_by_one_at_most) {
  for (const std::size_t workers : {1u, 2u, 4u, 8u, 32u})
    for (std::size_t count = 0; count <= 70; ++count) {
      std::size_t next = 0;
      for (std::size_t worker = 0; worker < workers; ++worker) {
        const Share share = halved_share(count, worker, workers);
        BOOST_TEST(share.first == next);
        BOOST_TEST((share.count == count / workers || share.count == (count + workers - 1) / workers));
        next += share.count;
      }
      BOOST_TEST(next == count);
    }
}

BOOST_AUTO_TEST_CASE(shares_summed_by_workers_are_branches_of_the_whole_sum) {
  BOOST_TEST(sum({0, 1}) == "a");
  BOOST_TEST(sum({0, 3}) == "((ab)c)");
  BOOST_TEST(sum({0, 7}) == "(((ab)(cd))((ef)g))");
  for (std::size_t count = 4; count <= 26; ++count) {
    const auto of = [count](std::size_t worker) { return sum(halved_share(count, worker, 4)); };
    BOOST_TEST(sum({0, count}) == "((" + of(0) + of(1) + ")(" + of(2) + of(3) + "))");
  }
}
