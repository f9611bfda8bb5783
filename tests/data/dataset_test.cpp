#define BOOST_TEST_MODULE data_dataset
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "../support/small_disk.hpp"
#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <chemnne/data/dataset_file.hpp>
#include <chemnne/support/text.hpp>

using chemnne::Dataset;
using chemnne::Error;
using test::contains;
using test::message_of;
using test::TemporaryFolder;

namespace {

/// 130 windows (more than a chunk), 3 frames, 2 species, every value its own.
Dataset small_dataset() {
  Dataset data;
  data.time = {0, 60, 120};
  data.species_name = {"O3", "NO"};
  data.molar_mass = {48, 30};
  data.element_name = {"N", "O"};
  data.atom_count = {0, 3, 1, 1};
  data.task = {1, 2};
  data.environment_name = {"temperature", "pressure"};
  data.environment_units = {"K", "Pa"};
  data.environment_long_name = {"air temperature", "air pressure"};
  for (int window = 0; window < 130; ++window) {
    data.scenario.push_back(window / 4);
    data.window_in_scenario.push_back(window % 4);
    data.kind.push_back(window % 3);
    data.spin_up_length.push_back(60.0 * window);
    data.environment_value.insert(data.environment_value.end(), {280 + 0.1 * window, 1e5 - 0.3 * window});
    for (int total = 0; total < 4; ++total) data.element_total.push_back(1e12 / 3 + window + 0.1 * total);
    for (int value = 0; value < 6; ++value)
      data.concentration.push_back(1e11f / static_cast<float>(window + value + 1));
  }
  data.attributes = {{"title", "a test"}, {"seed", "7"}};
  return data;
}

std::size_t position(const std::vector<std::string>& names, const char* name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_round_trip_keeps_every_bit) {
  const TemporaryFolder folder;
  const Dataset written = small_dataset();
  write_dataset(folder.file("data.nc"), written);
  const Dataset read = chemnne::read_dataset(folder.file("data.nc"));
  BOOST_TEST(read.concentration == written.concentration);
  BOOST_TEST(read.time == written.time);
  BOOST_TEST(read.environment_value == written.environment_value);
  BOOST_TEST(read.environment_name == written.environment_name);
  BOOST_TEST(read.environment_units == written.environment_units);
  BOOST_TEST(read.environment_long_name == written.environment_long_name);
  BOOST_TEST(read.species_name == written.species_name);
  BOOST_TEST(read.molar_mass == written.molar_mass);
  BOOST_TEST(read.element_name == written.element_name);
  BOOST_TEST(read.atom_count == written.atom_count);
  BOOST_TEST(read.task == written.task);
  BOOST_TEST(read.scenario == written.scenario);
  BOOST_TEST(read.window_in_scenario == written.window_in_scenario);
  BOOST_TEST(read.kind == written.kind);
  BOOST_TEST(read.spin_up_length == written.spin_up_length);
  BOOST_TEST(read.element_total == written.element_total);
  BOOST_TEST((read.attributes == written.attributes));
  BOOST_TEST(read.row(129, 2)[1] == written.concentration.back());
  BOOST_TEST(read.environment(129)[0] == 280 + 0.1 * 129);
}

BOOST_AUTO_TEST_CASE(equal_data_give_equal_bytes_at_any_time) {
  const TemporaryFolder folder;
  write_dataset(folder.file("first.nc"), small_dataset());
  sleep(1);  // a time stamp in the file would have changed
  write_dataset(folder.file("second.nc"), small_dataset());
  BOOST_TEST(chemnne::hash_hex(chemnne::read_text_file(folder.file("first.nc"))) ==
             chemnne::hash_hex(chemnne::read_text_file(folder.file("second.nc"))));
}

BOOST_AUTO_TEST_CASE(missing_and_broken_files_are_errors_that_name_them) {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& name) {
    return message_of([&] { chemnne::read_dataset(folder.file(name)); });
  };
  BOOST_TEST(contains(read("absent.nc"), "absent.nc: expected"));
  std::ofstream(folder.file("text.nc")) << "not a data set";
  BOOST_TEST(contains(read("text.nc"), "text.nc: expected"));
  write_dataset(folder.file("short.nc"), small_dataset());
  std::filesystem::resize_file(
      folder.file("short.nc"),
      std::filesystem::file_size(folder.file("short.nc")) / 4);  // half is room to grow
  BOOST_TEST(contains(read("short.nc"), "short.nc"));
}

