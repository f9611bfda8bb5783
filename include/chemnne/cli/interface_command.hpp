#pragma once
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/embedded_mechanism.hpp>
#include <chemnne/cli/species_constants.hpp>
#include <chemnne/io/weights_file.hpp>

namespace chemnne {

/// `interface`: places of species as constants for hosts in C and Fortran.
class InterfaceCommand {
 public:
  /// `species`: as many as the emulator has, of inputs and outputs the more.
  InterfaceCommand(CLI::App& program, std::size_t species, const EmbeddedMechanism& embedded)
      : species_(species), embedded_(embedded) {
    CLI::App* const command = program.add_subcommand(
        "interface",
        "Writes NAME_species.h and NAME_species.f90: the places of the emulator's species as constants "
        "for hosts in C (NAME_ind_O3, from 0) and Fortran (ind_O3, from 1).");
    CLI::Option* const model =
        command
            ->add_option("--model", model_, "weights whose species they are; without, those of the mechanism")
            ->check(CLI::ExistingFile);
    if (!embedded.present()) model->required();
    command->add_option("--output", folder_, "the folder to write to")
        ->required()
        ->check(CLI::ExistingDirectory);
    command->add_option("--name", name_, "what files and constants are named after; default: this program");
    command->callback([this, &program] {
      if (name_.empty()) name_ = std::filesystem::path(program.get_name()).filename().string();
      run();
    });
  }

 private:
  void run() const { SpeciesConstants(name_, model_.empty() ? of_mechanism() : of_model()).write(folder_); }

  /// The order of its data sets.
  std::vector<std::string> of_mechanism() const {
    const Mechanism mechanism = embedded_.mechanism();
    const SpeciesSelection selection = select_species(mechanism, embedded_.ranges().choice);
    if (selection.size() < species_)
      throw Error(std::string(embedded_.name), std::to_string(species_) + " species at least",
                  std::to_string(selection.size()));
    std::vector<std::string> names = selection.names(mechanism);
    names.resize(species_);
    return names;
  }

  std::vector<std::string> of_model() const {
    const EmulatorDescription description = description_of(read_safetensors(model_), model_);
    const bool more_outputs = description.outputs.size() > description.inputs.size();
    const std::vector<std::string>& all = more_outputs ? description.outputs : description.inputs;
    const std::vector<std::string>& first = more_outputs ? description.inputs : description.outputs;
    if (!std::equal(first.begin(), first.end(), all.begin()))
      throw Error(model_, "outputs that begin with the inputs, or inputs that begin with the outputs",
                  "another order");
    if (all.size() != species_)
      throw Error(model_, std::to_string(species_) + " species (this program's)", std::to_string(all.size()));
    return all;
  }

  std::size_t species_;
  const EmbeddedMechanism& embedded_;
  std::string model_, folder_, name_;
};

}  // namespace chemnne
