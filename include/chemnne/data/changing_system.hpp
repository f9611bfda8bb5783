#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <utility>

#include <chemnne/chemistry/chemical_system.hpp>

namespace chemnne {

/// How the rate constants of a box follow time [s].
struct RateCourse {
  /// Sets a system to a time; none: nothing changes.
  std::function<void(ChemicalSystem&, double)> apply = {};
  /// The first time after one at which something has a kink, or infinity.
  std::function<double(double)> next_kink = {};
};

/// A ChemicalSystem whose rate constants follow time: a ChangingStiffSystem.
class ChangingSystem {
 public:
  /// `system` must outlive it.
  explicit ChangingSystem(ChemicalSystem& system, RateCourse course = {})
      : system_(&system), course_(std::move(course)) {}

  bool changes() const { return course_.apply != nullptr; }

  /// An integration from one time of the course to another: its time is 0 at `from`. What the course is at
  /// `to` and after it is not seen: there may be a jump.
  void begin(double from, double to) {
    from_ = from;
    to_ = to;
    forget_time();
  }

  /// The system may have been set to another time by others.
  void forget_time() { present_ = std::numeric_limits<double>::quiet_NaN(); }

  /// Errors: those of the course.
  void set_time(double since_begin) {
    if (!changes()) return;
    const double time = std::min(from_ + since_begin, std::nextafter(to_, from_));
    if (time == present_) return;
    course_.apply(*system_, time);
    present_ = time;
  }

  /// Kinks and the end.
  double next_stop(double since_begin) const {
    const double length = to_ - from_;
    // A step that ends at one may miss it by a rounding.
    const double here = since_begin + 1e-12 * (std::abs(from_) + length);
    if (!changes() || here >= length) return std::numeric_limits<double>::infinity();
    return std::min(course_.next_kink(from_ + here) - from_, length);
  }

  const ChemicalSystem& chemistry() const { return *system_; }
  std::size_t size() const { return system_->size(); }
  std::span<const int> column_pointers() const { return system_->column_pointers(); }
  std::span<const int> row_indices() const { return system_->row_indices(); }
  std::span<const std::size_t> peroxy_radicals() const { return system_->peroxy_radicals(); }
  void tendency(std::span<const double> c, std::span<double> dcdt) const { system_->tendency(c, dcdt); }
  void jacobian(std::span<const double> c, std::span<double> values) const { system_->jacobian(c, values); }
  void rank_one_factor(std::span<const double> c, std::span<double> u) const {
    system_->rank_one_factor(c, u);
  }

 private:
  ChemicalSystem* system_;
  RateCourse course_;
  double from_ = 0, to_ = 0;
  double present_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace chemnne