BOOST_AUTO_TEST_CASE(absent_and_misshapen_variables_are_errors_that_name_them) {
  const TemporaryFolder folder;
  const auto read_with = [&](auto&& define) {
    {
      auto file = chemnne::NetcdfFile::create(folder.file("odd.nc"));
      for (const char* name : {"case", "time", "species", "environment", "element", "boundary"})
        file.define_dimension(name, 2);
      define(file);
      file.close();
    }
    return message_of([&] { chemnne::read_dataset(folder.file("odd.nc")); });
  };
  BOOST_TEST(contains(read_with([](auto&) {}), "variable time"));
  const std::string misshapen =
      read_with([](auto& file) { file.define_variable("time", NC_DOUBLE, {"species"}); });
  BOOST_TEST(contains(misshapen, "expected dimensions time, found dimensions species"), misshapen);
  const std::string not_text = read_with([](auto& file) {
    file.define_variable("time", NC_DOUBLE, {"time"});
    file.define_variable("species_name", NC_INT, {"species"});
  });
  BOOST_TEST(contains(not_text, "variable species_name"), not_text);
}

BOOST_AUTO_TEST_CASE(arrays_that_do_not_fit_each_other_are_not_written) {
  const TemporaryFolder folder;
  Dataset data = small_dataset();
  data.concentration.pop_back();
  const std::string message = message_of([&] { write_dataset(folder.file("data.nc"), data); });
  BOOST_TEST(contains(message, "variable concentration"), message);
  BOOST_TEST(contains(message, "780 values, found 779 values"), message);
  BOOST_TEST(!std::filesystem::exists(folder.file("data.nc")));
  BOOST_TEST(
      contains(message_of([&] { write_dataset(folder.file("data.nc"), Dataset{}); }), "dimension case"));
}

BOOST_AUTO_TEST_CASE(a_data_set_that_cannot_be_written_leaves_the_old_one_and_nothing_else) {
  const TemporaryFolder folder;
  const std::string path = folder.file("data.nc");
  write_dataset(path, small_dataset());
  const std::string before = chemnne::read_text_file(path);
  Dataset data = small_dataset();
  data.concentration.pop_back();
  BOOST_TEST(contains(message_of([&] { write_dataset(path, data); }), "data.nc: variable concentration"));
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1000}, before.size() / 2, before.size() - 1}) {
    const test::SmallDisk disk(bytes);
    const std::string message = message_of([&] { write_dataset(path, small_dataset()); });
    BOOST_TEST(contains(message, "data.nc"), message);
  }
  BOOST_TEST((chemnne::read_text_file(path) == before));
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.file("")), {}) == 1);
}

BOOST_AUTO_TEST_CASE(the_arca_validation_data_are_read_as_their_readme_describes) {
  const std::string path = CHEMNNE_SHARED_DIRECTORY "/data/arca_hyde_validation.nc";
  if (!std::filesystem::exists(path)) {
    std::cout << "skipped: " << path << " is absent\n";
    return;
  }
  const Dataset data = chemnne::read_dataset(path);
  BOOST_TEST(data.cases() == 304u);
  BOOST_TEST(data.frames() == 61u);
  BOOST_TEST(data.species() == 400u);
  BOOST_TEST(std::count(data.task.begin(), data.task.end(), 1) == 49);
  BOOST_TEST(std::count(data.task.begin(), data.task.end(), 2) == 51);
  BOOST_TEST(data.time.back() == 3600.0);
  BOOST_TEST(data.environment_name[0] == "temperature");
  BOOST_TEST(data.attributes.at("task_sizes") == "49, 100, 400");
  BOOST_TEST(contains(data.attributes.at("title"), "validation split"));
  // O3 has three atoms of oxygen and the mass of three.
  const auto ozone = position(data.species_name, "O3");
  const auto oxygen = position(data.element_name, "O");
  BOOST_REQUIRE(ozone < data.species());
  BOOST_TEST(data.atom_count[ozone * data.elements() + oxygen] == 3);
  BOOST_TEST(data.molar_mass[ozone] == 48.0, boost::test_tools::tolerance(1e-3));
  // The N of all 2439 species is conserved up to five reactions of the mechanism: in most windows these
  // matter little (the median change is 4e-6), while a mistaken order of boundary and element would give
  // changes of order one.
  const auto nitrogen = position(data.element_name, "N");
  std::vector<double> change;
  for (std::size_t window = 0; window < data.cases(); ++window) {
    const double* const total = &data.element_total[window * 2 * data.elements()];
    change.push_back(std::abs(total[data.elements() + nitrogen] / total[nitrogen] - 1));
  }
  std::nth_element(change.begin(), change.begin() + 152, change.end());
  BOOST_TEST(change[152] < 1e-4);
}
