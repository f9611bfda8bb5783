#pragma once
#include "small_mechanism.hpp"

#include <chemnne/data/species_selection.hpp>
#include <chemnne/data/window_options.hpp>

namespace test {

/// Plumes, gaps, air that is diluted, held and let go: all that a scenario can meet.
struct EventfulAir {
  chemnne::Mechanism mechanism = small_mechanism();
  chemnne::ScenarioRanges ranges = small_ranges();
  chemnne::SpeciesSelection selection{.species = {2, 1, 0, 3}, .task = {1, 1, 1, 1}};
  chemnne::WindowOptions options{.windows_per_scenario = 3,
                                 .frames = 5,
                                 .plume_share = 0.5,
                                 .imposed_share = 0.2,
                                 .minimum_gap = 900,
                                 .maximum_gap = 7200,
                                 .maximum_spin_up = 10000};

  EventfulAir() {
    ranges.windows.held = {"O3"};
    ranges.windows.dilution = chemnne::Range{"dilution", 1e-6, 1e-4, "s-1", true};
    ranges.windows.released = chemnne::Range{"released", 0, 3000, "s", false};
  }
};

}  // namespace test
