#pragma once
#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

namespace detail {

/// A member of a JSON object. (A template, since it must stay incomplete until `Json` is complete.)
template <class Value>
struct JsonMember {
  std::string name;
  Value value;
  friend bool operator==(const JsonMember&, const JsonMember&) = default;
};

}  // namespace detail

/// A JSON value (RFC 8259): null, true or false, number, string, array or object.
///
/// Objects keep the order of their members. Numbers are doubles and are written with the fewest digits that
/// read back to the same double; integers beyond 2^53 therefore belong into strings. JSON has no infinity
/// and no NaN: both are written as null. Strings are UTF-8 and pass through byte for byte.
class Json {
 public:
  using Array = std::vector<Json>;
  using Member = detail::JsonMember<Json>;
  using Object = std::vector<Member>;

  Json() = default;
  Json(std::same_as<bool> auto value) : value_(value) {}
  template <class Number>
  requires(std::is_arithmetic_v<Number> && !std::same_as<Number, bool>) Json(Number value)
      : value_(static_cast<double>(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}
  /// An array with one element for each of `values`.
  template <class Element>
  requires(!std::same_as<Element, Json>) Json(const std::vector<Element>& values)
      : value_(Array(values.begin(), values.end())) {}

  /// An object without members; for `json["name"] = ...`.
  static Json object();

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_boolean() const { return std::holds_alternative<bool>(value_); }
  bool is_number() const { return std::holds_alternative<double>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  /// The content. Errors: Error when the value is of another kind.
  bool boolean() const { return get<bool>("true or false"); }
  double number() const { return get<double>("a number"); }
  const std::string& string() const { return get<std::string>("a string"); }
  const Array& array() const { return get<Array>("an array"); }
  const Object& object_members() const { return get<Object>("an object"); }

  /// A number that is an integer in 0 .. 2^53. Errors: Error otherwise.
  std::size_t count() const;
  /// The numbers of an array. Errors: Error when it is no array of numbers.
  std::vector<double> numbers() const;
  /// The strings of an array. Errors: Error when it is no array of strings.
  std::vector<std::string> strings() const;

  /// The member `name`, or nullptr when there is none. Errors: Error when this is no object.
  const Json* find(std::string_view name) const;
  /// The member `name`. Errors: Error when this is no object or has no such member.
  const Json& at(std::string_view name) const;
  /// The member `name` of an object (null becomes an object), made at the end when there is none.
  Json& operator[](std::string_view name);

  /// The text; each level is indented by `indentation` blanks, 0: one line without blanks.
  /// Arrays without inner arrays and objects stand on one line.
  std::string dump(std::size_t indentation = 2) const;

  friend bool operator==(const Json& a, const Json& b) { return a.value_ == b.value_; }

 private:
  template <class Kind>
  const Kind& get(const char* expected) const {
    const Kind* content = std::get_if<Kind>(&value_);
    if (!content) throw Error("JSON value", expected, kind());
    return *content;
  }
  const char* kind() const;
  void write(std::string& text, std::size_t indentation, std::size_t level) const;
  template <class Items, class WriteItem>
  static void write_list(std::string& text, const char* brackets, const Items& items, bool one_line,
                         std::size_t indentation, std::size_t level, WriteItem write_item);

  std::variant<std::monostate, bool, double, std::string, Array, Object> value_;
};

inline Json Json::object() { return Json(Object{}); }

inline const char* Json::kind() const {
  static constexpr const char* names[] = {"null",     "true or false", "a number",
                                          "a string", "an array",      "an object"};
  return names[value_.index()];
}

inline std::size_t Json::count() const {
  const double value = number();
  if (!(value >= 0 && value <= 0x1p53 && value == std::floor(value)))
    throw Error("JSON value", "an integer in 0 .. 2^53", dump());
  return static_cast<std::size_t>(value);
}

inline std::vector<double> Json::numbers() const {
  std::vector<double> result;
  for (const Json& element : array()) result.push_back(element.number());
  return result;
}

inline std::vector<std::string> Json::strings() const {
  std::vector<std::string> result;
  for (const Json& element : array()) result.push_back(element.string());
  return result;
}

inline const Json* Json::find(std::string_view name) const {
  for (const Member& member : object_members())
    if (member.name == name) return &member.value;
  return nullptr;
}

inline const Json& Json::at(std::string_view name) const {
  const Json* value = find(name);
  if (!value) throw Error("JSON object", "a member \"" + std::string(name) + "\"", "none");
  return *value;
}

inline Json& Json::operator[](std::string_view name) {
  if (is_null()) value_ = Object{};
  if (const Json* value = find(name)) return const_cast<Json&>(*value);
  return std::get<Object>(value_).emplace_back(Member{std::string(name), Json()}).value;
}

namespace detail {

/// `value` as a JSON string: quotation marks, escapes for ", \ and control characters only.
inline void write_json_string(std::string& text, std::string_view value) {
  static constexpr std::string_view plain = "\"\\\b\f\n\r\t", letter = "\"\\bfnrt",
                                    digits = "0123456789abcdef";
  text += '"';
  for (const char c : value) {
    const auto code = static_cast<unsigned char>(c);
    if (const auto place = plain.find(c); place != plain.npos)
      (text += '\\') += letter[place];
    else if (code < 0x20)
      ((text += "\\u00") += digits[code >> 4]) += digits[code & 15u];
    else
      text += c;
  }
  text += '"';
}

inline void write_json_number(std::string& text, double value) {
  text += std::isfinite(value) ? number_text(value) : "null";
}

}  // namespace detail

inline std::string Json::dump(std::size_t indentation) const {
  std::string text;
  write(text, indentation, 0);
  return text;
}

template <class Items, class WriteItem>
void Json::write_list(std::string& text, const char* brackets, const Items& items, bool one_line,
                      std::size_t indentation, std::size_t level, WriteItem write_item) {
  text += brackets[0];
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += one_line && indentation > 0 ? ", " : ",";
    if (!one_line) (text += '\n').append((level + 1) * indentation, ' ');
    write_item(items[i]);
  }
  if (!one_line) (text += '\n').append(level * indentation, ' ');
  text += brackets[1];
}

inline void Json::write(std::string& text, std::size_t indentation, std::size_t level) const {
  if (is_boolean()) {
    text += boolean() ? "true" : "false";
  } else if (is_number()) {
    detail::write_json_number(text, number());
  } else if (is_string()) {
    detail::write_json_string(text, string());
  } else if (is_array()) {
    const bool flat = std::none_of(array().begin(), array().end(),
                                   [](const Json& item) { return item.is_array() || item.is_object(); });
    write_list(text, "[]", array(), flat || indentation == 0, indentation, level,
               [&](const Json& item) { item.write(text, indentation, level + 1); });
  } else if (is_object()) {
    const bool flat = object_members().empty() || indentation == 0;
    write_list(text, "{}", object_members(), flat, indentation, level, [&](const Member& member) {
      detail::write_json_string(text, member.name);
      text += indentation > 0 ? ": " : ":";
      member.value.write(text, indentation, level + 1);
    });
  } else {
    text += "null";
  }
}

}  // namespace chemnne
