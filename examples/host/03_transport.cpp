// A host with MPI and OpenMP: a channel of boxes with wind, emissions by the hour, dry deposition and fronts,
// and chemistry by operator splitting. The same air twice: one run carries the emulator's tracers and is
// stepped by the emulator, the other carries all variable species of the mechanism and is solved in every box.
// Rank 0 reads the weights and sends their bytes to all.
//
//     mpirun -n 2 03_transport WEIGHTS.safetensors MECHANISM RANGES.toml [FOLDER] [DAYS] [--solve-every N]
//       [--elements FILE] [--scenery N]
//
// 03_transport takes weights of 49 species of the embedded mechanism, 03_transport_arca those of task 1 on
// ARCA's Hyde scheme of 2439, 03_transport_lumped those of the same 49 and twelve lumped species (--help says how
// to call it). Prints the errors of each day, writes FOLDER/transport.html and FOLDER/figures/. Each process leaves a sample of the air that the emulator met
// there, too (visited-0.nc, ...): what `adapt` trains on with. Exit status: 0, 1 where the solver could not finish a box, 2 bad
// input.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <deque>
#include <exception>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "channel.hpp"
#include "solved_cells.hpp"
#include "transport_page.hpp"
#include "transport_record.hpp"
#include "transport_run.hpp"
#include "weather.hpp"
#include <CLI/CLI.hpp>
#include <mpi.h>

#include <chemnne/cli/mechanism_file.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/data/air_sample_file.hpp>
#include <chemnne/data/reference_fallback.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/emulator.hpp>
#include <chemnne/host/visited_air.hpp>
#include <chemnne/io/crc32.hpp>
#include <chemnne/support/mpi_communicator.hpp>
#include <chemnne/support/number_text.hpp>
#if defined(TRANSPORT_ARCA)
#include "../arca/configurations.hpp"
#endif

namespace {

#if defined(TRANSPORT_ARCA)
using Network = chemnne::ChemNNE<TRANSPORT_ARCA>;
#else
using Network = chemnne::ChemNNE<chemnne::DefaultConfiguration<49, 49>>;
#endif
using Emulator = chemnne::Emulator<Network, chemnne::DefaultBackend>;
using example::Band, example::Run, example::Scenery, example::Weather;

constexpr std::size_t kept = 1000;  ///< visited states of a process; which, depends on threads and processes

/// Solves a box in so many of the emulated run, others each hour, and lets them correct the rest; 0: none.
struct Sampling {
  std::size_t every = 0;
  const chemnne::ReferenceFallback* solver = nullptr;
};

class EmulatedRun : public Run {
 public:
  EmulatedRun(const Scenery& scenery, const Emulator& emulator, const Band& band, const Sampling& sampling)
      : Run(scenery, band, emulator.description().outputs, emulator.description().lumped),
        emulator_(&emulator),
        every_(sampling.every),
        binding_(emulator.bind({.species = tracers.names, .unit = chemnne::Unit::mole_fraction})),
        workspaces_(threads()),
        statuses_(threads()) {
    for (std::size_t thread = 0; thread < threads(); ++thread) {
      visited_.emplace_back(emulator.description(), kept,
                            chemnne::Random(1, static_cast<std::size_t>(band.rank) * threads() + thread));
      if (every_ > 0) solvers_.push_back(*sampling.solver);
    }
  }

  void react(const Weather& weather, const Band& band, std::size_t turn) {
    Run::react(band, [&](std::size_t first, std::size_t count, std::size_t thread) {
      if (every_ == 0) return advance(weather, first, count, thread, chemnne::Clamp{});
      const auto solve = [&]<class Cell>(std::span<Cell* const> cells, bool* solved) noexcept {
        solvers_[thread](cells, solved);
      };
      // A row at a time, whose boxes correct each other: the same for any number of processes and threads.
      constexpr std::size_t row = example::longitudes;
      for (std::size_t cell = first; cell < first + count; cell += row)
        advance(weather, cell, row, thread,
                chemnne::FallBack(solve, {.every = every_, .turn = turn + 7 * (band.first + cell / row)}));
    });
  }

  chemnne::StepStatus status() const {
    chemnne::StepStatus sum;
    for (const chemnne::StepStatus& one : statuses_) sum += one;
    return sum;
  }
  chemnne::AirSample visited() const {
    chemnne::VisitedAir all = visited_[0];
    for (std::size_t thread = 1; thread < visited_.size(); ++thread) all.merge(visited_[thread]);
    return all.sample();
  }

