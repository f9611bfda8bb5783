#pragma once
#include <span>
#include <string>
#include <vector>

namespace chemnne {

/// What puts new windows in the place of old ones of a training set between the epochs of a training.
class WindowSource {
 public:
  virtual ~WindowSource() = default;

  /// Some new windows, the same on all processes, each of which calls it.
  virtual void renew() = 0;

  /// All that the windows to come depend on, for a run's identity.
  virtual std::string identity() const = 0;
  /// Where the source is, always as many numbers. A source and a set that have just been made are taken there
  /// by `resume`, which all processes call.
  virtual std::vector<double> state() const = 0;
  virtual void resume(std::span<const double> state) = 0;
};

}  // namespace chemnne
