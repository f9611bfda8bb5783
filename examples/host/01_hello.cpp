// Load an emulator, step a cell, print.
//
//     01_hello examples/troposphere.safetensors
#include <cstdio>
#include <exception>
#include <vector>

#include "troposphere.hpp"

int main(int argument_count, char** arguments) try {
  if (argument_count != 2) throw chemnne::Error("01_hello", "the weights file", "no argument or more");
  const example::Emulator emulator(arguments[1]);  // once: reads and checks the file, prepares the network
  example::Emulator::Workspace workspace;          // the memory of a thread

  const std::vector<double> weather = example::weather(0, 12);
  const double air = example::air(weather);
  std::vector<double> cell = example::continental_air(emulator, air);
  const auto state = chemnne::Columns<double>::cell_major(cell.data(), 1, example::species);
  const auto conditions = chemnne::Columns<const double>::cell_major(weather.data(), 1, example::conditions);

  const std::size_t o3 = emulator.species_index("O3");
  std::printf("O3 at noon       %.2f nmol/mol\n", cell[o3] / air * 1e9);
  const chemnne::StepStatus status = emulator.advance(state, conditions, 3600, state, workspace);
  std::printf("O3 an hour later %.2f nmol/mol\n%s\n", cell[o3] / air * 1e9, status.summary().c_str());
  return status.valid_step ? 0 : 1;
} catch (const std::exception& error) {  // a missing or damaged file, another network, an unknown species
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
