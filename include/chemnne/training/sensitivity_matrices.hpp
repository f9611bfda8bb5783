#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <chemnne/support/error.hpp>

namespace chemnne {

/// How the end of a step answers to its start, cell by cell; NaN where there is no such number.
struct SensitivityMatrices {
  std::size_t cells = 0, outputs = 0, inputs = 0, conditions = 0;
  std::vector<double> of_species;     ///< [cell][output][input], d log10 c_i(end) / d log10 c_j(0)
  std::vector<double> of_conditions;  ///< [cell][output][condition], decades a standard deviation
};

/// Mean over the cells of `matrices` [cell][entries], of each entry over those cells that have a number;
/// NaN where none has.
inline std::vector<double> mean_over_cells(std::span<const double> matrices, std::size_t cells) {
  std::vector<double> mean(cells == 0 ? 0 : matrices.size() / cells);
  for (std::size_t entry = 0; entry < mean.size(); ++entry) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t at = entry; at < matrices.size(); at += mean.size())
      if (!std::isnan(matrices[at])) {
        sum += matrices[at];
        ++count;
      }
    mean[entry] = count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
  }
  return mean;
}

/// How sensitivities of an emulator agree with those of the reference. Entries count as one of three kinds:
/// an output to its own start (`own`: near 1 for what lives long, so agreement there says little), and the
/// others, above and not above `threshold` in the reference.
struct SensitivityAgreement {
  static constexpr double threshold = 0.01;

  std::size_t pairs = 0;        ///< entries of different species with |reference| > threshold
  double correlation = 0;       ///< Pearson, over these pairs
  double rms_difference = 0;    ///< over these pairs
  double rms_reference = 0;     ///< of the reference over these pairs: what a network of zeros would miss
  double slope = 0;             ///< sum(network reference) / sum(reference^2): below 1, influence is missed
  double sign_agreement = 0;    ///< share of these pairs with the right sign
  std::size_t small_pairs = 0;  ///< the other pairs of different species
  double rms_small = 0;         ///< of the network over these: influence that is not there
  double own_correlation = 0;
  double own_rms_difference = 0;
  std::vector<double>
      output_rms_difference;  ///< [output], over all inputs and cells; NaN: nothing to compare
};

namespace detail {
/// Sums behind a correlation and root mean squares.
struct PairSums {
  double count = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0, difference = 0, right_sign = 0;
  void add(double reference, double network) {
    ++count;
    x += reference;
    y += network;
    xx += reference * reference;
    yy += network * network;
    xy += reference * network;
    difference += (network - reference) * (network - reference);
    right_sign += reference * network > 0 ? 1 : 0;
  }
  double correlation() const {
    return (count * xy - x * y) / std::sqrt((count * xx - x * x) * (count * yy - y * y));
  }
};
}  // namespace detail

/// Compares `network` with `reference`, both [cell][output][input], over the entries where the reference has
/// a number. `own_input` [output]: the input of the same species, or `inputs` when there is none.
/// Errors: Error when the sizes do not fit. Where nothing can be compared the numbers are NaN.
inline SensitivityAgreement compare_sensitivities(std::span<const double> network,
                                                  std::span<const double> reference,
                                                  std::span<const std::size_t> own_input,
                                                  std::size_t inputs) {
  const std::size_t outputs = own_input.size();
  if (network.size() != reference.size() || outputs * inputs == 0 || network.size() % (outputs * inputs) != 0)
    throw Error("sensitivities",
                "two times [cell][" + std::to_string(outputs) + "][" + std::to_string(inputs) + "]",
                std::to_string(network.size()) + " and " + std::to_string(reference.size()) + " values");
  detail::PairSums large, small, own;
  std::vector<detail::PairSums> output(outputs);
  for (std::size_t at = 0; at < reference.size(); ++at) {
    if (std::isnan(reference[at])) continue;
    const std::size_t i = at / inputs % outputs;
    const bool is_large = std::abs(reference[at]) > SensitivityAgreement::threshold;
    (own_input[i] == at % inputs ? own : is_large ? large : small).add(reference[at], network[at]);
    output[i].add(reference[at], network[at]);
  }
  SensitivityAgreement result{.pairs = static_cast<std::size_t>(large.count),
                              .correlation = large.correlation(),
                              .rms_difference = std::sqrt(large.difference / large.count),
                              .rms_reference = std::sqrt(large.xx / large.count),
                              .slope = large.xy / large.xx,
                              .sign_agreement = large.right_sign / large.count,
                              .small_pairs = static_cast<std::size_t>(small.count),
                              .rms_small = std::sqrt(small.yy / small.count),
                              .own_correlation = own.correlation(),
                              .own_rms_difference = std::sqrt(own.difference / own.count),
                              .output_rms_difference = {}};
  for (const detail::PairSums& sums : output)
    result.output_rms_difference.push_back(std::sqrt(sums.difference / sums.count));
  return result;
}

/// Sensitivities to starts in balance, both [cell][output][input]; NaN in the reference where an input is
/// fast.
struct BalancedSensitivities {
  std::vector<double> network, reference;
};

/// What the network says when fast species start where the chemistry would have brought them:
///
///     B_ij = N_ij + sum_f N_if R_fj,   f fast: |R_ff| < 0.1,   j not fast,
///
/// N and R the matrices of network and reference in a cell. A species that forgets its own start within the
/// step follows the others at once, in the states that a network is trained on too: there its start is a
/// second copy of what they say, and from which copy the network reads is not determined by the data. N alone
/// asks for the answer to a radical that is held while its source is moved; B for the answer to both.
/// Shapes and `own_input` as in compare_sensitivities.
inline BalancedSensitivities balanced_sensitivities(std::span<const double> network,
                                                    std::span<const double> reference,
                                                    std::span<const std::size_t> own_input,
                                                    std::size_t inputs) {
  constexpr double memory = 0.1;
  BalancedSensitivities result{{network.begin(), network.end()}, {reference.begin(), reference.end()}};
  const std::size_t outputs = own_input.size();
  for (std::size_t cell = 0; cell < reference.size(); cell += outputs * inputs)
    for (std::size_t f = 0; f < outputs; ++f) {
      const std::size_t own = own_input[f];
      if (own == inputs || !(std::abs(reference[cell + f * inputs + own]) < memory)) continue;
      for (std::size_t i = 0; i < outputs; ++i) {
        const std::size_t row = cell + i * inputs;
        result.reference[row + own] = std::numeric_limits<double>::quiet_NaN();
        for (std::size_t j = 0; j < inputs; ++j) {
          const double follows = reference[cell + f * inputs + j];
          if (j != own && !std::isnan(follows)) result.network[row + j] += network[row + own] * follows;
        }
      }
    }
  return result;
}

}  // namespace chemnne
