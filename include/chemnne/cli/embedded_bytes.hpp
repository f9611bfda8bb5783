#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace chemnne {

/// A header that defines `inline constexpr std::string_view <name>` with these bytes, as chemnne_embed_text
/// writes it: every byte as a hexadecimal escape, 32 a line, so of any content and size. `source`: what a
/// comment says of where they are from.
inline std::string embedded_bytes(std::string_view bytes, const std::string& name,
                                  const std::string& source) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text = "// " + source +
                     "\n#pragma once\n"
                     "#pragma GCC system_header  // clang's warning about long literals does not apply to "
                     "embedded files\n"
                     "#include <string_view>\n\ninline constexpr char " +
                     name + "_bytes[] =\n    \"";
  text.reserve(text.size() + 4 * bytes.size() + bytes.size() / 4 + 200);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0 && i % 32 == 0) text += "\"\n    \"";
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text += "\\x";
    text += digits[byte / 16];
    text += digits[byte % 16];
  }
  return text + "\";\ninline constexpr std::string_view " + name + "{" + name + "_bytes, sizeof(" + name +
         "_bytes) - 1};\n";
}

}  // namespace chemnne
