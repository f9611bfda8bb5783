#define BOOST_TEST_MODULE chemistry_stated_photolysis
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/stated_photolysis.hpp>

using namespace chemnne;

namespace {

/// v3.2, v3.3.1, or - where a text states none.
std::string stated(const std::string& text) {
  const auto found = detail::stated_photolysis(SourceText("some.fac", text));
  if (!found) return "-";
  return found->version == McmVersion::v3_2 ? "v3.2" : "v3.3.1";
}

PhotolysisVersion of_mechanism(const std::string& comment, const std::string& rate) {
  return parse_kpp("// " + comment + "\n#DEFVAR A;\n#EQUATIONS A + hv = : " + rate + ";", "some.eqn")
      .photolysis;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_version_is_stated_in_many_ways) {
  for (const std::string text :
       {"Master Chemical Mechanism, MCM v3.2 (ref), via website", "MCMv3.1", "MCM 3.2", "MCM_v3.2",
        "MCM, version 3.1", "MCM (v3.0)", "MCM v3", "MCM V3.2.", "CRI v2", "CRIv2-R5", "CRI v2.1 (full)"})
    BOOST_TEST(stated(text) == "v3.2", text);
  for (const std::string text : {"MCM v3.3.1 (reference)", "MCMv3.3.1 Subset", "MCM v3.3", "MCM Version 3.4",
                                 "MCM-v4", "CRI v2.2", "CRI 2.2 R5", "CRI v3"})
    BOOST_TEST(stated(text) == "v3.3.1", text);
  for (const std::string text : {"", "M", "MC", "MCM", "MCM 2015", "MCM, 3 papers", "the MCM website",
                                 "XMCM v3.2", "MCM v", "CRIEGEE 2.0", "MCM v2015", "MCM 1997, 31.5"})
    BOOST_TEST(stated(text) == "-", text);
}

BOOST_AUTO_TEST_CASE(the_first_statement_counts_and_its_place_is_told) {
  const auto found = detail::stated_photolysis(
      SourceText("some.fac", "* MCM ;\n* Chemical Mechanism, MCM  v3.2 ;\n* not of MCM v3.3.1 ;\n"));
  BOOST_TEST_REQUIRE(found.has_value());
  BOOST_TEST(found->reason == "some.fac states MCM v3.2 in line 2");
  BOOST_TEST((found->version == McmVersion::v3_2));
  BOOST_TEST(detail::stated_photolysis(SourceText("x.fac", "MCMv3.3.1, MCMv3.1"))->reason ==
             "x.fac states MCMv3.3.1 in line 1");
}

BOOST_AUTO_TEST_CASE(without_a_statement_the_numbers_tell) {
  BOOST_TEST((of_mechanism("", "J(57)").version == McmVersion::v3_2));
  BOOST_TEST(of_mechanism("", "J(57)").reason == "a rate uses J57");
  BOOST_TEST((of_mechanism("", "J(20)").version == McmVersion::v3_3_1));
  BOOST_TEST((of_mechanism("", "J(20)+J(57)").version == McmVersion::v3_3_1));
  BOOST_TEST((of_mechanism("", "J(18)").version == McmVersion::v3_3_1));
  BOOST_TEST((of_mechanism("MCM v3.2", "J(20)").version == McmVersion::v3_2));
  BOOST_TEST((of_mechanism("MCM v3.3.1", "J(57)").version == McmVersion::v3_3_1));
}
