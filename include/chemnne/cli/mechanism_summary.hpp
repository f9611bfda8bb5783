#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <chemnne/chemistry/balance.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/io/json.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// What is in a mechanism, for people (`print`) and programs (`json`).
class MechanismSummary {
 public:
  /// `mechanism` must outlive the summary. `all_elements`: balance H and O too.
  MechanismSummary(const Mechanism& mechanism, bool all_elements)
      : mechanism_(mechanism), balance_(check_balance(mechanism, elements(mechanism, all_elements))) {
    for (const std::size_t element : balance_.elements) {
      ElementCount count{.element = mechanism.elements[element]};
      for (const Imbalance& imbalance : balance_.imbalances)
        if (imbalance.element == element) ++(imbalance.atoms > 0 ? count.created : count.lost);
      counts_.push_back(count);
    }
    for (const UnresolvedRate& one : mechanism.unresolved)
      unresolved_[one.name].push_back(mechanism.reactions[one.reaction].label);
  }

  Json json() const {
    Json result = Json::object();
    result["name"] = mechanism_.name;
    result["format"] = mechanism_.format;
    result["fingerprint"] = mechanism_.fingerprint();
    result["species"] = mechanism_.species.size();
    result["variable_species"] = mechanism_.variable_species;
    result["fixed_species"] = mechanism_.species.size() - mechanism_.variable_species;
    result["reactions"] = mechanism_.reactions.size();
    result["photolysis_reactions"] = photolysis();
    result["peroxy_radicals"] = mechanism_.peroxy_radicals.size();
    result["elements"] = mechanism_.elements;
    std::vector<std::string> parameters, species, labels;
    for (const Parameter& parameter : mechanism_.parameters) parameters.push_back(parameter.name);
    for (const Species& one : mechanism_.species) species.push_back(one.name);
    for (const Reaction& reaction : mechanism_.reactions) labels.push_back(reaction.label);
    result["parameters"] = parameters;
    result["species_names"] = species;
    result["reaction_labels"] = labels;
    result["remarks"] = mechanism_.remarks;
    if (!unresolved_.empty()) {
      Json& unresolved = result["unresolved_rate_names"];
      unresolved = Json::object();
      std::vector<std::string> where;
      for (const auto& [name, reactions] : unresolved_) unresolved[name] = reactions.size();
      for (const UnresolvedRate& one : mechanism_.unresolved)
        where.push_back(mechanism_.reactions[one.reaction].label);
      result["unresolved_reactions"] = where;
    }
    if (!mechanism_.not_understood.empty()) result["statements_not_understood"] = mechanism_.not_understood;
    if (mechanism_.uses_photolysis()) result["photolysis"] = photolysis_text();
    result["balance"] = balance_json();
    return result;
  }

  /// At most `most` parameters, imbalances and reactions of an unknown name one by one.
  void print(std::size_t most) const {
    const std::size_t fixed = mechanism_.species.size() - mechanism_.variable_species;
    std::printf("mechanism %s, fingerprint %s\n", mechanism_.name.c_str(), mechanism_.fingerprint().c_str());
    if (!mechanism_.format.empty()) std::printf("  %-22s %s\n", "read as", mechanism_.format.c_str());
    line("species", mechanism_.species.size());
    line("variable species", mechanism_.variable_species);
    line("fixed species", fixed);
    line("reactions", mechanism_.reactions.size());
    line("photolysis reactions", photolysis());
    if (mechanism_.uses_photolysis()) std::printf("  %-22s %s\n", "J(n)", photolysis_text().c_str());
    line("peroxy radicals (RO2)", mechanism_.peroxy_radicals.size());
    std::printf("  %-22s %s\n", "elements", joined(mechanism_.elements).c_str());
    print_parameters(most);
    print_remarks();
    print_unresolved(most);
    print_balance(most);
  }

 private:
  struct ElementCount {
    std::string element;
    std::size_t created = 0;
    std::size_t lost = 0;
  };

  static std::vector<std::size_t> elements(const Mechanism& mechanism, bool all) {
    std::vector<std::size_t> every;
    for (std::size_t i = 0; i < mechanism.elements.size(); ++i) every.push_back(i);
    return all ? every : conserved_elements(mechanism);
  }

  std::size_t photolysis() const {
    return static_cast<std::size_t>(
        std::count_if(mechanism_.reactions.begin(), mechanism_.reactions.end(),
                      [](const Reaction& reaction) { return reaction.photolysis; }));
  }

