#pragma once
#include <chemnne/cli/embedded_mechanism.hpp>
#include <chemnne/cli/trained_model.hpp>

namespace chemnne {

/// `emulator_main`, compiled by itself (cmake/emulator_commands.cpp): it takes a minute and knows no sizes,
/// so that the programs of several emulators can share it; see chemnne_add_emulator.cmake.
int emulator_commands(int argument_count, char** arguments, const ModelList& models,
                      const EmbeddedMechanism& embedded);

}  // namespace chemnne
