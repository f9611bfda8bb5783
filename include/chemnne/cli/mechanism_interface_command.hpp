#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/rate_program.hpp>
#include <chemnne/cli/mechanism_file.hpp>
#include <chemnne/cli/species_constants.hpp>

namespace chemnne {

/// `interface`: places of species and numbers of a solver as constants for hosts in C and Fortran.
class MechanismInterfaceCommand {
 public:
  explicit MechanismInterfaceCommand(CLI::App& program)
      : command_(program.add_subcommand(
            "interface",
            "Writes NAME_species.h and NAME_species.f90: how many species and conditions a solver of the "
            "mechanism has, and the places of its species, as constants for hosts in C (NAME_ind_O3, from 0) "
            "and Fortran (ind_O3, from 1). chemnne_add_solver(NAME ... C_INTERFACE) calls it.")),
        mechanism_(*command_) {
    command_->add_option("--output", folder_, "the folder to write to")
        ->required()
        ->check(CLI::ExistingDirectory);
    command_->add_option("--name", name_, "what files and constants are named after")->required();
    command_->callback([this] { run(); });
  }

 private:
  void run() const {
    const Mechanism mechanism = mechanism_.read();
    std::vector<std::string> species;
    for (std::size_t i = 0; i < mechanism.variable_species; ++i) species.push_back(mechanism.species[i].name);
    SpeciesConstants(name_, species, RateProgram(mechanism).input_names().size()).write(folder_);
  }

  CLI::App* command_;
  MechanismFile mechanism_;
  std::string folder_, name_;
};

}  // namespace chemnne
