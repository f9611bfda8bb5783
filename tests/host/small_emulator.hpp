#pragma once
#include <span>
#include <string>
#include <vector>

#include <chemnne/inference/cell_score.hpp>
#include <chemnne/io/uncertainty.hpp>
#include <chemnne/io/weights_file.hpp>
#include <chemnne/model/chemnne.hpp>
#include <chemnne/model/configuration.hpp>

namespace test {

/// A ChemNNE that compiles and runs in no time: 3 species in, some out, 2 conditions.
template <std::size_t Outputs = 3, bool Exact = true>
struct Small : chemnne::PaperConfiguration<3, Outputs, 2> {
  static constexpr std::size_t frames = 13, nodes = 5, bands = 2, embedding_width = 8, encoder_width = 16,
                               encoder_layers = 2, width = 8, heads = 2, modes = 2, blocks = 1,
                               decoder_width = 16;
  static constexpr bool exact_identity = Exact;
};

/// The same with the parts of the default.
template <std::size_t Outputs = 3>
struct SmallDefault : Small<Outputs> {
  static constexpr std::size_t exponential_width = 6;
  static constexpr bool encoder_skips = true, attention = false, production_loss = true;
  using Solver = chemnne::NoSolver;
};

template <class C>
using SmallNetwork = chemnne::Deployed<C, typename chemnne::ChemNNE<C>::Trajectory>;

/// The parameter block of a deployed network: random weights, species about 10^(8 +- 1.5) molecules cm-3 with
/// a floor of 1e3.
template <class C>
std::vector<float> small_parameters(std::uint64_t seed = 1) {
  using Network = SmallNetwork<C>;
  std::vector<float> p(Network::parameters);
  chemnne::Random random(seed);
  Network::initialise(std::span<float, Network::parameters>(p.data(), Network::parameters), random);
  for (float& value : p) value += static_cast<float>(random.uniform(-0.1, 0.1));
  const std::vector<float> mean{8, 8.5f, 7, 288, 0.5f}, deviation{1.5f, 1, 1.25f, 15, 0.4f};
  std::fill_n(p.begin(), 3, 1e3f);
  std::copy(mean.begin(), mean.end(), p.begin() + 3);
  std::copy(deviation.begin(), deviation.end(), p.begin() + 8);
  float* const output = p.data() + Network::parameters - 2 * C::outputs;
  for (std::size_t i = 0; i < C::outputs; ++i) {
    output[i] = mean[i % 3];
    output[C::outputs + i] = deviation[i % 3];
  }
  return p;
}

/// Its description: species A, B, C, ..., conditions temperature and sun, ranges of three deviations.
template <class C>
chemnne::EmulatorDescription small_description() {
  chemnne::EmulatorDescription d;
  d.architecture = chemnne::ChemNNE<C>::architecture;
  d.configuration = chemnne::configuration_text<C>();
  const std::vector<chemnne::ValueRange> range{{3.5, 12.5}, {5.5, 11.5}, {3.25, 10.75}};
  for (std::size_t i = 0; i < C::outputs; ++i) {
    d.outputs.push_back(std::string(1, static_cast<char>('A' + i)));
    d.output_range.push_back({-30, 40});  // so wide that the limits of a step never act
    d.output_floor.push_back(1e3);
  }
  d.inputs.assign(d.outputs.begin(), d.outputs.begin() + 3);
  d.input_range = range;
  d.conditions = {"temperature", "sun"};
  d.condition_units = {"K", "1"};
  d.condition_range = {{243, 333}, {-0.7, 1.7}};
  d.mechanism = "small";
  d.fingerprint = "0123456789abcdef";
  d.data = "none, \"quoted\"";
  d.training = "none";
  d.metrics = {{"validation_rmse_standardised", 0.1}, {"third", 1.0 / 3}};
  return d;
}

/// What calibration would add: any numbers of the right sizes, coverages of 50 and 90 %. Of cells around the
/// middle of the training a few score above the threshold.
template <class C>
chemnne::Uncertainty small_uncertainty() {
  constexpr std::size_t in = C::inputs + C::conditions, code = chemnne::ChemNNE<C>::Code::Output::size;
  const auto spread = [](std::size_t width) {
    return chemnne::ValueSpread{std::vector<float>(width, 0.1f),
                                std::vector<float>(width * chemnne::spread_directions(width), 0.05f), 1};
  };
  chemnne::Uncertainty u{.input = spread(in),
                         .code = spread(code),
                         .threshold = 0.82f,
                         .least = 0.1f,
                         .exponent = 0.7f,
                         .coverage = {0.5f, 0.9f},
                         .half_width = {}};
  for (std::size_t i = 0; i < 2 * C::outputs; ++i) u.half_width.push_back(0.01f * static_cast<float>(i + 1));
  return u;
}

template <class C>
void write_small(const std::string& path, const std::vector<float>& parameters,
                 const chemnne::EmulatorDescription& description = small_description<C>()) {
  using Network = SmallNetwork<C>;
  chemnne::write_weights<Network>(
      path, std::span<const float, Network::parameters>(parameters.data(), Network::parameters), description);
}

}  // namespace test
