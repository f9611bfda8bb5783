#define BOOST_TEST_MODULE tensor_buffer
#include <cstdint>
#include <limits>

#include "../data/data_test_tools.hpp"
#include "../support/last_words.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/tensor/buffer.hpp>

using namespace chemnne;
using test::contains;
using test::last_words;

BOOST_AUTO_TEST_CASE(an_arena_gives_aligned_rows_one_behind_the_other_up_to_its_end) {
  Buffer<float> memory(2 * padded(3 * 7));
  Arena<float> arena(memory.span());
  const auto first = arena.take<Shape<7>>(3), second = arena.take<Shape<7>>(3);
  for (const float* data : {first.data(), second.data()})
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(data) % alignment_bytes == 0u);
  BOOST_TEST((second.data() >= first.data() + 21));
  BOOST_TEST((second.data() + 21 <= memory.data() + memory.size()));
  BOOST_TEST(arena.take<Shape<7>>(0).count() == 0u);
}

BOOST_AUTO_TEST_CASE(taking_more_than_there_is_ends_the_program_in_every_build) {
  Buffer<float> memory(64);
  const auto taking = [&](std::size_t rows) {
    return last_words([&] {
      Arena<float> arena(memory.span());
      arena.take<Shape<16>>(2);
      arena.take<Shape<16>>(rows);
    });
  };
  BOOST_TEST(taking(2) == "it went on");
  BOOST_TEST(contains(taking(3), "the arena is smaller than what is taken"), taking(3));
  BOOST_TEST(contains(taking(std::numeric_limits<std::size_t>::max() / 16), "the arena is smaller"));
}
