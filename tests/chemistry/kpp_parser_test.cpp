#define BOOST_TEST_MODULE chemistry_kpp_parser
#include <cstdio>
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>

using namespace chemnne;

namespace {

/// A folder of its own with files in it, gone at the end.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / "chemnne_kpp_parser_test") {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_ / "inner");
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = (path_ / name).string();
    std::FILE* const file = std::fopen(path.c_str(), "wb");
    BOOST_REQUIRE(file);
    std::fputs(text.c_str(), file);
    std::fclose(file);
    return path;
  }

 private:
  std::filesystem::path path_;
};

bool refuses(const std::string& path, const std::string& part_of_message) {
  try {
    read_kpp(path);
  } catch (const Error& error) {
    if (std::string(error.what()).find(part_of_message) != std::string::npos) return true;
    BOOST_TEST_MESSAGE(error.what());
  }
  return false;
}

const std::string constants =
    "#INLINE F90_RCONST\nshare = 0.75_dp/2\nwhole = 2\nwarm = TEMP/300\nlost = nothing\n#ENDINLINE\n";

Mechanism with_coefficients(const std::string& equation) {
  return parse_kpp("#DEFVAR A = IGNORE; B = IGNORE;\n" + constants + "#EQUATIONS\n" + equation + " : 1;",
                   "test.kpp");
}

bool refuses_coefficient(const std::string& equation, const std::string& part_of_message) {
  try {
    with_coefficients(equation);
  } catch (const Error& error) {
    if (std::string(error.what()).find(part_of_message) != std::string::npos) return true;
    BOOST_TEST_MESSAGE(error.what());
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(included_files_lie_beside_the_one_that_includes_them) {
  const Folder folder;
  folder.write("inner/species.spc", "A = IGNORE;\n#INCLUDE more.spc\n");
  folder.write("inner/more.spc", "B = IGNORE;\n");
  const std::string path =
      folder.write("all.def", "#DEFVAR\n#INCLUDE inner/species.spc\n#EQUATIONS A = B : 1;\n");
  BOOST_TEST(read_kpp(path).species.size() == 2u);
  folder.write("inner/more.spc", "B = ;\n");
  BOOST_TEST(refuses(path, "inner/more.spc, line 1, column 5"));
}

BOOST_AUTO_TEST_CASE(only_regular_files_are_included) {
  const Folder folder;
  if (std::filesystem::exists("/dev/zero"))
    BOOST_TEST(refuses(folder.write("device.kpp", "\n#INCLUDE /dev/zero\n"),
                       "line 2, column 10: expected a regular file"));
  BOOST_TEST(refuses(folder.write("folder.kpp", "#INCLUDE inner\n"), "expected a regular file"));
  folder.write("empty", "");
  BOOST_TEST(refuses(folder.write("nothing.kpp", "#INCLUDE empty\n"), "that is not empty"));
  BOOST_TEST(refuses(folder.write("missing.kpp", "#INCLUDE missing\n"), "a readable file"));
}

BOOST_AUTO_TEST_CASE(a_file_that_includes_itself_twice_ends_soon) {
  const Folder folder;
  BOOST_TEST(
      refuses(folder.write("twice.kpp", "#INCLUDE twice.kpp\n#INCLUDE twice.kpp\n"), "at most 16 nested"));
  // Two files of the next level in each: 2^15 files at the end without a bound.
  for (int i = 0; i < 15; ++i) {
    const std::string line = "#INCLUDE level" + std::to_string(i + 1) + "\n";
    folder.write("level" + std::to_string(i), line + line);
  }
  folder.write("level15", "// end\n");
  BOOST_TEST(refuses(folder.write("tree.kpp", "#INCLUDE level0\n"), "at most 1000 #INCLUDE"));
}

BOOST_AUTO_TEST_CASE(coefficients_may_be_names_of_constants) {
  const Mechanism mechanism = with_coefficients("whole*A = Share * B - share*A + 2B");
  const Reaction& reaction = mechanism.reactions[0];
  BOOST_TEST(reaction.reactants[0].coefficient == 2.0);
  BOOST_TEST_REQUIRE(reaction.products.size() == 2u);
  BOOST_TEST(reaction.products[0].coefficient == 0.375 + 2);
  BOOST_TEST(reaction.products[1].coefficient == -0.375);
  BOOST_TEST(mechanism.species.size() == 2u);
}

BOOST_AUTO_TEST_CASE(coefficients_that_are_no_numbers_are_refused) {
  BOOST_TEST(refuses_coefficient("A = other*B",
                                 "line 9, column 5, reaction <1>: expected a coefficient that #INLINE"));
  BOOST_TEST(refuses_coefficient("A = warm*B", "the same in every environment, found 'warm'"));
  BOOST_TEST(refuses_coefficient("A = KDEC*B", "found 'KDEC'"));  // the MCM's, not the file's
  BOOST_TEST(refuses_coefficient("A = lost*B", "unknown name 'nothing'"));
  BOOST_TEST(refuses_coefficient("share*A = B", "an order from 1 to 9"));
  BOOST_TEST(refuses_coefficient("A = share* + B", "a species after the coefficient share"));
  BOOST_TEST(refuses_coefficient("A = 2*B", "a species, PROD or hv, found '*'"));
  BOOST_TEST(refuses_coefficient("A = share*C", "a species that #DEFVAR or #DEFFIX declares, found 'C'"));
}
