#pragma once
#include <cstdio>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/element_list.hpp>
#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/data/species_selection.hpp>

namespace chemnne {

/// The mechanism that a command is given: its file, where compositions come from, and which species vary.
class MechanismFile {
 public:
  explicit MechanismFile(CLI::App& command) {
    command
        .add_option(
            "file", file_,
            "the mechanism, in the form of KPP, MCM FACSIMILE, MUSICA/OpenAtmos (a folder of CAMP, too), "
            "CAM-chem or CMAQ, told apart by what is in it; files that it includes are looked for beside it, "
            "in models/ and in $KPP_HOME/models")
        ->required()
        ->check(CLI::ExistingPath);
    command
        .add_option(
            "--elements", elements_,
            "composition of species for which the mechanism says IGNORE: lines of name, mass, C H O N S "
            "Cl Br I (ARCA's Elements.txt)")
        ->check(CLI::ExistingFile);
    command
        .add_option("--variable", variable_,
                    "fixed species that shall vary, by name with commas between; 'all': each of them")
        ->delimiter(',');
    command.add_option("--fixed", fixed_, "variable species to be held fixed, by name with commas between")
        ->delimiter(',');
  }

  const std::string& path() const { return file_; }

  /// The reader's remarks go to standard error. Errors: those of the readers; Error naming a species that is
  /// not there.
  Mechanism read(const ReadOptions& options = {}) const {
    Mechanism mechanism = read_quietly(options);
    for (const std::string& remark : mechanism.remarks) std::fprintf(stderr, "%s\n", remark.c_str());
    return mechanism;
  }

  /// The same for who prints the remarks itself.
  Mechanism read_quietly(const ReadOptions& options) const {
    Mechanism mechanism = read_mechanism(file_, options);
    if (!elements_.empty()) apply_elements(mechanism, read_element_list(elements_));
    apply_choice(mechanism, {.variable = variable_, .fixed = fixed_});
    return mechanism;
  }

 private:
  std::string file_, elements_;
  std::vector<std::string> variable_, fixed_;
};

}  // namespace chemnne
