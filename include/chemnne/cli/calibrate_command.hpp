#pragma once
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/trained_model.hpp>

namespace chemnne {

/// `calibrate`: gives a trained emulator its uncertainty, so that a host's step counts cells that it should
/// not be trusted with.
class CalibrateCommand {
 public:
  CalibrateCommand(CLI::App& program, const ModelList& models) : models_(models) {
    CLI::App* const command = program.add_subcommand("calibrate",
                                                     "Adds to the weights of an emulator what tells its "
                                                     "error: a score of each cell, and half-widths of each "
                                                     "species that held-out windows calibrate.");
    command->add_option("--model", model_, "weights of the emulator; the uncertainty is added to the file")
        ->required()
        ->check(CLI::ExistingFile);
    command
        ->add_option("--data", data_, "its training data sets, one or several: what is like them is certain")
        ->required()
        ->check(CLI::ExistingFile);
    command
        ->add_option("--held-out", held_out_,
                     "data sets, one or several, of windows that it was not trained on: give the half-widths")
        ->required()
        ->check(CLI::ExistingFile);
    command->callback([this] { run(); });
  }

 private:
  void run() const {
    const std::unique_ptr<TrainedModel> model = load_model(models_, model_);
    model->calibrate(data_, held_out_);
    std::printf("%s: calibrated on %s", model_.c_str(), held_out_[0].c_str());
    for (std::size_t i = 1; i < held_out_.size(); ++i) std::printf(", %s", held_out_[i].c_str());
    std::printf("\n");
  }

  const ModelList& models_;
  std::string model_;
  std::vector<std::string> data_, held_out_;
};

}  // namespace chemnne
