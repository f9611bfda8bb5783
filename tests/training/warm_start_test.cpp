#define BOOST_TEST_MODULE training_warm_start
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/reference.hpp>
#include <chemnne/model/baselines.hpp>
#include <chemnne/model/chemnne.hpp>
#include <chemnne/model/per_time_mlp.hpp>
#include <chemnne/training/warm_start.hpp>

using namespace chemnne;
using test::contains;

namespace {

using Names = std::vector<std::string>;

template <std::size_t Inputs, std::size_t Outputs, std::size_t Conditions, bool Exact = true>
struct Tiny : PaperConfiguration<Inputs, Outputs, Conditions> {
  static constexpr std::size_t frames = 5, nodes = 4, bands = 2, embedding_width = 6, encoder_width = 10,
                               encoder_layers = 2, width = 8, heads = 2, modes = 2, blocks = 1,
                               exponentials = 3, decoder_width = 7;
  static constexpr bool exact_identity = Exact;
};

/// Means and deviations that say nothing, of the species and conditions of a network.
Standardisation standardisation_of(const Names& species, const Names& conditions, Random& random) {
  Standardisation s;
  s.species = species;
  s.condition_name = conditions;
  for (std::size_t i = 0; i < species.size(); ++i) {
    s.floor.push_back(1e3);
    s.mean.push_back(random.uniform(5, 8));
    s.deviation.push_back(random.uniform(0.5, 2));
  }
  for (const std::string& name : conditions) {
    s.condition_units.push_back(name == "temperature" ? "K" : "1");
    s.condition_mean.push_back(random.uniform(-1, 1));
    s.condition_deviation.push_back(random.uniform(0.5, 2));
  }
  return s;
}

/// A weights file of a network with random weights, no bias of them 0.
template <class Model>
struct File {
  using C = typename Model::Configuration;
  using Network = Deployed<C, typename Model::Trajectory>;
  static constexpr std::size_t count = Model::Trajectory::parameters;

  File(const Names& species, const Names& conditions, Random& random)
      : standardisation(standardisation_of(species, conditions, random)), weights(count) {
    Model::Trajectory::initialise(std::span<float, count>(weights), random);
    for (float& w : weights) w += static_cast<float>(0.1 * random.normal());
    using Constants = ProductionConstants<typename Model::Trajectory>;
    for (std::size_t i = 0; i < Constants::count; ++i)
      weights[Constants::deviation + i] = static_cast<float>(standardisation.deviation[i]);
    description.architecture = Model::architecture;
    description.configuration = configuration_text<C>();
    description.inputs.assign(species.begin(), species.begin() + C::inputs);
    description.outputs.assign(species.begin(), species.begin() + C::outputs);
    description.conditions = conditions;
    description.condition_units = standardisation.condition_units;
    description.input_range.resize(C::inputs);
    description.output_range.resize(C::outputs);
    description.output_floor.resize(C::outputs, 1e3);
    description.condition_range.resize(C::conditions);
  }
  Buffer<float> block() const {
    return deployed_parameters<Model>(standardisation, std::span<const float, count>(weights));
  }
  const std::string& write() const {
    const Buffer<float> all = block();
    write_weights<Network>(path, std::span<const float, Network::parameters>(all.data(), all.size()),
                           description);
    return path;
  }