  Json balance_json() const {
    Json report = Json::object();
    std::vector<std::string> names;
    for (const ElementCount& count : counts_) names.push_back(count.element);
    report["elements"] = names;
    report["balanced_reactions"] = balance_.balanced_reactions;
    report["reactions_of_unknown_composition"] = balance_.unknown_reactions.size();
    report["species_of_unknown_composition"] = balance_.unknown_species.size();
    Json& by_element = report["reactions_not_balanced"];
    by_element = Json::object();
    for (const ElementCount& count : counts_) by_element[count.element] = count.created + count.lost;
    Json::Array imbalances;
    for (const Imbalance& imbalance : balance_.imbalances) {
      Json entry = Json::object();
      entry["reaction"] = mechanism_.reactions[imbalance.reaction].label;
      entry["text"] = mechanism_.reactions[imbalance.reaction].text;
      entry["element"] = mechanism_.elements[imbalance.element];
      entry["atoms_created"] = imbalance.atoms;
      imbalances.push_back(entry);
    }
    report["imbalances"] = imbalances;
    return report;
  }

  std::string photolysis_text() const {
    return std::string("MCM ") +
           (mechanism_.photolysis.version == McmVersion::v3_2 ? "v3.1 and v3.2" : "v3.3.1") + " (" +
           mechanism_.photolysis.reason + ")";
  }

  static void line(const char* name, std::size_t value) { std::printf("  %-22s %zu\n", name, value); }

  static std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text.empty() ? "none" : text;
  }

  void print_parameters(std::size_t most) const {
    line("parameters", mechanism_.parameters.size());
    for (std::size_t i = 0; i < std::min(most, mechanism_.parameters.size()); ++i)
      std::printf("    %s [%s]\n", mechanism_.parameters[i].name.c_str(),
                  mechanism_.parameters[i].units.c_str());
    if (mechanism_.parameters.size() > most) std::printf("    ...; --list shows them\n");
  }

  void print_remarks() const {
    if (!mechanism_.remarks.empty()) std::printf("remarks\n");
    for (const std::string& remark : mechanism_.remarks) std::printf("    %s\n", remark.c_str());
  }

  void print_unresolved(std::size_t most) const {
    if (!mechanism_.not_understood.empty())
      std::printf("%zu statements are not understood:\n", mechanism_.not_understood.size());
    for (const std::string& message : mechanism_.not_understood) std::printf("    %s\n", message.c_str());
    if (unresolved_.empty()) return;
    std::printf(
        "%zu rates need functions, constants or concentrations that nobody gives before the mechanism can "
        "run:\n",
        mechanism_.unresolved.size());
    for (const auto& [name, reactions] : unresolved_) {
      std::printf("    %s (%zu):", name.c_str(), reactions.size());
      for (std::size_t i = 0; i < std::min(most, reactions.size()); ++i)
        std::printf(" <%s>", reactions[i].c_str());
      std::printf("%s\n", reactions.size() > most ? " ...; --list shows them" : "");
    }
  }

  void print_balance(std::size_t most) const {
    std::printf("balance\n");
    line("balanced reactions", balance_.balanced_reactions);
    std::printf("  %-22s %zu (of the species, %zu have no known composition)\n", "not to be judged",
                balance_.unknown_reactions.size(), balance_.unknown_species.size());
    for (const ElementCount& count : counts_)
      std::printf("  %-22s %zu reactions create atoms, %zu lose atoms\n", count.element.c_str(),
                  count.created, count.lost);
    for (std::size_t i = 0; i < std::min(most, balance_.imbalances.size()); ++i) {
      const Imbalance& imbalance = balance_.imbalances[i];
      const Reaction& reaction = mechanism_.reactions[imbalance.reaction];
      std::printf("    %s%s %s in <%s> %s\n", imbalance.atoms > 0 ? "+" : "",
                  number_text(imbalance.atoms, 6).c_str(), mechanism_.elements[imbalance.element].c_str(),
                  reaction.label.c_str(), reaction.text.c_str());
    }
    if (balance_.imbalances.size() > most)
      std::printf("    ... %zu in all; --list shows them\n", balance_.imbalances.size());
  }

  const Mechanism& mechanism_;
  Balance balance_;
  std::vector<ElementCount> counts_;
  std::map<std::string, std::vector<std::string>> unresolved_;  ///< labels of reactions by what they need
};

}  // namespace chemnne
