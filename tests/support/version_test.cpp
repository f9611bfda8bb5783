#define BOOST_TEST_MODULE support_version
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/support/text.hpp>
#include <chemnne/support/version.hpp>

BOOST_AUTO_TEST_CASE(cmake_the_changelog_and_the_citation_know_the_same_version) {
  BOOST_TEST(std::string(chemnne::version) == CHEMNNE_CMAKE_VERSION);
  const std::string changelog = chemnne::read_text_file(CHEMNNE_SOURCE_DIRECTORY "/CHANGELOG.md");
  BOOST_TEST(changelog.find("## [" + std::string(chemnne::version) + "]") != std::string::npos);
  const std::string citation = chemnne::read_text_file(CHEMNNE_SOURCE_DIRECTORY "/CITATION.cff");
  BOOST_TEST(citation.find("\nversion: " + std::string(chemnne::version) + "\n") != std::string::npos);
}
