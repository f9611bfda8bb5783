#pragma once
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <chemnne/cli/figure.hpp>
#include <chemnne/cli/figures.hpp>
#include <chemnne/cli/gnuplot.hpp>
#include <chemnne/cli/html.hpp>
#include <chemnne/cli/rollout_figures.hpp>
#include <chemnne/cli/training_figures.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/training/evaluation_results.hpp>

namespace chemnne {

/// What the report shows beside the results.
struct ReportOptions {
  std::string title = "ChemNNE: evaluation on held-out scenarios";
  std::string training_log = {};               ///< CSV of the training, see draw_training_curve; empty: none
  std::optional<AttentionMap> attention = {};  ///< none for models without attention
  std::string gnuplot = "gnuplot";             ///< the program that draws
};

namespace detail {

using TableRows = std::vector<std::vector<std::string>>;

inline std::string format_microseconds(double value) {
  return value >= 1000 ? format_number(value / 1000) + " ms"
                       : format_number(value) + (value == value ? " µs" : "");
}

/// The result in one sentence and the main numbers in plain words.
inline std::string html_summary(const EvaluationResults& results) {
  const Scores &emulator = results.emulator, &persistence = results.baselines.at(0);
  const Timing& timing = results.timing;
  std::string html =
      "<p>On " + std::to_string(results.cases) + " held-out windows the emulator's error is <b>" +
      format_number(emulator.rmse_standardised) + "</b> standard deviations; assuming no change errs by " +
      format_number(persistence.rmse_standardised) + ", " +
      format_number(persistence.rmse_standardised / emulator.rmse_standardised) + " times as much";
  if (timing.microseconds_per_cell > 0 && timing.reference_microseconds_per_cell > 0)
    html += "; a cell takes " + format_microseconds(timing.microseconds_per_cell) +
            ", the reference solver " + format_microseconds(timing.reference_microseconds_per_cell) + ", " +
            format_number(timing.reference_microseconds_per_cell / timing.microseconds_per_cell) +
            " times as long";
  html += ".</p>\n";
  TableRows rows{{"Predictor", "RMSE [standard deviations]", "RMSE [data in 0 to 1]",
                  "mass error at the end, mean", "maximum"}};
  for (const Scores* scores : all_scores(results)) {
    rows.push_back({scores->name, format_number(scores->rmse_standardised),
                    format_number(scores->rmse_minmax), "–", "–"});
    if (scores->drift.empty()) continue;
    rows.back()[3] = format_percent(scores->drift[0].difference.mean);
    rows.back()[4] = format_percent(scores->drift[0].difference.maximum);
  }
  html += html_table(rows) +
          "<p class=\"note\">RMSE: root mean square error of log10 number density over windows, output times "
          "after the start and "
          "species; in standard deviations of the training data, and with each species brought to 0 to 1 by "
          "its range in training. "
          "Mass error: difference from the reference's total mass at the end of a window. Persistence: "
          "nothing changes.</p>\n";
  rows = {{"Also measured", ""}};
  if (results.rollout.hours > 0)
    rows.push_back({std::to_string(results.rollout.hours) +
                        " hourly steps fed back, RMSE over all hours [standard deviations]",
                    format_number(results.rollout.mean_rmse_standardised) + " (persistence " +
                        format_number(results.rollout.mean_persistence_rmse_standardised) + ")"});
  if (timing.microseconds_per_cell > 0)
    rows.push_back({"Time per cell, " + std::to_string(timing.threads) +
                        (timing.threads == 1 ? " thread" : " threads") + ", " + std::to_string(timing.batch) +
                        " cells at once",
                    format_microseconds(timing.microseconds_per_cell)});
  if (timing.reference_microseconds_per_cell > 0)
    rows.push_back(
        {"Time per cell of the reference" + (timing.reference.empty() ? "" : " (" + timing.reference + ")"),
         format_microseconds(timing.reference_microseconds_per_cell)});
  if (timing.solver_microseconds_per_cell > 0)
    rows.push_back({"Time per cell of a vectorised solver (" + timing.solver + ")",
                    format_microseconds(timing.solver_microseconds_per_cell)});
  return rows.size() > 1 ? html + html_table(rows) : html;
}

/// Bias of single steps of slow species by kind of air.
inline std::string html_regimes(const RegimeBias& regimes) {
  std::vector<std::size_t> shown;
  for (const char* const name : {"O3", "CO", "CH4", "H2O2", "HNO3", "PAN", "HCHO"})
    if (const auto found = std::ranges::find(regimes.species, name); found != regimes.species.end())
      shown.push_back(static_cast<std::size_t>(found - regimes.species.begin()));
  const char* const third[] = {"low", "middle", "high"};
  TableRows rows{{"Sun", "NOx", "temperature", "steps"}};
  for (const std::size_t s : shown) rows[0].push_back(regimes.species[s]);
  for (const RegimeBias::Regime& regime : regimes.regime) {
    rows.push_back({regime.day ? "day" : "night", third[regime.nox], third[regime.temperature],
                    std::to_string(regime.steps)});
    for (const std::size_t s : shown) rows.back().push_back(fixed_text(100 * regime.bias[s], 3));
  }
  return "<h2>Drift of a step by kind of air [% an hour]</h2>\n" + html_table(rows) +
         "<p class=\"note\">Sum of the ends of single steps from the reference's states over the sum of the "
         "reference's ends, less 1. Thirds of the steps: NOx below and above " +
         format_number(regimes.nox_limit[0]) + " and " + format_number(regimes.nox_limit[1]) +
         " molecules cm<sup>-3</sup>, temperature " + format_number(regimes.temperature_limit[0]) + " and " +
         format_number(regimes.temperature_limit[1]) + " K.</p>\n";
}

/// Agreement of families and drift of totals.
inline std::string html_families(const EvaluationResults& results) {
  TableRows rows{{"Family", "normalised mean bias", "normalised mean error", "R²"}};
  for (std::size_t f = 0; f < results.family.size(); ++f) {
    const Agreement& agreement = results.emulator.family_agreement[f];
    rows.push_back({results.family[f], format_percent(agreement.normalised_mean_bias),
                    format_percent(agreement.normalised_mean_error), format_number(agreement.r2, 5)});
  }
  std::string html =
      results.family.empty()
          ? ""
          : "<h2>Families</h2>\n" + html_table(rows) +
                "<p class=\"note\">On number densities over all windows and output times.</p>\n";
  rows = {{"Total", "emulator, mean", "95th percentile", "maximum", "reference, mean", "difference, mean"}};
  for (const Drift& drift : results.emulator.drift)
    rows.push_back({drift.total, format_percent(drift.predicted.mean),
                    format_percent(drift.predicted.percentile_95), format_percent(drift.predicted.maximum),
                    format_percent(drift.reference.mean), format_percent(drift.difference.mean)});
  return html + "<h2>Mass and elements</h2>\n" + html_table(rows) +
         "<p class=\"note\">Change of a total over the species from the start to the end of a window. Where "
         "the reference changes too, "
         "the species exchange atoms with air, water or carbon dioxide; the last column is the emulator's "
         "own error.</p>\n";
}

/// The windows that the figure of trajectories shows, with its colours.
inline std::string html_examples(const EvaluationResults& results) {
  std::string html = "<table>\n<tr><th>Window</th><th>RMSE</th>";
  for (std::size_t c = 0; c < results.condition_name.size(); ++c)
    html += "<th>" + html_text(results.condition_name[c]) + " [" + html_text(results.condition_units[c]) +
            "]</th>";
  html += "</tr>\n";
  for (std::size_t k = 0; k < results.examples.size(); ++k) {
    const ExampleWindow& example = results.examples[k];
    html += "<tr><th><span style=\"color:" + colour(k) + "\">●</span> " + std::to_string(example.index) +
            "</th><td>" + format_number(example.rmse_standardised) + "</td>";
    for (const float value : example.conditions)
      html += "<td>" + format_number(static_cast<double>(value), 4) + "</td>";
    html += "</tr>\n";
  }
  return html + "</table>\n";
}

/// Members of a JSON object as a table; what would not fit a line is left to results.json.
inline std::string html_members(const std::string& title, const Json& object) {
  if (object.object_members().empty()) return "";
  TableRows rows{{title, ""}};
  for (const Json::Member& member : object.object_members()) {
    const std::string value = member.value.is_string() ? member.value.string() : member.value.dump(0);
    rows.push_back({member.name, value.size() <= 300 ? value : "see results.json"});
  }
  return "<div class=\"provenance\">" + html_table(rows) + "</div>\n";
}

}  // namespace detail

/// Writes the report into the folder `directory` (made when it is missing): `report.html`, one page that
/// needs no other file, and `figures/` with the pictures, their data and gnuplot scripts. Returns what kept
/// gnuplot from drawing, empty when all is drawn: the page then says so and holds the tables. Errors: Error
/// when a file cannot be written, or the training log or the attention map is unsound.
inline std::string write_report(const std::string& directory, const EvaluationResults& results,
                                const ReportOptions& options = {}) {
  GnuplotFigures figures(directory + "/figures", options.gnuplot);
  std::string body;
  const auto add = [&](const Figure& figure) { body += html_figure(figures, figure); };
  if (!results.examples.empty()) {
    add(draw_trajectories(figures, results));
    body += detail::html_examples(results);
  }
  if (!results.parity.empty()) add(draw_parity(figures, results));
  body += detail::html_families(results);
  add(draw_species_errors(figures, results));
  add(draw_error_over_time(figures, results));
  if (results.rollout.hours > 0) {
    add(draw_rollout_error(figures, results));
    add(draw_rollout_example(figures, results));
    if (results.rollout.regimes) body += detail::html_regimes(*results.rollout.regimes);
  }
  if (!options.training_log.empty())
    add(draw_training_curve(figures, read_number_table(options.training_log)));
  if (options.attention) add(draw_attention(figures, *options.attention));
  std::string html = html_head(options.title);
  if (!figures.trouble().empty())
    html += "<p class=\"warning\">Figures are missing: " + html_text(figures.trouble()) + "</p>\n";
  html += detail::html_summary(results) + body + "<h2>Model and provenance</h2>\n" +
          detail::html_members("Model", results.model) +
          detail::html_members("Provenance", results.provenance) + "</body>\n</html>\n";
  write_file_atomically(directory + "/report.html", html);
  return figures.trouble();
}

}  // namespace chemnne
