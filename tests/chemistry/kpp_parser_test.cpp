#define BOOST_TEST_MODULE chemistry_kpp_parser
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
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

/// Sets a variable of the environment, and what it was again at the end.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* const old = std::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

/// The first reaction of A and B that `text` makes, with remarks on what was passed over.
Mechanism with_equations(const std::string& text) {
  return parse_kpp("#DEFVAR A = IGNORE; B = IGNORE;\n#EQUATIONS\n" + text, "test.kpp");
}

bool has_remark(const Mechanism& mechanism, const std::string& text) {
  for (const std::string& remark : mechanism.remarks)
    if (remark.find(text) != std::string::npos) return true;
  return false;
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
  BOOST_TEST(refuses_coefficient("A = 2**B", "a species, PROD or hv, found '*'"));
  BOOST_TEST(refuses_coefficient("A = share*C", "a species that #DEFVAR or #DEFFIX declares, found 'C'"));
}

BOOST_AUTO_TEST_CASE(numbers_may_have_a_star_and_a_product_may_be_missing) {
  const Mechanism mechanism = with_equations("A = 2.000*B - 0.5 * A : 1;\nA + B = : 2; B = PROD : 3;");
  BOOST_TEST_REQUIRE(mechanism.reactions.size() == 3u);
  BOOST_TEST(mechanism.reactions[0].products.at(0).coefficient == 2.0);
  BOOST_TEST(mechanism.reactions[0].products.at(1).coefficient == -0.5);
  BOOST_TEST(mechanism.reactions[1].reactants.size() == 2u);
  BOOST_TEST(mechanism.reactions[1].products.empty());
  BOOST_TEST(mechanism.reactions[1].rate.value(make_rate_context({})) == 2);
}

/// KPP's scanner drops such signs between equations, and takes a second ';' for nothing.
BOOST_AUTO_TEST_CASE(stray_signs_between_items_are_passed_over) {
  const Mechanism mechanism =
      with_equations("A = B : 1;; ;{one},{two}\n<2> B = A : 2;) ;\n, A = A : 3 ; ;\n#CHECKALL ;");
  BOOST_TEST(mechanism.reactions.size() == 3u);
  BOOST_TEST(mechanism.reactions[1].label == "2");
  BOOST_TEST(mechanism.remarks.size() == 3u);
  BOOST_TEST(has_remark(mechanism, "test.kpp, line 3, column 19: ',' is passed over"));
  BOOST_TEST(has_remark(mechanism, "line 4, column 15: ')' is passed over"));
  BOOST_TEST(
      parse_kpp("#ATOMS H;; O; ;\n#DEFVAR ; A = H;;\n#EQUATIONS A = : 1;\n#INITVALUES ;A = 1;;", "x.kpp")
          .initial_values.at("A") == 1);
  BOOST_CHECK_THROW(with_equations("A , B = B : 1;"), Error);
}

BOOST_AUTO_TEST_CASE(species_may_stand_without_composition_and_nameless_ones_are_passed_over) {
  const Mechanism mechanism = parse_kpp(
      "#ATOMS O;\n#DEFVAR\n = IGNORE ;\nA; B = O;\n#DEFRAD R;\n#DEFFIX F;\n#EQUATIONS A + F = B + R : 1;",
      "test.kpp");
  BOOST_TEST(mechanism.variable_species == 3u);
  BOOST_TEST(mechanism.species.size() == 4u);
  BOOST_TEST(!mechanism.species[mechanism.index_of("A")].composition_known);
  BOOST_TEST(mechanism.species[mechanism.index_of("B")].composition_known);
  BOOST_TEST(mechanism.remarks.size() == 1u);
  BOOST_TEST(has_remark(mechanism, "test.kpp, line 3, column 2: a species without a name"));
}

BOOST_AUTO_TEST_CASE(commands_of_all_versions_of_kpp_are_known) {
  const Mechanism mechanism = parse_kpp(
      "#FLUX on\n#WRITE_ATM\n#Write_Spc #WRITE_MAT\n#WRITE_OPT\n#WRFCONFORM\n#GRAPH stoic ;\n"
      "#MINVERSION 3.0.0\n#AUTOREDUCE on\n#DECLARE symbol\n#LANGUAGE\n#DEFVAR A;\n#EQUATIONS A = : 1;",
      "test.kpp");
  BOOST_TEST(mechanism.species.size() == 1u);  // #LANGUAGE without a word does not swallow #DEFVAR
  BOOST_CHECK_THROW(parse_kpp("#FLUXES on\n", "test.kpp"), Error);
}

