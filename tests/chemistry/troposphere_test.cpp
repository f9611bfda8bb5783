#define BOOST_TEST_MODULE chemistry_troposphere
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/reference/reference_solver.hpp>

using namespace chemnne;

const Mechanism& troposphere() {
  static const Mechanism mechanism =
      read_kpp(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
  return mechanism;
}

using Amounts = std::map<std::string, double>;

/// Products less reactants, by species.
Amounts net_change(const Reaction& reaction) {
  Amounts net;
  for (const Term& term : reaction.reactants)
    net[troposphere().species[term.species].name] -= term.coefficient;
  for (const Term& term : reaction.products)
    net[troposphere().species[term.species].name] += term.coefficient;
  return net;
}

/// Atoms made by a reaction, by element; of the variable species alone or of all.
Amounts atoms_made(const Reaction& reaction, bool variable_alone) {
  Amounts made;
  for (const auto& [name, change] : net_change(reaction)) {
    const std::size_t index = troposphere().index_of(name);
    if (variable_alone && index >= troposphere().variable_species) continue;
    for (const AtomCount& atom : troposphere().species[index].atoms)
      made[troposphere().elements[atom.element]] += change * atom.count;
  }
  return made;
}

/// Sum of the rate coefficients of all channels of A + B, or of those that make one product.
double rate_coefficient(const Environment& environment, std::multiset<std::string> reactants,
                        const std::string& product = "") {
  const RateContext context = make_rate_context(environment);
  double sum = 0;
  for (const Reaction& reaction : troposphere().reactions) {
    if (reaction.photolysis) continue;
    std::multiset<std::string> found;
    for (const Term& term : reaction.reactants)
      for (int i = 0; i < term.coefficient; ++i) found.insert(troposphere().species[term.species].name);
    const bool makes = std::any_of(reaction.products.begin(), reaction.products.end(), [&](const Term& term) {
      return troposphere().species[term.species].name == product;
    });
    if (found == reactants && (product.empty() || makes)) sum += reaction.rate.value(context);
  }
  return sum;
}

/// Number densities after some hours in a constant environment, from mixing ratios in nmol/mol.
class Air {
 public:
  Air(const Environment& environment, const Amounts& mixing_ratios, double hours) {
    ChemicalSystem system(troposphere());
    system.set_environment(environment);
    density_.resize(system.size());
    for (const auto& [name, nmol] : mixing_ratios)
      density_[troposphere().index_of(name)] = nmol * 1e-9 * air_number_density(environment);
    ReferenceSolver solver(system, {});
    BOOST_REQUIRE_GE(solver.integrate(density_, 3600 * hours).code, 0);
  }
  double operator[](const std::string& name) const { return density_[troposphere().index_of(name)]; }

 private:
  std::vector<double> density_;
};

const Amounts city_air = {{"O3", 50},    {"NO", 5},     {"NO2", 15},    {"CO", 300},     {"CH4", 1850},
                          {"H2", 550},   {"SO2", 3},    {"HCHO", 4},    {"CH3CHO", 1.5}, {"C2H6", 4},
                          {"C2H4", 3},   {"CH3OH", 5},  {"H2O2", 1},    {"HNO3", 1},     {"PAN", 0.5},
                          {"HONO", 0.2}, {"C2H5OH", 2}, {"CH3OOH", 0.3}};
const Amounts marine_air = {{"O3", 25},    {"NO", 0.005},   {"NO2", 0.02},  {"CO", 70},     {"CH4", 1850},
                            {"H2", 550},   {"SO2", 0.03},   {"HCHO", 0.3},  {"C2H6", 0.5},  {"CH3OH", 0.6},
                            {"H2O2", 0.8}, {"CH3OOH", 0.8}, {"HNO3", 0.05}, {"CH3CHO", 0.1}};

BOOST_AUTO_TEST_CASE(there_are_49_variable_species_of_known_composition) {
  BOOST_TEST(troposphere().variable_species == 49u);
  for (const Species& species : troposphere().species) BOOST_TEST(species.composition_known, species.name);
}

BOOST_AUTO_TEST_CASE(every_reaction_keeps_the_atoms) {
  // Coefficients are integers and halves, so that the sums are exact. Carbon, nitrogen and sulphur are kept
  // by the variable species alone; with O2, N2 and H2O hydrogen and oxygen are, too.
  for (const Reaction& reaction : troposphere().reactions) {
    for (const char* element : {"C", "N", "S"})
      BOOST_TEST(atoms_made(reaction, true)[element] == 0.0, element << " in " << reaction.text);
    for (const auto& [element, made] : atoms_made(reaction, false))
      BOOST_TEST(made == 0.0, element << " in " << reaction.text);
  }
}

BOOST_AUTO_TEST_CASE(every_species_has_a_source_and_a_sink) {
  const std::set<std::string> emitted = {"CH4", "C2H6", "C2H4", "SO2"}, ends = {"CO2", "SA"};
  std::set<std::string> made, lost;
  for (const Reaction& reaction : troposphere().reactions)
    for (const auto& [name, change] : net_change(reaction)) {
      if (change > 0) made.insert(name);
      if (change < 0) lost.insert(name);
    }
  for (std::size_t i = 0; i < troposphere().variable_species; ++i) {
    const std::string& name = troposphere().species[i].name;
    BOOST_TEST(made.contains(name) != emitted.contains(name), name);
    BOOST_TEST(lost.contains(name) != ends.contains(name), name);
  }
}

BOOST_AUTO_TEST_CASE(rate_coefficients_at_298_K_are_the_recommended_ones) {
  struct Published {
    const char *a, *b;
    double value;
  };
  // IUPAC Task Group, "k/cm3 molecule-1 s-1 at 298 K" of the data sheets; dry air at 1 atm where pressure
  // matters. The sheets print two digits, and round the Arrhenius factors apart from k(298 K): 5 %.
  const Published sheets[] = {
      {"O1D", "N2", 3.1e-11},       {"O1D", "O2", 4.0e-11},    {"OH", "O3", 7.3e-14},
      {"HO2", "O3", 2.0e-15},       {"OH", "HO2", 1.1e-10},    {"HO2", "HO2", 2.9e-12},
      {"OH", "H2O2", 1.7e-12},      {"OH", "H2", 6.7e-15},     {"OH", "CO", 2.3e-13},
      {"NO", "O3", 1.9e-14},        {"NO2", "O3", 3.5e-17},    {"NO", "NO3", 2.6e-11},
      {"OH", "NO", 1.0e-11},        {"HO2", "NO", 8.5e-12},    {"OH", "HONO", 6.0e-12},
      {"OH", "HNO3", 1.5e-13},      {"OH", "HO2NO2", 3.2e-12}, {"OH", "CH4", 6.4e-15},
      {"NO", "CH3O2", 7.7e-12},     {"HO2", "CH3O2", 5.2e-12}, {"CH3O2", "CH3O2", 3.5e-13},
      {"OH", "CH3OOH", 1.0e-11},    {"OH", "HCHO", 8.5e-12},   {"OH", "CH3OH", 9.0e-13},
      {"OH", "C2H6", 2.4e-13},      {"NO", "C2H5O2", 9.1e-12}, {"OH", "C2H5OH", 3.2e-12},
      {"OH", "CH3CHO", 1.5e-11},    {"NO", "CH3CO3", 2.0e-11}, {"HO2", "CH3CO3", 2.2e-11},
      {"CH3O2", "CH3CO3", 1.1e-11}, {"OH", "C2H4", 7.9e-12},   {"O3", "C2H4", 1.6e-18},
      {"OH", "GLYOX", 9.7e-12}};
  for (const Published& sheet : sheets) {
    const double value = rate_coefficient({.temperature = 298, .relative_humidity = 0}, {sheet.a, sheet.b});
    BOOST_TEST(value == sheet.value, boost::test_tools::tolerance(0.05) << sheet.a << " + " << sheet.b);
  }
}

BOOST_AUTO_TEST_CASE(fall_off_is_what_another_code_computes_from_the_same_sheets) {
  // Column "Value" at 298.15 K and 1 atm of CB6r5's reaction table in US EPA's CMAQ (repository USEPA/CMAQ,
  // mech_cb6r5_ae7_aq.md), which takes the IUPAC parameters, too. It prints 5 digits for M = 2.46e19 of
  // three: 0.2 %.
  const Environment standard = {.temperature = 298.15, .relative_humidity = 0};
  const auto check = [&](std::multiset<std::string> reactants, const char* product, double value) {
    BOOST_TEST(rate_coefficient(standard, reactants, product) == value, boost::test_tools::tolerance(0.002));
  };
  check({"O", "NO"}, "NO2", 2.2577e-12);
  check({"O", "NO2"}, "NO3", 2.0907e-12);
  check({"NO2", "NO3"}, "N2O5", 1.2406e-12);
  check({"N2O5"}, "NO3", 4.5396e-02);
  check({"OH", "NO"}, "HONO", 9.7627e-12);
  check({"OH", "HNO3"}, "NO3", 1.5409e-13);
  check({"HO2", "NO2"}, "HO2NO2", 7.4949e-13);
  check({"HO2NO2"}, "NO2", 6.3131e-02);
  check({"OH", "SO2"}, "SO3", 9.3422e-13);
  check({"PAN"}, "CH3CO3", 4.4073e-04);
  check({"OH", "C2H4"}, "HOCH2CH2O2", 7.8392e-12);
}

BOOST_AUTO_TEST_CASE(light_stops_at_night_and_nothing_else_does) {
  const RateContext day = make_rate_context({.cosine_zenith = 0.8}),
                    night = make_rate_context({.cosine_zenith = -0.1});
  int photolyses = 0;
  for (const Reaction& reaction : troposphere().reactions) {
    BOOST_TEST(reaction.rate.value(day) > 0, reaction.text);
    BOOST_TEST(reaction.rate.value(night) == (reaction.photolysis ? 0 : reaction.rate.value(day)),
               reaction.text);
    photolyses += reaction.photolysis;
  }
  BOOST_TEST(photolyses == 22);
}

BOOST_AUTO_TEST_CASE(rates_stay_positive_in_the_range_of_the_scenarios) {
  // Channels that are written as a difference (CH3O2 + CH3O2) must not turn over.
  for (const double temperature : {243.15, 313.15})
    for (const double pressure : {70000.0, 103000.0})
      for (const Reaction& reaction : troposphere().reactions)
        BOOST_TEST(reaction.rate.value(make_rate_context(
                       {.temperature = temperature, .pressure = pressure, .cosine_zenith = 0.5})) > 0,
                   reaction.text);
}

BOOST_AUTO_TEST_CASE(city_noon_is_in_the_photostationary_state) {
  // Leighton (1961): J(NO2) [NO2] = k [NO] [O3] at noon in air rich in NO; peroxy radicals raise the left
  // side by some per cent there (Seinfeld and Pandis 2016, section 6.2): 20 %.
  const Environment noon = {.temperature = 298, .relative_humidity = 50, .cosine_zenith = 0.87};
  const Air air(noon, city_air, 2);
  const double light = mcm_photolysis_rate(4, noon.cosine_zenith);
  const double leighton = light * air["NO2"] / (rate_coefficient(noon, {"NO", "O3"}) * air["NO"] * air["O3"]);
  BOOST_TEST(leighton > 1.0);
  BOOST_TEST(leighton < 1.2);
}

BOOST_AUTO_TEST_CASE(radicals_of_clean_marine_air_at_noon_are_as_measured) {
  // Measured in the marine boundary layer of low latitudes: OH 2 to 10 million, HO2 1 to 6 hundred million
  // cm-3 (Stone, Whalley and Heard, Chem. Soc. Rev. 41, 6348, 2012, tables of field campaigns).
  const Air air({.temperature = 298, .relative_humidity = 50, .cosine_zenith = 0.87}, marine_air, 2);
  BOOST_TEST(air["OH"] > 2e6);
  BOOST_TEST(air["OH"] < 1e7);
  BOOST_TEST(air["HO2"] > 1e8);
  BOOST_TEST(air["HO2"] < 6e8);
}

BOOST_AUTO_TEST_CASE(city_night_has_nitrate_in_equilibrium_with_dinitrogen_pentoxide) {
  // NO2 + NO3 = N2O5 relaxes within a minute at 288 K and uptake of N2O5 takes an hour: equilibrium within 2
  // %. NO3 of polluted nights with ozone: 1 to 400 pmol/mol (Brown and Stutz, Chem. Soc. Rev. 41, 6405,
  // 2012).
  const Environment night = {.temperature = 288, .relative_humidity = 50, .cosine_zenith = -0.5};
  const Air air(night, city_air, 4);
  const double constant =
      rate_coefficient(night, {"NO2", "NO3"}, "N2O5") / rate_coefficient(night, {"N2O5"}, "NO3");
  BOOST_TEST(air["N2O5"] == constant * air["NO2"] * air["NO3"], boost::test_tools::tolerance(0.02));
  BOOST_TEST(air["NO3"] > 1e-12 * air_number_density(night));
  BOOST_TEST(air["NO3"] < 4e-10 * air_number_density(night));
  BOOST_TEST(air["NO"] < 1e-3 * air["NO2"]);
}
