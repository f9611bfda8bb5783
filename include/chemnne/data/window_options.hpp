#pragma once
#include <cstddef>
#include <optional>

#include <chemnne/data/range.hpp>
#include <chemnne/data/solver_kind.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/solver/rosenbrock_solver.hpp>

namespace chemnne {

/// How a scenario becomes windows. What may be left out and is counts as the file of ranges has it
/// ([windows]), and where that says nothing either as `with_ranges` does.
struct WindowOptions {
  std::size_t windows_per_scenario = 2;
  /// States a window, evenly spaced, the initial one included.
  std::size_t frames = 61;
  /// s
  double window_length = 3600;
  /// Share of windows that begin with a plume.
  std::optional<double> plume_share = {};
  /// Share of windows at whose start the species that have ranges are drawn anew, as where air masses meet.
  std::optional<double> imposed_share = {};
  /// s, simulated between a window and the next; evenly spread.
  std::optional<double> minimum_gap = {}, maximum_gap = {};
  /// s; not below some minutes, so that radicals have come into balance with their sources. Lengths are
  /// spread evenly in their logarithm, so that fresh air (little of it aged) is there too.
  std::optional<double> minimum_spin_up = {}, maximum_spin_up = {};
  /// s, longest piece of a spin-up or gap under one environment: with an hour, windows start in balance with
  /// the light of the hour before, as in a host model; shorter ones follow the sun.
  std::optional<double> light_step = {};
  SolverKind solver = SolverKind::rosenbrock;
  /// Of the labels, with CVODE.
  ReferenceOptions reference = {};
  /// Of the labels, with Rodas4. Measured on windows of the embedded mechanism with plumes against a solution
  /// at 1e-9, relative differences of values above 1e3 in all frames: 1e-9 in the median, 6e-5 for 999 of
  /// 1000.
  RosenbrockOptions rosenbrock = {
      .relative_tolerance = 1e-5, .absolute_tolerance = 1e-5, .maximum_attempts = 100000};
  /// Of the spin-up: its end is the exact start of a label whatever its own error. By default 1e-5 with
  /// CVODE, 1e-2 with Rodas4.
  std::optional<double> spin_up_relative_tolerance = {};
};

/// The options with everything given: an option counts over the ranges, the ranges over the default.
inline WindowOptions with_ranges(WindowOptions options, const WindowRanges& ranges) {
  const auto set = [](std::optional<double>& option, const std::optional<double>& of_file, double otherwise) {
    if (!option) option = of_file.value_or(otherwise);
  };
  set(options.plume_share, ranges.plume_share, 0.25);
  set(options.imposed_share, ranges.imposed_share, 0);
  set(options.minimum_gap, ranges.minimum_gap, 0);
  set(options.maximum_gap, ranges.maximum_gap, 0);
  set(options.minimum_spin_up, ranges.minimum_spin_up, 600);
  set(options.maximum_spin_up, ranges.maximum_spin_up, 36 * 3600);
  set(options.light_step, ranges.light_step, 3600);
  set(options.spin_up_relative_tolerance, {}, options.solver == SolverKind::cvode ? 1e-5 : 1e-2);
  return options;
}

}  // namespace chemnne
