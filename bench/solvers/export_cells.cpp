#include <span>
#include <utility>

#include "../plain_reactions.hpp"
#include "race.hpp"

#include <chemnne/io/atomic_file.hpp>

namespace bench {

void export_cells(const SolverCase& one, const std::string& path) {
  const Mechanism& mechanism = one.chemistry->mechanism;
  ChemicalSystem system(mechanism);
  const std::size_t species = one.species();
  Json::Array names, constants, initial, final_state;
  for (std::size_t i = 0; i < species; ++i) names.emplace_back(mechanism.species[i].name);
  const auto row = [&](const std::vector<double>& states, std::size_t cell) {
    const auto state = std::span(states).subspan(cell * species, species);
    return std::vector<double>(state.begin(), state.end());
  };
  for (std::size_t cell = 0; cell < one.cells(); ++cell) {
    system.set_environment(one.air.environment[cell]);
    initial.emplace_back(row(one.air.state, cell));
    final_state.emplace_back(row(one.truth, cell));
    constants.emplace_back(folded_rate_constants(mechanism, system, row(one.air.state, cell)));
  }
  Json file = Json::object();
  file["mechanism"] = one.name;
  file["seconds"] = hour;
  file["species"] = std::move(names);
  file["reactions"] = plain_reactions(mechanism);
  file["rate_constants"] = std::move(constants);
  file["initial"] = std::move(initial);
  file["final"] = std::move(final_state);
  file["floor"] = one.floor;
  file["deviation"] = one.deviation;
  file["cvode"] = Json::Array{};
  write_file_atomically(path, file.dump());
}

}  // namespace bench
