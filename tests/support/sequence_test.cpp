#define BOOST_TEST_MODULE support_sequence
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/support/sequence.hpp>

using chemnne::Sequence;

namespace {

struct Question {
  int number = 0;
  int answer = 0;
};

/// Asks for the double of 1, 2, ... until the sum of the answers is above `limit`.
Sequence<Question> questions(int limit, int& sum) {
  for (int number = 1; sum <= limit; ++number) {
    Question question{number};
    co_yield question;
    sum += question.answer;
  }
}

Sequence<Question> twice(int limit, int& sum) {
  for (int repeat = 0; repeat < 2; ++repeat) {
    sum = 0;
    for (auto inner = questions(limit, sum); inner.next();) co_yield inner.value();
  }
}

Sequence<int> until_it_throws() {
  co_yield 1;
  throw std::runtime_error("no more");
}

/// Counts itself while it lives.
struct Counted {
  explicit Counted(int& alive) : alive_(&alive) { ++alive; }
  Counted(const Counted&) = delete;
  ~Counted() { --*alive_; }
  int* alive_;
};

Sequence<int> with_a_resource(int& alive) {
  const Counted counted(alive);
  co_yield 1;
  co_yield 2;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_coroutine_sees_what_is_done_to_its_values) {
  int sum = 0;
  std::vector<int> numbers;
  for (auto asked = questions(11, sum); asked.next();) {
    numbers.push_back(asked.value().number);
    asked.value().answer = 2 * asked.value().number;
  }
  BOOST_TEST(numbers == (std::vector<int>{1, 2, 3}));
  BOOST_TEST(sum == 12);
}

BOOST_AUTO_TEST_CASE(sequences_nest) {
  int sum = 0;
  std::vector<int> numbers;
  for (auto asked = twice(3, sum); asked.next();) {
    numbers.push_back(asked.value().number);
    asked.value().answer = 2;
  }
  BOOST_TEST(numbers == (std::vector<int>{1, 2, 1, 2}));
}

BOOST_AUTO_TEST_CASE(what_the_coroutine_throws_next_throws) {
  auto values = until_it_throws();
  BOOST_TEST(values.next());
  BOOST_TEST(values.value() == 1);
  BOOST_CHECK_THROW(values.next(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(one_that_is_left_early_or_moved_frees_what_it_holds) {
  int alive = 0;
  {
    auto values = with_a_resource(alive);
    BOOST_TEST(alive == 0);  // nothing runs before the first next
    BOOST_TEST(values.next());
    auto moved = std::move(values);
    BOOST_TEST(alive == 1);
    BOOST_TEST(moved.next());
    BOOST_TEST(moved.value() == 2);
  }
  BOOST_TEST(alive == 0);
}
