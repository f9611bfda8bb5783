#define BOOST_TEST_MODULE chemistry_mechanism_format
#include <string>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/mechanism_format.hpp>

using namespace chemnne;

namespace {

std::string format(const std::string& text, const std::string& name = "mechanism") {
  return std::string(format_name(mechanism_format(text, name)));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_line_that_only_one_format_has_tells_it) {
  BOOST_TEST(format("// a comment\n\n  #equations\n") == "KPP");
  BOOST_TEST(format("#MODEL small\n") == "KPP");
  BOOST_TEST(format("* a comment ;\n VARIABLE A B ;\n") == "MCM FACSIMILE");
  BOOST_TEST(format("KX = 1 ;\n% KX : A = B ;\n") == "MCM FACSIMILE");
  BOOST_TEST(format("\r\n { \"version\" : \"1.0.0\"}") == "MUSICA/OpenAtmos");
  BOOST_TEST(format("# a comment\nversion: 1.0.0\n") == "MUSICA/OpenAtmos");
  BOOST_TEST(format("camp-files:\n  - a.yaml\n") == "MUSICA/OpenAtmos");
  BOOST_TEST(format("* MOZART\n\n   Species\n Solution\n") == "CAM-chem");
  BOOST_TEST(format("! CB6\nCB6\nReactions [cm] =\n<1> A = B # 1;\n") == "CMAQ");
  BOOST_TEST(format("CB6\nREAC[PPM]=\n") == "CMAQ");
}

/// Both end in .def.
BOOST_AUTO_TEST_CASE(kpp_and_cmaq_are_told_apart_though_they_share_an_ending) {
  BOOST_TEST(format("#INCLUDE atoms\n", "x.def") == "KPP");
  BOOST_TEST(format("NAME\nREACTIONS[CM] =\n", "x.def") == "CMAQ");
  BOOST_TEST(format("nothing that tells\n", "x.def") == "KPP");
}

/// KPP's comments stand in braces, as JSON does.
BOOST_AUTO_TEST_CASE(what_stands_in_comments_tells_nothing) {
  BOOST_TEST(format("{ fullchem.eqn\nREACTIONS[CM] =\nspecies: many\n}\n#EQUATIONS\n") == "KPP");
  BOOST_TEST(format("{\"quoted\" words of a comment}\n#EQUATIONS\n") == "KPP");
  BOOST_TEST(format("{ one } { two }#DEFVAR\n") == "KPP");
  BOOST_TEST(format("{ not closed #EQUATIONS\n#DEFVAR\n", "x.eqn") == "KPP");
}

BOOST_AUTO_TEST_CASE(where_no_line_tells_the_ending_does_in_any_case) {
  for (const char* const name : {"a.b/x.kpp", "x.def", "x.EQN", "x.spc"})
    BOOST_TEST(format("", name) == "KPP");
  BOOST_TEST(format("k = 1 ;", "x.Fac") == "MCM FACSIMILE");
  for (const char* const name : {"x.json", "x.yaml", "x.YML"})
    BOOST_TEST(format("[1]", name) == "MUSICA/OpenAtmos");
}

BOOST_AUTO_TEST_CASE(where_neither_tells_the_formats_are_listed) {
  for (const char* const name : {"x.txt", "x", "folder.eqn/x", "x."}) {
    const std::string message =
        test::message_of([&] { mechanism_format("#EQUATIONSS\n% no\nSPECIES A\n", name); });
    BOOST_TEST(test::contains(message, std::string(name) + ": expected a mechanism of KPP, MCM FACSIMILE"),
               message);
    BOOST_TEST(test::contains(message, "CAM-chem or CMAQ, by its text or its ending (.kpp, .def, .eqn"),
               message);
  }
  BOOST_TEST(test::contains(test::message_of([] { mechanism_format("", "x.txt"); }), "the ending '.txt'"));
}
