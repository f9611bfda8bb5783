#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/data/scenario.hpp>
#include <chemnne/data/species_selection.hpp>
#include <chemnne/data/window_dataset.hpp>
#include <chemnne/data/window_rows.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// Windows for training from a host that carries a whole mechanism and solves it: air as transport, sources and
/// deposition really leave it, with the species that an emulator will not see. Online training was found
/// essential for emulators that are fed back (Kelp, Jacob, Lin, Sulprizio 2022, JAMES 14, e2021MS002926).
class WindowRecorder {
 public:
  /// The data set has the species and lumped species of `ranges.choice` and the conditions that the ranges give
  /// a mechanism; `times` [s] are those of the frames, the first 0, evenly spaced, as the emulator's configuration
  /// reads them. `mechanism` must outlive the recorder. Errors: see select_species, EnvironmentModel; Error for
  /// fewer than two times.
  WindowRecorder(const Mechanism& mechanism, const ScenarioRanges& ranges, std::vector<double> times)
      : selection_(select_species(require_choice(mechanism, ranges.choice), ranges.choice)),
        model_(mechanism, ranges),
        rows_(mechanism, selection_),
        data_(windowless_dataset(mechanism, selection_, model_, times)) {
    if (times.size() < 2 || times.front() != 0)
      throw Error("times of a window", "0 and one or more after it", std::to_string(times.size()));
    data_.attributes = identity_attributes(mechanism, ranges);
    data_.attributes["title"] = "Windows of atmospheric chemistry from a host";
  }
  WindowRecorder(const WindowRecorder&) = delete;  // rows_ refers to it

  /// A step of box `box`, its `step`-th, under the weather and sun of `conditions` in the middle of the step.
  /// `states` [frame][species], molecules cm-3, the mechanism's variable species in order; the first frame is
  /// what transport left. Errors: Error when the number of states is another, or one is not finite.
  void add(std::size_t box, std::size_t step, const Conditions& conditions, std::span<const double> states) {
    const std::size_t frames = data_.time.size(), species = rows_.species();
    if (states.size() != frames * species)
      throw Error("states of a window", std::to_string(frames) + " times " + std::to_string(species),
                  std::to_string(states.size()));
    if (!std::ranges::all_of(states, [](double state) { return std::isfinite(state); }))
      throw Error("box " + std::to_string(box) + ", step " + std::to_string(step), "finite states", "others");
    ScenarioWindows window;
    window.scenario = box;
    window.kind = {0};
    window.spin_up_length = {0};
    window.environment_value = model_.row(conditions, 0, model_.at(conditions, 0, data_.time.back() / 3600));
    rows_.append(states.first(species), states.subspan(species), window);
    append_windows(window, data_, step);
  }

  std::size_t windows() const noexcept { return data_.cases(); }

  /// Writes what was recorded. Errors: see write_dataset; Error when there is no window.
  void write(const std::string& path) const {
    if (windows() == 0) throw Error(path, "a window or more", "none");
    write_dataset(path, data_);
  }

 private:
  SpeciesSelection selection_;
  EnvironmentModel model_;
  WindowRows rows_;
  Dataset data_;
};

}  // namespace chemnne
