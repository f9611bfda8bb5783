#pragma once
#include <cmath>
#include <cstddef>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "channel.hpp"
#include "surface.hpp"
#include "weather.hpp"

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/parallel.hpp>

namespace example {

/// Of this thread, s.
inline double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

constexpr int spin_up_hours = 24;  ///< before a run counts: until all that forms is there

/// Hours from the midnight of the first day, of an hour that begins so long after the spin-up, which begins at 11.
constexpr int time_of(int since_start) { return 11 + spin_up_hours + since_start; }

/// What a run that solves all of a mechanism carries.
inline std::vector<std::string> variable_species(const chemnne::Mechanism& mechanism) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < mechanism.variable_species; ++i) names.push_back(mechanism.species[i].name);
  return names;
}

/// What a run consists of, but for its chemistry.
struct Run {
  Run(const Scenery& scenery, const Band& band, std::vector<std::string> species, const Lumps& lumps = {})
      : tracers(band, std::move(species)),
        surface(scenery, tracers.names, lumps),
        wind(band),
        seconds(threads()) {}

  static std::size_t threads() { return chemnne::default_threads(); }

  /// All but chemistry, an hour.
  void transport(const Weather& weather, const Band& band, int time, int since_start) {
    surface.exchange(tracers, weather, band, time, since_start);
    wind.advect(tracers);
  }

  /// f(first, count, thread) for equal shares of the cells, whole rows, in processor time.
  template <class F>
  void react(const Band& band, const F& f) {
    const auto timed = [&](std::size_t first, std::size_t count, std::size_t thread) {
      const double began = processor_seconds();
      f(first * longitudes, count * longitudes, thread);
      seconds[thread] += processor_seconds() - began;
    };
    chemnne::parallel_for_blocks(band.rows, band.rows, threads(), timed);
    check_finite(band);
  }

  void check_finite(const Band& band) const {
    for (std::size_t cell = 0; cell < band.cells(); ++cell)
      for (std::size_t i = 0; i < tracers.names.size(); ++i)
        if (!std::isfinite(tracers.cell(cell)[i]))
          throw chemnne::Error("03_transport", "finite mole fractions", tracers.names[i] + " is not");
  }

  double seconds_of_all() const {
    double sum = 0;
    for (const double one : seconds) sum += one;
    return sum;
  }

  Tracers tracers;
  Surface surface;
  Wind wind;
  std::vector<double> seconds;  ///< of chemistry, by thread
};

}  // namespace example
