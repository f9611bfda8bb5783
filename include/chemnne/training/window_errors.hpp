#pragma once
#include <cstddef>
#include <utility>
#include <vector>

namespace chemnne {

/// What the calibration needs to know of some windows.
struct WindowErrors {
  std::size_t outputs = 0;
  std::vector<float> score = {};   ///< [window], see CellScore
  std::vector<double> error = {};  ///< [window][outputs], decades at the end of the window, with sign
  std::vector<double> rmse = {};  ///< [window], over the outputs, in standard deviations of the training data
  std::vector<int> scenario = {};      ///< [window]
  std::vector<double> deviation = {};  ///< [outputs], decades: what rmse is in units of

  std::size_t windows() const { return score.size(); }
  double at(std::size_t window, std::size_t s) const { return error[window * outputs + s]; }

  /// Adds windows of the same network.
  void append(const WindowErrors& more) {
    const auto add = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    outputs = more.outputs;
    deviation = more.deviation;
    add(score, more.score);
    add(error, more.error);
    add(rmse, more.rmse);
    add(scenario, more.scenario);
  }

  /// The windows of scenarios of which wanted(scenario) is true.
  template <class Wanted>
  WindowErrors of_scenarios(const Wanted& wanted) const {
    WindowErrors part{outputs, {}, {}, {}, {}, deviation};
    for (std::size_t w = 0; w < windows(); ++w) {
      if (!wanted(scenario[w])) continue;
      part.score.push_back(score[w]);
      part.rmse.push_back(rmse[w]);
      part.scenario.push_back(scenario[w]);
      for (std::size_t s = 0; s < outputs; ++s) part.error.push_back(at(w, s));
    }
    return part;
  }
  /// Two halves that share no scenario: those of even and of odd number.
  std::pair<WindowErrors, WindowErrors> halves() const {
    return {of_scenarios([](int number) { return number % 2 == 0; }),
            of_scenarios([](int number) { return number % 2 != 0; })};
  }
};

}  // namespace chemnne
