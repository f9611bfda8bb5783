#define BOOST_TEST_MODULE chemistry_photolysis
#include <cstdio>
#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/photolysis.hpp>
#include <chemnne/support/text.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(rates_with_the_sun_overhead) {
  // By hand: J1 = 6.073e-5 exp(-0.474) = 3.7805e-5, J4 = 1.165e-2 exp(-0.267) = 8.9201e-3, given to five
  // digits.
  BOOST_TEST(mcm_photolysis_rate(1, 1) == 3.7805e-5, boost::test_tools::tolerance(2e-5));
  BOOST_TEST(mcm_photolysis_rate(4, 1) == 8.9201e-3, boost::test_tools::tolerance(2e-5));
}

BOOST_AUTO_TEST_CASE(rates_at_sixty_degrees) {
  // J1 = 6.073e-5 0.5^1.743 exp(-0.948): log10 gives -4.21660 - 0.52470 - 0.41171 = -5.15301, 7.0306e-6.
  BOOST_TEST(mcm_photolysis_rate(1, 0.5) == 7.0306e-6, boost::test_tools::tolerance(1e-4));
}

BOOST_AUTO_TEST_CASE(night_is_dark_and_the_horizon_is_approached_smoothly) {
  for (const McmPhotolysis& row : mcm_photolysis_table) {
    BOOST_TEST(photolysis_rate(row, 0) == 0);
    BOOST_TEST(photolysis_rate(row, -0.3) == 0);
    // exp(-n / cos) with the smallest n, 0.08, is below 1e-15 at a cosine of 0.002.
    BOOST_TEST(photolysis_rate(row, 0.002) < 1e-15);
    BOOST_TEST(photolysis_rate(row, 0.9) > photolysis_rate(row, 0.8));
  }
}

/// As AtChem2 lists both (Sommariva et al., Geosci. Model Dev. 13, 169, 2020): all others are the same.
BOOST_AUTO_TEST_CASE(versions_differ_in_five_rows) {
  std::set<int> differ;
  for (std::size_t i = 0; i < mcm_photolysis_table.size(); ++i) {
    const McmPhotolysis &now = mcm_photolysis(McmVersion::v3_3_1)[i],
                        &old = mcm_photolysis(McmVersion::v3_2)[i];
    BOOST_TEST(now.number == old.number);
    BOOST_TEST(now.name == old.name);
    if (now.l != old.l || now.m != old.m || now.n != old.n) differ.insert(now.number);
  }
  BOOST_TEST(differ == (std::set<int>{18, 19, 23, 24, 56}), boost::test_tools::per_element());
  // By hand: 7.549e-6 exp(-0.324) = 5.4599e-6, to five digits.
  BOOST_TEST(mcm_photolysis_rate(56, 1, McmVersion::v3_2) == 5.4599e-6, boost::test_tools::tolerance(2e-5));
  BOOST_TEST(mcm_photolysis_rates(1, McmVersion::v3_2)[56] == mcm_photolysis_rate(56, 1, McmVersion::v3_2));
}

BOOST_AUTO_TEST_CASE(rows_are_found_by_number_and_name) {
  for (const McmPhotolysis& row : mcm_photolysis_table) {
    BOOST_TEST(find_mcm_photolysis(row.number) == &row);
    if (!row.name.empty()) BOOST_TEST(find_mcm_photolysis("J_" + std::string(row.name)) == &row);
  }
  for (const char* name : {"", "J_", "J_SUN", "NO2", "J_NO2_"}) BOOST_TEST(!find_mcm_photolysis(name));
  BOOST_TEST(!find_mcm_photolysis(9));
}

/// Every name that the full mechanism uses must be in the table: the names are the MCM's, not ours.
BOOST_AUTO_TEST_CASE(all_names_of_the_full_mcm_are_known) {
  const std::string path = std::string(CHEMNNE_SHARED_DIRECTORY) + "/mechanisms/mcm/mcm_full.eqn";
  std::string text;
  try {
    text = read_text_file(path);
  } catch (const Error&) {
    std::printf("skipped: %s is not there\n", path.c_str());
    return;
  }
  std::set<std::string> names;
  for (std::size_t at = text.find("J(J_"); at != std::string::npos; at = text.find("J(J_", at + 1))
    names.insert(text.substr(at + 2, text.find(')', at) - at - 2));
  BOOST_TEST(names.size() > 25u);
  for (const std::string& name : names) BOOST_TEST(find_mcm_photolysis(name), name);
}
