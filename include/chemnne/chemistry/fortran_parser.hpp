#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/fortran_program.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// Sorts the statements of a block into a FortranProgram: the grammar, no meaning.
///
/// Passed over, since they influence no rate constant: USE, IMPLICIT, INTRINSIC, EXTERNAL, PUBLIC, PRIVATE,
/// SAVE, CONTAINS and CONTINUE; output (PRINT, WRITE, OPEN, CLOSE, FORMAT) and STOP; declarations of what is
/// no number; definitions of types and subroutines; #include; calls of what KPP itself makes (Update_SUN,
/// Update_PHOTO) and of the MCM's routines (their names have `mcm` in them), whose constants are built in.
/// Whatever else is no assignment, declaration, IF, DO, RETURN or FUNCTION is kept as `other`.
class FortranParser {
 public:
  explicit FortranParser(std::vector<SourceSpan> statements) : statements_(std::move(statements)) {}

  FortranProgram parse() {
    while (more()) {
      block(program_.body);
      if (more()) unknown(program_.body, "what it belongs to before it");
    }
    return std::move(program_);
  }

 private:
  using Kind = FortranStatement::Kind;
  using Body = std::vector<FortranStatement>;
  static constexpr std::size_t deepest_nesting = 40;

  bool more() const { return next_ < statements_.size(); }
  const SourceSpan& here() const { return statements_[next_]; }

  /// Up to a statement that closes a block, which is not taken.
  void block(Body& body) {
    if (++depth_ > deepest_nesting)
      throw Error(here().where(), "at most " + std::to_string(deepest_nesting) + " nested blocks", "more");
    while (more() && !is_closing(first_word(here()))) statement(body);
    --depth_;
  }

