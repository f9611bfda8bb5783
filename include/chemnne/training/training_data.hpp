#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/without_tails.hpp>
#include <chemnne/model/unrolled_model.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/training/conserved_elements.hpp>
#include <chemnne/training/fit_task.hpp>
#include <chemnne/training/training_recipe.hpp>
#include <chemnne/training/training_set.hpp>

namespace chemnne {

/// What data must know of a model.
struct ModelSizes {
  std::size_t inputs, outputs, conditions;
  std::size_t frames;       ///< of a window
  std::size_t stride = 1;   ///< of the frames that training reads
  std::size_t windows = 1;  ///< that training unrolls
};

/// The sizes of `Model`, unrolled or not.
template <class Model>
constexpr ModelSizes model_sizes() {
  using C = typename SingleWindow<Model>::type::Configuration;
  return {.inputs = C::inputs,
          .outputs = C::outputs,
          .conditions = C::conditions,
          .frames = C::frames,
          .stride = C::training_stride,
          .windows = SingleWindow<Model>::windows};
}

/// The data sets of a recipe, made ready for a model: standardised by the bulk of the first, with a floor a
/// species, in chains where the model is unrolled, with the budgets and the elements that they conserve.
class TrainingData {
 public:
  /// Reads the files. Errors: Error when one cannot be read, is of another mechanism than the first, or lacks
  /// what the model takes.
  TrainingData(const TrainingRecipe& recipe, const ModelSizes& model)
      : recipe_(recipe),
        model_(model),
        first_(read(recipe.data.at(0))),
        standardisation_(standardise()),
        train_(training_set(first_)),
        validation_(read_validation()) {
    describe();
    std::size_t windows = train_.cases;
    for (std::size_t i = 1; i < recipe_.data.size(); ++i) windows += count_windows(recipe_.data[i]);
    train_.reserve(windows);
    for (std::size_t i = 1; i < recipe_.data.size(); ++i) append(recipe_.data[i]);
    description_.data += ", " + std::to_string(train_.cases) + " windows";
    if (model_.windows > 1) {
      train_ = chains(train_, recipe_.data[0]);
      validation_ = chains(validation_, recipe_.validation);
    }
  }

  const Dataset& first() const { return first_; }
  TrainingSet& train() { return train_; }
  const Standardisation& standardisation() const { return standardisation_; }
  EmulatorDescription& description() { return description_; }
  /// Coefficients of the budgets over all species of the sets, see budget_coefficients.
  std::vector<double> coefficients() const { return budget_coefficients(first_, species()); }

  /// All that `fit` needs; refers to these data. `source` renews windows of `train()` between epochs.
  FitTask task(WindowSource* source = nullptr) const {
    TrainingOptions options = recipe_.options;
    options.checkpoint = recipe_.out + ".checkpoint";
    options.optimiser.learning_rate =
        recipe_.learning_rate > 0
            ? recipe_.learning_rate
            : learning_rate_for_batch(options.optimiser.learning_rate, options.sampling.batch);
    options.importance = importance();
    return {.train = train_,
            .validation = validation_,
            .standardisation = standardisation_,
            .budget_coefficient = budget_coefficients(first_, model_.outputs),
            .budgets_used = 1 + first_.elements(),
            .conserved = conserved_elements(train_, first_.element_name, coefficients(),
                                            std::min(model_.inputs, model_.outputs), model_.outputs,
                                            counted_elements()),
            .options = options,
            .initial = recipe_.initial,
            .out = recipe_.out,
            .description = description_,
            .source = source};
  }

 private:
  std::size_t species() const { return std::max(model_.inputs, model_.outputs); }

  /// Whose atoms a lumped species counts.
  std::vector<std::string> counted_elements() const {
    std::vector<std::string> elements;
    for (const LumpedSpecies& lump : description_.lumped)
      if (!lump.element.empty()) elements.push_back(lump.element);
    return elements;
  }

  /// TrainingOptions::importance. Errors: Error when a species of the recipe is no output, or a factor is not
  /// above 0.
  std::vector<float> importance() const {
    if (recipe_.importance.empty()) return {};
    std::vector<float> factors(model_.outputs);
    const auto outputs = std::span(standardisation_.species).first(model_.outputs);
    for (const auto& [name, factor] : recipe_.importance) {
      const auto found = std::find(outputs.begin(), outputs.end(), name);
      if (found == outputs.end())
        throw Error("importance of species", "one that is predicted", "'" + name + "'");
      if (!(factor > 0) || !std::isfinite(factor))
        throw Error("importance of " + name, "a factor above 0", number_text(factor));
      factors[static_cast<std::size_t>(found - outputs.begin())] = static_cast<float>(factor);
    }
    return factors;
  }