  test::TemporaryFolder folder;
  std::string path = folder.file("old.safetensors");
  Standardisation standardisation;
  std::vector<float> weights;
  EmulatorDescription description;
};

/// Fresh weights of `Model`, and what warm_start makes of them.
template <class Model>
struct Started {
  static constexpr std::size_t count = Model::Trajectory::parameters;
  Started(const std::string& path, const Standardisation& standardisation) : weights(count) {
    Random random(8);
    Model::Trajectory::initialise(std::span<float, count>(weights), random);
    text = warm_start<Model>(path, standardisation, std::span<float, count>(weights));
  }
  std::vector<float> weights;
  std::string text;
};

/// log10 of the number densities [frame][output] that a deployed network gives for x, in double.
template <class Model>
std::vector<double> evaluate(const Buffer<float>& block, const std::vector<double>& x) {
  using Network = Deployed<typename Model::Configuration, typename Model::Trajectory>;
  const std::vector<double> p(block.data(), block.data() + block.size());
  std::vector<double> y(Network::Output::size);
  Buffer<double> memory(Network::memory(1));
  Arena<double> arena(memory.span());
  Network::template forward<Reference, double>(
      RowsOf<const double, typename Network::Input>(x.data(), 1),
      Parameters<const double, Network::parameters>(p.data(), p.size()),
      RowsOf<double, typename Network::Output>(y.data(), 1), arena);
  for (double& v : y) v = std::log10(v);
  return y;
}

const Names old_conditions{"temperature", "sun"}, new_conditions{"sun", "pressure", "temperature"};

/// The largest difference, in decades, between the old network and the warm-started one on outputs that both
/// know, over some cells.
template <class Old, class New>
double largest_difference(const Names& old_species, const Names& new_species) {
  using Was = typename Old::Configuration;
  using Is = typename New::Configuration;
  Random random(3);
  const File<Old> file(old_species, old_conditions, random);
  const Standardisation ours = standardisation_of(new_species, new_conditions, random);
  const Started<New> started(file.write(), ours);
  const Buffer<float> block =
      deployed_parameters<New>(ours, std::span<const float, Started<New>::count>(started.weights));
  double worst = 0;
  for (int cell = 0; cell < 5; ++cell) {
    std::vector<double> is, was;
    for (std::size_t i = 0; i < Is::inputs; ++i) is.push_back(std::pow(10, random.uniform(5, 9)));
    for (std::size_t k = 0; k < Is::conditions; ++k) is.push_back(random.uniform(-1, 1));
    for (const std::size_t i : indices_by_name(file.description.inputs, new_species, "inputs"))
      was.push_back(is[i]);
    for (const std::size_t k : indices_by_name(old_conditions, new_conditions, "conditions"))
      was.push_back(is[Is::inputs + k]);
    const std::vector<double> before = evaluate<Old>(file.block(), was), after = evaluate<New>(block, is);
    const auto place = indices_by_name(file.description.outputs, new_species, "outputs");
    for (std::size_t f = 0; f < Is::frames; ++f)
      for (std::size_t s = 0; s < Was::outputs; ++s)
        worst = std::max(worst, std::abs(after[f * Is::outputs + place[s]] - before[f * Was::outputs + s]));
  }
  return worst;
}

/// More inputs and outputs, another order, with outputs that are no inputs; and all outputs inputs.
template <template <class> class Model, bool LearnedIdentity = true>
void expect_the_same_function() {
  const double rounding = 2e-6;  // decades; a float has 7 digits, a cell's species some 9 decades
  const Names known{"A", "B", "C", "D"}, known_and_new{"B", "E", "A", "D", "C"};
  const Names partly{"A", "B", "C", "D"}, partly_and_new{"E", "C", "A", "B", "F", "D"};
  BOOST_TEST((largest_difference<Model<Tiny<4, 2, 2>>, Model<Tiny<5, 3, 3>>>(known, known_and_new)) <
             rounding);
  BOOST_TEST((largest_difference<Model<Tiny<3, 4, 2>>, Model<Tiny<4, 6, 3>>>(partly, partly_and_new)) <
             rounding);
  if constexpr (LearnedIdentity)
    BOOST_TEST((largest_difference<Model<Tiny<3, 4, 2, false>>, Model<Tiny<4, 6, 3, false>>>(
                   partly, partly_and_new)) < rounding);
}

template <class C>
struct Producing : C {
  static constexpr std::size_t exponential_width = 5;
  static constexpr bool production_loss = true;
};
template <class C>
using ProducingModel = ChemNNE<Producing<C>>;

}  // namespace

BOOST_AUTO_TEST_CASE(common_species_keep_their_function_in_any_standardisation_and_any_larger_set) {
  expect_the_same_function<ChemNNE>();
  expect_the_same_function<ProducingModel, false>();
  expect_the_same_function<PerTimeMlp>();
  expect_the_same_function<LinearOde>();
  expect_the_same_function<Pod>();
  expect_the_same_function<DeepOnet>();
  expect_the_same_function<Gru>();
}

BOOST_AUTO_TEST_CASE(the_same_species_in_the_same_standardisation_keep_their_bits) {
  using Model = ChemNNE<Tiny<3, 4, 2>>;
  Random random(5);
  const File<Model> file({"A", "B", "C", "D"}, old_conditions, random);
  const Started<Model> started(file.write(), file.standardisation);
  BOOST_TEST(started.weights == file.weights, boost::test_tools::per_element());
  BOOST_TEST(started.text ==
             file.path +
                 ": inputs 3 common, 0 new, 0 gone; outputs 4 common, 0 new, 0 gone; conditions 2 common, 0 "
                 "new, 0 gone");
}

BOOST_AUTO_TEST_CASE(new_species_have_the_deviations_of_their_standardisation) {
  using Old = ProducingModel<Tiny<2, 2, 2>>;
  using New = ProducingModel<Tiny<3, 3, 2>>;
  using Constants = ProductionConstants<New::Trajectory>;
  Random random(5);
  const File<Old> file({"A", "B"}, old_conditions, random);
  const Standardisation ours = standardisation_of({"X", "B", "A"}, old_conditions, random);
  const Started<New> started(file.write(), ours);
  for (std::size_t i = 0; i < 3; ++i)
    BOOST_TEST(started.weights[Constants::deviation + i] == static_cast<float>(ours.deviation[i]));
}

