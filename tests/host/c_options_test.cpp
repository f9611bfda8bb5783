#define BOOST_TEST_MODULE host_c_options
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "c_host.hpp"
#include <boost/test/unit_test.hpp>

using namespace chemnne;
using test::contains, test::Emulated, test::Interface, test::Opened;

namespace {

using C = test::Small<>;
constexpr std::size_t cells = Opened::cells;

/// Element N is in A (1) and B (2).
EmulatorDescription description() {
  EmulatorDescription d = test::small_description<C>();
  d.elements = {"N"};
  d.composition = {{1, 2, 0}};
  return d;
}

/// The largest relative change of N in a step of an emulator that was opened with these options.
struct Stepped {
  explicit Stepped(const chemnne_options* options) : host(options, description()) {
    const std::vector<double> before = host.state;
    BOOST_TEST_REQUIRE(host.advance(C::horizon) == CHEMNNE_OK);
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const double* const a = &before[3 * cell];
      const double* const b = &host.state[3 * cell];
      change.push_back(std::abs((b[0] + 2 * b[1]) / (a[0] + 2 * a[1]) - 1));
    }
  }
  std::size_t beyond(double tolerance) const {
    return static_cast<std::size_t>(
        std::count_if(change.begin(), change.end(), [=](double g) { return g > tolerance; }));
  }
  Opened host;
  std::vector<double> change;  // [cells]
};

}  // namespace

BOOST_AUTO_TEST_CASE(no_options_and_zeros_are_the_defaults) {
  const chemnne_options zeros{};
  for (const chemnne_options* const options : {static_cast<const chemnne_options*>(nullptr), &zeros}) {
    const Stepped stepped(options);
    BOOST_TEST(stepped.beyond(1e-14) == 0u);
    BOOST_TEST(stepped.host.status.budget == 0u);
  }
  const EmulatorOptions ours;
  BOOST_TEST(ours.coverage == 0.9);
  BOOST_TEST(ours.budget_tolerance == 0.1);
}

BOOST_AUTO_TEST_CASE(a_step_without_projection_is_flagged_by_the_tolerance_of_the_host) {
  const chemnne_options usual{nullptr, 0, 0, 1}, loose{nullptr, 0, 0.5, 1};
  const Stepped tenth(&usual), half(&loose);
  BOOST_TEST(tenth.host.status.budget == tenth.beyond(0.1));
  BOOST_TEST(half.host.status.budget == half.beyond(0.5));
  BOOST_TEST((half.host.status.budget > 0 && half.host.status.budget < tenth.host.status.budget));
}

BOOST_AUTO_TEST_CASE(options_that_make_no_sense_are_refused_by_name) {
  Opened host;
  Emulated* none = nullptr;
  const auto refused = [&](const chemnne_options& options, const char* why) {
    const std::string bytes = read_text_file(host.file);
    for (const bool memory : {false, true}) {
      const int code = memory ? Interface::open_bytes(bytes.data(), bytes.size(), &options, &none, host.said)
                              : Interface::open(host.file.c_str(), &options, &none, host.said);
      BOOST_TEST(code == CHEMNNE_BAD_ARGUMENT, why);
      BOOST_TEST(contains(host.said.text(), std::string("emulator options, ") + why), host.said.text());
      BOOST_TEST(!none);
    }
  };
  for (const double coverage : {-0.5, 1.0, 90.0, std::nan("")})
    refused({nullptr, coverage, 0, 0}, "coverage: expected a number between 0 and 1");
  for (const double tolerance : {-0.1, std::nan("")})
    refused({nullptr, 0, tolerance, 0}, "budget_tolerance: expected a number above 0");
}

BOOST_AUTO_TEST_CASE(what_the_file_does_not_have_is_the_files_fault) {
  Opened host(nullptr, description(), test::small_uncertainty<C>());
  Emulated* none = nullptr;
  const auto refused = [&](const chemnne_options& options, const char* why) {
    BOOST_TEST(Interface::open(host.file.c_str(), &options, &none, host.said) == CHEMNNE_BAD_FILE);
    BOOST_TEST(contains(host.said.text(), why), host.said.text());
    BOOST_TEST(!none);
  };
  refused({"another", 0, 0, 0}, "'another' (the host's)");
  refused({nullptr, 0.8, 0, 0}, "coverage: expected one of 0.5");
}
