#define BOOST_TEST_MODULE data_air_sample_file
#include <limits>
#include <string>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/air_sample_file.hpp>
#include <chemnne/data/dataset_file.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

AirSample sample() {
  return {.species = {"O3", "NO"},
          .conditions = {"temperature", "pressure", "sun"},
          .condition_units = {"K", "Pa", "1"},
          .number_density = {1e12, 0, 2e12, 1e-300},
          .condition_value = {280, 9e4, 0.5, 1.0 / 3, 1e5, 0},
          .key = {-0.25, -1e-17},
          .score = {std::numeric_limits<double>::infinity(), 0.1},
          .mechanism = "small",
          .fingerprint = "0123"};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_sample_comes_back_as_it_was) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("visited.nc");
  write_air_sample(path, sample());
  const AirSample back = read_air_sample(path), was = sample();
  BOOST_TEST(is_air_sample(NetcdfFile::open(path)));
  BOOST_TEST(back.species == was.species);
  BOOST_TEST(back.conditions == was.conditions);
  BOOST_TEST(back.condition_units == was.condition_units);
  BOOST_TEST(back.number_density == was.number_density);
  BOOST_TEST(back.condition_value == was.condition_value);
  BOOST_TEST(back.key == was.key);
  BOOST_TEST(back.score == was.score);
  BOOST_TEST(back.mechanism == was.mechanism);
  BOOST_TEST(back.fingerprint == was.fingerprint);
}

BOOST_AUTO_TEST_CASE(what_is_no_sample_is_named) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("visited.nc");
  AirSample empty = sample();
  empty.number_density = empty.condition_value = empty.key = empty.score = {};
  BOOST_TEST(contains(message_of([&] { write_air_sample(path, empty); }), path + ": dimension cell"));
  AirSample short_of_one = sample();
  short_of_one.score.pop_back();
  BOOST_TEST(contains(message_of([&] { write_air_sample(path, short_of_one); }), "variable score"));
  BOOST_TEST(contains(message_of([&] { read_air_sample(path); }), path));
  NetcdfFile::make(path, [](NetcdfFile& file) {
    file.define_dimension("species", 1);
    file.define_variable("species_name", NC_STRING, {"species"});
    file.write("species_name", std::span<const std::string>(std::vector<std::string>{"O3"}));
  });
  BOOST_TEST(!is_air_sample(NetcdfFile::open(path)));
  BOOST_TEST(contains(message_of([&] { read_air_sample(path); }), "variable condition_name"));
}
