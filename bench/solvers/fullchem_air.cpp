#include <algorithm>
#include <initializer_list>
#include <string>

#include "air_cells.hpp"
#include "range_text.hpp"

#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/support/number_text.hpp>

namespace bench {
namespace {

/// PHOTOL(n) of GEOS-Chem's fullchem by day: the MCM's where it has the compound; halogens by their order of
/// magnitude; what needs the light of the stratosphere 0; the others, organic, 1e-5 s-1 at overhead sun.
std::string light(const std::string& name) {
  const struct {
    const char* rate;
    std::initializer_list<int> numbers;
  } known[] = {
      {"J(J_O3_O3P)", {2}},
      {"J(J_O3_O1D)", {3}},
      {"J(J_HCHO_H)", {7}},
      {"J(J_HCHO_H2)", {8}},
      {"J(J_H2O2)", {9}},
      {"J(J_NO2)", {11}},
      {"J(J_NO3_NO2)", {12}},
      {"J(J_NO3_NO)", {13}},
      {"J(J_HONO)", {15}},
      {"J(J_HNO3)", {16}},
      {"J(J_CH3CHO)", {61}},
      {"J(J_MGLYOX)", {71}},
      {"J(J_GLYOX_HCO)", {72}},
      {"J(J_GLYOX_H2)", {73}},
      {"J(J_GLYOX_HCHO)", {74}},
      {"J(J_CH3COCH3)", {76}},
      {"1e-1*SUN", {101, 114, 116, 117, 118, 128}},  // ClOO, I2, IO, OIO, INO, IBr
      {"2e-2*SUN", {23, 28, 33, 115, 119, 120, 121, 126, 127, 129}},
      {"1e-3*SUN", {19, 20, 21, 22, 24, 25, 26, 29, 30, 31, 32, 123, 124, 125}},
      {"0", {1, 6, 27, 34, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 53, 54, 62, 100}}};
  for (const auto& one : known)
    for (const int number : one.numbers)
      if (name == "PHOTOL(" + std::to_string(number) + ")") return one.rate;
  return "1e-5*SUN";
}

/// Uptake by particles and clouds: 3e-5 s-1 of the first reactant, the others being there as usual.
std::string uptake(const Mechanism& mechanism, const std::string& name) {
  if (name.starts_with("NO2uptk")) return "1e-6";
  for (const Reaction& reaction : mechanism.reactions) {
    std::string text = reaction.text;
    std::erase(text, ' ');
    if (text.find(name) == std::string::npos) continue;
    double rate = 3e-5;
    for (std::size_t i = 1; i < reaction.reactants.size(); ++i) {
      const std::string& partner = mechanism.species[reaction.reactants[i].species].name;
      rate /= partner == "H2O" ? 3e17 : partner == "O3" ? 1e12 : 1e10;
    }
    return scientific_text(rate, 6);
  }
  return "0";
}

}  // namespace

std::string ranges_of_fullchem(const std::string& mechanism_file) {
  const Mechanism mechanism = read_mechanism(mechanism_file);
  std::string text =
      weather + windows("12") + plume + "[species]\n" + range("H2O", 1e17, 6e17, "molecules cm-3");
  const struct {
    const char* name;
    double minimum, maximum;
  } air[] = {{"O3", 10, 90},        {"NO", 0.01, 5},      {"NO2", 0.1, 20},    {"CO", 80, 500},
             {"CH4", 1800, 2200},   {"H2O2", 0.05, 3},    {"HNO3", 0.05, 3},   {"SO2", 0.05, 5},
             {"CH2O", 0.2, 5},      {"ALD2", 0.1, 3},     {"RCHO", 0.02, 1},   {"MOH", 0.5, 8},
             {"EOH", 0.1, 4},       {"PAN", 0.02, 2},     {"ACET", 0.3, 4},    {"MEK", 0.02, 1},
             {"C2H6", 0.5, 5},      {"C3H8", 0.1, 3},     {"ALK4", 0.1, 5},    {"C2H4", 0.05, 3},
             {"C2H2", 0.05, 1},     {"PRPE", 0.02, 1},    {"BENZ", 0.02, 1},   {"TOLU", 0.02, 2},
             {"XYLE", 0.01, 0.5},   {"ISOP", 0.01, 3},    {"MTPA", 0.01, 1},   {"LIMO", 0.01, 0.5},
             {"DMS", 0.001, 0.1},   {"HCl", 0.01, 1},     {"SALACL", 0.01, 1}, {"BrSALA", 1e-4, 0.01},
             {"CHBr3", 5e-4, 5e-3}, {"HOBr", 1e-4, 3e-3}, {"CH3Cl", 0.4, 0.6}, {"CH3I", 1e-4, 1e-3},
             {"HOI", 1e-5, 1e-3},   {"N2O", 320, 340},    {"OCS", 0.4, 0.6}};
  for (const auto& one : air) text += range(one.name, one.minimum, one.maximum, "ppb");
  text += "[parameters]\n";
  for (const Parameter& parameter : mechanism.parameters) {
    const bool is_light = parameter.name.starts_with("PHOTOL(");
    text += "\"" + parameter.name + "\" = \"" +
            (is_light ? light(parameter.name) : uptake(mechanism, parameter.name)) + "\"\n";
  }
  return text;
}

}  // namespace bench
