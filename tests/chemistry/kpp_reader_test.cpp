#define BOOST_TEST_MODULE chemistry_kpp_reader
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

const std::string small = R"(// A comment ; = < { which ends here
{ and another { over
two lines }
#INCLUDE atoms   { built in }
#include atoms.kpp
#DefVar
  NO2 = N + 2O ;  NO = N + O;
  O3 = O + O + O; X = IGNORE;   Y = 2C + IGNORE ; { Z = O; }
#DEFFIX
  M = IGNORE; O2 = 2O;
#EQUATIONS {the chemistry}
<R 1> NO2 + hv = NO + O3 : 0.5*J(J_NO2) ; // light
NO + O3 = NO2 + .97 O2 + 0.25X : ARR_ab(1.4D-12,
    1310.) ;
<3> 2 NO + O2 = 2NO2 : 3.3E-39*EXP(530./TEMP) {inside} * 1 ;
<4> NO + NO + O2 = NO2 + NO2 : 1e-40 ;
<5> X + Y = PROD - Y : KX*2 ;
<6> hv = 1e3 NO : 1. ;
#INLINE F90_RCONST
  ! KX = 9
  CALL Update_SUN()
  REAL(dp) :: KX
  KY = 3.D0 + 0.*TEMP  ! } of no meaning here { neither
  kx = KY * &   ! continued
       2.0_dp
#ENDINLINE
#INLINE C_INIT
  KX = 7; { {
#ENDINLINE
#LOOKATALL
#MONITOR NO; O3;
#INTEGRATOR rosenbrock
#CHECK O; N;
#INITVALUES
  ALL_SPEC = 1.0 ; FIX_SPEC = 5; O3 = 2.5E+1 ; CFACTOR = 2. ; X = - 1 ;
#SETFIX Y ;
)";

Mechanism parse(const std::string& text) { return parse_kpp(text, "test.eqn"); }

double coefficient(const Mechanism& mechanism, const std::vector<Term>& terms, const std::string& name) {
  for (const Term& term : terms)
    if (mechanism.species[term.species].name == name) return term.coefficient;
  return 0;
}

double rate(const Mechanism& mechanism, std::size_t reaction, double temperature = 298) {
  return mechanism.reactions[reaction].rate.value(make_rate_context({.temperature = temperature}));
}

/// A + A + ...
std::string sum_of(int terms, const std::string& name = "A") {
  std::string sum = name;
  for (int i = 1; i < terms; ++i) sum += "+" + name;
  return sum;
}

bool refuses(const std::string& text, const std::string& place, const std::string& part_of_message) {
  try {
    parse(text);
  } catch (const Error& error) {
    const std::string message = error.what();
    if (error.where().rfind("test.eqn, line " + place, 0) == 0 &&
        message.find(part_of_message) != std::string::npos)
      return true;
    BOOST_TEST_MESSAGE(message);
  }
  return false;
}

/// Reads a file of ../shared, or says that it is not there.
bool read_shared(const std::string& file, Mechanism& mechanism, const ReadOptions& options = {}) {
  const std::string path = std::string(CHEMNNE_SHARED_DIRECTORY) + "/mechanisms/" + file;
  std::FILE* there = std::fopen(path.c_str(), "rb");
  if (!there) return std::printf("skipped: %s is not there\n", path.c_str()), false;
  std::fclose(there);
  mechanism = read_kpp(path, options);
  return true;
}

}  // namespace

/// M, which no equation has, is left out, as KPP does.
BOOST_AUTO_TEST_CASE(species_are_sorted_into_variable_and_fixed_with_their_atoms) {
  const Mechanism mechanism = parse(small);
  const std::vector<std::string> names{"NO2", "NO", "O3", "X", "Y", "O2"};
  BOOST_TEST_REQUIRE(mechanism.species.size() == names.size());
  BOOST_TEST(mechanism.variable_species == 4u);  // #SETFIX moves Y
  for (std::size_t i = 0; i < names.size(); ++i) BOOST_TEST(mechanism.species[i].name == names[i]);
  BOOST_TEST(mechanism.name == "test");
  BOOST_TEST(mechanism.elements == (std::vector<std::string>{"C", "N", "O"}),
             boost::test_tools::per_element());
  const auto atoms = [&](const char* species, std::size_t element) {
    for (const AtomCount& atom : mechanism.species[mechanism.index_of(species)].atoms)
      if (atom.element == element) return atom.count;
    return 0;
  };
  BOOST_TEST(atoms("NO2", 1) == 1);
  BOOST_TEST(atoms("NO2", 2) == 2);
  BOOST_TEST(atoms("O3", 2) == 3);
  BOOST_TEST(atoms("Y", 0) == 2);
  BOOST_TEST(mechanism.species[0].composition_known);
  BOOST_TEST(!mechanism.species[mechanism.index_of("X")].composition_known);
  BOOST_TEST(!mechanism.species[mechanism.index_of("Y")].composition_known);
}

BOOST_AUTO_TEST_CASE(equations_give_orders_products_and_rates) {
  const Mechanism mechanism = parse(small);
  const auto& r = mechanism.reactions;
  BOOST_TEST_REQUIRE(r.size() == 6u);
  const std::vector<std::string> labels{"R 1", "2", "3", "4", "5", "6"};
  for (std::size_t i = 0; i < r.size(); ++i) BOOST_TEST(r[i].label == labels[i]);
  BOOST_TEST(r[0].photolysis);
  BOOST_TEST(!r[1].photolysis);
  BOOST_TEST(r[0].reactants.size() == 1u);  // hv is no species
  BOOST_TEST(coefficient(mechanism, r[1].products, "O2") == 0.97);
  BOOST_TEST(coefficient(mechanism, r[1].products, "X") == 0.25);
  BOOST_TEST(coefficient(mechanism, r[2].reactants, "NO") == 2);
  BOOST_TEST(coefficient(mechanism, r[3].reactants, "NO") == 2);  // the same, written twice
  BOOST_TEST(coefficient(mechanism, r[3].products, "NO2") == 2);
  BOOST_TEST(r[4].products.size() == 1u);  // PROD is no species
  BOOST_TEST(coefficient(mechanism, r[4].products, "Y") == -1);
  BOOST_TEST(r[5].reactants.empty());
  BOOST_TEST(coefficient(mechanism, r[5].products, "NO") == 1000);
  BOOST_TEST(r[1].line == 13u);
  BOOST_TEST(r[1].text == "NO + O3 = NO2 + .97 O2 + 0.25X : ARR_ab(1.4D-12, 1310.)");
  // IUPAC, O3 + NO at 298 K: 1.8e-14 within its 1.4e-12 exp(-1310/T) = 1.73e-14.
  BOOST_TEST(rate(mechanism, 1) == 1.8e-14, boost::test_tools::tolerance(0.05));
  BOOST_TEST(rate(mechanism, 2) == 3.3e-39 * std::exp(530. / 298), boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(constants_come_from_fortran_assignments) {
  // KX = KY * 2 = 6, and the rate is KX * 2.
  BOOST_TEST(rate(parse(small), 4) == 12);
  ReadOptions own;
  own.functions.add("KX", 0, [](const RateContext&, std::span<const double>) { return 5.0; });
  const Mechanism mechanism = parse_kpp(small, "test.eqn", own);
  BOOST_TEST(rate(mechanism, 4) == 10);
}

BOOST_AUTO_TEST_CASE(initial_values_are_scaled_and_groups_overridden) {
  const Mechanism mechanism = parse(small);
  BOOST_TEST(mechanism.initial_values.at("NO") == 2);
  BOOST_TEST(mechanism.initial_values.at("O3") == 50);
  BOOST_TEST(mechanism.initial_values.at("O2") == 10);
  BOOST_TEST(mechanism.initial_values.at("X") == -2);
}

/// As KPP has it: a group is a default, wherever it stands.
BOOST_AUTO_TEST_CASE(initial_values_of_groups_come_first) {
  const auto initial = [](const std::string& values, const std::string& species) {
    return parse("#DEFVAR A; B;\n#DEFFIX F;\n#EQUATIONS A + F = B : 1;\n#INITVALUES " + values)
        .initial_values.at(species);
  };
  for (const std::string values : {"A = 5; ALL_SPEC = 1; CFACTOR = 2;", "cfactor = 2; All_Spec = 1; a = 5;",
                                   "VAR_SPEC = 7; A = 4; CFACTOR = 2; A = 5; all_spec = 1;"}) {
    BOOST_TEST(initial(values, "A") == 10);
    BOOST_TEST(initial(values, "B") == 2);
    BOOST_TEST(initial(values, "F") == 2);
  }
  BOOST_TEST(initial("ALL_SPEC = 1; Fix_Spec = +3; VAR_SPEC = 2;", "B") == 2);
  BOOST_TEST(initial("ALL_SPEC = 1; Fix_Spec = +3; VAR_SPEC = 2;", "F") == 3);
}

BOOST_AUTO_TEST_CASE(groups_change_their_kind) {
  const auto variable = [](const std::string& changes) {
    return parse("#DEFVAR A; B;\n#DEFFIX F;\n" + changes + "\n#EQUATIONS A + F = B : 1;").variable_species;
  };
  BOOST_TEST(variable("#SETVAR ALL_SPEC;") == 3u);
  BOOST_TEST(variable("#SETVAR fix_spec;") == 3u);
  BOOST_TEST(variable("#SETVAR VAR_SPEC;") == 2u);
  BOOST_TEST(variable("#SETFIX VAR_SPEC;") == 0u);
  BOOST_TEST(variable("#SETFIX All_Spec; #SETVAR b;") == 1u);
  BOOST_TEST(variable("#SETVAR b; #SETFIX All_Spec;") == 0u);
  BOOST_TEST(refuses("#DEFVAR A;\n#SETFIX OTHER;\n#EQUATIONS A = : 1;", "2, column 9", "found 'OTHER'"));
}

BOOST_AUTO_TEST_CASE(names_are_found_without_regard_to_case) {
  const Mechanism mechanism = parse(
      "#atoms C; Cl; h;\n#DefVar Ald = c + 3CL + H; X2 = C + 3cl + h; LOST = ignore;\n#deffix m;\n"
      "#Equations\n ALD + M + HV = x2 + Prod : RO2; X2 = ald + cl : 1;\n#InitValues aLD = 3;\n"
      "#DEFVAR CL = Cl;\n#inline f90_rconst\n RO2 = C(ind_ALD)\n#endinline");
  BOOST_TEST(mechanism.species.size() == 4u);
  BOOST_TEST(mechanism.elements == (std::vector<std::string>{"C", "Cl", "h"}),
             boost::test_tools::per_element());
  const Reaction& first = mechanism.reactions[0];
  BOOST_TEST(first.photolysis);
  BOOST_TEST(coefficient(mechanism, first.reactants, "Ald") == 1);
  BOOST_TEST(coefficient(mechanism, first.products, "X2") == 1);
  BOOST_TEST(mechanism.initial_values.at("Ald") == 3);
  BOOST_TEST(mechanism.peroxy_radicals.size() == 1u);
  const Species &ald = mechanism.species[mechanism.index_of("Ald")],
                &second = mechanism.species[mechanism.index_of("X2")];
  BOOST_TEST_REQUIRE(ald.atoms.size() == second.atoms.size());
  for (std::size_t i = 0; i < ald.atoms.size(); ++i) {
    BOOST_TEST(ald.atoms[i].element == second.atoms[i].element);
    BOOST_TEST(ald.atoms[i].count == second.atoms[i].count);
  }
}

/// Of names that differ in case alone each is what it says, and a third spelling is nobody's.
BOOST_AUTO_TEST_CASE(names_that_differ_in_case_alone_stay_apart) {
  const std::string head = "#ATOMS Co; CO;\n#DEFVAR NO = Co; No = CO; B;\n#EQUATIONS\n";
  const Mechanism mechanism = parse(head + "NO = 2 No + b : 1;");
  BOOST_TEST(mechanism.species.size() == 3u);
  BOOST_TEST(mechanism.elements.size() == 2u);
  BOOST_TEST(coefficient(mechanism, mechanism.reactions[0].products, "No") == 2);
  BOOST_TEST(coefficient(mechanism, mechanism.reactions[0].reactants, "NO") == 1);
  BOOST_TEST(refuses(head + "NO = no : 1;", "4, column 6", "found 'no'"));
}

BOOST_AUTO_TEST_CASE(gases_of_the_air_follow_the_environment_unless_the_file_sets_them) {
  const std::string text =
      "#DEFVAR A = IGNORE; #DEFFIX M = IGNORE; O2 = IGNORE; F = IGNORE;"
      "#EQUATIONS A + M + O2 + F = PROD : 1; #INITVALUES FIX_SPEC = 3; O2 = 7;";
  const Mechanism mechanism = parse(text);
  BOOST_TEST(mechanism.species[mechanism.index_of("M")].abundance.has_value());
  BOOST_TEST(!mechanism.species[mechanism.index_of("O2")].abundance.has_value());
  BOOST_TEST(!mechanism.species[mechanism.index_of("F")].abundance.has_value());
  BOOST_TEST(mechanism.initial_values.at("F") == 3);
  BOOST_TEST(mechanism.initial_values.at("O2") == 7);
}

BOOST_AUTO_TEST_CASE(fingerprint_does_not_see_the_layout) {
  std::string other = small;
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"1.4D-12", "0.14e-11"},
                                 {"<R 1>", "<one>"},
                                 {".97 O2", "9.7E-01O2"}})
    other.replace(other.find(from), from.size(), to);
  BOOST_TEST(parse(other).fingerprint() == parse(small).fingerprint());
  other.replace(other.find("1310."), 5, "1311.");
  BOOST_TEST(parse(other).fingerprint() != parse(small).fingerprint());
}

