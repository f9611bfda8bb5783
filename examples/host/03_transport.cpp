// A host with MPI and OpenMP: a channel of latitude bands, wind, and chemistry by operator splitting;
// emulated and, beside it, solved in every cell. Rank 0 reads the weights and sends their bytes to all.
//
//     mpirun -n 2 03_transport WEIGHTS.safetensors MECHANISM.eqn RANGES.toml [FOLDER] [DAYS]
//
// Prints the error of the emulated run against the coupled one, day by day, and writes maps of the last day
// into FOLDER (map.csv, and map.png where gnuplot is). The air differs by the chemistry alone: wind and
// sources are the same. Each process leaves a sample of the air that the emulator met there, too
// (visited-0.nc, ...): what `adapt` trains on with.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "troposphere.hpp"
#include <mpi.h>

#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/cli/gnuplot.hpp>
#include <chemnne/data/air_sample_file.hpp>
#include <chemnne/data/reference_fallback.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/host/visited_air.hpp>
#include <chemnne/support/number_text.hpp>

namespace {

constexpr std::size_t longitudes = 24, latitudes = 12;  // boxes of 100 km, a channel periodic to the east
constexpr double box = 100e3, hour = 3600;
constexpr int start = 11;           // o'clock: the air is of that hour
constexpr std::size_t kept = 1000;  // visited states

/// The rows of this process, with one of each neighbour around them: tracer [row + 1][longitude][species].
struct Band {
  int rank = 0, ranks = 1;
  std::size_t first = 0, rows = latitudes;

  Band() {
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    const auto edge = [&](int r) {
      return latitudes * static_cast<std::size_t>(r) / static_cast<std::size_t>(ranks);
    };
    first = edge(rank);
    rows = edge(rank + 1) - first;
  }
  std::size_t cells() const { return rows * longitudes; }
};

using Field = std::vector<double>;
constexpr std::size_t row_size = longitudes * example::species;

/// Flux-form upwind steps of an hour: mass leaves a box and enters its neighbour. East wind with shear, and
/// standing eddies; no flow through the walls.
class Wind {
 public:
  explicit Wind(const Band& band) : band_(band), before_((band.rows + 2) * row_size) {}

  void advect(Field& field) {
    constexpr int steps = 2;  // Courant number below 0.2
    for (int step = 0; step < steps; ++step) {
      exchange(field);
      before_ = field;
      for (std::size_t row = 0; row < band_.rows; ++row)
        for (std::size_t x = 0; x < longitudes; ++x) {
          const std::size_t y = band_.first + row, east = (x + 1) % longitudes;
          move(field, u(y) * hour / steps / box, row, x, row, east);
          // The flux at the southern edge is counted by both of its boxes' owners, each for its own side.
          move(field, v(x, y + 1) * hour / steps / box, row, x, row + 1, x);
          if (row == 0 && y > 0) move(field, v(x, y) * hour / steps / box, std::size_t(-1), x, row, x);
        }
    }
  }

