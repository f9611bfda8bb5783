#pragma once
#include <array>
#include <bit>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <sys/ucontext.h>

/// The instructions of AMX-TILE and AMX-BF16 for a processor without them, where they raise SIGILL: the
/// handler decodes the instruction, does to tiles of its own and to memory what it would do, and goes on
/// behind it. Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2 (encodings:
/// VEX.128 0F38, 49 LDTILECFG, TILERELEASE, TILEZERO; 4B TILELOADD, TILESTORED; 5C TDPBF16PS). One thread.
namespace test {

/// Tiles as the manual has them; a use of what is not configured is a fault.
struct AmxState {
  struct Tile {
    std::size_t rows = 0, bytes = 0;  // 0: not configured
    alignas(64) std::uint8_t data[16][64];
  };
  std::array<Tile, 8> tile{};
  bool configured = false;
  std::size_t instructions = 0, products = 0, configurations = 0;  // executed

  bool load_configuration(const std::uint8_t* from) {
    release();
    if (from[0] == 0) return true;
    if (from[0] != 1 || from[1] != 0) return false;
    for (std::size_t i = 0; i < 8; ++i) {
      std::uint16_t bytes;
      std::memcpy(&bytes, from + 16 + 2 * i, 2);
      tile[i].bytes = bytes;
      tile[i].rows = from[48 + i];
      if (bytes > 64 || from[48 + i] > 16 || (bytes == 0) != (from[48 + i] == 0)) return false;
    }
    configured = true;
    ++configurations;
    return true;
  }
  void release() {
    tile = {};
    configured = false;
  }
  bool is_usable(std::size_t i) const { return configured && i < 8 && tile[i].rows > 0; }

  /// Rows and bytes beyond the shape of a tile become zeros.
  bool load(std::size_t i, const std::uint8_t* from, std::int64_t stride) {
    if (!is_usable(i)) return false;
    std::memset(tile[i].data, 0, sizeof tile[i].data);
    for (std::size_t row = 0; row < tile[i].rows; ++row)
      std::memcpy(tile[i].data[row], from + static_cast<std::int64_t>(row) * stride, tile[i].bytes);
    return true;
  }
  bool store(std::size_t i, std::uint8_t* to, std::int64_t stride) const {
    if (!is_usable(i)) return false;
    for (std::size_t row = 0; row < tile[i].rows; ++row)
      std::memcpy(to + static_cast<std::int64_t>(row) * stride, tile[i].data[row], tile[i].bytes);
    return true;
  }
  bool zero(std::size_t i) {
    if (!is_usable(i)) return false;
    std::memset(tile[i].data, 0, sizeof tile[i].data);
    return true;
  }

  /// c += a b with pairs of bf16 numbers: even and odd products of a tile are summed apart, then both added.
  bool multiply(std::size_t c, std::size_t a, std::size_t b) {
    if (!is_usable(c) || !is_usable(a) || !is_usable(b) || c == a || c == b || a == b) return false;
    if (tile[c].bytes % 4 != 0 || tile[a].bytes % 4 != 0 || tile[b].bytes != tile[c].bytes ||
        tile[a].rows != tile[c].rows || tile[a].bytes / 4 != tile[b].rows)
      return false;
    const auto number = [](const std::uint8_t* row, std::size_t at) {
      std::uint16_t bits;
      std::memcpy(&bits, row + 2 * at, 2);
      return std::bit_cast<float>(std::uint32_t{bits} << 16);
    };
    for (std::size_t row = 0; row < tile[c].rows; ++row)
      for (std::size_t n = 0; n < tile[c].bytes / 4; ++n) {
        float even = 0, odd = 0, sum;
        for (std::size_t k = 0; k < tile[a].bytes / 4; ++k) {
          even += number(tile[a].data[row], 2 * k) * number(tile[b].data[k], 2 * n);
          odd += number(tile[a].data[row], 2 * k + 1) * number(tile[b].data[k], 2 * n + 1);
        }
        std::memcpy(&sum, tile[c].data[row] + 4 * n, 4);
        sum += even + odd;
        std::memcpy(tile[c].data[row] + 4 * n, &sum, 4);
      }
    ++products;
    return true;
  }
};

inline AmxState amx;

/// One instruction of a program that was interrupted at it. `execute` is false for what it does not know.
class AmxInstruction {
 public:
  explicit AmxInstruction(ucontext_t& context) : registers_(context.uc_mcontext.gregs) {
    at_ = reinterpret_cast<const std::uint8_t*>(registers_[REG_RIP]);
  }