BOOST_AUTO_TEST_CASE(errors_say_where_and_what) {
  const std::string head = "#ATOMS O;\n#DEFVAR O3 = 3O; O = O;\n#EQUATIONS\n";
  BOOST_CHECK_NO_THROW(parse(head + "O3 = O : 1;"));
  BOOST_TEST(refuses(head + "O3 + NOX = O : 1;", "4, column 6, reaction <1>", "'NOX'"));
  BOOST_TEST(refuses(head + "<a> O3 = O + NOX : 1;", "4, column 14, reaction <a>", "'NOX'"));
  BOOST_TEST(refuses(head + "O3 = O : 1\nO = O3 : 2;", "5, column 1, reaction <1>", "end of the rate"));
  BOOST_TEST(refuses(head + "O3 = O : KMT99;", "4, column 10, reaction <1>", "unknown name 'KMT99'"));
  BOOST_TEST(refuses(head + "O3 = O : HET(TEMP);", "4, column 10, reaction <1>", "unknown function 'HET'"));
  BOOST_TEST(refuses(head + "O3 = O ;", "4, column 8", "':'"));
  BOOST_TEST(refuses(head + "O3 : 1;", "4, column 4", "'='"));
  BOOST_TEST(refuses(head + "= O : 1;", "4, column 1", "a species, PROD or hv"));
  BOOST_TEST(refuses(head + "O3 = O : 1", "4, column 10", "';'"));
  BOOST_TEST(refuses(head + "0.5 O3 = O : 1;", "4, column 5", "an order from 1 to 9"));
  BOOST_TEST(refuses(head + "- O3 = O : 1;", "4, column 3", "an order from 1 to 9"));
  BOOST_TEST(refuses(head + "O3 = f*O : 1;", "4, column 6, reaction <1>", "that #INLINE F90_RCONST sets"));
  BOOST_TEST(refuses("#DEFVAR O3 = 3O;\n#EQUATIONS O3 = PROD : 1;", "1, column 15", "#INCLUDE atoms"));
  BOOST_TEST(
      refuses("#DEFVAR A = IGNORE; #EQUATIONS " + sum_of(1001) + "= A : 1;", "1, column", "at most 1000"));
  BOOST_TEST(refuses("#ATOMS O; #DEFVAR A = " + sum_of(1001, "O") + ";", "1, column", "at most 1000"));
  BOOST_TEST(
      refuses("#DEFVAR O = IGNORE; O = IGNORE;\n#EQUATIONS O = PROD : 1;", "1, column 21", "declared once"));
  BOOST_TEST(refuses("#DEFVAR O : 1 ;", "1, column 11", "';' or '=' after the name"));
  BOOST_TEST(refuses("\n #EQUATION", "2, column 3", "section or command"));
  BOOST_TEST(refuses("O3 = O : 1;", "1, column 1", "#DEFVAR"));
  BOOST_TEST(refuses("#DEFVAR { never closed", "1, column 9", "'}'"));
  BOOST_TEST(refuses("#INLINE F90_RCONST\n", "1, column 1", "#ENDINLINE"));
  BOOST_TEST(refuses("#INCLUDE nothing.eqn", "1, column 10", "a readable file"));
  BOOST_TEST(refuses(head + "O = O3 : 1; #INITVALUES O = x;", "4, column 29", "a number"));
  BOOST_TEST(refuses(head + "O = O3 : 1; #INITVALUES N = 1;", "4, column 25", "'N'"));
  BOOST_TEST(refuses(head + "O = O3 : A;\n#INLINE F90_RCONST\nA = B\nB = A\n#ENDINLINE",
                     "6, column 5, constant A", "unknown name 'B'"));
  BOOST_CHECK_THROW(parse(""), Error);
  BOOST_CHECK_THROW(parse("#DEFVAR X = IGNORE;"), Error);
  BOOST_CHECK_THROW(read_kpp("/nowhere/at.all"), Error);
}

