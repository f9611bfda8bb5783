#pragma once
#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

#include <chemnne/cli/embedded_mechanism.hpp>
#include <chemnne/cli/trained_model.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// `info`: what the program was built for, and what a weights file holds.
class InfoCommand {
 public:
  InfoCommand(CLI::App& program, const ModelList& models, const EmbeddedMechanism& embedded)
      : models_(models), embedded_(embedded) {
    CLI::App* const command =
        program.add_subcommand("info",
                               "Shows what this program was built for and, with --model, what a weights file "
                               "holds: species, units, ranges, origin.");
    command->add_option("--model", model_, "weights of an emulator")->check(CLI::ExistingFile);
    command->add_flag("--json", json_, "write JSON, for other programs");
    command->callback([this] { run(); });
  }

 private:
  void run() const {
    Json json = Json::object();
    Json program = Json::object();
    program["version"] = std::string(version);
    if (embedded_.present()) {
      const Mechanism mechanism = embedded_.mechanism();
      program["mechanism"] = mechanism.name;
      program["mechanism_fingerprint"] = mechanism.fingerprint();
      program["species"] = mechanism.variable_species;
      program["reactions"] = mechanism.reactions.size();
    }
    program["configuration"] = models_.front().configuration;
    std::string names;
    for (const std::string& name : architectures_of(models_)) names += (names.empty() ? "" : ", ") + name;
    program["architectures"] = names;
    program["parameters"] = models_.front().parameters;
    json["program"] = std::move(program);
    if (!model_.empty()) {
      const EmulatorDescription d = description_of(read_safetensors(model_), model_);
      json["model"] = detail::description_to_json(d);
      json["model"]["checksum"] = d.checksum;
      if (!json_) print(d);
    }
    if (json_)
      std::printf("%s\n", json.dump().c_str());
    else
      for (const auto& [name, value] : json.find("program")->object_members())
        std::printf("program %-22s %s\n", name.c_str(),
                    value.is_string() ? value.string().c_str() : value.dump(0).c_str());
  }

  static void print(const EmulatorDescription& d) {
    std::printf("model   architecture           %s, made by chemnne %s\n", d.architecture.c_str(),
                d.version.c_str());
    std::printf("model   mechanism              %s, fingerprint %s\n", d.mechanism.c_str(),
                d.fingerprint.c_str());
    std::printf("model   checksum               %s\n",
                d.checksum ? "of all bytes, right" : "none: a damaged file would not show");
    std::printf("model   data                   %s\n", d.data.c_str());
    std::printf("model   training               %s\n", d.training.c_str());
    std::string elements;
    for (const std::string& name : d.elements) elements += (elements.empty() ? "" : ", ") + name;
    if (!elements.empty())
      std::printf("model   conserved elements     %s%s\n", elements.c_str(),
                  d.element_exact ? ", exactly" : "");
    for (const auto& [name, value] : d.metrics)
      std::printf("model   %-22s %s\n", name.c_str(), number_text(value, 6).c_str());
    std::printf("\nconditions, and their range in the training data\n");
    for (std::size_t k = 0; k < d.conditions.size(); ++k)
      std::printf("  %-24s [%s] %s .. %s\n", d.conditions[k].c_str(), d.condition_units[k].c_str(),
                  number_text(d.condition_range[k].minimum, 6).c_str(),
                  number_text(d.condition_range[k].maximum, 6).c_str());
    std::printf("\ninput species [molecules cm-3], and the range of log10 in the training data\n");
    for (std::size_t i = 0; i < d.inputs.size(); ++i)
      std::printf("  %-24s %s .. %s\n", d.inputs[i].c_str(), fixed_text(d.input_range[i].minimum, 2).c_str(),
                  fixed_text(d.input_range[i].maximum, 2).c_str());
    if (!d.lumped.empty()) std::printf("\ninputs that are sums\n");
    for (const LumpedSpecies& lump : d.lumped)
      std::printf("  %-24s %s\n", lump.name.c_str(), summary(lump).c_str());
    std::printf("\n%zu output species\n\n", d.outputs.size());
  }

  const ModelList& models_;
  const EmbeddedMechanism& embedded_;
  std::string model_;
  bool json_ = false;
};

}  // namespace chemnne
