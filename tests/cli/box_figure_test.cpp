#define BOOST_TEST_MODULE cli_box_figure
#include <cstdio>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/box_figure.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

const std::vector<double> seconds{0, 3600, 7200};
const std::vector<TimeSeries::Quantity> species{
    {.name = "O3", .units = {}, .long_name = {}, .value = {1e12, 1.1e12, 1.2e12}},
    {.name = "O1D", .units = {}, .long_name = {}, .value = {0, 1e-3, 10}},
    {.name = "it's_none", .units = {}, .long_name = {}, .value = {0, 0, 0}}};

}  // namespace

BOOST_AUTO_TEST_CASE(species_are_drawn_over_time) {
  const test::TemporaryFolder folder;
  if (run_program({"gnuplot", "--version"}, folder.file(""), "log") != 0) {
    std::puts("skipped: no gnuplot");
    return;
  }
  draw_box_figure(folder.file("box.svg"), seconds, species);
  const std::string svg = read_text_file(folder.file("box.svg"));
  for (const char* const text : {"O3", "O1D", "it's_none", "hours"}) BOOST_TEST(contains(svg, text), text);
  draw_box_figure(folder.file("box.png"), seconds, species);
  BOOST_TEST(read_text_file(folder.file("box.png")).starts_with("\x89PNG"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_drawn_is_an_error_and_leaves_no_file) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("box.svg");
  BOOST_TEST(contains(message_of([&] { draw_box_figure(path, seconds, species, "no_such_program"); }),
                      "box.svg: expected gnuplot"));
  BOOST_TEST(contains(message_of([&] { draw_box_figure(path, seconds, species, "false"); }), "a failure"));
  BOOST_TEST(
      contains(message_of([&] { draw_box_figure(folder.file("box.gif"), seconds, species); }), "box.gif"));
  BOOST_TEST(!file_exists(path));
}
