#pragma once
#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <locale>
#include <string>

namespace test {

/// In its scope the process writes numbers as in German, 1.234,5: C++ streams always, the functions of C
/// where the machine has the locale de_DE.UTF-8 or can make it (Debian: locales).
class ForeignLocale {
 public:
  ForeignLocale() {
    std::locale::global(std::locale(std::locale::classic(), new German));
    if (set_in_c()) return;
    std::string pattern = (std::filesystem::temp_directory_path() / "chemnne_locale_XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    setenv("LOCPATH", folder_.c_str(), 1);
    const std::string make = "localedef -i de_DE -f UTF-8 " + folder_ + "/de_DE.UTF-8 >/dev/null 2>&1";
    if (std::system(make.c_str()) == 0) set_in_c();
  }
  ForeignLocale(const ForeignLocale&) = delete;
  ForeignLocale& operator=(const ForeignLocale&) = delete;
  ~ForeignLocale() {
    std::locale::global(std::locale::classic());  // in C, too
    if (folder_.empty()) return;
    unsetenv("LOCPATH");
    std::filesystem::remove_all(folder_);
  }

  /// Whether the functions of C are German, too.
  static bool in_c() { return *std::localeconv()->decimal_point == ','; }

 private:
  struct German : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };

  static bool set_in_c() { return std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr; }

  std::string folder_;
};

}  // namespace test
