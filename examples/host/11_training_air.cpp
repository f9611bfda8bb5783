// Data to train on from a host that carries a whole mechanism and solves it: the channel of 03_transport, whose air
// has a history of its own, sources here and deposition there. A share of its boxes and hours becomes windows
// (WindowRecorder), which `train --data` takes beside those of `generate`.
//
//     11_training_air MECHANISM RANGES.toml WINDOWS.nc [DAYS] [--scenery N] [--inputs ...] [--elements FILE]
//
// Each process of mpirun writes its own: WINDOWS-0.nc, ... Exit status: 0, 1 where the solver could not finish
// a box, which is left out then, 2 bad input.
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <deque>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include "channel.hpp"
#include "scenery.hpp"
#include "solved_cells.hpp"
#include "transport_run.hpp"
#include "weather.hpp"
#include <CLI/CLI.hpp>
#include <mpi.h>

#include <chemnne/cli/mechanism_file.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/cli/species_list.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/data/window_recorder.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/mpi_communicator.hpp>
#include <chemnne/support/progress.hpp>
#include <chemnne/support/random.hpp>

namespace {

using example::Band, example::Run, example::Scenery, example::Weather;

struct Sampling {
  int days = 10;
  double share = 0.1;       ///< of boxes and hours
  std::size_t frames = 61;  ///< of a window
  std::size_t seed = 1;
};

/// The times of an hour at which there are frames, without its start [s].
std::vector<double> times_of(std::size_t frames) {
  std::vector<double> times;
  for (std::size_t frame = 1; frame < frames; ++frame)
    times.push_back(example::hour * static_cast<double>(frame) / static_cast<double>(frames - 1));
  return times;
}

class RecordedRun : public Run {
 public:
  RecordedRun(const Scenery& scenery, const chemnne::Mechanism& mechanism,
              const chemnne::ScenarioRanges& ranges, const Band& band, const Sampling& sampling)
      : Run(scenery, band, example::variable_species(mechanism)),
        band_(band),
        sampling_(sampling),
        weather_(scenery, mechanism, ranges, {}, band),
        chemistry_(mechanism, ranges.photolysis.table),
        recorder_(mechanism, ranges, with_start(times_of(sampling.frames))),
        states_(band.cells() * sampling.frames * tracers.names.size()) {
    surface.fill(tracers, band);
    for (std::size_t thread = 0; thread < threads(); ++thread)
      solvers_.emplace_back(chemistry_, times_of(sampling.frames));
  }

  void hour(int since_start) {
    const int time = example::time_of(since_start);
    weather_.set(time);
    transport(weather_, band_, time, since_start);
    const std::size_t each = sampling_.frames * tracers.names.size();
    react(band_, [&](std::size_t first, std::size_t count, std::size_t thread) {
      solvers_[thread].solve(tracers, weather_, first, count,
                             std::span(states_).subspan(first * each, count * each));
    });
    if (since_start < 0) return;
    for (std::size_t cell = 0; cell < band_.cells(); ++cell) {
      const std::size_t box = band_.first * example::longitudes + cell;
      const auto step = static_cast<std::size_t>(since_start);
      if (std::isnan(states_[cell * each])) continue;
      // The same boxes for any number of processes and threads.
      if (chemnne::Random(sampling_.seed, step * example::boxes + box).uniform() < sampling_.share)
        recorder_.add(box, step, weather_.places[cell], std::span(states_).subspan(cell * each, each));
    }
  }

  const chemnne::WindowRecorder& recorder() const { return recorder_; }
  std::size_t failures() const {
    std::size_t sum = 0;
    for (const example::SolvedCells& one : solvers_) sum += one.failures;
    return sum;
  }

 private:
  static std::vector<double> with_start(std::vector<double> times) {
    times.insert(times.begin(), 0.0);
    return times;
  }

  Band band_;
  Sampling sampling_;
  Weather weather_;
  chemnne::LaneChemistry<double> chemistry_;
  std::deque<example::SolvedCells> solvers_;
  chemnne::WindowRecorder recorder_;
  std::vector<double> states_;  ///< of the hour, [cell][frame][species], molecules cm-3
};

/// Of several processes each has a file.
std::string file_of(const std::string& path, const Band& band) {
  if (band.ranks == 1) return path;
  const std::size_t ending = path.ends_with(".nc") ? path.size() - 3 : path.size();
  return path.substr(0, ending) + '-' + std::to_string(band.rank) + path.substr(ending);
}

}  // namespace

int main(int argument_count, char** arguments) {
  chemnne::MpiCommunicator processes;
  CLI::App program("Windows to train on from a channel with wind, emissions, deposition and fronts, solved.");
  std::string ranges_file, output, inputs;
  std::size_t scenery = 0;
  Sampling sampling;
  const chemnne::MechanismFile file(program);
  program
      .add_option("ranges", ranges_file,
                  "conditions, species and lumped species of the data set, as for `generate` (.toml)")
      ->required()
      ->check(CLI::ExistingFile);
  program.add_option("output", output, "the data set to write (.nc)")->required();
  chemnne::add_number(program, "days", sampling.days, "how long, after a day of spin-up")
      ->check(chemnne::above_zero());
  chemnne::add_number(program, "--share", sampling.share, "of all boxes and hours that become windows")
      ->check(chemnne::above_zero())
      ->check(CLI::Range(0.0, 1.0));
  chemnne::add_number(program, "--frames", sampling.frames,
                      "states of a window, its start and end among them")
      ->check(chemnne::from_to(2, 3601));
  chemnne::add_number(program, "--seed", sampling.seed, "of the choice of boxes and hours");
  chemnne::add_number(
      program, "--scenery", scenery,
      "another channel, drawn by this seed: air, sources, land, fronts and weather (0: that of "
      "03_transport)")
      ->check(chemnne::zero_or_more());
  program.add_option("--inputs", inputs,
                     "species of the data set, as for `generate`; default: those of the ranges, or all");
  try {
    program.parse(argument_count, arguments);
    chemnne::ScenarioRanges ranges = chemnne::read_scenario_ranges(ranges_file);
    if (!inputs.empty()) ranges.choice.inputs = ranges.choice.outputs = chemnne::species_list(inputs, true);
    const chemnne::Mechanism mechanism = chemnne::mechanism_of_ranges(
        ranges, [&](const chemnne::ReadOptions& options) { return file.read_quietly(options); });
    const Band band;
    const std::string path = file_of(output, band);
    chemnne::require_place_for_file(path);  // before what takes minutes
    const Scenery place = example::scenery_of(scenery);
    RecordedRun run(place, mechanism, ranges, band, sampling);
    const int hours = 24 * sampling.days;
    chemnne::Progress progress("solving", example::spin_up_hours + hours, 0, band.rank == 0);
    for (int hour = -example::spin_up_hours; hour < hours; ++hour) {
      run.hour(hour);
      progress.advance(1);
    }
    run.recorder().write(path);
    std::printf("%s: %zu windows of %zu boxes and %d hours, %zu boxes and hours not solved\n", path.c_str(),
                run.recorder().windows(), band.cells(), hours, run.failures());
    return run.failures() == 0 ? 0 : 1;
  } catch (const CLI::ParseError& error) {
    const int status = processes.rank() == 0 ? program.exit(error) : error.get_exit_code();
    return status == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    chemnne::MpiCommunicator::give_up(error.what(), 2);
    return 2;
  }
}
