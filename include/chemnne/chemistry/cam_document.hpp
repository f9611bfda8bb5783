#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// A part of a CAM-chem file, `NAME ... End NAME`: lines `begin` to before `end`.
struct CamSection {
  std::string name;  ///< upper case, one blank between words
  std::size_t begin;
  std::size_t end;
  SourceSpan place;  ///< of its first line
};

/// The lines of a CAM-chem file that say something: no comments, which begin with '*', none empty.
class CamDocument {
 public:
  explicit CamDocument(const SourceText& source) {
    const std::string_view text = source.text();
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::string_view line = trimmed(text.substr(begin, end - begin));
      if (!line.empty() && line.front() != '*') {
        const auto first = static_cast<std::size_t>(line.data() - text.data());
        lines_.push_back({&source, first, first + line.size()});
      }
      begin = end + 1;
    }
  }

  std::size_t size() const { return lines_.size(); }
  const SourceSpan& line(std::size_t i) const { return lines_[i]; }

  /// Those of the lines from `begin` to before `end`, one after another; what is no section between them,
  /// such as the settings of the preprocessor, is passed over only at the top of a file. Errors: Error for a
  /// section without an end, and for another line below the top.
  std::vector<CamSection> sections(std::size_t begin, std::size_t end) const {
    const bool at_top = end - begin == size();
    std::vector<CamSection> result;
    for (std::size_t i = begin; i < end; ++i) {
      const std::string name = upper_case(collapse_blanks(lines_[i].text()));
      if (at_top && is_setting(name)) continue;
      std::size_t last = i + 1;
      while (last < end && upper_case(collapse_blanks(lines_[last].text())) != "END " + name) ++last;
      if (last == end)
        throw Error(lines_[i].where(), "a section, which 'End' and its name close",
                    "'" + std::string(lines_[i].text().substr(0, 40)) + "' without such an end");
      result.push_back({name, i + 1, last, lines_[i]});
      i = last;
    }
    return result;
  }

 private:
  /// MOZART's own preprocessor frames the file by BEGSIM and ENDSIM and takes `name = value`.
  static bool is_setting(std::string_view line) {
    return line == "BEGSIM" || line == "ENDSIM" || line.find('=') != std::string_view::npos;
  }

  std::vector<SourceSpan> lines_;
};

}  // namespace chemnne::detail
