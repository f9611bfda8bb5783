#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <chemnne/cli/training_figures.hpp>
#include <chemnne/io/json.hpp>
#include <chemnne/training/permutation_importance.hpp>
#include <chemnne/training/sensitivity_matrices.hpp>

namespace chemnne {

/// What `interpret` finds out about a network; the reference's part is empty where there is none.
struct Interpretation {
  std::vector<std::string> inputs, outputs, conditions;
  std::vector<std::size_t> windows;  ///< [cell], of the data set
  SensitivityMatrices network;
  std::vector<double> reference;                  ///< [cell][output][input]
  std::optional<SensitivityAgreement> agreement;  ///< of the network with it, all cells
  std::optional<SensitivityAgreement> balanced;   ///< of balanced_sensitivities, all cells
  PermutationImportance importance;
  std::optional<AttentionMap> attention;
  Json model;
  Json provenance;

  /// The input that is an output's own start, [output]; `inputs.size()`: none.
  std::vector<std::size_t> own_input() const {
    std::vector<std::size_t> own;
    for (const std::string& output : outputs)
      own.push_back(
          static_cast<std::size_t>(std::find(inputs.begin(), inputs.end(), output) - inputs.begin()));
    return own;
  }
};

/// How the influence of an input on another species differs between network and reference, mean over cells.
struct SensitivityDifference {
  std::size_t output, input;
  double network, reference;
};

/// The pairs of different species, those whose means over cells differ most first.
inline std::vector<SensitivityDifference> sensitivity_differences(const Interpretation& of) {
  const std::vector<double> network = mean_over_cells(of.network.of_species, of.windows.size()),
                            reference = mean_over_cells(of.reference, of.windows.size());
  const std::vector<std::size_t> own = of.own_input();
  std::vector<SensitivityDifference> differences;
  for (std::size_t at = 0; at < reference.size(); ++at) {
    const std::size_t output = at / of.inputs.size(), input = at % of.inputs.size();
    if (own[output] != input && !std::isnan(reference[at]))
      differences.push_back({output, input, network[at], reference[at]});
  }
  std::stable_sort(differences.begin(), differences.end(),
                   [](const SensitivityDifference& a, const SensitivityDifference& b) {
                     return std::abs(a.network - a.reference) > std::abs(b.network - b.reference);
                   });
  return differences;
}

/// Inputs by falling importance for the outputs of other species.
inline std::vector<std::size_t> by_importance(const PermutationImportance& importance) {
  std::vector<std::size_t> order(importance.input.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return importance.increase_of_others[a] > importance.increase_of_others[b];
  });
  return order;
}

namespace detail {

/// [row][column] as an array of arrays.
inline Json matrix_json(std::span<const double> values, std::size_t columns) {
  Json::Array rows;
  for (std::size_t at = 0; at < values.size(); at += columns)
    rows.push_back(Json(std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(at),
                                            values.begin() + static_cast<std::ptrdiff_t>(at + columns))));
  return Json(std::move(rows));
}

inline Json to_json(const SensitivityAgreement& agreement, const std::vector<std::string>& outputs) {
  Json json;
  json["threshold"] = SensitivityAgreement::threshold;
  json["pairs"] = agreement.pairs;
  json["correlation"] = agreement.correlation;
  json["rms_difference"] = agreement.rms_difference;
  json["rms_reference"] = agreement.rms_reference;
  json["slope"] = agreement.slope;
  json["sign_agreement"] = agreement.sign_agreement;
  json["small_pairs"] = agreement.small_pairs;
  json["rms_small"] = agreement.rms_small;
  json["own_correlation"] = agreement.own_correlation;
  json["own_rms_difference"] = agreement.own_rms_difference;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    json["output_rms_difference"][outputs[i]] = agreement.output_rms_difference[i];
  return json;
}

}  // namespace detail

/// The interpretation as an object. `sensitivity`: means over the cells, [output][input] and
/// [output][condition], null where no cell has a number; `agreement`, `agreement_balanced`: see
/// SensitivityAgreement and balanced_sensitivities, over all cells; `differences`: the 50 pairs that differ
/// most; `importance`: see PermutationImportance.
inline Json interpretation_json(const Interpretation& of) {
  Json json;
  json["inputs"] = of.inputs;
  json["outputs"] = of.outputs;
  json["conditions"] = of.conditions;
  json["windows"] = of.windows;
  const std::size_t cells = of.windows.size();
  json["sensitivity"]["network"] =
      detail::matrix_json(mean_over_cells(of.network.of_species, cells), of.inputs.size());
  json["sensitivity"]["network_conditions"] =
      detail::matrix_json(mean_over_cells(of.network.of_conditions, cells), of.conditions.size());
  if (of.agreement) {
    json["sensitivity"]["reference"] =
        detail::matrix_json(mean_over_cells(of.reference, cells), of.inputs.size());
    json["agreement"] = detail::to_json(*of.agreement, of.outputs);
    json["agreement_balanced"] = detail::to_json(*of.balanced, of.outputs);
    std::vector<SensitivityDifference> differences = sensitivity_differences(of);
    differences.resize(std::min<std::size_t>(differences.size(), 50));
    Json::Array list;
    for (const SensitivityDifference& difference : differences) {
      Json entry;
      entry["output"] = of.outputs[difference.output];
      entry["input"] = of.inputs[difference.input];
      entry["network"] = difference.network;
      entry["reference"] = difference.reference;
      list.push_back(std::move(entry));
    }
    json["differences"] = Json(std::move(list));
  }
  const PermutationImportance& importance = of.importance;
  json["importance"]["windows"] = importance.windows;
  json["importance"]["rmse_standardised"] = importance.rmse;
  json["importance"]["input"] = importance.input;
  json["importance"]["increase"] = importance.increase;
  json["importance"]["increase_of_others"] = importance.increase_of_others;
  json["importance"]["increase_by_output"] =
      detail::matrix_json(importance.increase_by_output, of.outputs.size());
  if (of.attention) {
    json["attention"]["heads"] = of.attention->heads;
    json["attention"]["nodes"] = of.attention->nodes;
    json["attention"]["seconds"] = of.attention->time;
    json["attention"]["weight"] = of.attention->weight;
  }
  json["model"] = of.model;
  json["provenance"] = of.provenance;
  return json;
}

}  // namespace chemnne
