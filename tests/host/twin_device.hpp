#pragma once
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include "../properties/block_twin.hpp"

#include <chemnne/support/error.hpp>

namespace test {

/// Two devices on the host. Their memory is apart from that of the host and begins as NaN, so that a missing copy shows;
/// so does the shared memory of each block. A step runs on the device that is current, on memory of this device alone.
/// What is given to a stream is done when somebody waits for it, so that who does not wait has not got it; on the stream
/// null it is done at once.
struct TwinDevice {
  using Group = properties::BlockTwin;
  struct Queue {
    std::deque<std::function<void()>> work;
  };
  using Stream = Queue*;
  static constexpr std::size_t shared_memory = 16 * 1024;
  static constexpr int devices = 2;
  static inline bool by_threads = false, refuses = false;
  static inline int fails_after = 0;  ///< waits, of which the last fails; 0: none

  static int current() { return current_; }
  static void require(int number) {
    if (number < 0 || number >= devices)
      throw chemnne::Error("twin", "device 0 or 1", std::to_string(number));
  }
  class On {
   public:
    explicit On(int number) noexcept : number_(number) { current_ = number; }
    On(const On&) = delete;
    On& operator=(const On&) = delete;
    ~On() { current_ = before_; }
    int number() const { return number_; }

   private:
    int number_, before_ = current_;
  };

  static void* allocate(std::size_t bytes) {
    auto* const memory = static_cast<std::byte*>(std::aligned_alloc(64, bytes / 64 * 64 + 64));
    std::memset(memory, 0xff, bytes);
    allocated[memory] = {bytes, current_};
    return memory;
  }
  static void release(void* memory) noexcept {
    allocated.erase(static_cast<std::byte*>(memory));
    std::free(memory);
  }
  /// Whether these bytes are memory of the current device.
  static bool owns(const void* at, std::size_t bytes) {
    const auto* const first = static_cast<const std::byte*>(at);
    const auto next = allocated.upper_bound(first);
    if (next == allocated.begin()) return false;
    const auto& [start, block] = *std::prev(next);
    return first + bytes <= start + block.bytes && block.device == current_;
  }
  static Stream make_stream() { return new Queue; }
  static void release_stream(Stream stream) noexcept { delete stream; }
  static void wait(Stream stream) {
    for (; stream && !stream->work.empty(); stream->work.pop_front()) stream->work.front()();
    if (fails_after > 0 && --fails_after == 0)
      throw chemnne::Error("the steps on a twin", "success", "a failure");
  }
  static void* allocate_pinned(std::size_t bytes) {
    ++pinned;
    void* const memory = std::aligned_alloc(64, bytes / 64 * 64 + 64);
    std::memset(memory, 0xff, bytes);
    return memory;
  }
  static void release_pinned(void* memory) noexcept {
    --pinned;
    std::free(memory);
  }
  static void begin_copy_in(void* to, const void* from, std::size_t bytes, Stream stream) {
    later(stream, [=] { copy_in(to, from, bytes); });
  }
  static void begin_copy_out(void* to, const void* from, std::size_t bytes, Stream stream) {
    later(stream, [=] {
      check(owns(from, bytes) && !owns(to, 1), "a copy from the device");
      std::memcpy(to, from, bytes);
    });
  }
  static void copy_in(void* to, const void* from, std::size_t bytes) {
    check(owns(to, bytes) && !owns(from, 1), "a copy to the device");
    std::memcpy(to, from, bytes);
  }
  static void copy_out(void* to, const void* from, std::size_t bytes, Stream stream) {
    begin_copy_out(to, from, bytes, stream);
    wait(stream);
  }
  static bool clear(void* to, std::size_t bytes, Stream stream) noexcept {
    if (refuses || !owns(to, bytes)) return false;
    later(stream, [=] { std::memset(to, 0, bytes); });
    return true;
  }
  template <class Call>
  static bool start(const Call& call, std::size_t blocks, Stream stream) noexcept {
    if (refuses || !owns(call.state.data, 1) || !owns(call.conditions.data, 1) || !owns(call.tables, 1))
      return false;
    later(stream, [call, blocks] {
      const auto shared = std::make_unique<typename Call::Shared>();
      for (std::size_t block = 0; block < blocks; ++block) {
        std::memset(static_cast<void*>(shared.get()), 0xff, sizeof *shared);
        if (by_threads)
          Group::by_threads([&] { call(block, *shared); });
        else
          call(block, *shared);
      }
    });
    return true;
  }
  static bool is_empty() { return allocated.empty() && pinned == 0; }

 private:
  struct Block {
    std::size_t bytes;
    int device;
  };
  template <class F>
  static void later(Stream stream, const F& f) {
    if (stream)
      stream->work.emplace_back(f);
    else
      f();
  }
  static void check(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "%s: memory of the wrong side\n", what);
    std::abort();
  }
  static inline std::map<const std::byte*, Block, std::less<>> allocated;
  static inline int current_ = 0, pinned = 0;
};

}  // namespace test