BOOST_AUTO_TEST_CASE(a_file_that_includes_itself_is_refused) {
  const std::string path = "chemnne_includes_itself.eqn";
  std::FILE* file = std::fopen(path.c_str(), "wb");
  BOOST_REQUIRE(file);
  std::fputs("#INCLUDE chemnne_includes_itself.eqn\n", file);
  std::fclose(file);
  BOOST_CHECK_THROW(read_kpp(path), Error);
  std::remove(path.c_str());
}

/// No file may crash the reader: whatever random editing makes of a file, it is read or refused with an
/// Error.
BOOST_AUTO_TEST_CASE(damaged_files_are_read_or_refused) {
  static constexpr const char* pieces[] = {
      "#",     "{", "}",  "<",  ">",  ";",  ":",       "=",          "+",          "-",
      "(",     ")", "**", "&",  "//", "\n", "#INLINE", "#ENDINLINE", "#EQUATIONS", "#INCLUDE",
      "1e308", "9", ".",  "KX", "KY", "hv", "J(",      "EXP(",       "\xff"};
  Random random{1, 0};
  int read = 0, refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = small;
    for (std::size_t edits = 1 + random.index(4); edits > 0; --edits) {
      const std::size_t at = random.index(text.size()),
                        length = random.index(std::min<std::size_t>(20, text.size() - at) + 1);
      switch (random.index(4)) {
        case 0:
          text.erase(at, length);
          break;
        case 1:
          text.insert(random.index(text.size()), text.substr(at, length));
          break;
        case 2:
          text.insert(at, pieces[random.index(std::size(pieces))]);
          break;
        default:
          text[at] = static_cast<char>(random.index(256));
      }
    }
    try {
      parse(text);
      ++read;
    } catch (const Error& error) {
      ++refused;
      BOOST_REQUIRE(!error.where().empty());
    }
  }
  // Both must happen, or the editing is too weak or too strong to say anything.
  BOOST_TEST(read > 1000);
  BOOST_TEST(refused > 5000);
}

