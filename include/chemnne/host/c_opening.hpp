#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <chemnne/host/c_interface.hpp>
#include <chemnne/host/emulator.hpp>

namespace chemnne {

/// How C opens an emulator from a weights file: an Emulator, or one on a device, which takes its number behind
/// the options (`more`).
template <class Host>
class COpening : public CInterface<Host> {
 public:
  template <class Opaque, class... More>
  static int open(const char* file, const chemnne_options* options, Opaque** emulator, CMessage message,
                  const More&... more) noexcept {
    if (!file || !emulator) return message.refuse("a file's name and a place for the emulator");
    return make(options, emulator, message,
                [&](const EmulatorOptions& checked) { return Host(std::string(file), checked, more...); });
  }

  template <class Opaque, class... More>
  static int open_bytes(const void* bytes, std::size_t size, const chemnne_options* options,
                        Opaque** emulator, CMessage message, const More&... more) noexcept {
    if (!bytes || !emulator) return message.refuse("bytes and a place for the emulator");
    const std::string_view view(static_cast<const char*>(bytes), size);
    return make(options, emulator, message, [&](const EmulatorOptions& checked) {
      return Host::from_bytes(view, "weights in memory", checked, more...);
    });
  }

 private:
  /// Options that make no sense are an argument's fault and not the file's.
  template <class Opaque, class Open>
  static int make(const chemnne_options* given, Opaque** emulator, CMessage message,
                  const Open& open) noexcept {
    EmulatorOptions options;
    const int code = message.run(CHEMNNE_BAD_ARGUMENT, [&] {
      if (!given) return;
      if (given->fingerprint) options.fingerprint = given->fingerprint;
      if (given->coverage != 0) options.coverage = given->coverage;
      if (given->budget_tolerance != 0) options.budget_tolerance = given->budget_tolerance;
      options.element_exact = given->no_projection == 0;
      options.checked();
    });
    if (code != CHEMNNE_OK) return code;
    return message.run(CHEMNNE_BAD_FILE, [&] {
      *emulator = CInterface<Host>::template opaque<Opaque>(std::make_unique<Host>(open(options)));
    });
  }
};

}  // namespace chemnne
