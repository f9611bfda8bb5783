#define BOOST_TEST_MODULE compile_budget
#include <cstdlib>
#include <string>

#include <boost/test/unit_test.hpp>
#include <sys/resource.h>

// What a host pays for the emulator: one unit that includes emulator.hpp and instantiates the default
// network. The budget is that of any unit of the project, a minute of processor time and 2 GB, several times
// what it takes today; it is there to notice a template that explodes, not to compare machines.
BOOST_AUTO_TEST_CASE(a_host_unit_compiles_within_a_minute_and_2_gigabytes) {
  const std::string source = CHEMNNE_SOURCE_DIRECTORY;
  const std::string command = std::string(CHEMNNE_COMPILER) + " -std=c++20 -O2 -march=native -I" + source +
                              "/include -c -o /dev/null " + source + "/examples/host/02_columns.cpp";
  BOOST_TEST_REQUIRE(std::system(command.c_str()) == 0, "does not compile: " << command);

  rusage compiler{};
  BOOST_TEST_REQUIRE(getrusage(RUSAGE_CHILDREN, &compiler) == 0);
  const auto seconds = compiler.ru_utime.tv_sec + compiler.ru_stime.tv_sec;
  const auto megabytes = compiler.ru_maxrss / 1024;
  BOOST_TEST_MESSAGE("host unit: " << seconds << " s of processor time, " << megabytes << " MB");
  BOOST_TEST(seconds < 60);
  BOOST_TEST(megabytes < 2048);
  BOOST_TEST(megabytes > 10);  // else the compiler was not measured
}
