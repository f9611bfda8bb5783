#define BOOST_TEST_MODULE compile_embedded_text
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/cli/embedded_bytes.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/support/text.hpp>

namespace {

void run(const std::string& command) {
  BOOST_TEST_REQUIRE(std::system(command.c_str()) == 0, "failed: " << command);
}

/// What a program prints whose text was embedded from a file that holds `bytes`. The header that CMake writes
/// is that of the subcommand `embed` but for the comment in its first line.
std::string through_a_program(const std::string& bytes) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("chemnne_embedded_" + std::to_string(std::rand()));
  fs::create_directories(folder);
  const std::string base = folder.string();
  std::ofstream(base + "/text", std::ios::binary) << bytes;
  std::ofstream(base + "/main.cpp") << "#include \"text.hpp\"\n#include <cstdio>\n"
                                       "int main() { std::fwrite(text.data(), 1, text.size(), stdout); }\n";
  run(std::string(CHEMNNE_CMAKE) + " -DINPUT=" + base + "/text -DNAME=text -DOUTPUT=" + base +
      "/text.hpp -P " + CHEMNNE_SOURCE_DIRECTORY + "/include/chemnne/cmake/embed_text.cmake");
  const auto without_comment = [](const std::string& text) { return text.substr(text.find('\n')); };
  BOOST_TEST((without_comment(chemnne::read_text_file(base + "/text.hpp")) ==
              without_comment(chemnne::embedded_bytes(bytes, "text", ""))));
  run(std::string(CHEMNNE_COMPILER) + " -std=c++20 -Wall -Wextra -Wpedantic -Werror -o " + base +
      "/program " + base + "/main.cpp");
  run(base + "/program > " + base + "/printed");
  std::string printed = chemnne::read_text_file(base + "/printed");
  fs::remove_all(folder);
  return printed;
}

}  // namespace

BOOST_AUTO_TEST_CASE(any_bytes_of_any_size_arrive_unchanged) {
  // Larger than the 64 KiB that compilers must accept in one literal; all byte values, NUL, quotes, `)"`,
  // `;`.
  std::string bytes = "#ATOMS H; {a \"quoted\" )\" [comment]} \\n $ENV{X} @Y@\r\n";
  chemnne::Random random(1);
  while (bytes.size() < 200'001) bytes += static_cast<char>(random.index(256));
  BOOST_TEST((through_a_program(bytes) == bytes));
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_an_empty_text) { BOOST_TEST(through_a_program("").empty()); }
