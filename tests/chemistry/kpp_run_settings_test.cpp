#define BOOST_TEST_MODULE chemistry_kpp_run_settings
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>

using namespace chemnne;

namespace {

RunSettings settings(const std::string& block) {
  return parse_kpp("#DEFVAR A = IGNORE;\n#EQUATIONS A = PROD : 1;\n" + block, "box.def").run_settings;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_tells_how_to_run) {
  const RunSettings found = settings(
      "#INLINE F90_INIT\n  TSTART = (12*3600)  ! noon\n  tend = TSTART + 3.0d0*24*3600\n  DT = 0.25*3600\n"
      "  TEMP = 270\n#ENDINLINE\n");
  BOOST_TEST(found.start.value() == 43200);
  BOOST_TEST(found.end.value() == 43200 + 3 * 86400);
  BOOST_TEST(found.step.value() == 900);
  BOOST_TEST(found.temperature.value() == 270);
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_not_said) {
  const RunSettings found = settings(
      "#INLINE F90_INIT\n  INTEGER :: i\n  CALL start(TSTART)\n  VAR(1) = 3\n  DT = HOST_DT\n  ! TEMP = 270\n"
      "#ENDINLINE\n#INLINE F90_RCONST\n  TEND = 5\n#ENDINLINE\n{ #INLINE F90_INIT\n TEMP = 260\n#ENDINLINE "
      "}\n");
  BOOST_TEST(!found.start);
  BOOST_TEST(!found.end);
  BOOST_TEST(!found.step);
  BOOST_TEST(!found.temperature);
}

BOOST_AUTO_TEST_CASE(the_last_word_counts) {
  BOOST_TEST(settings("#INLINE F90_INIT\nTEMP = 270\nTEMP = TEMP + 5\n#ENDINLINE\n").temperature.value() ==
             275);
  BOOST_TEST(!settings("#INLINE F90_INIT\nTEMP = 270\nTEMP = T_HOST\n#ENDINLINE\n").temperature);
}
