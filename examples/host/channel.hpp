#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <mpi.h>

/// The domain of 03_transport: a channel of boxes of 100 km and 1 km height, periodic to the east, with a wall
/// in the north (row 0) and in the south. Processes share its rows.
namespace example {

inline constexpr std::size_t longitudes = 24, latitudes = 12, boxes = longitudes * latitudes;
inline constexpr double box = 100e3, height = 1e3;  ///< m
inline constexpr double hour = 3600;                ///< s

/// The rows of a process.
struct Band {
  int rank = 0, ranks = 1;
  std::size_t first = 0, rows = latitudes;

  Band() {
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    first = edge(rank);
    rows = edge(rank + 1) - first;
  }
  /// The first row of a process.
  std::size_t edge(int of) const {
    return latitudes * static_cast<std::size_t>(of) / static_cast<std::size_t>(ranks);
  }
  std::size_t cells() const { return rows * longitudes; }
};

/// Mole fractions [mol/mol] of a band with one row of each neighbour around it: [row + 1][longitude][species].
class Tracers {
 public:
  Tracers(const Band& band, std::vector<std::string> species)
      : names(std::move(species)), values((band.rows + 2) * longitudes * names.size()) {}

  std::size_t row_size() const { return longitudes * names.size(); }
  /// The species of a cell of the band.
  double* cell(std::size_t c) { return values.data() + row_size() + c * names.size(); }
  const double* cell(std::size_t c) const { return values.data() + row_size() + c * names.size(); }

  std::vector<std::string> names;
  std::vector<double> values;
};

/// Upwind steps in flux form: a westerly with shear and standing eddies, without divergence, so that uniform
/// air stays uniform. A box is computed the same way whoever owns its neighbours: to the bit.
class Wind {
 public:
  explicit Wind(const Band& band) : band_(band) {}

  /// An hour.
  void advect(Tracers& tracers) {
    constexpr int steps = 2;  // Courant number below 0.25
    for (int step = 0; step < steps; ++step) {
      exchange_rows(tracers);
      before_ = tracers.values;
      for (std::size_t cell = 0; cell < band_.cells(); ++cell) advect_box(tracers, cell, hour / steps / box);
    }
  }

 private:
  static constexpr double pi = std::numbers::pi;

  /// Stream function of the eddies [m s-1 boxes] at the north-western corner of box (x, y).
  static double eddies(std::size_t x, std::size_t y) {
    if (y == 0 || y == latitudes) return 0;
    return 7.6 * std::sin(2 * pi * static_cast<double>(x % longitudes) / longitudes) *
           std::sin(pi * static_cast<double>(y) / latitudes);
  }
  /// Wind through the western and the northern edge of box (x, y) [m s-1], to the east and to the south.
  static double to_east(std::size_t x, std::size_t y) {
    return 4 + 4 * std::sin(pi * (static_cast<double>(y) + 0.5) / latitudes) + eddies(x, y) -
           eddies(x, y + 1);
  }
  static double to_south(std::size_t x, std::size_t y) { return eddies(x + 1, y) - eddies(x, y); }

  void advect_box(Tracers& tracers, std::size_t cell, double scale) const {
    const std::size_t x = cell % longitudes, row = cell / longitudes, y = band_.first + row;
    const double west = scale * to_east(x, y), east = scale * to_east(x + 1, y),
                 north = scale * to_south(x, y), south = scale * to_south(x, y + 1);
    const std::size_t width = tracers.names.size();
    const auto at = [&](std::size_t r, std::size_t column) {  // r counts from the neighbour's row
      return before_.data() + (r * longitudes + column % longitudes) * width;
    };
    const double* const here = at(row + 1, x);
    const double* const from_west = west > 0 ? at(row + 1, x + longitudes - 1) : here;
    const double* const from_east = east > 0 ? here : at(row + 1, x + 1);
    const double* const from_north = north > 0 ? at(row, x) : here;
    const double* const from_south = south > 0 ? here : at(row + 2, x);
    double* const after = tracers.cell(cell);
    for (std::size_t i = 0; i < width; ++i)
      after[i] = here[i] + (west * from_west[i] - east * from_east[i]) +
                 (north * from_north[i] - south * from_south[i]);
  }

  void exchange_rows(Tracers& tracers) const {
    const int north = band_.rank > 0 ? band_.rank - 1 : MPI_PROC_NULL,
              south = band_.rank + 1 < band_.ranks ? band_.rank + 1 : MPI_PROC_NULL,
              size = static_cast<int>(tracers.row_size());
    double* const first = tracers.values.data() + size;  // of the band's own
    double* const end = first + band_.rows * tracers.row_size();
    MPI_Sendrecv(first, size, MPI_DOUBLE, north, 0, end, size, MPI_DOUBLE, south, 0, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
    MPI_Sendrecv(end - size, size, MPI_DOUBLE, south, 1, first - size, size, MPI_DOUBLE, north, 1,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  }

  Band band_;
  std::vector<double> before_;
};

/// Some species of all boxes on rank 0, [latitude][longitude][chosen]: those at the places `chosen`.
inline std::vector<double> gathered(const Tracers& tracers, const Band& band,
                                    const std::vector<std::size_t>& chosen) {
  std::vector<double> mine, all(boxes * chosen.size());
  for (std::size_t cell = 0; cell < band.cells(); ++cell)
    for (const std::size_t i : chosen) mine.push_back(tracers.cell(cell)[i]);
  std::vector<int> counts, starts;
  for (int r = 0; r < band.ranks; ++r) {
    const std::size_t row = longitudes * chosen.size();
    starts.push_back(static_cast<int>(band.edge(r) * row));
    counts.push_back(static_cast<int>((band.edge(r + 1) - band.edge(r)) * row));
  }
  MPI_Gatherv(mine.data(), static_cast<int>(mine.size()), MPI_DOUBLE, all.data(), counts.data(),
              starts.data(), MPI_DOUBLE, 0, MPI_COMM_WORLD);
  return all;
}

}  // namespace example
