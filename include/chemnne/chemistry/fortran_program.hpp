#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/rate_names.hpp>
#include <chemnne/chemistry/source_text.hpp>

namespace chemnne::detail {

struct FortranStatement;

/// What is executed where a condition holds, or in a loop.
struct FortranArm {
  std::optional<SourceSpan> condition;  ///< none: ELSE, DO
  std::vector<FortranStatement> body;
};

/// A statement that can influence a rate constant.
struct FortranStatement {
  enum class Kind : unsigned char {
    assignment,   ///< name[(indices)] = value
    declaration,  ///< of one name: kind :: name[(indices)] [= value]
    branch,       ///< IF: arms
    loop,         ///< DO name = bounds: the body is the one arm
    leave,        ///< RETURN
    other         ///< what is not understood; expected tells why, if more is known than that
  };
  Kind kind;
  SourceSpan text;
  std::string name = {};  ///< upper case
  std::optional<SourceSpan> indices = {};
  std::optional<SourceSpan> value = {};
  RateKind type = RateKind::real;  ///< of a declaration
  std::vector<SourceSpan> bounds = {};
  std::vector<FortranArm> arms = {};
  std::string expected = {};
};

struct FortranFunction {
  std::string name;  ///< upper case, as all names here
  std::vector<std::string> arguments;
  std::string result;
  RateKind type = RateKind::real;
  std::vector<FortranStatement> body;
};

/// What a block of Fortran says.
struct FortranProgram {
  std::vector<FortranStatement> body;
  std::vector<FortranFunction> functions;
  std::vector<std::pair<std::string, std::string>> interfaces;  ///< generic and specific name
};

}  // namespace chemnne::detail
