# cmake -DINPUT=file -DNAME=identifier -DOUTPUT=header -P embed_text.cmake
# Every byte as a hexadecimal escape, 32 a line: any content and any size, where a raw string would end at its
# delimiter or at a compiler's limit.
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
string(REPEAT "." 128 line)
string(REGEX REPLACE "(${line})" "\\1\"\n    \"" bytes "${bytes}")
file(
  WRITE "${OUTPUT}"
  "// Generated from ${INPUT} by embed_text.cmake.\n"
  "#pragma once\n"
  "#pragma GCC system_header  // clang's warning about long literals does not apply to embedded files\n"
  "#include <string_view>\n\n"
  "inline constexpr char ${NAME}_bytes[] =\n    \"${bytes}\";\n"
  "inline constexpr std::string_view ${NAME}{${NAME}_bytes, sizeof(${NAME}_bytes) - 1};\n")
