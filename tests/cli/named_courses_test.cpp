#define BOOST_TEST_MODULE cli_named_courses
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/named_courses.hpp>
#include <chemnne/io/atomic_file.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

struct Files {
  test::TemporaryFolder folder;
  std::string write(const std::string& text) const {
    write_file_atomically(folder.file("x.csv"), text);
    return folder.file("x.csv");
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(an_item_is_a_value_a_table_or_a_course) {
  const Files files;
  const auto one = read_courses("--emission", "NO=1e6", Between::interpolated);
  BOOST_TEST(one.size() == 1);
  BOOST_TEST(one[0].name == "NO");
  BOOST_TEST(one[0].course.at(5) == 1e6);
  BOOST_TEST(one[0].where == "--emission NO=1e6");
  const auto table =
      read_courses("", files.write("name,value,units\nNO,2,ppb\nO3,40,ppb\n"), Between::stairs);
  BOOST_TEST(table.size() == 2);
  BOOST_TEST(table[1].name == "O3");
  BOOST_TEST(table[1].units == "ppb");
  BOOST_TEST(table[1].course.is_constant());
  const std::string course = files.write("O3 [ppb],time,NO\n40,0,1\n60,100,3\n");
  const auto smooth = read_courses("", course, Between::interpolated);
  BOOST_TEST(smooth.size() == 2);
  BOOST_TEST(smooth[0].name == "O3");
  BOOST_TEST(smooth[0].units == "ppb");
  BOOST_TEST(smooth[0].course.at(50) == 50);
  BOOST_TEST(smooth[1].units == "");
  BOOST_TEST(read_courses("", course, Between::stairs)[0].course.at(50) == 40);
}

BOOST_AUTO_TEST_CASE(what_is_none_is_an_error_with_its_place) {
  const Files files;
  const auto complaint = [&](const std::string& text) {
    return message_of([&] { read_courses("--x", files.write(text), Between::interpolated); });
  };
  BOOST_TEST(contains(message_of([] { read_courses("--x", "NO=much", Between::stairs); }), "--x NO=much"));
  BOOST_TEST(contains(complaint("time,NO\n0,1\n5,2\n5,3\n"),
                      "x.csv, column time, row 3: expected ascending times, found 5 after 5"));
  BOOST_TEST(contains(complaint("time,NO\n0,1\n5,a\n"), "x.csv:3, column NO"));
  BOOST_TEST(contains(complaint("time,NO\n0,1\n5\n"), "x.csv:3: expected 2 fields"));
  BOOST_CHECK_THROW(read_courses("--x", "no_such_file.csv", Between::stairs), Error);
}
