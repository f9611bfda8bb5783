#define BOOST_TEST_MODULE support_communicator_mpi
#include "processes.hpp"

#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

std::vector<float> numbers(std::size_t process, std::size_t count) {
  Random random(process);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random.uniform(-1, 1));
  return values;
}

}  // namespace

BOOST_AUTO_TEST_CASE(sums_are_taken_by_halves_and_are_the_same_on_all_processes) {
  for (const std::size_t processes : {1u, 2u, 3u, 4u})
    test::on_first(processes, [&](MpiCommunicator& ranks) {
      for (const std::size_t count : {0u, 1u, 2u, 3u, 7u, 1000u, 100003u}) {
        std::vector<std::vector<float>> parts;
        for (std::size_t rank = 0; rank < std::bit_floor(ranks.size()); ++rank)
          parts.push_back(numbers(rank, count));
        std::vector<float> sum = numbers(ranks.rank(), count);
        ranks.sum(std::span<float>(sum));
        add_by_halves({0, parts.size()}, [&](std::size_t to, std::size_t from) {
          for (std::size_t i = 0; i < count; ++i) parts[to][i] += parts[from][i];
        });
        BOOST_TEST((sum == parts[0]));
      }
    });
}

BOOST_AUTO_TEST_CASE(shares_make_up_the_whole) {
  std::vector<double> owners(37);
  const Share own = test::all().share(owners.size());
  for (std::size_t i = 0; i < own.count; ++i) owners[own.first + i] += 1;
  test::all().sum(std::span<double>(owners));
  BOOST_TEST((owners == std::vector<double>(37, 1)));
}

BOOST_AUTO_TEST_CASE(what_process_0_has_comes_to_all) {
  std::vector<double> values(5, static_cast<double>(test::all().rank()) + 1);
  test::all().broadcast(std::span<double>(values));
  BOOST_TEST((values == std::vector<double>(5, 1)));
}