  Standardisation standardise() const {
    std::vector<std::string> conditions = recipe_.conditions;
    if (conditions.empty()) {
      conditions = first_.environment_name;
      if (conditions.size() > model_.conditions) conditions.resize(model_.conditions);
    }
    if (conditions.size() != model_.conditions)
      throw Error(recipe_.conditions.empty() ? recipe_.data[0] : "conditions to train with",
                  std::to_string(model_.conditions) + " environment values (the configuration's)",
                  std::to_string(conditions.size()));
    if (first_.species() < species())
      throw Error(recipe_.data[0], std::to_string(species()) + " species", std::to_string(first_.species()));
    const auto floors = species_floors(first_, recipe_.floor_share, recipe_.floor);
    return without_tails(select_species(fit_standardisation(first_, conditions, floors),
                                        std::span(first_.species_name).first(species())),
                         first_);
  }

  Dataset read(const std::string& file) const {
    Dataset data = read_dataset(file);
    if (data.frames() != model_.frames)
      throw Error(file, std::to_string(model_.frames) + " frames (the configuration's)",
                  std::to_string(data.frames()));
    return data;
  }

  TrainingSet training_set(const Dataset& data) const {
    return TrainingSet(data, standardisation_, coefficients(), model_.stride);
  }

  TrainingSet read_validation() const {
    const Dataset data = read(recipe_.validation);
    require_one_mechanism(recipe_.validation, data);
    return training_set(data);
  }

  void append(const std::string& file) {
    const Dataset more = read(file);
    require_one_mechanism(file, more);
    if (description_.fingerprint == "unknown")
      description_.fingerprint = more.attribute("mechanism_fingerprint");
    if (description_.mechanism == "unknown") description_.mechanism = more.attribute("mechanism");
    train_.append(training_set(more));
  }

  /// A data set that does not tell its mechanism goes with any.
  void require_one_mechanism(const std::string& file, const Dataset& data) const {
    const std::string expected = first_.attribute("mechanism_fingerprint"),
                      found = data.attribute("mechanism_fingerprint");
    if (expected != found && expected != "unknown" && found != "unknown")
      throw Error(file + ", mechanism fingerprint", "'" + expected + "' (that of " + recipe_.data[0] + ")",
                  "'" + found + "'");
    if (lumps_to_json(lumped_inputs(file, data)).dump() !=
        lumps_to_json(lumped_inputs(recipe_.data[0], first_)).dump())
      throw Error(file + ", lumped species among the inputs", "those of " + recipe_.data[0], "others");
  }

  /// Those of the model's inputs that are lumped species in a data set.
  std::vector<LumpedSpecies> lumped_inputs(const std::string& file, const Dataset& data) const {
    const auto found = data.attributes.find("lumped");
    if (found == data.attributes.end()) return {};
    std::vector<LumpedSpecies> lumps = lumps_from_json(parse_json(found->second, file + ", lumped"));
    const auto inputs = std::span(first_.species_name).first(model_.inputs);
    std::erase_if(lumps, [&](const LumpedSpecies& lump) {
      return std::find(inputs.begin(), inputs.end(), lump.name) == inputs.end();
    });
    return lumps;
  }

  TrainingSet chains(const TrainingSet& set, const std::string& file) const {
    TrainingSet chained = set.chained(model_.windows);
    if (chained.cases == 0)
      throw Error(file,
                  std::to_string(model_.windows) + " windows in a row, each from where the one before ended",
                  "none");
    return chained;
  }

  void describe() {
    description_.lumped = lumped_inputs(recipe_.data[0], first_);
    description_.mechanism = first_.attribute("mechanism");
    description_.fingerprint = first_.attribute("mechanism_fingerprint");
    description_.data = recipe_.data[0] + ", seed " + first_.attribute("seed") + ", relative tolerance " +
                        first_.attribute("relative_tolerance");
    for (std::size_t i = 1; i < recipe_.data.size(); ++i) description_.data += " + " + recipe_.data[i];
  }

  TrainingRecipe recipe_;
  ModelSizes model_;
  Dataset first_;
  Standardisation standardisation_;
  TrainingSet train_, validation_;
  EmulatorDescription description_;
};

}  // namespace chemnne
