#pragma once
#include <ctime>

namespace bench {

/// Of this thread, s: the time that passes on an idle machine, and also right on one that others use.
inline double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace bench