BOOST_AUTO_TEST_CASE(an_inline_block_ends_where_it_should_or_the_error_stands_there) {
  const std::string tail = "\n#EQUATIONS A = : 1;\n";
  const auto parse = [&](const std::string& text) {
    return parse_kpp("#DEFVAR A;\n" + text + tail, "test.kpp");
  };
  const auto complaint = [&](const std::string& text) -> std::string {
    try {
      parse(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  const Mechanism mechanism =
      parse("#INLINE F90_DATA\n#ifdef X\n ! see #DEFVAR\n #endif\n#EndInline and more; A = B\n");
  BOOST_TEST(has_remark(mechanism, "line 6, column 11: the text behind #ENDINLINE is passed over"));
  BOOST_TEST(parse("#INLINE C_INIT\n#define A 1\n#ENDINLINE {note} #CHECKALL").remarks.empty());
  for (const std::string wrong :
       {"#ENDLINE", "#END INLINE", "  #endinlin", "#ENDINLINES", "#DEFFIX F;", "#INLINE C_INIT"})
    BOOST_TEST(complaint("#INLINE F90_RCONST\n  K = 1\n" + wrong + "\n#ENDINLINE")
                       .find("test.kpp, line 4, column " + std::string(wrong[0] == ' ' ? "3" : "1") +
                             ": expected #ENDINLINE, the end of the #INLINE in line 2") == 0u,
               wrong);
  // What follows is in no section: KPP drops it.
  BOOST_TEST(complaint("#DEFVAR\n#INLINE C_INIT\n#ENDINLINE\nB;").find("line 5, column 1: expected '#'") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_model_is_looked_for_where_kpp_has_it) {
  const Folder folder;
  const std::string definition = "#INCLUDE small.spc\n#EQUATIONS A = : 1;\n";
  const std::string path = folder.write("inner/run.kpp", "#MODEL small\n#LANGUAGE Fortran90\n");
  BOOST_TEST(
      refuses(path, "run.kpp, line 1, column 8: expected the model's file, such as small.def, beside"));
  // A whole mechanism may name one that is not there.
  const std::string whole = "#MODEL other\n#DEFVAR A;\n#EQUATIONS A = : 1;\n";
  BOOST_TEST(
      has_remark(parse_kpp(whole, "whole.kpp"), "line 1, column 8: there is no file of the model other"));
  const auto found = [&](const std::string& models) {
    const std::filesystem::path at = std::filesystem::path(path).parent_path() / models;
    std::filesystem::create_directories(at);
    folder.write("inner/" + models + "small.def", definition);
    folder.write("inner/" + models + "small.spc", "#DEFVAR A;\n");
    const std::size_t species = read_kpp(path).species.size();
    std::filesystem::remove(at / "small.def");
    return species == 1;
  };
  for (const std::string models : {"", "models/", "../models/"}) BOOST_TEST(found(models), models);
  const Variable home("KPP_HOME", std::filesystem::path(path).parent_path().string() + "/home");
  BOOST_TEST(found("home/models/"));
  BOOST_TEST(refuses(path, "expected the model's file"));
  // small.def may name itself.
  folder.write("inner/small.def", "#MODEL small\n" + definition);
  BOOST_TEST(read_kpp(path).reactions.size() == 1u);
}

BOOST_AUTO_TEST_CASE(elements_may_follow_the_built_in_ones) {
  const Mechanism mechanism =
      parse_kpp("#INCLUDE atoms\n Tracer;\n#DEFVAR A = Tracer + 2N;\n#EQUATIONS A = : 1;", "test.kpp");
  BOOST_TEST(mechanism.elements == (std::vector<std::string>{"N", "Tracer"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_no_text) {
  const Folder folder;
  const std::string text = "#DEFVAR A;\n#EQUATIONS A = : 1;\n";
  BOOST_TEST(read_kpp(folder.write("marked.kpp", "\xef\xbb\xbf" + text)).species.size() == 1u);
  folder.write("inner/part.eqn", "\xef\xbb\xbf" + text);
  BOOST_TEST(read_kpp(folder.write("including.kpp", "#INCLUDE inner/part.eqn\n")).species.size() == 1u);
  BOOST_TEST(refuses(folder.write("wide.kpp", "\xff\xfe#D"), "wide.kpp: expected a text file in UTF-8"));
  BOOST_TEST(refuses(folder.write("wide.kpp", "\xfe\xff#D"), "found UTF-16"));
}

/// What ../shared/cases/README.md says is right.
BOOST_AUTO_TEST_CASE(cases_of_the_grammar) {
  const std::string folder = std::string(CHEMNNE_SHARED_DIRECTORY) + "/cases/";
  if (!file_exists(folder + "README.md")) return static_cast<void>(std::printf("skipped: no shared data\n"));
  BOOST_TEST(read_kpp(folder + "k01_allspec_last.kpp").initial_values.at("A") == 5e9);
  BOOST_TEST(read_kpp(folder + "k01_allspec_last.kpp").initial_values.at("B") == 1e9);
  BOOST_TEST(read_kpp(folder + "k02_allspec_case.kpp").initial_values.at("A") == 5e9);
  const Mechanism atoms = read_kpp(folder + "k04_atoms_case.kpp");
  BOOST_TEST(atoms.elements.size() == 3u);
  BOOST_TEST(atoms.species[0].atoms.size() == atoms.species[1].atoms.size());
  BOOST_TEST(!read_kpp(folder + "k05_no_composition.kpp").species[0].composition_known);
  const Mechanism starred = read_kpp(folder + "k66_number_star.kpp");
  BOOST_TEST(starred.reactions[0].products[0].coefficient == 2);
  BOOST_TEST(read_kpp(folder + "a10_comment_between_comma.kpp").reactions.size() == 2u);
  BOOST_TEST(read_kpp(folder + "k40_mcm_empty_species.kpp").species.size() == 2u);
  BOOST_TEST(!read_kpp(folder + "k40_mcm_empty_species.kpp").remarks.empty());
  for (const auto& [file, place] :
       {std::pair<std::string, std::string>{"k07_model_only.kpp", "line 1, column 8"},
        {"a12_inline_unclosed_word.kpp", "line 2, column 1"}})
    try {
      read_kpp(folder + file);
      BOOST_ERROR(file + " is read");
    } catch (const Error& error) {
      BOOST_TEST(error.where() == folder + file + ", " + place);
    }
}
