#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <chemnne/chemistry/rate_compiler.hpp>
#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/rate_names.hpp>
#include <chemnne/chemistry/run_settings.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// Takes `NAME = number` of the lines of a Fortran block (KPP's F90_INIT), where the number may be an
/// expression of numbers and of names before. What else the block does is not looked at.
inline void read_run_settings(const SourceSpan& block, RunSettings& settings) {
  const std::array<std::pair<std::string_view, std::optional<double>*>, 4> known{
      {{"TSTART", &settings.start},
       {"TEND", &settings.end},
       {"DT", &settings.step},
       {"TEMP", &settings.temperature}}};
  const std::string_view text = block.source->text();
  RateNames names;
  for (std::size_t begin = block.begin; begin < block.end;) {
    const std::size_t line_end = std::min(text.find('\n', begin), block.end);
    const std::size_t end = std::min(text.find('!', begin), line_end);
    SourceCursor cursor(SourceSpan{block.source, begin, end});
    begin = line_end + 1;
    const std::string name = upper_case(cursor.take_name());
    if (name.empty() || !cursor.take('=') || cursor.at_end()) continue;
    define_constant(names, name, SourceSpan{block.source, cursor.offset(), end});
    const RateExpression value(std::span<const RateInstruction>(names.constants[name].program));
    for (const auto& [wanted, setting] : known)
      if (name == wanted)
        *setting = value.is_constant() ? std::optional(value.program()[0].number) : std::nullopt;
  }
}

}  // namespace chemnne::detail
