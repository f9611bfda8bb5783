#pragma once
#include <exception>
#include <utility>

namespace chemnne::detail {

/// What was thrown in functions that C calls, kept until C has returned: an exception must not pass through
/// frames of C, which know nothing of it.
class KeptException {
 public:
  /// work(), or `failure` where it throws. The first of several exceptions is kept.
  template <class Work>
  int keep(int failure, const Work& work) noexcept {
    try {
      return work();
    } catch (...) {
      if (!exception_) exception_ = std::current_exception();
      return failure;
    }
  }

  /// Throws what was kept, once; nothing when nothing was.
  void rethrow() {
    if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
  }

 private:
  std::exception_ptr exception_;
};

}  // namespace chemnne::detail
