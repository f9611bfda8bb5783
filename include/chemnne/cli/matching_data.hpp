#pragma once
#include <cstdio>
#include <ctime>
#include <string>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/cli/step_timing.hpp>
#include <chemnne/data/dataset.hpp>
#include <chemnne/io/json.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/version.hpp>

namespace chemnne {

/// Data or weights in `file` must speak of the mechanism of the weights in `model`; what does not tell goes
/// with any. Errors: Error with both fingerprints.
inline void require_same_mechanism(const std::string& file, const std::string& found,
                                   const std::string& model, const std::string& of_model) {
  if (found != of_model && found != "unknown" && of_model != "unknown")
    throw Error(file + ", mechanism fingerprint", "'" + of_model + "' (that of " + model + ")",
                "'" + found + "'");
}

/// Whether the reference can start from the data: states of all species of this program's mechanism. If not,
/// a line on standard error says why there is no `missing`.
inline bool holds_whole_states(const Dataset& truth, const Mechanism& mechanism, const std::string& missing) {
  const std::string of_data = truth.attribute("mechanism_fingerprint");
  if (of_data != mechanism.fingerprint()) {
    std::fprintf(stderr, "The data are of another mechanism (%s) than this program (%s): no %s.\n",
                 of_data.c_str(), mechanism.fingerprint().c_str(), missing.c_str());
    return false;
  }
  bool is_whole = truth.species() == mechanism.variable_species;
  for (std::size_t i = 0; is_whole && i < truth.species(); ++i)
    is_whole = truth.species_name[i] == mechanism.species[i].name;
  if (!is_whole)
    std::fprintf(stderr, "The data hold a part of the mechanism's species: no %s.\n", missing.c_str());
  return is_whole;
}

/// Where the numbers of a report come from.
inline Json provenance_of(const std::string& command, const std::string& data, std::size_t windows,
                          const std::string& model, const std::string& fingerprint) {
  Json provenance;
  provenance["command"] = command;
  provenance["data"] = data + ", " + std::to_string(windows) + " windows";
  provenance["model"] = model;
  provenance["mechanism_fingerprint"] = fingerprint;
  provenance["machine"] = machine_name();
  const std::time_t now = std::time(nullptr);
  char date[32];
  std::strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", std::gmtime(&now));
  provenance["date"] = date;
  provenance["chemnne_version"] = std::string(version);
  return provenance;
}

}  // namespace chemnne
