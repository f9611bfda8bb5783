#pragma once
#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/embedded_mechanism.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/cli/world.hpp>
#include <chemnne/data/netcdf_file.hpp>
#include <chemnne/data/read_starts.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/data/visited_starts.hpp>
#include <chemnne/io/emulator_description.hpp>
#include <chemnne/io/safetensors.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// `adapt`: an emulator is trained on with the air that a host has visited. Composes other commands of its
/// program, and prints them.
class AdaptCommand {
 public:
  using Arguments = std::vector<std::string>;

  /// `run` runs the program with other arguments.
  AdaptCommand(CLI::App& program, const EmbeddedMechanism& embedded,
               std::function<void(const Arguments&)> run)
      : embedded_(embedded), run_(std::move(run)) {
    CLI::App* const command = program.add_subcommand(
        "adapt",
        "Trains an emulator on with the air that a host has visited: generates windows that start from it, "
        "trains on old and new ones, and calibrates.");
    command->add_option("--model", model_, "weights of the emulator that the host has run")
        ->required()
        ->check(CLI::ExistingFile);
    command
        ->add_option("--visited", visited_,
                     "air that the host has visited: one or several files of it, or of GEOS-Chem's for "
                     "KPP-Standalone")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--data", data_, "training data sets of the emulator, in their order")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--validation", validation_, "data set that chooses the best epoch and calibrates")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--out", out_, "weights to write; the new windows go to OUT.windows.nc")->required();
    add_number(*command, "--windows", windows_, "windows from visited states; 0: one of each state")
        ->check(zero_or_more())
        ->capture_default_str();
    add_number(*command, "--minutes", minutes_, "time to train")->check(above_zero())->capture_default_str();
    add_number(*command, "--threads", threads_, "threads; 0: one a core")
        ->check(zero_or_more())
        ->capture_default_str();
    command
        ->add_option("--ranges", ranges_,
                     "ranges (TOML) of what the visited air does not tell; default: those the program was "
                     "built with")
        ->check(CLI::ExistingFile);
    command->footer(
        "Interrupted? The same command goes on where it was. Other options: run the commands that it "
        "prints.");
    command->callback([this] { adapt(); });
  }

 private:
  void adapt() const {
    if (out_ == model_) throw Error("--out", "another file than that of --model", "the same");
    const EmulatorDescription model = description_of(read_safetensors(model_), model_);
    generate();
    train(model);
    if (world().rank() != 0) return;
    Arguments calibrate{"calibrate", "--model", out_, "--data"};
    append(calibrate, all_data());
    append(calibrate, {"--held-out", validation_});
    stage(calibrate);
  }

  void generate() const {
    const ScenarioRanges ranges = ranges_.empty() ? embedded_.ranges() : read_scenario_ranges(ranges_);
    const VisitedStarts starts(read_air_samples(visited_), embedded_.mechanism(), ranges, 0, visited_[0]);
    const std::size_t windows = windows_ > 0 ? windows_ : starts.states();
    if (is_made(starts, windows)) {
      say(new_data() + " is there");
      return;
    }
    Arguments generate{"generate",
                       "--output",
                       new_data(),
                       "--scenarios",
                       std::to_string(windows),
                       "--windows",
                       "1",
                       "--inputs",
                       data_[0],
                       "--outputs",
                       data_[0],
                       "--threads",
                       std::to_string(threads_),
                       "--start-from"};
    append(generate, visited_);
    if (!ranges_.empty()) append(generate, {"--ranges", ranges_});
    stage(generate);
    world().barrier();  // until the file is there
  }

  void train(const EmulatorDescription& model) const {
    std::string conditions;
    for (const std::string& name : model.conditions) conditions += (conditions.empty() ? "" : ",") + name;
    Arguments train{"train",          "--initial",
                    model_,           "--resume",
                    "--out",          out_,
                    "--validation",   validation_,
                    "--minutes",      number_text(minutes_),
                    "--threads",      std::to_string(threads_),
                    "--architecture", model.architecture,
                    "--conditions",   conditions};
    if (model.element_exact) train.push_back("--element-exact");
    train.push_back("--data");
    append(train, all_data());
    stage(train);
  }

  /// Whether an earlier call has made the windows of these states.
  bool is_made(const VisitedStarts& starts, std::size_t windows) const {
    if (!file_exists(new_data())) return false;
    const auto attributes = NetcdfFile::open(new_data()).attributes();
    const auto is = [&](const char* name, const std::string& value) {
      const auto found = attributes.find(name);
      return found != attributes.end() && found->second == value;
    };
    return is("start_states", starts.hash()) && is("scenarios", std::to_string(windows));
  }

  std::string new_data() const { return out_ + ".windows.nc"; }
  Arguments all_data() const {
    Arguments all = data_;
    all.push_back(new_data());
    return all;
  }

  static void append(Arguments& arguments, const Arguments& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
  }
  static void say(const std::string& text) {
    if (world().rank() != 0) return;
    std::printf("adapt: %s\n", text.c_str());
    std::fflush(stdout);
  }
  void stage(const Arguments& arguments) const {
    std::string line;
    for (const std::string& argument : arguments) line += (line.empty() ? "" : " ") + argument;
    say(line);
    run_(arguments);
  }

  const EmbeddedMechanism& embedded_;
  std::function<void(const Arguments&)> run_;
  std::string model_, validation_, out_, ranges_;
  std::vector<std::string> visited_, data_;
  std::size_t windows_ = 0;
  double minutes_ = 10;
  int threads_ = 0;
};

}  // namespace chemnne
