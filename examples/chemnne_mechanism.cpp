// chemnne_mechanism: what is in a chemical mechanism, and does it conserve its elements?
//
//   chemnne_mechanism info examples/mechanisms/troposphere.eqn
//   chemnne_mechanism info --json FILE
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/balance.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/io/json.hpp>
#include <chemnne/support/error.hpp>

namespace {

using namespace chemnne;

struct InfoOptions {
  std::string file;
  bool json = false;
  bool all_elements = false;
};

constexpr int bad_input = 2;

std::size_t count_photolysis(const Mechanism& mechanism) {
  const auto is_photolysis = [](const Reaction& reaction) { return reaction.photolysis; };
  return static_cast<std::size_t>(
      std::count_if(mechanism.reactions.begin(), mechanism.reactions.end(), is_photolysis));
}

Balance balance_of(const Mechanism& mechanism, bool all_elements) {
  std::vector<std::size_t> elements;
  for (std::size_t i = 0; i < mechanism.elements.size(); ++i) elements.push_back(i);
  return check_balance(mechanism, all_elements ? elements : conserved_elements(mechanism));
}

std::vector<std::string> element_names(const Mechanism& mechanism, const std::vector<std::size_t>& indices) {
  std::vector<std::string> names;
  for (const std::size_t index : indices) names.push_back(mechanism.elements[index]);
  return names;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text.empty() ? "none" : text;
}

Json to_json(const Mechanism& mechanism, const Balance& balance) {
  Json result = Json::object();
  result["name"] = mechanism.name;
  result["fingerprint"] = mechanism.fingerprint();
  result["variable_species"] = mechanism.variable_species;
  result["fixed_species"] = mechanism.species.size() - mechanism.variable_species;
  result["reactions"] = mechanism.reactions.size();
  result["photolysis_reactions"] = count_photolysis(mechanism);
  result["elements"] = mechanism.elements;
  Json& report = result["balance"];
  report["elements"] = element_names(mechanism, balance.elements);
  report["balanced_reactions"] = balance.balanced_reactions;
  report["reactions_of_unknown_composition"] = balance.unknown_reactions.size();
  report["species_of_unknown_composition"] = balance.unknown_species.size();
  Json::Array imbalances;
  for (const Imbalance& imbalance : balance.imbalances) {
    Json entry = Json::object();
    entry["reaction"] = mechanism.reactions[imbalance.reaction].label;
    entry["text"] = mechanism.reactions[imbalance.reaction].text;
    entry["element"] = mechanism.elements[imbalance.element];
    entry["atoms_created"] = imbalance.atoms;
    imbalances.push_back(entry);
  }
  report["imbalances"] = imbalances;
  return result;
}

void print_text(const Mechanism& mechanism, const Balance& balance) {
  std::printf("mechanism %s, fingerprint %s\n", mechanism.name.c_str(), mechanism.fingerprint().c_str());
  std::printf("  variable species      %zu\n", mechanism.variable_species);
  std::printf("  fixed species         %zu\n", mechanism.species.size() - mechanism.variable_species);
  std::printf("  reactions             %zu\n", mechanism.reactions.size());
  std::printf("  photolysis reactions  %zu\n", count_photolysis(mechanism));
  std::printf("  elements              %s\n", joined(mechanism.elements).c_str());
  std::printf("balance of %s\n", joined(element_names(mechanism, balance.elements)).c_str());
  std::printf("  balanced reactions    %zu\n", balance.balanced_reactions);
  std::printf("  not to be judged      %zu (of the species, %zu have no known composition)\n",
              balance.unknown_reactions.size(), balance.unknown_species.size());
  std::printf("  imbalances            %zu\n", balance.imbalances.size());
  for (const Imbalance& imbalance : balance.imbalances) {
    const Reaction& reaction = mechanism.reactions[imbalance.reaction];
    std::printf("    %+g %s in <%s> %s\n", imbalance.atoms, mechanism.elements[imbalance.element].c_str(),
                reaction.label.c_str(), reaction.text.c_str());
  }
}

void info(const InfoOptions& options) {
  const Mechanism mechanism = read_kpp(options.file);
  const Balance balance = balance_of(mechanism, options.all_elements);
  if (options.json)
    std::printf("%s\n", to_json(mechanism, balance).dump().c_str());
  else
    print_text(mechanism, balance);
}

}  // namespace

int main(int argument_count, char** arguments) {
  CLI::App program("Looks into chemical mechanisms in the KPP language (.kpp, .def, .eqn).",
                   "chemnne_mechanism");
  program.require_subcommand(1);
  program.footer("Exit status: 0 done, 2 bad input (one message on standard error says where and why).");
  InfoOptions options;
  CLI::App* command = program.add_subcommand("info",
                                             "Counts species, reactions and photolysis reactions, and lists "
                                             "the reactions that create or lose atoms.");
  command->add_option("file", options.file, "the mechanism; files that it includes are looked for beside it")
      ->required();
  command->add_flag("--json", options.json, "write JSON, for other programs");
  command->add_flag(
      "--all-elements", options.all_elements,
      "balance H and O too; most published mechanisms leave H2O and O2 out and do not close them");
  try {
    program.parse(argument_count, arguments);
    info(options);
    return 0;
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : bad_input;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "chemnne_mechanism: %s\n", error.what());
    return bad_input;
  }
}
