#pragma once
#include <cstddef>
#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/cli/mechanism_file.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/solver/kernel_writer.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// What the struct of a mechanism is called where nobody says it: small_strato becomes SmallStrato. Letters
/// and digits remain, those after anything else as capitals.
inline std::string kernel_name(const std::string& mechanism) {
  std::string name;
  bool is_first = true;
  for (const char c : mechanism) {
    const bool is_digit = c >= '0' && c <= '9', is_letter = upper_case(c) != lower_case(c);
    if (is_letter || is_digit) name += is_first ? upper_case(c) : c;
    is_first = !is_letter && !is_digit;
  }
  return is_identifier(name) ? name : "Mechanism" + name;
}

/// `kernel`: a mechanism as straight-line C++ for the solver.
class KernelCommand {
 public:
  explicit KernelCommand(CLI::App& program)
      : command_(program.add_subcommand("kernel",
                                        "Writes a mechanism as a C++ header with straight-line code for the "
                                        "stiff solver: for programs that "
                                        "are compiled for one mechanism of up to some hundred species.")),
        mechanism_(*command_) {
    command_->add_option("--output", output_, "the header to write")->required();
    command_
        ->add_option(
            "--name", name_,
            "what the struct is called; without: after the mechanism, SmallStrato of small_strato.def")
        ->check(CLI::Validator(
            [](const std::string& name) {
              return is_identifier(name) ? std::string() : "expected an identifier, found '" + name + "'";
            },
            "IDENTIFIER"));
    command_->callback([this] { run(); });
  }

 private:
  /// Beyond, a compiler needs long, and code comes from the memory as slowly as tables do.
  static constexpr std::size_t many_species = 300;

  void run() const {
    const Mechanism mechanism = mechanism_.read();
    const std::string name = name_.empty() ? kernel_name(mechanism.name) : name_;
    const KernelWriter writer(mechanism, name);
    const KernelWriter::Size size = writer.size();
    const std::string text = writer.text();
    write_file_atomically(output_, text);
    std::printf("wrote %s: struct %s of %zu species, %zu reactions, %zu entries of L + U, %zu kB\n",
                output_.c_str(), name.c_str(), size.species, size.reactions, size.entries,
                (text.size() + 999) / 1000);
    if (size.species > many_species)
      std::fprintf(stderr,
                   "chemnne_mechanism: warning: a compiler will need long for code of %zu species; tables "
                   "(TableKernel) serve every mechanism without\n",
                   size.species);
  }

  CLI::App* command_;
  MechanismFile mechanism_;
  std::string output_, name_;
};

}  // namespace chemnne
