#define BOOST_TEST_MODULE chemistry_open_atmos_reader
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/open_atmos_reader.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/support/text.hpp>

using namespace chemnne;

namespace {

const std::string small = R"({
  "version": "1.0.0", "name": "small", "__by": {"whom": ["me"]},
  "species": [
    {"name": "M", "is third body": true},
    {"name": "O3", "molecular weight [kg mol-1]": 0.048, "__long name": "ozone"},
    {"name": "O2", "constant mixing ratio [mol mol-1]": 0.2095, "molecular weight [kg mol-1]": 0},
    {"name": "O"},
    {"name": "Ar", "constant concentration [mol m-3]": 0.4},
    {"name": "X", "tracer type": "THIRD_BODY", "absolute tolerance": 1e-12}],
  "phases": [{"name": "gas", "species": [{"name": "M"}, {"name": "O3"}, {"name": "O2"}, {"name": "O"}]},
             {"name": "other", "species": ["Ar", "X"]}],
  "reactions": [
    {"type": "ARRHENIUS", "A": 4817712.608, "C": -2060, "gas phase": "gas",
     "reactants": [{"species name": "O", "coefficient": 1.0}, {"name": "O3"}],
     "products": [{"species name": "O2", "coefficient": 1.5}, {"species name": "O2", "coefficient": 0.5}]},
    {"type": "PHOTOLYSIS", "name": "jo3", "gas phase": "gas",
     "reactants": [{"species name": "O3"}], "products": [{"species name": "O"}, {"species name": "O2"}]},
    {"type": "TROE", "name": "back", "gas phase": "gas",
     "reactants": [{"species name": "O"}, {"species name": "O"}, "O2"], "products": []}],
  "emissions": {"sources": [{"anything": "goes"}]}
})";

Mechanism parse(const std::string& text) { return parse_open_atmos(text, "folder/test.json"); }

bool refuses(const std::string& text, const std::string& place, const std::string& part_of_message) {
  try {
    parse(text);
  } catch (const Error& error) {
    const std::string message = error.what();
    if (error.where().rfind("folder/test.json" + place, 0) == 0 &&
        message.find(part_of_message) != std::string::npos)
      return true;
    BOOST_TEST_MESSAGE(message);
  }
  return false;
}

/// The small mechanism with something in the place of something else.
std::string edited(const std::string& from, const std::string& to) {
  std::string text = small;
  BOOST_REQUIRE(text.find(from) != std::string::npos);
  return text.replace(text.find(from), from.size(), to);
}

std::string shared(const std::string& file) {
  return std::string(CHEMNNE_SHARED_DIRECTORY) + "/mechanisms/openatmos/" + file;
}

/// Reads a file of ../shared, or says that it is not there.
bool read_shared(const std::string& file, Mechanism& mechanism) {
  if (!file_exists(shared(file)))
    return std::printf("skipped: %s is not there\n", shared(file).c_str()), false;
  mechanism = read_open_atmos(shared(file));
  return true;
}

double rate(const Mechanism& mechanism, std::size_t reaction, double temperature) {
  return mechanism.reactions[reaction].rate.value(make_rate_context({.temperature = temperature}));
}

}  // namespace

