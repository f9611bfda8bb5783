#define BOOST_TEST_MODULE io_atomic_file
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "../support/small_disk.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/text.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;
using test::TemporaryFolder;

namespace {

std::ptrdiff_t files(const TemporaryFolder& folder) {
  return std::distance(std::filesystem::directory_iterator(folder.file("")), {});
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_is_there_whole_and_alone) {
  const TemporaryFolder folder;
  const std::string path = folder.file("file");
  for (const std::string& text : {std::string(100'000, 'a'), std::string("b")}) {
    write_file_atomically(path, text);
    BOOST_TEST(read_text_file(path) == text);
  }
  BOOST_TEST(files(folder) == 1);
}

BOOST_AUTO_TEST_CASE(what_fails_leaves_what_was_there_and_nothing_else) {
  const TemporaryFolder folder;
  const std::string path = folder.file("file");
  write_file_atomically(path, "old");
  std::string message;
  {
    const test::SmallDisk disk(4096);
    message = message_of([&] { write_file_atomically(path, std::string(10'000, 'x')); });
  }
  BOOST_TEST(contains(message, path), message);
  BOOST_TEST(read_text_file(path) == "old");
  BOOST_TEST(files(folder) == 1);
}

BOOST_AUTO_TEST_CASE(devices_and_folders_are_refused_and_stay) {
  const TemporaryFolder folder;
  for (const std::string& path : {folder.file(""), std::string("/dev/null"), std::string("/dev/full")}) {
    const auto kind = std::filesystem::status(path).type();
    const std::string message = message_of([&] { require_place_for_file(path); });
    BOOST_TEST(contains(message, path), message);
    BOOST_TEST((std::filesystem::status(path).type() == kind));
  }
  BOOST_TEST(contains(message_of([&] { write_file_atomically(folder.file("none/file"), "text"); }),
                      "No such file or directory"));
  BOOST_TEST(files(folder) == 0);
}

BOOST_AUTO_TEST_CASE(writers_of_one_path_do_not_mix) {
  const TemporaryFolder folder;
  const std::string path = folder.file("file");
  std::vector<std::thread> writers;
  for (const char letter : {'a', 'b', 'c', 'd'})
    writers.emplace_back([&path, letter] {
      for (int i = 0; i < 20; ++i) write_file_atomically(path, std::string(200'000, letter));
    });
  for (std::thread& writer : writers) writer.join();
  const std::string text = read_text_file(path);
  BOOST_TEST(text.size() == 200'000u);
  BOOST_TEST(text.find_first_not_of(text[0]) == std::string::npos);
  BOOST_TEST(files(folder) == 1);
}