  bool execute() {
    if (at_[0] != 0xC4) return false;
    const std::uint8_t first = at_[1], second = at_[2], code = at_[3];
    if ((first & 0x1F) != 2 || (second & 0x84) != 0) return false;  // map 0F38, W 0, 128 bits
    more_register_ = (first & 0x80) == 0;
    more_index_ = (first & 0x40) == 0;
    more_base_ = (first & 0x20) == 0;
    prefix_ = second & 3;
    third_ = 15 - (second >> 3 & 15u);
    at_ += 4;
    const std::uint8_t modrm = *at_;
    mode_ = modrm >> 6;
    register_ = (modrm >> 3 & 7u) + (more_register_ ? 8u : 0u);
    operand_ = (modrm & 7u) + (mode_ == 3 && more_base_ ? 8u : 0u);
    if (!dispatch(code)) return false;
    registers_[REG_RIP] = reinterpret_cast<greg_t>(at_);
    ++amx.instructions;
    return true;
  }

 private:
  static constexpr unsigned none = 0, p66 = 1, pf3 = 2, pf2 = 3;

  bool dispatch(std::uint8_t code) {
    if (code == 0x49 && prefix_ == none && mode_ != 3 && register_ == 0)
      return amx.load_configuration(address().start);
    if (code == 0x49 && prefix_ == none && at_[0] == 0xC0) {
      ++at_;
      amx.release();
      return true;
    }
    if (code == 0x49 && prefix_ == pf2 && mode_ == 3) {
      ++at_;
      return amx.zero(register_);
    }
    if (code == 0x4B && mode_ != 3 && (*at_ & 7u) == 4) {
      const Address memory = address();
      if (prefix_ == pf2 || prefix_ == p66) return amx.load(register_, memory.start, memory.stride);
      if (prefix_ == pf3) return amx.store(register_, const_cast<std::uint8_t*>(memory.start), memory.stride);
    }
    if (code == 0x5C && prefix_ == pf3 && mode_ == 3) {
      ++at_;
      return amx.multiply(register_, operand_, third_);
    }
    return false;
  }

  /// base + displacement, and index * scale: for tiles the distance of rows, for others a part of the
  /// address.
  struct Address {
    const std::uint8_t* start;
    std::int64_t stride;
  };
  Address address() {
    const std::uint8_t modrm = *at_++;
    std::int64_t base = 0, stride = 0;
    bool wide = mode_ == 2;
    bool relative = false;
    if ((modrm & 7u) == 4) {
      const std::uint8_t sib = *at_++;
      const unsigned index = (sib >> 3 & 7u) + (more_index_ ? 8u : 0u);
      if (index != 4) stride = general(index) << (sib >> 6);
      if ((sib & 7u) == 5 && mode_ == 0)
        wide = true;
      else
        base = general((sib & 7u) + (more_base_ ? 8u : 0u));
    } else if ((modrm & 7u) == 5 && mode_ == 0) {
      wide = relative = true;
    } else {
      base = general((modrm & 7u) + (more_base_ ? 8u : 0u));
    }
    if (mode_ == 1) base += static_cast<std::int8_t>(*at_++);
    if (wide) {
      std::int32_t displacement;
      std::memcpy(&displacement, at_, 4);
      at_ += 4;
      base += displacement;
    }
    if (relative) base += reinterpret_cast<std::int64_t>(at_);
    return {reinterpret_cast<const std::uint8_t*>(base), stride};
  }

  std::int64_t general(unsigned number) const {
    static constexpr int place[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                    REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
    return registers_[place[number]];
  }

  greg_t* registers_;
  const std::uint8_t* at_;
  bool more_register_ = false, more_index_ = false, more_base_ = false;
  unsigned prefix_ = 0, third_ = 0, mode_ = 0, register_ = 0, operand_ = 0;
};

/// Installs the emulation; what it does not know ends the program as before.
inline void emulate_amx() {
  struct sigaction action {};
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  action.sa_sigaction = [](int, siginfo_t*, void* context) {
    if (!AmxInstruction(*static_cast<ucontext_t*>(context)).execute()) std::signal(SIGILL, SIG_DFL);
  };
  sigaction(SIGILL, &action, nullptr);
}

}  // namespace test