BOOST_AUTO_TEST_CASE(species_are_sorted_into_variable_and_fixed) {
  const Mechanism mechanism = parse(small);
  BOOST_TEST(mechanism.name == "small");
  const std::vector<std::string> names{"O3", "O", "M", "O2", "Ar", "X"};
  BOOST_TEST_REQUIRE(mechanism.species.size() == names.size());
  BOOST_TEST(mechanism.variable_species == 2u);
  for (std::size_t i = 0; i < names.size(); ++i) BOOST_TEST(mechanism.species[i].name == names[i]);
  for (const Species& one : mechanism.species) BOOST_TEST(!one.composition_known);
  BOOST_TEST(mechanism.species[0].molar_mass == 48);
  BOOST_TEST(std::isnan(mechanism.species[1].molar_mass));
  BOOST_TEST(std::isnan(mechanism.species[3].molar_mass));  // 0: unknown
  // 0.4 mol m-3 * 6.02214076e17 = 2.408856304e17 molecules cm-3.
  BOOST_TEST(mechanism.initial_values.size() == 1u);
  BOOST_TEST(mechanism.initial_values.at("Ar") == 2.408856304e17, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(!mechanism.species[4].abundance.has_value());
  ChemicalSystem system(mechanism);
  system.set_parameter("PHOTO.jo3", 0);
  RateContext context = make_rate_context({});
  context.air = 2e19;
  system.set_rate_context(context);
  BOOST_TEST(system.fixed()[0] == 2e19);           // M
  BOOST_TEST(system.fixed()[1] == 0.2095 * 2e19);  // O2
  BOOST_TEST(system.fixed()[2] == mechanism.initial_values.at("Ar"));
  BOOST_TEST(system.fixed()[3] == 2e19);  // X
}

BOOST_AUTO_TEST_CASE(reactions_have_labels_lines_and_readable_texts) {
  const Mechanism mechanism = parse(small);
  const auto& r = mechanism.reactions;
  BOOST_TEST_REQUIRE(r.size() == 3u);
  BOOST_TEST(r[0].label == "1");
  BOOST_TEST(r[1].label == "jo3");
  BOOST_TEST(r[0].text == "O + O3 = 2 O2 : ARRHENIUS");  // the two terms of O2 are one
  BOOST_TEST(r[1].text == "O3 = O + O2 : PHOTOLYSIS");
  BOOST_TEST(r[2].text == "2 O + O2 = : TROE");
  BOOST_TEST(r[0].line == 13u);
  BOOST_TEST(r[1].line == 16u);
  BOOST_TEST(r[1].photolysis);
  BOOST_TEST(!r[0].photolysis);
  BOOST_TEST(r[2].reactants.size() == 2u);
  BOOST_TEST(r[2].reactants[0].coefficient == 2);
  // JPL: O + O3, 8.0e-12 exp(-2060/T); the file has 8e-12 * 6.02214076e17.
  BOOST_TEST(rate(mechanism, 0, 250) == 8e-12 * std::exp(-2060. / 250), boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(branches_are_two_reactions) {
  std::string text = edited("TROE", "BRANCHED_NO_RO2");
  const std::string old = "\"products\": []";
  text.replace(text.find(old), old.size(),
               "\"alkoxy products\": [\"O\"], \"nitrate products\": [{\"name\": \"O3\"}]");
  const Mechanism mechanism = parse(text);
  BOOST_TEST_REQUIRE(mechanism.reactions.size() == 4u);
  BOOST_TEST(mechanism.reactions[2].text == "2 O + O2 = O : BRANCHED_NO_RO2 alkoxy");
  BOOST_TEST(mechanism.reactions[3].text == "2 O + O2 = O3 : BRANCHED_NO_RO2 nitrate");
  BOOST_TEST(mechanism.reactions[2].label == "back alkoxy");
  BOOST_TEST(mechanism.reactions[3].line == 18u);
}

/// Documents of any version 1 are read; products may be of another phase than the reactants'.
BOOST_AUTO_TEST_CASE(later_versions_are_read_where_they_are_gas_phase) {
  for (const char* const version : {"1.1.3", "1.2.0"})
    BOOST_TEST(parse(edited("1.0.0", version)).fingerprint() == parse(small).fingerprint(), version);
  const Mechanism other = parse(edited("{\"species name\": \"O2\", \"coefficient\": 1.5}", "\"Ar\""));
  BOOST_TEST(other.species[other.reactions[0].products.at(0).species].name == "Ar");
  const std::string aerosol =
      edited("\"name\": \"small\"", "\"name\": \"small\", \"aerosol processes\": [1]");
  BOOST_TEST(refuses(aerosol, ", line 2, column", "aerosol is not supported"));
  const Mechanism gas = parse_open_atmos(aerosol, "test.json", {.collect_unresolved = true});
  BOOST_TEST(gas.reactions.size() == 3u);
  BOOST_TEST(gas.remarks.size() == 1u);
}

/// 1e-12 cm3 s-1 of the order 2 is 1e-12 * 6.02214076e17 m3 mol-1 s-1.
BOOST_AUTO_TEST_CASE(a_lambda_of_one_formula_is_a_rate_in_moles) {
  const Mechanism mechanism = parse(edited("\"ARRHENIUS\", \"A\": 4817712.608, \"C\": -2060",
                                           "\"LAMBDA_RATE_CONSTANT\", \"lambda function\": \"[](double T) { "
                                           "return 602214.076 * exp(-100/T); }\""));
  BOOST_TEST(rate(mechanism, 0, 250) == 1e-12 * std::exp(-0.4), boost::test_tools::tolerance(1e-12));
  BOOST_TEST(refuses(edited("\"ARRHENIUS\", \"A\": 4817712.608, \"C\": -2060",
                            "\"LAMBDA_RATE_CONSTANT\", \"lambda function\": \"f\""),
                     ", line 13", "a lambda '[](double T, double P) { return formula; }' of one formula"));
}

BOOST_AUTO_TEST_CASE(errors_say_where_and_what) {
  const auto says = [](const std::string& from, const std::string& to, const std::string& place,
                       const std::string& part) {
    return refuses(edited(from, to), ", line " + place, part);
  };
  BOOST_TEST(says("\"name\": \"small\"", "\"title\": 1", "2, column 23", "unknown key 'title'"));
  BOOST_TEST(says("\"name\": \"small\"", "\"title\": 1", "2, column 23", "'phases', 'reactions'"));
  BOOST_TEST(says("\"version\": \"1.0.0\", ", "", "1, column 1", "the key 'version'"));
  BOOST_TEST(says("\"is third body\"", "\"third body\"", "4, column 19", "in a species one of the keys"));
  BOOST_TEST(says("true", "1", "4, column 36", "true or false, found '1'"));
  BOOST_TEST(says("0.048", "-1", "5, column 51", "not below 0, found '-1'"));
  BOOST_TEST(says("0.048", "\"x\"", "5, column 51", "a finite number, found 'x'"));
  BOOST_TEST(says("\"O3\"", "\"M\"", "5, column 14", "every species declared once"));
  BOOST_TEST(says("\"O3\"", "\"\"", "5, column 14", "a text, found an empty text"));
  BOOST_TEST(says("\"O3\"", "\"O\\u00003\"", "5, column 14", "without control characters"));
  BOOST_TEST(says("\"THIRD_BODY\"", "\"AEROSOL\"", "9, column 34", "'THIRD_BODY', found 'AEROSOL'"));
  BOOST_TEST(says("\"tracer type\"",
                  "\"is third body\": true, \"constant mixing ratio [mol mol-1]\": 1, \"tracer type\"",
                  "9, column 5", "found more than one of them"));
  BOOST_TEST(says("{\"name\": \"M\"}, {\"name\": \"O3\"}", "{\"name\": \"N\"}", "10, column 51",
                  "a species that 'species' declares, found 'N'"));
  BOOST_TEST(says("[\"Ar\"", "[\"X\"", "11, column 49", "every species once in a phase"));
  BOOST_TEST(says("\"other\"", "\"gas\"", "11, column 23", "every phase declared once"));
  BOOST_TEST(
      says("\"ARRHENIUS\"", "\"ARRHENIUSS\"", "13, column 14", "one of the reaction types ARRHENIUS, TROE"));
  BOOST_TEST(says("\"type\": \"ARRHENIUS\", ", "", "13, column 5", "the key 'type'"));
  BOOST_TEST(says("\"C\"", "\"F\"", "13, column 45", "in a reaction of type ARRHENIUS one of the keys"));
  BOOST_TEST(says("\"A\"", "\"Ea\": 1, \"A\"", "13, column 33", "either 'C' or 'Ea', found both"));
  BOOST_TEST(says("-2060", "1e309", "13, column 50", "a finite number, found '1e309'"));
  BOOST_TEST(says("4817712.608", "[1]", "13, column 32", "a finite number, found a list"));
  BOOST_TEST(says("-2060", "-2060, \"D\": 0", "13, column 62", "a number above 0"));
  BOOST_TEST(says("\"gas phase\": \"gas\"", "\"gas phase\": \"air\"", "13, column 70",
                  "a phase that 'phases' declares"));
  BOOST_TEST(says("\"species name\": \"O\"", "\"species name\": \"Y\"", "14, column 37",
                  "'species' declares, found 'Y'"));
  BOOST_TEST(says("\"species name\": \"O\"", "\"species name\": \"Ar\"", "14, column 37",
                  "of the reaction's gas phase"));
  BOOST_TEST(
      says("\"species name\": \"O\"", "\"species\": \"O\"", "14, column 21", "in a reactant or product"));
  BOOST_TEST(
      says("\"coefficient\": 1.0", "\"name\": \"O\"", "14, column 50", "either 'species name' or 'name'"));
  for (const char* order : {"0", "0.5", "10", "-1"})
    BOOST_TEST(says("1.0}", std::string(order) + "}", "14, column 57", "an order from 1 to 9"));
  BOOST_TEST(says("\"coefficient\": 1.0", "\"coefficient\": 9", "14, column 19", "at most order 9 in all"));
  BOOST_TEST(says("{\"species name\": \"O3\"}]", "{\"species name\": \"O3\", \"coefficient\": 2}]",
                  "17, column 19", "one reactant with coefficient 1, found order 2"));
  BOOST_TEST(
      says("\"name\": \"jo3\", ", "", "16, column 5", "the key 'name' in a reaction of type PHOTOLYSIS"));
  BOOST_TEST(says("\"TROE\"", "\"TROE\", \"N\": 0", "18, column 27", "a number above 0"));
  BOOST_TEST(says("\"TROE\"", "\"TROE\", \"kinf_A\": 0", "18, column 32", "a number above 0"));
  BOOST_TEST(says("\"TROE\"", "\"TAYLOR_SERIES\", \"taylor coefficients\": []", "18, column 54",
                  "1 to 100 numbers"));
  BOOST_TEST(says("\"TROE\"", "\"SURFACE\"", "19, column 6", "unknown key 'reactants'"));
  BOOST_TEST(refuses("[1]", ", line 1, column 1", "a mechanism, a map, found a list"));
  BOOST_TEST(refuses("{\"version\": 1.0, \"species\": [], \"phases\": [], \"reactions\": []}", "",
                     "with reactions"));
  BOOST_CHECK_THROW(parse(""), Error);
  BOOST_CHECK_THROW(read_open_atmos("/nowhere/at.all"), Error);
}

BOOST_AUTO_TEST_CASE(surfaces_ask_for_properties_of_the_gas) {
  const auto with = [](const std::string& species, const std::string& member) {
    return "{version: 1.0, species: [{name: A" + species + "}], phases: [{name: gas, species: [{name: A" +
           member +
           "}]}],\nreactions: [{type: SURFACE, name: s, gas phase: gas, gas-phase species: A, gas-phase "
           "products: []}]}";
  };
  const std::string weight = ", 'molecular weight [kg mol-1]': 0.1";
  const std::string diffusion = ", 'diffusion coefficient [m2 s-1]': 1.0e-5";
  BOOST_CHECK_NO_THROW(parse(with(weight, diffusion)));
  BOOST_CHECK_NO_THROW(parse(with(weight + diffusion, "")));
  BOOST_TEST(refuses(with("", diffusion), ", line 2, column 73", "found no molecular weight"));
  BOOST_TEST(refuses(with(weight, ""), ", line 2, column 73", "found no diffusion coefficient"));
}

/// No file may crash the reader: whatever random editing makes of a file, it is read or refused with an
/// Error.
BOOST_AUTO_TEST_CASE(damaged_files_are_read_or_refused) {
  static constexpr const char* pieces[] = {
      "{",   "}", "[",     "]",  ",",      ":",           "\"",   "'",  "\n", "- ",   "&a ", "*a",
      "!t ", "#", "1e308", "-1", "\"O3\"", "\"files\": ", "true", "? ", "|",  "\xff", "%"};
  Random random{1, 0};
  int read = 0, refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = small;
    const std::size_t at = random.index(text.size()),
                      length = random.index(std::min<std::size_t>(20, text.size() - at) + 1);
    switch (random.index(4)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.resize(at);
        break;
      case 2:
        text.insert(at, pieces[random.index(std::size(pieces))]);
        break;
      default:
        text[at] = static_cast<char>(random.index(256));
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
  BOOST_TEST(read > 500);
  BOOST_TEST(refused > 5000);
}

/// Numbers of species and reactions as counted in the files themselves.
BOOST_AUTO_TEST_CASE(shared_files_have_their_counts) {
  const auto check = [](const std::string& file, std::size_t species, std::size_t variable,
                        std::size_t reactions, std::size_t parameters) {
    Mechanism mechanism;
    if (!read_shared(file, mechanism)) return;
    BOOST_TEST(mechanism.species.size() == species, file);
    BOOST_TEST(mechanism.variable_species == variable, file);
    BOOST_TEST(mechanism.reactions.size() == reactions, file);
    BOOST_TEST(mechanism.parameters.size() == parameters, file);
    BOOST_TEST(mechanism.unresolved.empty(), file);
  };
  check("analytical.json", 3, 3, 2, 0);
  check("chapman.json", 6, 5, 7, 3);
  check("chapman.yaml", 6, 5, 7, 3);
  check("full_configuration.json", 7, 4, 13, 6);  // 12 entries, one of them with two branches
  check("full_configuration.yaml", 7, 4, 13, 6);
  check("carbon_bond_5_musicbox.json", 67, 66, 204, 39);  // 25 photolysis, 14 emission
  check("ts1.json", 210, 209, 547, 168);                  // 123 photolysis, 19 user defined, 13 surface
}

BOOST_AUTO_TEST_CASE(json_and_yaml_of_one_mechanism_are_one) {
  for (const std::string name : {"chapman", "full_configuration"}) {
    Mechanism json, yaml;
    if (!read_shared(name + ".json", json) || !read_shared(name + ".yaml", yaml)) return;
    BOOST_TEST(json.fingerprint() == yaml.fingerprint());
  }
}

BOOST_AUTO_TEST_CASE(chapman_has_the_rates_and_the_tendency_of_the_textbook) {
  Mechanism mechanism;
  if (!read_shared("chapman.json", mechanism)) return;
  const auto close = boost::test_tools::tolerance(1e-9);
  // In cm3: O1D + N2 2.15e-11 exp(110/T), O + O3 8e-12 exp(-2060/T), O + O2 + M 6e-34 (T/300)^-2.4 (JPL
  // 2006); the file's exponents differ in the fourth digit.
  BOOST_TEST(rate(mechanism, 0, 250) == 2.15e-11 * std::exp(109.94829243348597 / 250), close);
  BOOST_TEST(rate(mechanism, 2, 250) == 8e-12 * std::exp(-2060. / 250), boost::test_tools::tolerance(0.005));
  BOOST_TEST(rate(mechanism, 3, 250) == 6e-34 * std::pow(250. / 300, -2.4), close);
  // At 300 K and 1e5 Pa M = 1e5/(1.380649e-23 * 300) 1e-6 = 2.414324e19; O = 1e7, O2 = 5e18, O3 = 5e12:
  // made 6e-34 * 1e7 * 5e18 * 2.414324e19 = 7.242971e11, lost to O 8e-12 exp(-2059.0317/300) = 8.362504e-15
  // times 1e7 * 5e12 = 4.181252e5, to light (4e-4 + 1e-5) 5e12 = 2.05e9.
  ChemicalSystem system(mechanism);
  system.set_parameter("PHOTO.jo2_b", 0);
  system.set_parameter("PHOTO.jo3_a", 4e-4);
  system.set_parameter("PHOTO.jo3_b", 1e-5);
  system.set_environment(Environment{.temperature = 300, .pressure = 1e5});
  std::vector<double> c(system.size(), 0.0), dcdt(system.size());
  c[mechanism.index_of("O")] = 1e7;
  c[mechanism.index_of("O2")] = 5e18;
  c[mechanism.index_of("O3")] = 5e12;
  system.tendency(c, dcdt);
  BOOST_TEST(dcdt[mechanism.index_of("O3")] == 7.242970516e11 - 4.181252234e5 - 2.05e9, close);
  BOOST_TEST(dcdt[mechanism.index_of("O1D")] == 5e7, close);
  BOOST_TEST(dcdt[mechanism.index_of("N2")] == 0);
}

/// A -> B -> C, both with k = 4e-3 s-1: A = A0 exp(-kt), B = A0 kt exp(-kt), C the rest.
BOOST_AUTO_TEST_CASE(analytical_solution) {
  Mechanism mechanism;
  if (!read_shared("analytical.json", mechanism)) return;
  ChemicalSystem system(mechanism);
  system.set_environment(Environment{});
  ReferenceSolver<ChemicalSystem> solver(system);
  const double start = 1e12, time = 300, kt = 4e-3 * time;
  std::vector<double> c{start, 0, 0};
  BOOST_TEST_REQUIRE(static_cast<bool>(solver.integrate(c, time)));
  const auto close = boost::test_tools::tolerance(1e-6);
  BOOST_TEST(c[0] == start * std::exp(-kt), close);
  BOOST_TEST(c[1] == start * kt * std::exp(-kt), close);
  BOOST_TEST(c[2] == start * (1 - (1 + kt) * std::exp(-kt)), close);
}

/// With the conditions that come with it: CONC in mol m-3, PHOTO and USER rates, radius and number of SURF.
BOOST_AUTO_TEST_CASE(ts1_has_a_finite_tendency) {
  Mechanism mechanism;
  if (!read_shared("ts1.json", mechanism) || !file_exists(shared("ts1_initial_conditions.csv"))) return;
  ChemicalSystem system(mechanism);
  for (const Parameter& parameter : mechanism.parameters) system.set_parameter(parameter.name, 0);
  std::vector<double> c(system.size(), 0.0), dcdt(system.size());
  std::istringstream lines(read_text_file(shared("ts1_initial_conditions.csv")));
  int set = 0;
  for (std::string line; std::getline(lines, line); ++set) {
    const std::string name = line.substr(0, line.find(','));
    const double value = std::stod(line.substr(name.size() + 1));
    if (name.rfind("CONC.", 0) == 0) {
      c.at(mechanism.index_of(name.substr(5))) = value * 6.02214076e17;
    } else if (name.rfind("SURF.", 0) == 0) {
      system.set_parameter(name + ".effective radius", value);
      system.set_parameter(name + ".particle number concentration",
                           std::stod(line.substr(line.rfind(',') + 1)));
    } else if (name.rfind("ENV.", 0) != 0) {
      system.set_parameter(name, value);
    }
  }
  BOOST_TEST(set == 363);
  system.set_environment(Environment{.temperature = 287.45, .pressure = 101319.9});
  system.tendency(c, dcdt);
  for (std::size_t i = 0; i < dcdt.size(); ++i) BOOST_TEST(std::isfinite(dcdt[i]), mechanism.species[i].name);
  const std::vector<double> constants = system.rate_constants(c);
  const auto constant = [&](const std::string& label) {
    for (std::size_t r = 0; r < constants.size(); ++r)
      if (mechanism.reactions[r].label == label) return constants[r];
    return 0.0;
  };
  BOOST_TEST(constant("jno2") == 1.01e-2);
  // NO2 on 1e11 particles m-3 of 28.2 nm: v = sqrt(8 R 287.45/(pi 0.0458034)) = 364.5174 m s-1; r/D + 4/(v
  // 8e-6) = 0.0028 + 1371.677; 4 pi N r^2 = 1e-3 m-1.
  BOOST_TEST(constant("usr_NO2_aer") == 1e-3 / 1371.68, boost::test_tools::tolerance(1e-4));
}
