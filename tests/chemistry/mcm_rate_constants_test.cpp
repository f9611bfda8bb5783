#define BOOST_TEST_MODULE chemistry_mcm_rate_constants
#include <cmath>
#include <cstdio>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/facsimile_reader.hpp>
#include <chemnne/chemistry/mcm_rate_constants.hpp>
#include <chemnne/chemistry/rate_compiler.hpp>

using namespace chemnne;

namespace {

const Environment environments[] = {{},
                                    {.temperature = 220, .pressure = 2e4, .relative_humidity = 10},
                                    {.temperature = 255, .pressure = 5e4, .relative_humidity = 80},
                                    {.temperature = 310, .pressure = 1e5, .relative_humidity = 0}};

double value(const std::string& text, const Environment& environment) {
  return compile_rate(text).value(make_rate_context(environment));
}

}  // namespace

/// The constants that the FACSIMILE export of methane writes out, step by step: its definitions, then one
/// reaction for each of our names.
BOOST_AUTO_TEST_CASE(constants_are_those_that_facsimile_files_define) {
  const std::string path = std::string(CHEMNNE_SHARED_DIRECTORY) + "/mechanisms/mcm/mcm_methane.fac";
  if (!file_exists(path)) {
    std::printf("skipped: %s is not there\n", path.c_str());
    return;
  }
  std::string text = read_text_file(path);
  text.resize(text.find("\n%") + 1);
  for (const McmRateConstant& row : mcm_rate_constants) {
    BOOST_TEST(text.find("\n" + std::string(row.name) + " = ") != std::string::npos, row.name);
    text += "% " + std::string(row.name) + " : O3 = ;\n";
  }
  const Mechanism mechanism = parse_facsimile(text, "constants.fac");
  BOOST_TEST_REQUIRE(mechanism.reactions.size() == mcm_rate_constants.size());
  for (const Environment& environment : environments)
    for (std::size_t r = 0; r < mcm_rate_constants.size(); ++r) {
      const std::string name(mcm_rate_constants[r].name);
      if (name == "KNO3AL" || name == "KBPPN") continue;  // exports differ: below
      const double published = mechanism.reactions[r].rate.value(make_rate_context(environment));
      BOOST_TEST(value(name, environment) == published, boost::test_tools::tolerance(1e-12) << name);
    }
}

BOOST_AUTO_TEST_CASE(where_exports_differ_the_kpp_one_counts) {
  for (const Environment& environment : environments) {
    const double t = environment.temperature, m = air_number_density(environment);
    BOOST_TEST(value("KNO3AL", environment) == 1.44e-12 * std::exp(-1862 / t),
               boost::test_tools::tolerance(1e-13));
    const double k0 = 1.7e-3 * std::exp(-11280 / t) * m, kinf = 8.3e16 * std::exp(-13940 / t), r = k0 / kinf;
    const double n = 0.75 - 1.27 * std::log10(0.36), x = std::log10(r) / n;
    BOOST_TEST(
        value("KBPPN", environment) == k0 * kinf / (k0 + kinf) * std::pow(10, std::log10(0.36) / (1 + x * x)),
        boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(names_are_upper_case_and_unique) {
  for (const McmRateConstant& row : mcm_rate_constants) {
    BOOST_TEST(upper_case(row.name) == row.name);
    int found = 0;
    for (const McmRateConstant& other : mcm_rate_constants) found += other.name == row.name;
    BOOST_TEST(found == 1, row.name);
  }
}