 private:
  template <class Guard>
  void advance(const Weather& weather, std::size_t first, std::size_t count, std::size_t thread,
               Guard guard) {
    constexpr std::size_t conditions = Network::Configuration::conditions;
    const auto state = chemnne::Columns<double>::cell_major(tracers.cell(first), count, tracers.names.size());
    const auto forcing = chemnne::Columns<const double>::cell_major(&weather.conditions[first * conditions],
                                                                    count, conditions);
    statuses_[thread] += emulator_->advance(binding_, state, forcing, example::hour, workspaces_[thread], {},
                                            chemnne::SamplingGuard(visited_[thread], std::move(guard)));
  }

  const Emulator* emulator_;
  std::size_t every_;
  std::vector<chemnne::ReferenceFallback> solvers_;
  chemnne::HostBinding binding_;
  std::vector<Emulator::Workspace> workspaces_;
  std::vector<chemnne::StepStatus> statuses_;
  std::vector<chemnne::VisitedAir> visited_;
};

class SolvedRun : public Run {
 public:
  SolvedRun(const Scenery& scenery, const chemnne::Mechanism& mechanism,
            const chemnne::ScenarioRanges& ranges, const Band& band)
      : Run(scenery, band, example::variable_species(mechanism)),
        chemistry_(mechanism, ranges.photolysis.table) {
    surface.fill(tracers, band);
    for (std::size_t thread = 0; thread < threads(); ++thread) solvers_.emplace_back(chemistry_);
  }

  void react(const Weather& weather, const Band& band, std::size_t) {
    Run::react(band, [&](std::size_t first, std::size_t count, std::size_t thread) {
      solvers_[thread].solve(tracers, weather, first, count);
    });
  }

  std::size_t failures() const {
    std::size_t sum = 0;
    for (const example::SolvedCells& one : solvers_) sum += one.failures;
    return sum;
  }

 private:
  chemnne::LaneChemistry<double> chemistry_;
  std::deque<example::SolvedCells> solvers_;
};

/// Both runs, and what is kept of them.
class Experiment {
 public:
  /// `scenery` must outlive it.
  Experiment(const Scenery& scenery, const Emulator& emulator, const chemnne::Mechanism& mechanism,
             const chemnne::ScenarioRanges& ranges, const Band& band, const Sampling& sampling)
      : band_(band),
        weather_(scenery, mechanism, ranges, emulator.description().conditions, band),
        emulated_(scenery, emulator, band, sampling),
        solved_(scenery, mechanism, ranges, band),
        record_(species(emulator), floors(emulator)) {
    const auto enter = [&](const std::string& name, double share, std::size_t tracer) {
      const std::size_t place = mechanism.index_of(name);
      if (place >= mechanism.variable_species)
        throw chemnne::Error("03_transport", "variable species of the mechanism", name + ", which is fixed");
      start_.push_back({tracer, place, share});
      return place;
    };
    for (const std::string& name : record_.species) {
      compared_.push_back(emulator.species_index(name));
      solved_places_.push_back(enter(name, 1, compared_.back()));
    }
    for (const chemnne::LumpedSpecies& lump : emulator.description().lumped)
      for (const auto& [name, coefficient] : lump.members)
        enter(name, coefficient, emulator.species_index(lump.name));
  }

  /// The solved run alone, until all that forms is there; then the emulated run begins with its tracers.
  void spin_up() {
    for (int hours = -example::spin_up_hours; hours < 0; ++hours) step(solved_, hours);
    for (std::size_t cell = 0; cell < band_.cells(); ++cell) {
      double* const tracers = emulated_.tracers.cell(cell);
      std::fill_n(tracers, emulated_.tracers.names.size(), 0.0);
      for (const Part& part : start_)
        tracers[part.tracer] += part.share * solved_.tracers.cell(cell)[part.species];
    }
    solved_.seconds.assign(solved_.seconds.size(), 0);
  }

  void day(int number) {
    for (int hours = 24 * number; hours < 24 * (number + 1); ++hours) {
      step(emulated_, hours);
      step(solved_, hours);
      std::vector<double> emulated = gathered(emulated_.tracers, band_, compared_),
                          solved = gathered(solved_.tracers, band_, solved_places_);
      if (band_.rank == 0) record_.add(std::move(emulated), std::move(solved));
    }
  }

  /// Of rank 0.
  const example::TransportRecord& record() const { return record_; }
  /// The air that the emulator has met.
  chemnne::AirSample visited() const { return emulated_.visited(); }

  /// What was run and what it cost, of all processes; rows of a table.
  std::vector<std::vector<std::string>> facts();
  std::size_t failures = 0;  ///< known after facts()

