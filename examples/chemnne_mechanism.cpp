// chemnne_mechanism: looks into a chemical mechanism, checks it, and runs it in a box.
//
//   chemnne_mechanism info FILE [--elements Elements.txt] [--json]
//   chemnne_mechanism verify FILE --states states.nc
//   chemnne_mechanism generate FILE --ranges ranges.toml --scenarios 1000 --output train.nc
//   chemnne_mechanism lump FILE --data all.nc --tracers names.txt --output lumped.toml
//   chemnne_mechanism kernel FILE --output header.hpp
//   chemnne_mechanism interface FILE --output folder --name small
//   chemnne_mechanism box FILE --initial state.csv --conditions temperature=288 --hours 24 --output box.csv
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

#include <chemnne/cli/box_command.hpp>
#include <chemnne/cli/generate_command.hpp>
#include <chemnne/cli/kernel_command.hpp>
#include <chemnne/cli/lump_command.hpp>
#include <chemnne/cli/mechanism_info_command.hpp>
#include <chemnne/cli/mechanism_interface_command.hpp>
#include <chemnne/cli/standard_output.hpp>
#include <chemnne/cli/verify_command.hpp>
#include <chemnne/cli/world.hpp>
#include <chemnne/support/version.hpp>

int main(int argument_count, char** arguments) {
  constexpr int bad_input = 2;
  CLI::App program(
      "Looks into chemical mechanisms (KPP, MCM FACSIMILE, MUSICA/OpenAtmos), checks and runs them.",
      "chemnne_mechanism");
  program.set_version_flag("--version", std::string(chemnne::version));
  program.require_subcommand(1);
  const chemnne::MechanismInfoCommand info(program);
  const chemnne::VerifyCommand verify(program);
  const chemnne::BoxCommand box(program);
  const chemnne::MechanismGenerateCommand generate(program);
  const chemnne::LumpCommand lump(program);
  const chemnne::KernelCommand kernel(program);
  const chemnne::MechanismInterfaceCommand interface(program);
  program.footer(
      "SUBCOMMAND --help tells its options. Exit status: 0 done, 1 verify found a difference, 2 bad input "
      "(one "
      "message on standard error says where and why).");
  try {
    program.parse(argument_count, arguments);
    chemnne::finish_standard_output();
    return verify.status();
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : bad_input;
  } catch (const std::exception& error) {
    chemnne::World::give_up((std::string("chemnne_mechanism: ") + error.what()).c_str(), bad_input);
    return bad_input;
  }
}
