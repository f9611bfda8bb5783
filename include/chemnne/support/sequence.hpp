#pragma once
#include <coroutine>
#include <exception>
#include <utility>

namespace chemnne {

/// What a coroutine yields, one after another: `Sequence<T> f() { ... co_yield value; ... }`.
///
///     while (sequence.next()) use(sequence.value());
///
/// The coroutine runs only inside `next`, and what `value` refers to lives until the next one: its caller may
/// change it, and the coroutine sees the change when it goes on. What the coroutine throws, `next` throws.
template <class T>
class Sequence {
 public:
  /// What the compiler asks of a coroutine.
  struct promise_type {
    T* value = nullptr;
    std::exception_ptr failure;
    Sequence get_return_object() { return Sequence(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(T& one) noexcept {
      value = &one;
      return {};
    }
    std::suspend_always yield_value(T&& one) noexcept {
      value = &one;  // lives in the coroutine's frame until it goes on
      return {};
    }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { failure = std::current_exception(); }
  };

  Sequence(Sequence&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Sequence& operator=(Sequence&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Sequence() {
    if (handle_) handle_.destroy();
  }

  /// Whether there is another value. Errors: what the coroutine throws.
  bool next() {
    if (handle_.done()) return false;
    handle_.resume();
    if (handle_.promise().failure) std::rethrow_exception(handle_.promise().failure);
    return !handle_.done();
  }
  T& value() const { return *handle_.promise().value; }

 private:
  using Handle = std::coroutine_handle<promise_type>;
  explicit Sequence(Handle handle) : handle_(handle) {}
  Handle handle_;
};

}  // namespace chemnne
