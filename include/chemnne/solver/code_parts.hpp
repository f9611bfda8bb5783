#pragma once
#include <cstddef>
#include <string>
#include <utility>

namespace chemnne::detail {

/// The text of a long computation as C++ functions of some hundred operations, to be called one after the
/// other. A compiler takes more than twice as long for twice the operations, and runs out of registers in
/// ways that it does not in short functions.
class CodeParts {
 public:
  /// Functions `name`_0, `name`_1, ... with these parameters, called with these arguments.
  CodeParts(std::string name, std::string parameters, std::string arguments)
      : name_(std::move(name)), parameters_(std::move(parameters)), arguments_(std::move(arguments)) {}

  /// The part at work, counted from 1: variables of earlier parts are out of sight.
  std::size_t part() const { return parts_ + 1; }
  bool full() const { return operations_ >= enough; }

  void line(const std::string& text, std::size_t operations = 1) {
    body_ += "    " + text + '\n';
    operations_ += operations;
  }
  void end_part() {
    if (body_.empty()) return;
    const std::string called = name_ + '_' + std::to_string(parts_++);
    functions_ +=
        "  [[gnu::noinline]] static void " + called + '(' + parameters_ + ") noexcept {\n" + body_ + "  }\n";
    calls_ += "      " + called + '(' + arguments_ + ");\n";
    body_.clear();
    operations_ = 0;
  }

  /// After the last part has ended.
  const std::string& functions() const { return functions_; }
  const std::string& calls() const { return calls_; }

 private:
  /// Measured with g++ 12 on AVX-512: 150 to 300 are the same in time, 600 and more are slower.
  static constexpr std::size_t enough = 200;

  std::string name_, parameters_, arguments_, body_, functions_, calls_;
  std::size_t operations_ = 0, parts_ = 0;
};

}  // namespace chemnne::detail
