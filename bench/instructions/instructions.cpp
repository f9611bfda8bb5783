// A fixed amount of work for callgrind to count; run.sh compiles it against two states of the headers.
//
//   instructions weights <file>      writes the weights file that the others take
//   instructions <work> <file>       work: step (of an hour), partial_step (half an hour), training
//
// So that older headers take it too, it uses only what programs of users use. Instructions are counted in the
// work alone: start-up and set-up do not blur the ratio.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <valgrind/callgrind.h>

#include <chemnne/emulator.hpp>

namespace {

using namespace chemnne;

using Configuration = PaperConfiguration<49, 49>;  // all parts
using Model = ChemNNE<Configuration>;
constexpr std::size_t species = Configuration::inputs, conditions = Configuration::conditions;

/// work(n) counted, after an eighth of it that is not, for what only a first call does: the loader binds
/// functions, constants are built. Not all of it: valgrind takes seconds for these, as it emulates fused
/// multiply-adds.
template <class F>
void count(std::size_t n, const F& work) {
  work(n / 8);
  CALLGRIND_START_INSTRUMENTATION;
  work(n);
  CALLGRIND_STOP_INSTRUMENTATION;
}

/// Seeded, and never on zeros: bench_tools.hpp says why.
template <class Values>
void fill_normal(Values& values, double scale = 1) {
  Random random(1);
  for (auto& value : values) value = static_cast<std::decay_t<decltype(value)>>(scale * random.normal());
}

/// The weights as training begins, and noise that leaves no bias at zero.
template <class Network>
std::vector<float> random_parameters() {
  std::vector<float> p(Network::parameters);
  Random random(2);
  Network::initialise(std::span<float, Network::parameters>(p.data(), p.size()), random);
  for (float& value : p) value += static_cast<float>(random.uniform(-0.01, 0.01));
  return p;
}

/// Species spread over some decades about 1e6 cm-3, conditions about 0.
void write_random_weights(const std::string& path) {
  using Network = Deployed<Configuration, Model::Trajectory>;
  std::vector<float> p = random_parameters<Network>();
  std::fill_n(p.begin() + Normalise<species, conditions>::mean, species, 6.0f);  // mean of log10, coming in
  std::fill_n(p.end() - 2 * std::ptrdiff_t{species}, species, 6.0f);             // and going out

  EmulatorDescription d;
  d.architecture = Model::architecture;
  d.configuration = configuration_text<Configuration>();
  for (std::size_t i = 0; i < species; ++i) d.inputs.push_back("S" + std::to_string(i));
  d.outputs = d.inputs;
  d.input_range = d.output_range = std::vector<ValueRange>(species, {0, 12});
  d.output_floor = std::vector<double>(species, 1);
  for (std::size_t k = 0; k < conditions; ++k) d.conditions.push_back("K" + std::to_string(k));
  d.condition_units = std::vector<std::string>(conditions, "1");
  d.condition_range = std::vector<ValueRange>(conditions, {-6, 6});
  write_weights<Network>(path, std::span<const float, Network::parameters>(p.data(), p.size()), d);
}

/// 64 cells of a host. Returns whether every cell was stepped and lay within the ranges.
bool step(const std::string& weights, double seconds) {
  constexpr std::size_t cells = 64;
  Emulator<Model, DefaultBackend> emulator(weights);
  std::vector<double> before(cells * species), weather(cells * conditions), after(cells * species);
  fill_normal(before);
  fill_normal(weather);
  for (double& value : before) value = std::pow(10.0, 6 + value);

  StepStatus status;
  count(cells, [&](std::size_t n) {
    status = emulator.advance(Columns<const double>::cell_major(before.data(), n, species),
                              Columns<const double>::cell_major(weather.data(), n, conditions), seconds,
                              Columns<double>::cell_major(after.data(), n, species));
  });
  return status.clean();
}

/// Forward and pullback of a training chunk of 32 samples. Returns whether the gradient is finite.
bool training() {
  using Network = Model::Trajectory;
  using Input = Network::Input;
  using Output = Network::Output;
  constexpr std::size_t samples = 32;
  const std::vector<float> initial = random_parameters<Network>();
  Buffer<float> p(Network::parameters), dp(Network::parameters), x(samples * Input::size),
      dx(samples * Input::size), y(samples * Output::size), dy(samples * Output::size),
      memory(Network::memory(samples) + Network::pullback_memory(samples));
  std::copy(initial.begin(), initial.end(), p.data());
  auto inputs = x.span(), slopes = dy.span();
  fill_normal(inputs);
  fill_normal(slopes, 0.1);

  const Parameters<const float, Network::parameters> block(p.data(), Network::parameters);
  count(samples, [&](std::size_t n) {
    Arena<float> arena(memory.span());
    const RowsOf<const float, Input> input(x.data(), n);
    const auto residual =
        Network::forward<DefaultBackend, float>(input, block, RowsOf<float, Output>(y.data(), n), arena);
    Network::pullback<DefaultBackend, float>(
        residual, input, block, RowsOf<const float, Output>(dy.data(), n), RowsOf<float, Input>(dx.data(), n),
        Parameters<float, Network::parameters>(dp.data(), Network::parameters), arena);
  });
  return std::all_of(dp.data(), dp.data() + dp.size(), [](float slope) { return std::isfinite(slope); });
}

}  // namespace

int main(int given, char** arguments) try {
  const std::string work = given == 3 ? arguments[1] : "", file = given == 3 ? arguments[2] : "";
  bool good = true;
  if (work == "weights")
    write_random_weights(file);
  else if (work == "step")
    good = step(file, Configuration::horizon);
  else if (work == "partial_step")
    good = step(file, 1800);
  else if (work == "training")
    good = training();
  else {
    std::fputs("instructions <weights | step | partial_step | training> <weights file>\n", stderr);
    return 2;
  }
  if (!good) std::fprintf(stderr, "instructions: the result of %s is not sound\n", work.c_str());
  return good ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "instructions: %s\n", error.what());
  return 1;
}
