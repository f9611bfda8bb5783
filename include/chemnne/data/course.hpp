#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace chemnne {

/// What a course is between two of its times.
enum class Between { interpolated, stairs };

/// A number that follows time: constant; or given at times, held before the first and after the last, and
/// between them interpolated linearly or, as stairs, held until the next.
class Course {
 public:
  Course(double constant) : values_{constant} {}

  /// `times` [s] ascend strictly; a value each, at least one.
  Course(std::vector<double> times, std::vector<double> values, Between between)
      : times_(std::move(times)), values_(std::move(values)), between_(between) {}

  bool is_constant() const { return times_.empty(); }
  std::span<const double> times() const { return times_; }
  std::span<const double> values() const { return values_; }

  /// The value at a time [s].
  double at(double time) const {
    if (times_.empty() || time < times_.front()) return values_.front();
    if (time >= times_.back()) return values_.back();
    const auto next =
        static_cast<std::size_t>(std::upper_bound(times_.begin(), times_.end(), time) - times_.begin());
    const double before = values_[next - 1];
    if (between_ == Between::stairs) return before;
    return before + (time - times_[next - 1]) / (times_[next] - times_[next - 1]) * (values_[next] - before);
  }

  /// Where it has a kink; none where it is constant or has jumps.
  std::span<const double> kinks() const {
    return between_ == Between::interpolated ? std::span<const double>(times_) : std::span<const double>();
  }
  /// Where it jumps: it has the new value from there on.
  std::span<const double> jumps() const {
    return between_ == Between::stairs ? std::span<const double>(times_) : std::span<const double>();
  }

 private:
  std::vector<double> times_, values_;
  Between between_ = Between::interpolated;
};

}  // namespace chemnne
