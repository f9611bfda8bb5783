#pragma once
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/mechanism_edit.hpp>
#include <chemnne/data/check_states.hpp>

namespace test {

/// ARCA's Hyde mechanism with all species variable, and states of it with solutions by another solver.
struct Hyde {
  chemnne::Mechanism mechanism;
  chemnne::CheckStates states;
  std::vector<std::size_t> place;  ///< in the file, of each species of the mechanism

  std::vector<double> state(std::size_t of_case, std::size_t frame) const {
    const std::span<const double> row = states.state(of_case, frame);
    std::vector<double> c;
    for (const std::size_t i : place) c.push_back(row[i]);
    return c;
  }
};

/// None, with a line that says so, where the shared data are not there.
inline std::optional<Hyde> read_hyde() {
  const std::string folder = CHEMNNE_SHARED_DIRECTORY;
  const std::string mechanism = folder + "/mechanisms/arca/hyde/second.def";
  const std::string states = folder + "/data/arca_hyde_check.nc";
  for (const std::string& path : {mechanism, states})
    if (!std::filesystem::exists(path))
      return std::printf("skipped: %s is not there\n", path.c_str()), std::nullopt;
  Hyde hyde{chemnne::read_kpp(mechanism), chemnne::read_check_states(states), {}};
  std::vector<std::string> fixed;
  for (std::size_t i = hyde.mechanism.variable_species; i < hyde.mechanism.species.size(); ++i)
    fixed.push_back(hyde.mechanism.species[i].name);
  chemnne::make_variable(hyde.mechanism, fixed);
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < hyde.states.species(); ++i) index[hyde.states.species_name[i]] = i;
  for (const chemnne::Species& species : hyde.mechanism.species) hyde.place.push_back(index.at(species.name));
  return hyde;
}

}  // namespace test
