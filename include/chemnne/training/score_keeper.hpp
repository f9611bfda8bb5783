#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/data/standardisation.hpp>
#include <chemnne/training/evaluation_results.hpp>
#include <chemnne/training/metrics.hpp>

namespace chemnne {

/// Gathers the scores of one predictor cell by cell, so that predictions need not be kept.
class ScoreKeeper {
 public:
  /// `standardisation` of exactly the predicted species; `families` and `totals` over them.
  ScoreKeeper(std::string name, Standardisation standardisation, std::size_t steps,
              std::vector<WeightedSum> families, std::vector<WeightedSum> totals)
      : name_(std::move(name)),
        standardisation_(std::move(standardisation)),
        families_(std::move(families)),
        totals_(std::move(totals)),
        errors_(steps, standardisation_.floor),
        species_agreement_(standardisation_.species.size()),
        family_agreement_(families_.size()),
        changes_(totals_.size()) {}

  /// Adds one cell. Shapes: reference [frame][species] with frame 0, prediction [step][species].
  void add(std::span<const float> reference, std::span<const float> prediction) {
    const std::size_t species = errors_.species;
    SquaredErrors cell(errors_.steps, errors_.floor);
    cell.add(reference.subspan(species), prediction);
    cell_rmse_.push_back(root_mean_square(rmse_by_step(cell, standardisation_.deviation)));
    errors_ += cell;
    for (std::size_t i = 0; i < prediction.size(); i += species)
      add_agreement(reference.subspan(i + species, species), prediction.subspan(i, species));
    for (std::size_t k = 0; k < totals_.size(); ++k)
      changes_[k].add(totals_[k].of(reference.first(species)), totals_[k].of(reference.last(species)),
                      totals_[k].of(prediction.last(species)));
  }

  /// The scores of the cells added so far; at least one.
  Scores scores() const {
    const std::vector<double> range = range_scale(standardisation_);
    Scores result;
    result.name = name_;
    result.step_rmse_standardised = rmse_by_step(errors_, standardisation_.deviation);
    result.step_rmse_minmax = rmse_by_step(errors_, range);
    result.species_rmse_standardised = rmse_by_species(errors_, standardisation_.deviation);
    result.species_rmse_minmax = rmse_by_species(errors_, range);
    result.rmse_standardised = root_mean_square(result.step_rmse_standardised);
    result.rmse_minmax = root_mean_square(result.step_rmse_minmax);
    result.cell_rmse_standardised = cell_rmse_;
    for (const AgreementSums& sums : species_agreement_) result.species_agreement.push_back(sums.result());
    std::vector<double> error, r2;
    for (const Agreement& agreement : result.species_agreement) {
      error.push_back(agreement.normalised_mean_error);
      r2.push_back(agreement.r2);
    }
    result.median_normalised_mean_error = median_of(error);
    result.median_r2 = median_of(r2);
    for (const AgreementSums& sums : family_agreement_) result.family_agreement.push_back(sums.result());
    for (std::size_t k = 0; k < totals_.size(); ++k)
      result.drift.push_back({totals_[k].name, spread_of(changes_[k].predicted),
                              spread_of(changes_[k].reference), spread_of(changes_[k].difference)});
    return result;
  }

 private:
  /// Relative changes of one total, one number a case.
  struct Changes {
    std::vector<double> predicted, reference, difference;

    void add(double before, double reference_after, double prediction_after) {
      if (!(before > 0 && reference_after > 0)) return;  // an element that is absent cannot drift
      predicted.push_back(relative_change(before, prediction_after));
      reference.push_back(relative_change(before, reference_after));
      difference.push_back(relative_change(reference_after, prediction_after));
    }
  };

  void add_agreement(std::span<const float> reference, std::span<const float> prediction) {
    for (std::size_t s = 0; s < species_agreement_.size(); ++s)
      species_agreement_[s].add(static_cast<double>(reference[s]), static_cast<double>(prediction[s]));
    for (std::size_t f = 0; f < families_.size(); ++f)
      family_agreement_[f].add(families_[f].of(reference), families_[f].of(prediction));
  }

  std::string name_;
  Standardisation standardisation_;
  std::vector<WeightedSum> families_, totals_;
  SquaredErrors errors_;
  std::vector<double> cell_rmse_;
  std::vector<AgreementSums> species_agreement_, family_agreement_;
  std::vector<Changes> changes_;
};

}  // namespace chemnne
