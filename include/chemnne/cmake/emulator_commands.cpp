#include <chemnne/cli/emulator_commands.hpp>
#include <chemnne/cli/emulator_program.hpp>

int chemnne::emulator_commands(int argument_count, char** arguments, const ModelList& models,
                               const EmbeddedMechanism& embedded) {
  return emulator_main(argument_count, arguments, models, embedded);
}
