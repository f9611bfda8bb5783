#pragma once
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
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
struct TwinDevice {
  using Group = properties::BlockTwin;
  using Stream = void*;
  static constexpr std::size_t shared_memory = 16 * 1024;
  static constexpr int devices = 2;
  static inline bool by_threads = false, refuses = false;

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
  static void copy_in(void* to, const void* from, std::size_t bytes) {
    check(owns(to, bytes) && !owns(from, 1), "a copy to the device");
    std::memcpy(to, from, bytes);
  }
  static void copy_out(void* to, const void* from, std::size_t bytes, Stream) {
    check(owns(from, bytes) && !owns(to, 1), "a copy from the device");
    std::memcpy(to, from, bytes);
  }
  static bool clear(void* to, std::size_t bytes, Stream) noexcept {
    if (refuses || !owns(to, bytes)) return false;
    std::memset(to, 0, bytes);
    return true;
  }
  template <class Call>
  static bool start(const Call& call, std::size_t blocks, Stream) noexcept {
    if (refuses || !owns(call.state.data, 1) || !owns(call.conditions.data, 1) || !owns(call.tables, 1))
      return false;
    const auto shared = std::make_unique<typename Call::Shared>();
    for (std::size_t block = 0; block < blocks; ++block) {
      std::memset(static_cast<void*>(shared.get()), 0xff, sizeof *shared);
      if (by_threads)
        Group::by_threads([&] { call(block, *shared); });
      else
        call(block, *shared);
    }
    return true;
  }
  static bool is_empty() { return allocated.empty(); }

 private:
  struct Block {
    std::size_t bytes;
    int device;
  };
  static void check(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "%s: memory of the wrong side\n", what);
    std::abort();
  }
  static inline std::map<const std::byte*, Block, std::less<>> allocated;
  static inline int current_ = 0;
};

}  // namespace test