BOOST_AUTO_TEST_CASE(what_is_new_and_what_is_gone_is_named) {
  using Old = ChemNNE<Tiny<3, 4, 2>>;
  using New = ChemNNE<Tiny<3, 4, 3>>;
  Random random(5);
  const File<Old> file({"A", "B", "C", "D"}, old_conditions, random);
  // C and D have changed places: given there, predicted alone here, and the other way round.
  const Standardisation ours = standardisation_of({"A", "X", "D", "C"}, new_conditions, random);
  const Started<New> started(file.write(), ours);
  BOOST_TEST(contains(started.text, "inputs 1 common, 2 new (X, D), 2 gone (B, C)"), started.text);
  BOOST_TEST(contains(started.text, "outputs 1 common, 3 new (X, D, C), 3 gone (B, C, D)"), started.text);
  BOOST_TEST(contains(started.text, "conditions 2 common, 1 new (pressure), 0 gone"), started.text);
}

BOOST_AUTO_TEST_CASE(new_outputs_begin_as_the_network_s_own) {
  using Old = DeepOnet<Tiny<2, 2, 2>>;
  using New = DeepOnet<Tiny<2, 3, 2>>;
  Random random(5);
  const File<Old> file({"A", "B"}, old_conditions, random);
  const Started<New> started(file.write(), standardisation_of({"A", "B", "X"}, old_conditions, random));
  std::vector<float> fresh(New::Trajectory::parameters);
  Random same(8);
  New::Trajectory::initialise(std::span<float, New::Trajectory::parameters>(fresh), same);
  for (std::size_t row = 0; row <= 10; ++row) {  // the last layer's weights and its bias
    const std::size_t at = fresh.size() - 3 * (11 - row);
    BOOST_TEST(started.weights[at] != fresh[at]);
    BOOST_TEST(started.weights[at + 2] == fresh[at + 2]);
  }
}

namespace {

struct Wider : Tiny<3, 4, 2> {
  static constexpr std::size_t width = 12;
};
struct Rougher : Tiny<3, 4, 2> {
  static constexpr double omega_0 = 30;
};
struct Sparser : Tiny<3, 4, 2> {
  static constexpr std::size_t frames = 3;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_data_set_with_fewer_frames_goes_on_with_the_same_weights) {
  const Names species{"A", "B", "C", "D"};
  Random random(5);
  const File<ChemNNE<Tiny<3, 4, 2>>> file(species, old_conditions, random);
  const std::string path = file.write();
  const Standardisation ours = standardisation_of(species, old_conditions, random);
  const Started<ChemNNE<Tiny<3, 4, 2>>> five(path, ours);
  const Started<ChemNNE<Sparser>> three(path, ours);
  BOOST_TEST(three.weights == five.weights);
}

BOOST_AUTO_TEST_CASE(a_file_that_does_not_fit_is_refused_by_the_first_place_that_differs) {
  const Names species{"A", "B", "C", "D"};
  Random random(5);
  File<ChemNNE<Tiny<3, 4, 2>>> file(species, old_conditions, random);
  Standardisation ours = standardisation_of(species, old_conditions, random);
  const auto complaint = [&]<class Model>(Model) {
    return test::message_of([&] { Started<Model>(file.path, ours); });
  };
  file.write();
  const std::string wider = complaint(ChemNNE<Wider>()), rougher = complaint(ChemNNE<Rougher>()),
                    other = complaint(Fno<Tiny<3, 4, 2>>());
  BOOST_TEST(contains(wider, "tensor 'embedding.1.weight': expected shape [10, 12], found [10, 8]"), wider);
  BOOST_TEST(contains(rougher, "configuration: expected 'omega_0=30' (this program's), found 'omega_0=1.5'"),
             rougher);
  BOOST_TEST(contains(other, "architecture: expected 'fno' (this model's), found 'chemnne'"), other);

  ours.condition_units[0] = "degC";
  const std::string units = complaint(ChemNNE<Tiny<3, 4, 2>>());
  BOOST_TEST(contains(units, "condition temperature: expected 'degC', found 'K'"), units);
  ours.condition_units[0] = "K";

  file.description.outputs.pop_back();
  file.description.output_range.pop_back();
  file.description.output_floor.pop_back();
  file.write();
  const std::string fewer = complaint(ChemNNE<Tiny<3, 4, 2>>());
  BOOST_TEST(contains(fewer, "expected shape"), fewer);
}

namespace {

/// A network that NetworkEnds does not know.
template <class C>
struct OwnNetwork : parts::BranchAndTrunk<C> {};
template <class C>
struct Own : NodalModel<C, OwnNetwork<C>> {
  static constexpr const char* architecture = "own";
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_network_of_unknown_ends_goes_on_with_the_same_data_alone) {
  Random random(5);
  const File<Own<Tiny<2, 2, 2>>> file({"A", "B"}, old_conditions, random);
  file.write();
  const Started<Own<Tiny<2, 2, 2>>> same(file.path, file.standardisation);
  BOOST_TEST(same.weights == file.weights, boost::test_tools::per_element());
  const std::string message = test::message_of([&] {
    Started<Own<Tiny<2, 2, 2>>>(file.path, standardisation_of({"A", "B"}, old_conditions, random));
  });
  BOOST_TEST(contains(message, "expected a model whose first layer is an affine map"), message);
}
