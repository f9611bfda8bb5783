// The costly mistake: an emulator that is made anew for every call. Making it reads the file, checks it and
// prepares the network, which takes as long as stepping some hundred cells. Bad and good side by side.
//
//     loading_in_the_loop examples/troposphere.safetensors
#include <chrono>
#include <cstdio>
#include <exception>
#include <vector>

#include "troposphere.hpp"

namespace {

using View = chemnne::Columns<double>;
using Forcing = chemnne::Columns<const double>;

/// Bad: the emulator and its workspace live for one call.
void bad_step(const char* file, View column, Forcing weather) {
  example::Emulator emulator(file);
  example::Emulator::Workspace workspace;
  emulator.advance(column, weather, 3600, column, workspace);
}

/// Good: made once, when the host starts.
struct Chemistry {
  explicit Chemistry(const char* file) : emulator(file) {}
  void step(View column, Forcing weather) { emulator.advance(column, weather, 3600, column, workspace); }
  example::Emulator emulator;
  example::Emulator::Workspace workspace;
};

}  // namespace

int main(int argument_count, char** arguments) try {
  if (argument_count != 2)
    throw chemnne::Error("loading_in_the_loop", "the weights file", "no argument or more");
  constexpr std::size_t levels = 60;
  constexpr int steps = 10;
  Chemistry chemistry(arguments[1]);
  std::vector<double> weather, start;
  for (std::size_t level = 0; level < levels; ++level) {
    const std::vector<double> here = example::weather(50.0 * static_cast<double>(level), 12),
                              air = example::continental_air(chemistry.emulator, example::air(here));
    weather.insert(weather.end(), here.begin(), here.end());
    start.insert(start.end(), air.begin(), air.end());
  }
  const auto microseconds = [&](auto step) {
    std::vector<double> state = start;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < steps; ++i)
      step(View::cell_major(state.data(), levels, example::species),
           Forcing::cell_major(weather.data(), levels, example::conditions));
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() /
           steps;
  };
  const double bad =
      microseconds([&](View state, Forcing forcing) { bad_step(arguments[1], state, forcing); });
  const double good = microseconds([&](View state, Forcing forcing) { chemistry.step(state, forcing); });
  std::printf("a column of %zu levels: %.0f microseconds with loading in the loop, %.0f without\n", levels,
              bad, good);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