 private:
  static double u(std::size_t y) {
    return 4 + 4 * std::sin(3.14159265 * (static_cast<double>(y) + 0.5) / latitudes);
  }
  static double v(std::size_t x, std::size_t edge) {
    if (edge == 0 || edge == latitudes) return 0;
    return 2 * std::sin(2 * 3.14159265 * (static_cast<double>(x) + 0.5) / longitudes) *
           std::sin(3.14159265 * static_cast<double>(edge) / latitudes);
  }
  double* at(Field& field, std::size_t row, std::size_t x) const {
    return field.data() + (row + 1) * row_size + x * example::species;  // row -1 is the neighbour's
  }
  /// `courant` of the upwind box from (row, x) to (to, tx), or back where it is negative.
  void move(Field& field, double courant, std::size_t row, std::size_t x, std::size_t to, std::size_t tx) {
    const double* const from = courant > 0 ? at(before_, row, x) : at(before_, to, tx);
    double *const a = at(field, row, x), *const b = at(field, to, tx);
    for (std::size_t i = 0; i < example::species; ++i) {
      a[i] -= courant * from[i];
      b[i] += courant * from[i];
    }
  }
  void exchange(Field& field) const {
    const int north = band_.rank > 0 ? band_.rank - 1 : MPI_PROC_NULL,
              south = band_.rank + 1 < band_.ranks ? band_.rank + 1 : MPI_PROC_NULL;
    constexpr int size = static_cast<int>(row_size);
    double* const data = field.data();
    MPI_Sendrecv(data + row_size, size, MPI_DOUBLE, north, 0, data + (band_.rows + 1) * row_size, size,
                 MPI_DOUBLE, south, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Sendrecv(data + band_.rows * row_size, size, MPI_DOUBLE, south, 1, data, size, MPI_DOUBLE, north, 1,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  }

  Band band_;
  Field before_;
};

/// The weights' bytes, read by rank 0 alone.
std::string broadcast_file(const std::string& path, int rank) {
  std::string bytes;
  if (rank == 0) bytes = chemnne::read_text_file(path);
  unsigned long size = bytes.size();
  MPI_Bcast(&size, 1, MPI_UNSIGNED_LONG, 0, MPI_COMM_WORLD);
  bytes.resize(size);
  MPI_Bcast(bytes.data(), static_cast<int>(size), MPI_BYTE, 0, MPI_COMM_WORLD);
  return bytes;
}

/// Fresh NO, CO and ethene of a city of four boxes, by day.
void emit(Field& field, const Band& band, const example::Emulator& emulator, double air, double sun) {
  for (std::size_t y = 5; y < 7; ++y)
    for (std::size_t x = 4; x < 6; ++x) {
      if (y < band.first || y >= band.first + band.rows) continue;
      double* const cell = &field[(y - band.first + 1) * row_size + x * example::species];
      for (const auto& [name, ratio] : {std::pair{"NO", 1.5e-9}, {"CO", 15e-9}, {"C2H4", 0.5e-9}})
        cell[emulator.species_index(name)] += (0.3 + sun) * ratio * air;
    }
}

struct Errors {
  double rmse = 0, o3_mean = 0, o3_error = 0;  ///< decades over all species; nmol/mol
};

Errors compare(const Field& emulated, const Field& coupled, const Band& band, std::size_t o3, double air) {
  double sums[4] = {};
  for (std::size_t at = row_size; at < (band.rows + 1) * row_size; ++at) {
    const double a = std::max(emulated[at], 1e3), b = std::max(coupled[at], 1e3), error = std::log10(a / b);
    sums[0] += error * error;
    if (at % example::species != o3) continue;
    sums[1] += b / air * 1e9;
    sums[2] += (a - b) * (a - b) / (air * air) * 1e18;
  }
  MPI_Allreduce(MPI_IN_PLACE, sums, 4, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  constexpr double cells = latitudes * longitudes;
  return {std::sqrt(sums[0] / (cells * example::species)), sums[1] / cells, std::sqrt(sums[2] / cells)};
}

/// The whole field on rank 0, without the neighbours' rows.
Field gathered(const Field& field, const Band& band) {
  std::vector<int> counts, starts;
  for (int r = 0; r <= band.ranks; ++r) {
    const auto edge = static_cast<int>(latitudes * static_cast<std::size_t>(r) /
                                       static_cast<std::size_t>(band.ranks) * row_size);
    if (r > 0) counts.push_back(edge - starts.back());
    if (r < band.ranks) starts.push_back(edge);
  }
  Field all(latitudes * row_size);
  MPI_Gatherv(field.data() + row_size, static_cast<int>(band.rows * row_size), MPI_DOUBLE, all.data(),
              counts.data(), starts.data(), MPI_DOUBLE, 0, MPI_COMM_WORLD);
  return all;
}

void write_maps(const std::string& folder, const Field& emulated, const Field& coupled,
                const example::Emulator& emulator, double air) {
  chemnne::GnuplotFigures figures(folder);
  std::string map =
      "# x [100 km], y [100 km], O3 emulated, O3 solved [nmol/mol], NO2 emulated, NO2 solved "
      "[nmol/mol]\n";
  for (std::size_t y = 0; y < latitudes; ++y, map += '\n')
    for (std::size_t x = 0; x < longitudes; ++x) {
      map += std::to_string(x) + ' ' + std::to_string(y);
      for (const char* const name : {"O3", "NO2"})
        for (const Field* const field : {&emulated, &coupled}) {
          const std::size_t at = y * row_size + x * example::species + emulator.species_index(name);
          map += ' ' + chemnne::number_text((*field)[at] / air * 1e9, 6);
        }
      map += '\n';
    }
  figures.write_data("map.csv", map);
  chemnne::run_program(
      {"gnuplot", "-e",
       "set terminal pngcairo size 1000,560; set output 'map.png'; set multiplot layout 2,2; "
       "set xrange [-0.5:23.5]; set yrange [-0.5:11.5]; "
       "set title 'O3 solved [nmol/mol]'; plot 'map.csv' u 1:2:4 w image t ''; "
       "set title 'emulated less solved'; plot 'map.csv' u 1:2:($3-$4) w image t ''; "
       "set title 'NO2 solved [nmol/mol]'; plot 'map.csv' u 1:2:6 w image t ''; "
       "set title 'emulated less solved'; plot 'map.csv' u 1:2:($5-$6) w image t ''"},
      folder, "gnuplot.log");
}

/// The same air twice: stepped by the emulator and, beside it, by the solver.
class TwoRuns {
 public:
  TwoRuns(const example::Emulator& emulator, const Band& band, double air)
      : emulated((band.rows + 2) * row_size),
        emulator_(&emulator),
        band_(band),
        air_(air),
        weather_(band.cells() * example::conditions),
        wind_(band) {
    const Field cell = example::continental_air(emulator, air);
    for (std::size_t at = 0; at < emulated.size(); ++at) emulated[at] = cell[at % example::species];
    coupled = emulated;
    // One a row, for a row is stepped by one thread: the same sample for any number of threads and processes.
    for (std::size_t row = 0; row < band.rows; ++row)
      visited_.emplace_back(emulator.description(), kept, chemnne::Random(1, band.first + row));
  }

  Field emulated, coupled;
  chemnne::StepStatus status = {};

  /// Weather, sources and wind of an hour.
  void transport(int time) {
    for (std::size_t c = 0; c < band_.cells(); ++c) {  // colder to the north; the sun is the same
      std::vector<double> here = example::weather(0, time % 24);
      here[0] += static_cast<double>(band_.first + c / longitudes) - latitudes / 2;
      std::copy(here.begin(), here.end(), weather_.begin() + static_cast<std::ptrdiff_t>(c * here.size()));
    }
    for (Field* const field : {&emulated, &coupled}) {
      emit(*field, band_, *emulator_, air_, weather_[3]);
      wind_.advect(*field);
    }
  }

  /// The air that the emulator has met.
  chemnne::AirSample visited() const {
    chemnne::VisitedAir all = visited_[0];
    for (std::size_t row = 1; row < band_.rows; ++row) all.merge(visited_[row]);
    return all.sample();
  }

  /// Chemistry of an hour. A row to a thread, each with its own workspace and its own solver.
  void react(const chemnne::ReferenceFallback& solver) {
#pragma omp parallel
    {
      example::Emulator::Workspace workspace;
      chemnne::ReferenceFallback solver_of_thread(solver);
      chemnne::StepStatus mine;
#pragma omp for schedule(dynamic)
      for (std::size_t row = 0; row < band_.rows; ++row) {
        mine += emulate(row, workspace);
        for (std::size_t x = 0; x < longitudes; ++x) solve(row * longitudes + x, solver_of_thread);
      }
#pragma omp critical
      status += mine;
    }
  }

 private:
  chemnne::StepStatus emulate(std::size_t row, example::Emulator::Workspace& workspace) {
    const auto conditions = chemnne::Columns<const double>::cell_major(
        &weather_[row * longitudes * example::conditions], longitudes, example::conditions);
    const auto state =
        chemnne::Columns<double>::cell_major(&emulated[(row + 1) * row_size], longitudes, example::species);
    return emulator_->advance(state, conditions, hour, state, workspace, {},
                              chemnne::SamplingGuard(visited_[row]));
  }

  void solve(std::size_t cell, chemnne::ReferenceFallback& solver) {
    double* const state = &coupled[row_size + cell * example::species];
    const Field before(state, state + example::species);
    chemnne::GuardedCell whole{.cell = cell,
                               .before = before,
                               .conditions = {&weather_[cell * example::conditions], example::conditions},
                               .seconds = hour,
                               .limits = {},
                               .after = {state, example::species},
                               .flags = 0};
    if (!solver(whole)) std::fprintf(stderr, "the solver could not finish cell %zu\n", cell);
  }

  const example::Emulator* emulator_;
  Band band_;
  double air_;
  Field weather_;
  Wind wind_;
  std::vector<chemnne::VisitedAir> visited_;
};

int run(int argument_count, char** arguments) {
  if (argument_count < 4)
    throw chemnne::Error("03_transport", "weights, mechanism and ranges", "fewer arguments");
  const Band band;
  const std::string bytes = broadcast_file(arguments[1], band.rank);
  const example::Emulator emulator = example::Emulator::from_bytes(bytes, arguments[1]);
  const chemnne::ReferenceFallback solver(chemnne::read_mechanism(arguments[2]),
                                          chemnne::read_scenario_ranges(arguments[3]),
                                          emulator.description().outputs, emulator.description().conditions);
  const std::string folder = argument_count > 4 ? arguments[4] : ".";
  const int days = argument_count > 5 ? std::atoi(arguments[5]) : 10;

  const double air = example::air(example::weather(0, 0));
  TwoRuns runs(emulator, band, air);
  if (band.rank == 0) std::puts("day   RMSE [decades]   O3 mean and RMSE [nmol/mol]");
  for (int time = start; time < start + 24 * days; ++time) {
    runs.transport(time);
    runs.react(solver);
    if ((time - start) % 24 != 23) continue;
    const Errors errors = compare(runs.emulated, runs.coupled, band, emulator.species_index("O3"), air);
    if (band.rank == 0)
      std::printf("%3d   %14.3f   %10.2f %10.2f\n", (time - start) / 24 + 1, errors.rmse, errors.o3_mean,
                  errors.o3_error);
  }
  std::filesystem::create_directories(folder);
  chemnne::write_air_sample(folder + "/visited-" + std::to_string(band.rank) + ".nc", runs.visited());
  const Field emulated = gathered(runs.emulated, band), coupled = gathered(runs.coupled, band);
  if (band.rank == 0) {
    write_maps(folder, emulated, coupled, emulator, air);
    double sum = 0;  // the same for any number of processes and threads
    for (const double value : emulated) sum += std::log(value);
    std::printf("%s\nchecksum %.17g\n", runs.status.summary().c_str(), sum);
  }
  return 0;
}

}  // namespace

int main(int argument_count, char** arguments) {
  MPI_Init(&argument_count, &arguments);
  int result = 2;
  try {
    result = run(argument_count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    MPI_Abort(MPI_COMM_WORLD, 2);
  }
  MPI_Finalize();
  return result;
}
