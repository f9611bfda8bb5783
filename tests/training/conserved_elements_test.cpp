#define BOOST_TEST_MODULE training_conserved_elements
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/training/conserved_elements.hpp>

using namespace chemnne;

namespace {

/// Two windows of three frames. X moves between A and B; Y leaks from A; W is in C alone; Z is in no species.
Dataset windows() {
  Dataset data;
  data.species_name = {"A", "B", "C"};
  data.molar_mass = {10, 20, 30};
  data.element_name = {"X", "Y", "W", "Z"};
  data.atom_count = {1, 1, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0};
  data.time = {0, 60, 120};
  data.scenario = {0, 1};
  data.concentration = {8e6f, 1e6f, 5e5f, 6e6f, 2e6f, 5e5f, 4e6f, 3e6f, 5e5f,
                        2e7f, 1e7f, 7e4f, 2e7f, 1e7f, 7e4f, 4e7f, 0,    7e4f};
  return data;
}

Standardisation standardisation() {
  Standardisation s;
  s.species = {"A", "B", "C"};
  s.floor = {1e3, 1e3, 1e3};
  s.mean = {6, 6, 5};
  s.deviation = {1, 1, 1};
  return s;
}

std::vector<ConservedElement> found(const Dataset& data, std::size_t known = 3, std::size_t outputs = 3,
                                    const std::vector<std::string>& counted = {}) {
  return conserved_elements(TrainingSet(data, standardisation()), data.element_name,
                            budget_coefficients(data, 3), known, outputs, counted);
}

/// `count` windows like the second, in which X is lost in the last `leaking` ones: a tenth of A.
Dataset many_windows(std::size_t count, std::size_t leaking) {
  Dataset data = windows();
  const std::vector<float> whole(data.concentration.begin() + 9, data.concentration.end());
  data.scenario.assign(count, 0);
  data.concentration.clear();
  for (std::size_t window = 0; window < count; ++window) {
    data.concentration.insert(data.concentration.end(), whole.begin(), whole.end());
    if (window + leaking >= count) data.concentration[9 * window + 6] *= 0.9f;
  }
  return data;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_stays_in_every_window_is_conserved) {
  const auto two = found(windows());  // whatever the floor: at the end B is 0
  BOOST_REQUIRE(two.size() == 2u);
  BOOST_TEST(two[0].name == "X");
  BOOST_TEST(two[0].budget == 1u);
  BOOST_TEST(two[0].atoms == (std::vector<double>{1, 2, 0}), boost::test_tools::per_element());
  BOOST_TEST(two[1].name == "W");
  BOOST_TEST(two[1].budget == 3u);
}

BOOST_AUTO_TEST_CASE(one_window_in_which_it_changes_is_enough) {
  Dataset data = windows();
  data.concentration[13] *= 1.001f;  // B at the second frame of the second window
  const auto elements = found(data);
  BOOST_REQUIRE(elements.size() == 1u);
  BOOST_TEST(elements[0].name == "W");
}

BOOST_AUTO_TEST_CASE(carriers_must_be_given_and_predicted) {
  const auto given = found(windows(), 2, 3);  // C, which carries W, is predicted and not given
  BOOST_REQUIRE(given.size() == 1u);
  BOOST_TEST(given[0].name == "X");
  const auto elements = found(windows(), 2, 2);
  BOOST_REQUIRE(elements.size() == 1u);
  BOOST_TEST(elements[0].atoms == (std::vector<double>{1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_element_that_a_lump_counts_may_leak_in_a_window_of_a_hundred) {
  const Dataset few = many_windows(200, 2), many = many_windows(200, 3);
  BOOST_TEST(found(few).size() == 1u);  // W alone
  const auto elements = found(few, 3, 3, {"X"});
  BOOST_REQUIRE(elements.size() == 2u);
  BOOST_TEST(elements[0].name == "X");
  BOOST_CHECK_EXCEPTION(found(many, 3, 3, {"X"}), Error, [](const Error& error) {
    return test::contains(error.what(), "lumped species that count atoms of X") &&
           test::contains(error.what(), "10 %");
  });
}
