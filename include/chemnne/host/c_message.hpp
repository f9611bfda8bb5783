#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>

#include <chemnne/host/interface.h>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// The buffer in which a C host wants to read what went wrong, and the border that no exception crosses.
/// A buffer that is null or has no size is left alone; a text that is too long is cut.
class CMessage {
 public:
  CMessage(char* text, std::size_t size) noexcept : text_(text), size_(text ? size : 0) {}

  void write(std::string_view text) const noexcept {
    if (size_ == 0) return;
    const std::size_t count = std::min(text.size(), size_ - 1);
    std::memcpy(text_, text.data(), count);
    text_[count] = '\0';
  }

  /// What a call needs and was not given.
  int refuse(const char* expected, chemnne_code code = CHEMNNE_BAD_ARGUMENT) const noexcept {
    constexpr std::string_view start = "expected ";
    write(start);
    if (size_ > start.size()) CMessage(text_ + start.size(), size_ - start.size()).write(expected);
    return code;
  }

  /// Calls f; an Error becomes `code`, any other exception its own.
  template <class F>
  int run(chemnne_code code, const F& f) const noexcept {
    write("");
    try {
      f();
      return CHEMNNE_OK;
    } catch (const Error& error) {
      write(error.what());
      return code;
    } catch (const std::bad_alloc&) {
      write("out of memory");
      return CHEMNNE_NO_MEMORY;
    } catch (const std::exception& error) {
      write(error.what());
    } catch (...) {
      write("an unknown exception");
    }
    return CHEMNNE_FAILED;
  }

 private:
  char* text_;
  std::size_t size_;
};

}  // namespace chemnne
