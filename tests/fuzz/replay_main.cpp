#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include <chemnne/support/text.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// Feeds every file of a folder to the fuzz target: what a fuzzer once found stays mended, with any compiler.
int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: replay <folder>\n", stderr), 2;
  int files = 0;
  try {
    for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
      if (!entry.is_regular_file()) continue;
      const std::string text = chemnne::read_text_file(entry.path().string());
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
      ++files;
    }
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "%s\n", error.what()), 1;
  }
  std::printf("%d files replayed\n", files);
  return files > 0 ? 0 : 1;
}
