#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <chemnne/cli/interpretation.hpp>
#include <chemnne/cli/interpretation_figures.hpp>
#include <chemnne/cli/report.hpp>

namespace chemnne {

namespace detail {

/// A table of pairs of species.
inline std::string html_pairs(const Interpretation& of, const std::string& head,
                              const std::vector<SensitivityDifference>& pairs, std::size_t most) {
  TableRows rows{{head, "reference", "network"}};
  for (std::size_t k = 0; k < std::min(most, pairs.size()); ++k)
    rows.push_back({of.outputs[pairs[k].output] + " to " + of.inputs[pairs[k].input],
                    format_number(pairs[k].reference), format_number(pairs[k].network)});
  return html_table(rows);
}

/// What the network gets right and wrong, in numbers.
inline std::string html_agreement(const Interpretation& of) {
  const SensitivityAgreement &found = *of.agreement, &balanced = *of.balanced;
  const auto row = [&](const std::string& name, const auto& number) {
    return std::vector<std::string>{name, number(found), number(balanced)};
  };
  const auto three_digits = [](double SensitivityAgreement::*member) {
    return [member](const SensitivityAgreement& a) { return format_number(a.*member); };
  };
  const std::string least = format_number(SensitivityAgreement::threshold);
  std::string html =
      "<h2>Against the reference</h2>\n" +
      html_table(
          {{"Over " + std::to_string(of.windows.size()) + " windows", "each start by itself",
            "fast species in balance"},
           row("Pairs of different species with |reference| > " + least,
               [](const SensitivityAgreement& a) { return std::to_string(a.pairs); }),
           row("their correlation", three_digits(&SensitivityAgreement::correlation)),
           row("their slope, network over reference", three_digits(&SensitivityAgreement::slope)),
           row("their right signs",
               [](const SensitivityAgreement& a) { return format_percent(a.sign_agreement); }),
           row("their RMS difference", three_digits(&SensitivityAgreement::rms_difference)),
           row("RMS of the reference", three_digits(&SensitivityAgreement::rms_reference)),
           row("RMS of the network over the other pairs", three_digits(&SensitivityAgreement::rms_small)),
           row("Influence on itself: RMS difference",
               three_digits(&SensitivityAgreement::own_rms_difference))}) +
      "<p class=\"note\">Sensitivities by the network's own pullback against central differences of the "
      "reference solution. Pairs count where both species are above the floor. In balance: species that "
      "forget "
      "their own start within the step (by nine tenths and more) are moved along as the chemistry moves "
      "them. A "
      "network that is much better there reads from radicals what it could read from their sources, and errs "
      "where a host hands it radicals out of balance.</p>\n";
  std::vector<SensitivityDifference> pairs = sensitivity_differences(of);
  html += html_pairs(of, "Differ most (end to start), mean", pairs, 12);
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const SensitivityDifference& a, const SensitivityDifference& b) {
                     return std::abs(a.reference) > std::abs(b.reference);
                   });
  html += html_pairs(of, "Matter most in the reference, mean", pairs, 12);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < of.outputs.size(); ++i)
    if (!std::isnan(found.output_rms_difference[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return found.output_rms_difference[a] > found.output_rms_difference[b];
  });
  TableRows rows{{"Species whose sensitivities are worst", "RMS difference"}};
  for (std::size_t k = 0; k < std::min<std::size_t>(8, order.size()); ++k)
    rows.push_back({of.outputs[order[k]], format_number(found.output_rms_difference[order[k]])});
  return html + html_table(rows);
}

}  // namespace detail

/// Writes `interpretation.json` and `interpretation.html` with `figures/` into the folder `directory`, as
/// write_report does. Returns what kept gnuplot from drawing. Errors: Error when a file cannot be written.
inline std::string write_interpretation(const std::string& directory, const Interpretation& of,
                                        const std::string& gnuplot = "gnuplot") {
  GnuplotFigures figures(directory + "/figures", gnuplot);
  write_file_atomically(directory + "/interpretation.json", interpretation_json(of).dump() + "\n");
  std::string body;
  const auto add = [&](const Figure& figure) { body += html_figure(figures, figure); };
  add(draw_sensitivity(figures, of));
  if (of.agreement) {
    body += detail::html_agreement(of);
    add(draw_sensitivity_scatter(figures, of));
  }
  add(draw_condition_sensitivity(figures, of));
  add(draw_importance(figures, of.importance));
  if (of.attention) add(draw_attention(figures, *of.attention));
  std::string html = html_head("What an emulator's outputs depend on");
  if (!figures.trouble().empty())
    html += "<p class=\"warning\">Figures are missing: " + html_text(figures.trouble()) + "</p>\n";
  html += body + "<h2>Model and provenance</h2>\n" + detail::html_members("Model", of.model) +
          detail::html_members("Provenance", of.provenance) + "</body>\n</html>\n";
  write_file_atomically(directory + "/interpretation.html", html);
  return figures.trouble();
}

}  // namespace chemnne