 private:
  /// What of a species of the solved run makes up a tracer of the emulated one.
  struct Part {
    std::size_t tracer, species;
    double share;
  };

  static bool is_lumped(const Emulator& emulator, const std::string& name) {
    for (const chemnne::LumpedSpecies& lump : emulator.description().lumped)
      if (lump.name == name) return true;
    return false;
  }
  /// The emulator's tracers that are species.
  static std::vector<std::string> species(const Emulator& emulator) {
    std::vector<std::string> names = emulator.description().outputs;
    std::erase_if(names, [&](const std::string& name) { return is_lumped(emulator, name); });
    return names;
  }
  static std::vector<double> floors(const Emulator& emulator) {
    std::vector<double> floors;
    for (std::size_t i = 0; i < emulator.description().outputs.size(); ++i)
      if (!is_lumped(emulator, emulator.description().outputs[i]))
        floors.push_back(emulator.description().output_floor[i] / 2.5e19);  // molecules cm-3 of air
    return floors;
  }

  template <class AnyRun>
  void step(AnyRun& run, int since_start) {
    const int time = example::time_of(since_start);
    weather_.set(time);
    run.transport(weather_, band_, time, since_start);
    run.react(weather_, band_, static_cast<std::size_t>(time));
  }

  Band band_;
  Weather weather_;
  EmulatedRun emulated_;
  SolvedRun solved_;
  std::vector<Part> start_;
  std::vector<std::size_t> compared_, solved_places_;  ///< the record's species in either run
  example::TransportRecord record_;
};

std::vector<std::vector<std::string>> Experiment::facts() {
  const chemnne::StepStatus mine = emulated_.status();
  std::array<unsigned long, 8> counts{mine.cells,  mine.outside_training, mine.uncertain,     mine.limited,
                                      mine.budget, mine.left_unchanged,   solved_.failures(), mine.solved};
  std::array<double, 2> seconds{emulated_.seconds_of_all(), solved_.seconds_of_all()};
  MPI_Allreduce(MPI_IN_PLACE, counts.data(), counts.size(), MPI_UNSIGNED_LONG, MPI_SUM, MPI_COMM_WORLD);
  MPI_Allreduce(MPI_IN_PLACE, seconds.data(), seconds.size(), MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  failures = counts[6];
  const auto steps = static_cast<double>(counts[0]);
  const auto share = [&](std::size_t k) {
    return chemnne::format_percent(static_cast<double>(counts[k]) / steps);
  };
  const auto cost = [&](double all) { return chemnne::format_number(1e6 * all / steps); };
  return {{"", "emulated", "solved"},
          {"tracers carried", std::to_string(emulated_.tracers.names.size()),
           std::to_string(solved_.tracers.names.size())},
          {"microseconds of processor time a box and hour", cost(seconds[0]), cost(seconds[1])},
          {"boxes and hours", std::to_string(counts[0]), std::to_string(counts[0])},
          {"of these: outside of the training data", share(1), ""},
          {"unlike them", share(2), ""},
          {"limited", share(3), ""},
          {"a budget violated", share(4), ""},
          {"solved in the emulated run", share(7), ""},
          {"left unchanged", std::to_string(counts[5]), std::to_string(counts[6])}};
}

/// The weights' bytes, read by rank 0 alone.
std::string broadcast_file(const std::string& path, const chemnne::MpiCommunicator& processes) {
  std::string bytes;
  if (processes.rank() == 0) bytes = chemnne::read_bytes(path);
  std::size_t size = bytes.size();
  processes.broadcast(std::span(&size, 1));
  bytes.resize(size);
  processes.broadcast(std::span(bytes));
  return bytes;
}

/// Of a field, to the bit.
unsigned bits(const std::vector<double>& field) {
  return chemnne::crc32(
      std::string_view(reinterpret_cast<const char*>(field.data()), field.size() * sizeof(double)));
}

/// What the page shows, in words.
std::string subject(const Emulator& emulator, const chemnne::Mechanism& mechanism, int days) {
  return std::to_string(example::longitudes) + " x " + std::to_string(example::latitudes) +
         " boxes of 100 km, " + std::to_string(days) +
         " days of hourly steps after a day solved. Emulated: " +
         std::to_string(Network::Configuration::outputs) + " species by a network of " +
         emulator.description().mechanism + ". Solved: all " + std::to_string(mechanism.variable_species) +
         " variable species of " + mechanism.name + " by Rodas4, relative tolerance " +
         chemnne::number_text(example::SolvedCells::options.relative_tolerance, 3) + ".";
}

void print_day(const example::TransportRecord& record, std::size_t day) {
  if (day == 0) std::puts("day   all species [decades]   O3: mean, bias, RMSE [nmol/mol]   RMSE [%]");
  const example::SpeciesErrors& ozone = record.days[day].at(record.place("O3"));
  std::printf("%3zu   %21.3f   %8.2f %8.2f %8.2f %17.2f\n", day + 1, record.decades(day), 1e9 * ozone.mean(),
              1e9 * ozone.bias(), 1e9 * ozone.rmse(), 100 * ozone.rmse() / ozone.mean());
  std::fflush(stdout);
}

/// Returns the exit status.
int compare(const Scenery& scenery, const Emulator& emulator, const chemnne::Mechanism& mechanism,
            const chemnne::ScenarioRanges& ranges, const std::string& folder, int days, std::size_t every) {
  const Band band;
  if (static_cast<std::size_t>(band.ranks) > example::latitudes)
    throw chemnne::Error("03_transport", "at most one process a row of boxes", std::to_string(band.ranks));
  (void)emulator.species_index("O3");  // which is printed
  std::optional<chemnne::ReferenceFallback> solver;
  if (every > 0)
    solver.emplace(mechanism, ranges, emulator.description().outputs, emulator.description().conditions);
  Experiment experiment(scenery, emulator, mechanism, ranges, band, {every, solver ? &*solver : nullptr});
  experiment.spin_up();
  for (int day = 0; day < days; ++day) {
    experiment.day(day);
    if (band.rank == 0) print_day(experiment.record(), static_cast<std::size_t>(day));
  }
  const std::vector<std::vector<std::string>> facts = experiment.facts();
  std::filesystem::create_directories(folder);
  chemnne::write_air_sample(folder + "/visited-" + std::to_string(band.rank) + ".nc", experiment.visited());
  if (band.rank == 0) {
    for (const std::vector<std::string>& row : facts)
      std::printf("%-46s %12s %12s\n", row[0].c_str(), row[1].c_str(), row[2].c_str());
    example::write_page(folder, subject(emulator, mechanism, days), experiment.record(), facts);
    // The same for any number of processes and threads.
    std::printf("checksum %08x %08x\n", bits(experiment.record().emulated), bits(experiment.record().solved));
  }
  return experiment.failures == 0 ? 0 : 1;
}

}  // namespace

int main(int argument_count, char** arguments) {
  chemnne::MpiCommunicator processes;
  CLI::App program("A channel with wind, emissions, deposition and fronts, emulated and solved.");
  std::string weights, ranges_file, folder = ".";
  int days = 10;
  std::size_t every = 0, scenery = 0;
  program.add_option("weights", weights, "of the emulator (.safetensors)")
      ->required()
      ->check(CLI::ExistingFile);
  const chemnne::MechanismFile file(program);
  program
      .add_option("ranges", ranges_file, "what the conditions mean to the mechanism, as in training (.toml)")
      ->required()
      ->check(CLI::ExistingFile);
  program.add_option("folder", folder, "for transport.html and figures/")->capture_default_str();
  chemnne::add_number(program, "days", days, "how long")->check(chemnne::above_zero());
  chemnne::add_number(
      program, "--solve-every", every,
      "solve one box in so many of the emulated run, others each hour, and correct the rest; only "
      "where the emulator has all species of the mechanism (0: none)");
  chemnne::add_number(program, "--scenery", scenery,
                      "another channel, drawn by this seed: air, sources, land, fronts and weather (0: this "
                      "example's)")
      ->check(chemnne::zero_or_more());
  program.footer(
      "ARCA's Hyde scheme, in a build folder that has 03_transport_arca (or 03_transport_lumped and "
      "lumped.safetensors):\n"
      "  03_transport_arca examples/arca/task1.safetensors ../shared/mechanisms/arca/hyde/second.def "
      "examples/arca/hyde.toml build/hyde 30 --elements ../shared/mechanisms/arca/hyde/Elements.txt");
  try {
    program.parse(argument_count, arguments);
    const Emulator emulator = Emulator::from_bytes(broadcast_file(weights, processes), weights);
    const chemnne::ScenarioRanges ranges = chemnne::read_scenario_ranges(ranges_file);
    const chemnne::Mechanism mechanism = chemnne::mechanism_of_ranges(
        ranges, [&](const chemnne::ReadOptions& options) { return file.read_quietly(options); });
    return compare(example::scenery_of(scenery), emulator, mechanism, ranges, folder, days, every);
  } catch (const CLI::ParseError& error) {
    const int status = processes.rank() == 0 ? program.exit(error) : error.get_exit_code();
    return status == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    chemnne::MpiCommunicator::give_up(error.what(), 2);
    return 2;
  }
}
