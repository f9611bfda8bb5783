#pragma once
#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>

#include <unistd.h>

#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// Seconds as "1 h 02 min", "3 min 05 s" or "12 s".
inline std::string format_duration(double seconds) {
  char text[48];
  const auto whole = static_cast<long>(seconds + 0.5);
  if (whole >= 3600)
    std::snprintf(text, sizeof text, "%ld h %02ld min", whole / 3600, whole % 3600 / 60);
  else if (whole >= 60)
    std::snprintf(text, sizeof text, "%ld min %02ld s", whole / 60, whole % 60);
  else
    std::snprintf(text, sizeof text, "%ld s", whole);
  return text;
}

/// Progress and remaining time of a long step on standard error; safe to advance from several threads.
///
/// On a terminal one line is rewritten twice a second; elsewhere (a log file) a line comes every ten seconds.
class Progress {
 public:
  /// `total` in any unit of work; `done` counts what an interrupted run had finished before. `shown` is false
  /// where another process shows it.
  Progress(std::string label, double total, double done = 0, bool shown = true)
      : label_(std::move(label)),
        total_(total),
        start_done_(done),
        done_(done),
        terminal_(isatty(2) == 1),
        finished_(!shown) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { finish(); }

  /// Counts `amount` of work as done; `note` (a loss, a count of failures) is shown behind the remaining
  /// time.
  void advance(double amount, const std::string& note = {}) { set(amount, note, true); }

  /// Sets the work done to `amount`.
  void reach(double amount, const std::string& note = {}) { set(amount, note, false); }

  /// Prints the last line. Called by the destructor.
  void finish() {
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    finished_ = true;
    std::fprintf(stderr, "%s%s: %s %% in %s%s%s\n", terminal_ ? "\r\033[K" : "", label_.c_str(),
                 percent().c_str(), format_duration(elapsed()).c_str(), note_.empty() ? "" : ", ",
                 note_.c_str());
  }

 private:
  using Clock = std::chrono::steady_clock;

  void set(double amount, const std::string& note, bool relative) {
    const std::lock_guard lock(mutex_);
    done_ = relative ? done_ + amount : amount;
    if (!note.empty()) note_ = note;
    const double now = elapsed();
    if (finished_ || now - printed_ < (terminal_ ? 0.5 : 10.0)) return;
    printed_ = now;
    const double share = (done_ - start_done_) / (total_ - start_done_);
    const std::string remaining =
        share > 0 ? format_duration(now * (1 - share) / share) + " left" : "starting";
    std::fprintf(stderr, "%s%s: %s %%, %s%s%s%s", terminal_ ? "\r\033[K" : "", label_.c_str(),
                 percent().c_str(), remaining.c_str(), note_.empty() ? "" : ", ", note_.c_str(),
                 terminal_ ? "" : "\n");
    std::fflush(stderr);
  }
  std::string percent() const { return fixed_text(total_ > 0 ? 100 * done_ / total_ : 100, 0); }
  double elapsed() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  std::string label_;
  std::string note_;
  double total_;
  double start_done_;
  double done_;
  bool terminal_;
  bool finished_;
  double printed_ = 0;
  Clock::time_point start_ = Clock::now();
  std::mutex mutex_;
};

}  // namespace chemnne
