// An emulator that needs no file: `chemnne_troposphere embed` has written the weights as a C++ header, and
// CMake has had it do so (examples/host/CMakeLists.txt).
//
//     06_embedded_weights
#include <cstdio>
#include <exception>
#include <vector>

#include "troposphere.hpp"
#include "troposphere_weights.hpp"

int main() try {
  const example::Emulator emulator =
      example::Emulator::from_bytes(troposphere_weights, "the embedded weights");
  example::Emulator::Workspace workspace;
  const std::vector<double> weather = example::weather(0, 12);
  std::vector<double> cell = example::continental_air(emulator, example::air(weather));
  const auto state = chemnne::Columns<double>::cell_major(cell.data(), 1, example::species);
  const chemnne::StepStatus status = emulator.advance(
      state, chemnne::Columns<const double>::cell_major(weather.data(), 1, example::conditions), 3600, state,
      workspace);
  std::printf("%zu bytes of weights in the program; O3 after an hour %.2f nmol/mol\n",
              troposphere_weights.size(), cell[emulator.species_index("O3")] / example::air(weather) * 1e9);
  return status.valid_step ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