/// Counts as KPP and the README of ../shared state them.
BOOST_AUTO_TEST_CASE(examples_of_kpp) {
  Mechanism mechanism;
  if (!read_shared("kpp/small_strato.def", mechanism)) return;
  BOOST_TEST(mechanism.variable_species == 5u);
  BOOST_TEST(mechanism.species.size() == 7u);
  BOOST_TEST(mechanism.reactions.size() == 10u);
  BOOST_TEST(mechanism.initial_values.at("O3") == 5.326e11);
  BOOST_TEST(coefficient(mechanism, mechanism.reactions[0].products, "O") == 2);
  BOOST_TEST(rate(mechanism, 4) == 1.07e-3);  // SUN = 1 overhead

  if (!read_shared("kpp/saprc99.def", mechanism)) return;
  BOOST_TEST(mechanism.species.size() == 79u);
  BOOST_TEST(mechanism.variable_species == 74u);
  BOOST_TEST(mechanism.reactions.size() == 211u);
  BOOST_TEST(mechanism.initial_values.at("O2") == 2.09e5 * 2.4476e13);
  // <7> O3 + NO: 1.8e-12 exp(-1370/T), Carter (2000) lists 1.84e-14 at 300 K... to the digits of the file's
  // numbers.
  BOOST_TEST(rate(mechanism, 6, 300) == 1.87e-14, boost::test_tools::tolerance(0.01));
}