  static bool is_closing(const std::string& word) {
    static constexpr std::array<std::string_view, 7> words{"ELSE",  "ELSEIF",      "ENDIF",    "END",
                                                           "ENDDO", "ENDFUNCTION", "ENDSELECT"};
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  /// In upper case; `END IF` and `ELSE IF` as one.
  static std::string first_word(const SourceSpan& text) {
    SourceCursor cursor(text);
    if (cursor.take('#')) return "#" + upper_case(cursor.take_name());
    std::string word = upper_case(cursor.take_name());
    if (is_assignment(text)) return {};
    if (word == "END" || word == "ELSE") word += upper_case(cursor.take_name());
    return word;
  }

  static bool is_assignment(const SourceSpan& text) {
    SourceCursor cursor(text);
    if (cursor.take_name().empty()) return false;
    take_parentheses(cursor, text.end);
    return cursor.take('=') && cursor.peek() != '=';
  }

  /// What stands in the parentheses that open here, if some do and close before `end`.
  static std::optional<SourceSpan> take_parentheses(SourceCursor& cursor, std::size_t end) {
    if (!cursor.take('(')) return std::nullopt;
    const std::size_t begin = cursor.offset();
    std::size_t depth = 1;
    for (std::size_t i = begin; i < end; ++i) {
      const char c = cursor.source().text()[i];
      if (c == '(') ++depth;
      if (c != ')' || --depth > 0) continue;
      cursor.move_to(i + 1);
      return SourceSpan{&cursor.source(), begin, i};
    }
    cursor.move_to(begin - 1);
    return std::nullopt;
  }

  /// The parts of a list with commas between, those in parentheses left alone.
  static std::vector<SourceSpan> split(const SourceSpan& list) {
    std::vector<SourceSpan> parts;
    std::size_t begin = list.begin, depth = 0;
    for (std::size_t i = list.begin; i <= list.end; ++i) {
      const char c = i < list.end ? list.source->text()[i] : ',';
      if (c == '(') ++depth;
      if (c == ')' && depth > 0) --depth;
      if (c != ',' || (depth > 0 && i < list.end)) continue;
      parts.push_back({list.source, begin, i});
      begin = i + 1;
    }
    return parts;
  }

  void unknown(Body& body, const std::string& expected = {}) {
    body.push_back({.kind = Kind::other, .text = here(), .expected = expected});
    ++next_;
  }

  void statement(Body& body) {
    const std::string word = first_word(here());
    if (word == "IF") return branch(body);
    if (word == "DO") return loop(body);
    if (word == "SELECT") return select_case(body);
    if (word == "SUBROUTINE") return skip_to({"ENDSUBROUTINE", "END"}, body);
    if (word == "INTERFACE") return interface(body);
    if (word == "TYPE" && !is_type_declaration()) return skip_to({"ENDTYPE"}, body);
    if (auto function = function_head(here())) return define(std::move(*function), body);
    simple(here(), word, body);
    ++next_;
  }

  /// TYPE(x) :: y, not TYPE :: x.
  bool is_type_declaration() const {
    SourceCursor cursor(here());
    cursor.take_name();
    return cursor.peek() == '(';
  }

  /// What stands in a line of its own or behind IF (...).
  static void simple(const SourceSpan& text, const std::string& word, Body& body) {
    if (is_assignment(text)) return body.push_back(assignment(text));
    if (word == "RETURN") return body.push_back({.kind = Kind::leave, .text = text});
    if (is_passed_over(word) || (word == "CALL" && is_harmless_call(text))) return;
    if (!declare(text, body)) body.push_back({.kind = Kind::other, .text = text});
  }

  static FortranStatement assignment(const SourceSpan& text) {
    SourceCursor cursor(text);
    FortranStatement result{.kind = Kind::assignment, .text = text, .name = upper_case(cursor.take_name())};
    result.indices = take_parentheses(cursor, text.end);
    cursor.take('=');
    result.value = SourceSpan{text.source, cursor.offset(), text.end};
    return result;
  }

  static bool is_passed_over(const std::string& word) {
    static constexpr std::array<std::string_view, 19> words{
        "USE",      "IMPLICIT",  "INTRINSIC", "EXTERNAL", "PUBLIC",  "PRIVATE", "SAVE",
        "CONTAINS", "CONTINUE",  "PRINT",     "WRITE",    "OPEN",    "CLOSE",   "FORMAT",
        "STOP",     "CHARACTER", "COMPLEX",   "TYPE",     "#INCLUDE"};
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  static bool is_harmless_call(const SourceSpan& text) {
    SourceCursor cursor(text);
    cursor.take_name();
    const std::string routine = upper_case(cursor.take_name());
    return routine == "UPDATE_SUN" || routine == "UPDATE_PHOTO" || routine.find("MCM") != std::string::npos;
  }

  /// REAL(dp) :: a, b(3) = 0, REAL*8 c, PARAMETER (d = 1): a statement for each name. False where it is none.
  static bool declare(const SourceSpan& text, Body& body) {
    SourceCursor cursor(text);
    const std::string word = upper_case(cursor.take_name());
    if (word == "PARAMETER") {
      const auto list = take_parentheses(cursor, text.end);
      if (!list || !cursor.at_end()) return false;
      for (const SourceSpan& part : split(*list)) body.push_back(assignment(part));
      return true;
    }
    if (word == "DOUBLE" && upper_case(cursor.take_name()) != "PRECISION") return false;
    if (word != "REAL" && word != "INTEGER" && word != "LOGICAL" && word != "DOUBLE" && word != "KPP_REAL")
      return false;
    if (cursor.take('*')) cursor.take_number();
    take_parentheses(cursor, text.end);
    bool is_array = false;
    while (cursor.take(',')) {
      is_array = upper_case(cursor.take_name()) == "DIMENSION" || is_array;
      take_parentheses(cursor, text.end);
    }
    cursor.take_text("::");
    for (const SourceSpan& part : split({text.source, cursor.offset(), text.end})) {
      SourceCursor entity(part);
      entity.peek();
      const std::size_t begin = entity.offset();
      FortranStatement one{.kind = Kind::declaration, .text = {text.source, begin, part.end}};
      one.name = upper_case(entity.take_name());
      if (one.name.empty()) return false;
      one.type = word == "INTEGER"   ? RateKind::integer
                 : word == "LOGICAL" ? RateKind::logical
                                     : RateKind::real;
      one.indices = take_parentheses(entity, part.end);
      if (is_array && !one.indices) one.indices = SourceSpan{text.source, begin, begin};
      if (entity.take_text("=>")) continue;  // a pointer
      if (entity.take('=')) one.value = SourceSpan{text.source, entity.offset(), part.end};
      if (!one.value && !entity.at_end()) return false;
      body.push_back(std::move(one));
    }
    return true;
  }

  /// IF (condition) THEN ... END IF, or IF (condition) statement.
  void branch(Body& body) {
    const SourceSpan text = here();
    SourceCursor cursor(text);
    cursor.take_name();
    auto condition = take_parentheses(cursor, text.end);
    if (!condition || cursor.at_end()) return unknown(body, "IF (condition) THEN, or a statement");
    FortranStatement result{.kind = Kind::branch, .text = text};
    if (!is_then(cursor)) {
      result.arms.push_back({condition, {}});
      const SourceSpan rest{text.source, cursor.offset(), text.end};
      simple(rest, first_word(rest), result.arms.back().body);
      ++next_;
      return body.push_back(std::move(result));
    }
    for (;;) {
      ++next_;
      result.arms.push_back({condition, {}});
      block(result.arms.back().body);
      const std::string word = more() ? first_word(here()) : std::string();
      const bool is_last = !condition;
      condition.reset();
      if (word == "ENDIF") {
        ++next_;
        return body.push_back(std::move(result));
      }
      if (word == "ELSEIF") condition = else_if_condition();
      if (is_last || (word == "ELSEIF" ? !condition : word != "ELSE"))
        return body.push_back({.kind = Kind::other, .text = text, .expected = "END IF after the IF"});
    }
  }

  static bool is_then(SourceCursor& cursor) {
    const std::size_t begin = cursor.offset();
    if (upper_case(cursor.take_name()) == "THEN" && cursor.at_end()) return true;
    cursor.move_to(begin);
    return false;
  }

  std::optional<SourceSpan> else_if_condition() const {
    SourceCursor cursor(here());
    if (upper_case(cursor.take_name()) == "ELSE") cursor.take_name();
    auto condition = take_parentheses(cursor, here().end);
    if (condition && is_then(cursor)) return condition;
    return std::nullopt;
  }

  /// DO name = first, last[, step] ... END DO
  void loop(Body& body) {
    FortranStatement result{.kind = Kind::loop, .text = here()};
    SourceCursor cursor(here());
    cursor.take_name();
    result.name = upper_case(cursor.take_name());
    if (!result.name.empty() && cursor.take('='))
      result.bounds = split({here().source, cursor.offset(), here().end});
    ++next_;
    result.arms.push_back({});
    block(result.arms[0].body);
    const bool is_closed = more() && first_word(here()) == "ENDDO";
    if (is_closed) ++next_;
    if (is_closed && (result.bounds.size() == 2 || result.bounds.size() == 3))
      return body.push_back(std::move(result));
    body.push_back({.kind = Kind::other,
                    .text = result.text,
                    .expected = is_closed ? "DO name = first, last" : "END DO after the DO"});
  }

  void select_case(Body& body) {
    const SourceSpan text = here();
    Body ignored;
    ++next_;
    block(ignored);
    if (more() && first_word(here()) == "ENDSELECT") ++next_;
    body.push_back({.kind = Kind::other, .text = text});
  }

  /// Behind the next statement that begins so; without one all that is left belongs here.
  void skip_to(const std::vector<std::string>& words, Body& body) {
    const auto end =
        std::find_if(statements_.begin() + static_cast<std::ptrdiff_t>(next_), statements_.end(),
                     [&](const SourceSpan& text) {
                       return std::find(words.begin(), words.end(), first_word(text)) != words.end();
                     });
    const bool is_closed = end != statements_.end();
    if (!is_closed) unknown(body, words[0] + " after it");
    next_ = static_cast<std::size_t>(end - statements_.begin()) + (is_closed ? 1 : 0);
  }

  /// INTERFACE name; MODULE PROCEDURE a, b; END INTERFACE
  void interface(Body& body) {
    SourceCursor head(here());
    head.take_name();
    const std::string name = upper_case(head.take_name());
    for (std::size_t i = next_; i < statements_.size() && first_word(statements_[i]) != "ENDINTERFACE"; ++i) {
      SourceCursor cursor(statements_[i]);
      if (upper_case(cursor.take_name()) != "MODULE" || upper_case(cursor.take_name()) != "PROCEDURE")
        continue;
      cursor.take_text("::");
      do program_.interfaces.emplace_back(name, upper_case(cursor.take_name()));
      while (cursor.take(','));
    }
    skip_to({"ENDINTERFACE"}, body);
  }

  /// [type] FUNCTION name(arguments) [RESULT(name)]
  static std::optional<FortranFunction> function_head(const SourceSpan& text) {
    SourceCursor cursor(text);
    FortranFunction function;
    for (;;) {
      const std::string word = upper_case(cursor.take_name());
      if (word == "FUNCTION") break;
      if (word == "INTEGER") function.type = RateKind::integer;
      if (word == "LOGICAL") function.type = RateKind::logical;
      static constexpr std::array<std::string_view, 8> prefixes{
          "REAL", "DOUBLE", "PRECISION", "INTEGER", "LOGICAL", "PURE", "ELEMENTAL", "RECURSIVE"};
      if (word != "KPP_REAL" && std::find(prefixes.begin(), prefixes.end(), word) == prefixes.end())
        return std::nullopt;
      if (cursor.take('*')) cursor.take_number();
      take_parentheses(cursor, text.end);
    }
    function.name = function.result = upper_case(cursor.take_name());
    const auto arguments = take_parentheses(cursor, text.end);
    if (function.name.empty() || !arguments) return std::nullopt;
    SourceCursor names(*arguments);
    if (!names.at_end()) do
        function.arguments.push_back(upper_case(names.take_name()));
      while (names.take(','));
    if (upper_case(cursor.take_name()) == "RESULT")
      if (const auto result = take_parentheses(cursor, text.end))
        function.result = upper_case(SourceCursor(*result).take_name());
    return function;
  }

  void define(FortranFunction function, Body& body) {
    const SourceSpan text = here();
    ++next_;
    for (;;) {
      block(function.body);
      const std::string word = more() ? first_word(here()) : std::string();
      if (word == "END" || word == "ENDFUNCTION") break;
      if (!more())
        return body.push_back({.kind = Kind::other, .text = text, .expected = "END FUNCTION after it"});
      unknown(function.body, "what it belongs to before it");
    }
    ++next_;
    program_.functions.push_back(std::move(function));
  }

  std::vector<SourceSpan> statements_;
  std::size_t next_ = 0, depth_ = 0;
  FortranProgram program_;
};

}  // namespace chemnne::detail
