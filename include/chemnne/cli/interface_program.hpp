#pragma once
#include <cstddef>
#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

#include <chemnne/cli/interface_command.hpp>
#include <chemnne/cli/standard_output.hpp>

namespace chemnne {

/// `interface` alone, for a build that wants an emulator's constants and not wait for its program, which
/// takes minutes to compile where this takes seconds. Returns the exit status: 0 done, 2 bad input.
inline int interface_main(int argument_count, char** arguments, const std::string& name, std::size_t species,
                          const EmbeddedMechanism& embedded) {
  CLI::App program("Places of the species of the emulator " + name + ".", name);
  program.require_subcommand(1);
  InterfaceCommand command(program, species, embedded);
  try {
    program.parse(argument_count, arguments);
    finish_standard_output();
    return 0;
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}

}  // namespace chemnne