/// Counts as the files' last lines and the README of ../shared state them; the README counts a dummy of the
/// MCM.
BOOST_AUTO_TEST_CASE(exports_of_the_mcm) {
  Mechanism mechanism;
  if (!read_shared("arca/simple/second.def", mechanism)) return;
  BOOST_TEST(mechanism.species.size() == 314u);
  BOOST_TEST(mechanism.variable_species == 310u);
  BOOST_TEST(mechanism.reactions.size() == 882u);
  BOOST_TEST_REQUIRE(mechanism.parameters.size() == 2u);
  BOOST_TEST(mechanism.parameters[0].name == "RES1");
  BOOST_TEST(mechanism.parameters[1].name == "RES2");
  BOOST_TEST(!mechanism.peroxy_radicals.empty());
  if (!read_shared("arca/hyde/second.def", mechanism)) return;
  BOOST_TEST(mechanism.species.size() == 2439u);
  BOOST_TEST(mechanism.species.size() - mechanism.variable_species == 25u);
  BOOST_TEST(mechanism.reactions.size() == 8141u);
  if (!read_shared("mcm/mcm_isoprene.eqn", mechanism)) return;
  BOOST_TEST(mechanism.species.size() == 610u);  // the file's last line states both numbers
  BOOST_TEST(mechanism.reactions.size() == 1944u);
  BOOST_TEST(mechanism.peroxy_radicals.size() == 117u);  // C(ind_...) counted with grep
}

BOOST_AUTO_TEST_CASE(user_rate_functions_of_geos_chem_are_collected) {
  Mechanism mechanism;
  if (!read_shared("kpp/geoschem_fullchem.eqn", mechanism, {.collect_unresolved = true})) return;
  BOOST_TEST(mechanism.reactions.size() > 890u);
  BOOST_TEST(!mechanism.unresolved.empty());
  BOOST_CHECK_THROW(read_shared("kpp/geoschem_fullchem.eqn", mechanism), Error);
}
