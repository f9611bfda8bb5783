#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "air_cells.hpp"
#include "range_text.hpp"

#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace bench {
std::string ranges_of_saprc(const std::string& mechanism_file) {
  const Mechanism mechanism = read_mechanism(mechanism_file);
  std::string text = weather + windows("24") + plume + "[species]\n";
  text += range("O3", 5, 100, "ppb");
  for (std::size_t i = 0; i < mechanism.variable_species; ++i) {
    const std::string& name = mechanism.species[i].name;
    const auto initial = mechanism.initial_values.find(name);
    if (name == "O3" || initial == mechanism.initial_values.end() || !(initial->second > 0)) continue;
    const bool is_nitrogen_oxide = name == "NO" || name == "NO2";
    text +=
        range(name, initial->second / (is_nitrogen_oxide ? 100 : 10), 2 * initial->second, "molecules cm-3");
  }
  return text;
}

std::string ranges_of_ts1(const std::string& mechanism_file, const std::string& initial_conditions) {
  constexpr double molecules = 6.02214076e17;  // cm-3 in a mol m-3
  const Mechanism mechanism = read_mechanism(mechanism_file);
  std::map<std::string, double> known;
  std::istringstream lines(read_text_file(initial_conditions));
  for (std::string line; std::getline(lines, line);)
    if (const auto comma = line.find(','); comma != std::string::npos)
      if (const auto value = parse_number(trimmed(std::string_view(line).substr(comma + 1))))
        known[line.substr(0, comma)] = *value;
  std::string text = weather + windows("12") + plume + "[species]\n";
  for (std::size_t i = 0; i < mechanism.variable_species; ++i) {
    const std::string& name = mechanism.species[i].name;
    const auto found = known.find("CONC." + name);
    if (found == known.end() || !(found->second > 0)) continue;
    const bool is_air = name == "N2" || name == "O2" || name == "H2O" || name == "M";
    const double spread = is_air ? 1.05 : name == "NO" || name == "NO2" ? 10 : 3, value = found->second;
    text += range(name, molecules * value / spread, molecules * value * spread, "molecules cm-3");
  }
  text += "[parameters]\n";
  for (const Parameter& parameter : mechanism.parameters) {
    const auto found = known.find(parameter.name);
    const double value = found == known.end() ? 0 : found->second;
    // 1 s-1 stands where light of the upper air alone would act.
    const bool is_light = parameter.name.starts_with("PHOTO.");
    const std::string number = scientific_text(is_light && value >= 1 ? 0 : value, 8);
    text += "\"" + parameter.name + "\" = " + (is_light ? "\"" + number + "*SUN\"" : number) + "\n";
  }
  return text;
}

std::string ranges_of_mcm() {
  std::string text = weather + windows("3") + plume + "[mechanism]\nvariable = \"all\"\n[species]\n";
  const struct {
    const char* name;
    double minimum, maximum;
  } air[] = {{"O3", 10, 90},       {"NO", 0.01, 5},      {"NO2", 0.1, 20},       {"CO", 80, 500},
             {"CH4", 1800, 2200},  {"H2", 450, 600},     {"H2O2", 0.05, 3},      {"HNO3", 0.05, 3},
             {"SO2", 0.05, 5},     {"HCHO", 0.2, 5},     {"CH3CHO", 0.1, 3},     {"CH3OH", 0.5, 8},
             {"C2H5OH", 0.1, 4},   {"PAN", 0.02, 2},     {"CH3COCH3", 0.3, 4},   {"C2H6", 0.5, 5},
             {"C3H8", 0.1, 3},     {"NC4H10", 0.05, 3},  {"C2H4", 0.05, 3},      {"C3H6", 0.02, 1},
             {"BENZENE", 0.02, 1}, {"TOLUENE", 0.02, 2}, {"OXYL", 0.01, 0.5},    {"C5H8", 0.01, 3},
             {"APINENE", 0.01, 1}, {"BPINENE", 0.01, 1}, {"LIMONENE", 0.01, 0.5}};
  for (const auto& one : air) text += range(one.name, one.minimum, one.maximum, "ppb");
  return text;
}

std::vector<CaseSource> case_sources() {
  const std::string root = CHEMNNE_SOURCE_DIRECTORY, shared = CHEMNNE_SHARED_DIRECTORY "/mechanisms/";
  const auto is_there = [](const std::string& file) {
    if (std::filesystem::exists(file)) return true;
    std::printf("skipped: %s is not there\n", file.c_str());
    return false;
  };
  std::vector<CaseSource> sources{{"troposphere", root + "/examples/mechanisms/troposphere.eqn",
                                   read_text_file(root + "/examples/mechanisms/troposphere.toml"), 84, 4,
                                   true}};
  if (const std::string file = shared + "kpp/saprc99.def"; is_there(file))
    sources.push_back({"saprc99", file, ranges_of_saprc(file), 64, 2, true});
  const std::string ts1 = shared + "openatmos/ts1.json",
                    start = shared + "openatmos/ts1_initial_conditions.csv";
  if (is_there(ts1) && is_there(start))
    sources.push_back({"ts1", ts1, ranges_of_ts1(ts1, start), 48, 2, true});
  // GEOS-Chem's file with what it leaves to its host, which CMake writes.
  if (const std::string file = CHEMNNE_FULLCHEM; is_there(shared + "kpp/geoschem_fullchem.eqn"))
    sources.push_back({"fullchem", file, ranges_of_fullchem(file), 48, 2, true});
  if (const std::string file = shared + "arca/hyde/second.def"; is_there(file))
    sources.push_back({"hyde", file, read_text_file(root + "/examples/arca/hyde.toml"), 16, 2, false});
  if (const std::string file = shared + "mcm/mcm_full.eqn"; is_there(file))
    sources.push_back({"mcm", file, ranges_of_mcm(), 8, 2, false});
  return sources;
}

}  // namespace bench
