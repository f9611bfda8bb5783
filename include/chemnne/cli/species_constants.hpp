#pragma once
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// Places of the species of an emulator or a solver as constants for hosts in C and Fortran, as KPP has them;
/// of a solver, of which CMake knows no numbers, these too.
///
/// A constant is ind_ and the name of the species; each character that is no letter, digit or underscore
/// becomes an underscore. Errors: Error for two names that become one, in Fortran's eyes, which sees no
/// capitals, or that are too long for it, and for a name of the files that is no identifier.
class SpeciesConstants {
 public:
  /// `name`: what the generated files are named after. `conditions`: of a solver, how many it wants.
  SpeciesConstants(std::string name, const std::vector<std::string>& species,
                   std::optional<std::size_t> conditions = {})
      : name_(std::move(name)), conditions_(conditions) {
    constexpr std::size_t longest = 63;  // of a name in Fortran
    if (!is_identifier(name_) || name_.size() + std::size("_species") - 1 > longest)
      throw Error("name of the interface", "an identifier of up to 55 characters", "'" + name_ + "'");
    std::map<std::string, std::string> taken;
    for (const std::string& one : species) {
      std::string constant = "ind_" + one, folded;
      for (char& c : constant) {
        if (!is_identifier(std::string{'x', c})) c = '_';
        folded += lower_case(c);
      }
      if (constant.size() > longest)
        throw Error("species '" + one + "'", "a name of up to 59 characters, for Fortran",
                    std::to_string(one.size()));
      const auto [place, is_new] = taken.emplace(folded, one);
      if (!is_new)
        throw Error("species '" + one + "'", "a name that differs from '" + place->second + "' in Fortran",
                    "'" + folded + "' of both");
      constants_.push_back(constant);
    }
  }

  /// `<name>_species.h`: enumerators `<name>_ind_O3`, from 0.
  std::string c_header() const {
    const std::string guard = upper_case(name_ + "_SPECIES_H");
    std::string text = "/* Generated: places of species, from 0" + inputs_come_first() + " */\n#ifndef " +
                       guard + "\n#define " + guard + "\n\n";
    if (conditions_)
      text += "enum { " + name_ + "_inputs = " + size() + ", " + name_ + "_outputs = " + size() + ", " +
              name_ + "_conditions = " + std::to_string(*conditions_) + " };\n\n";
    text += "enum {\n";
    for (std::size_t i = 0; i < constants_.size(); ++i)
      text += "  " + name_ + "_" + constants_[i] + " = " + std::to_string(i) +
              (i + 1 < constants_.size() ? ",\n" : "\n");
    return text + "};\n\n#endif\n";
  }

  /// `<name>_species.f90`: a module of that name with ind_O3, from 1.
  std::string fortran_module() const {
    std::string text = "! Generated: places of species, from 1" + inputs_come_first() + "\nmodule " + name_ +
                       "_species\n  implicit none\n";
    if (conditions_)
      text += "  integer, parameter :: inputs = " + size() + ", outputs = " + size() +
              ", conditions_of_a_cell = " + std::to_string(*conditions_) + "\n";
    for (std::size_t i = 0; i < constants_.size(); ++i)
      text += "  integer, parameter :: " + constants_[i] + " = " + std::to_string(i + 1) + "\n";
    return text + "end module\n";
  }

  /// Writes both into a folder and says so on standard output. Errors: those of write_file_atomically.
  void write(const std::string& folder) const {
    const std::string header = folder + "/" + name_ + "_species.h",
                      module = folder + "/" + name_ + "_species.f90";
    write_file_atomically(header, c_header());
    write_file_atomically(module, fortran_module());
    std::printf("wrote %s\nwrote %s\n", header.c_str(), module.c_str());
  }

 private:
  std::string inputs_come_first() const {
    return conditions_ ? ", and numbers of a solver." : ". The first are the emulator's inputs.";
  }
  std::string size() const { return std::to_string(constants_.size()); }

  std::string name_;
  std::optional<std::size_t> conditions_;
  std::vector<std::string> constants_;
};

}  // namespace chemnne
