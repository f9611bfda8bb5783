#pragma once
#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <chemnne/chemistry/yaml_document.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// A scalar that is a finite number, such as 1, -2.5e-3 or +4. Errors: Error with its place.
inline double yaml_number(const YamlNode& node) {
  const std::optional<double> value = parse_number(node.text);
  if (node.kind != YamlNode::Kind::scalar || node.quoted || !value || !std::isfinite(*value))
    node.fail("a finite number");
  return *value + 0.0;  // -0 becomes 0
}

/// A scalar that is true or false. Errors: Error with its place.
inline bool yaml_boolean(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::scalar && !node.quoted) {
    for (const char* yes : {"true", "True", "TRUE"})
      if (node.text == yes) return true;
    for (const char* no : {"false", "False", "FALSE"})
      if (node.text == no) return false;
  }
  node.fail("true or false");
}

/// A scalar that is a text, not empty and without control characters. Errors: Error with its place.
inline const std::string& yaml_text(const YamlNode& node) {
  const auto is_control = [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; };
  if (node.kind != YamlNode::Kind::scalar || node.text.empty()) node.fail("a text");
  if (std::any_of(node.text.begin(), node.text.end(), is_control))
    node.fail("a text of one line without control characters", "other characters");
  return node.text;
}

/// The entries of a map whose keys are known; keys that begin with two underscores are the user's own.
class YamlFields {
 public:
  /// `what` it is stands in messages: "a species". `map` and `known` must outlive this.
  /// Errors: Error naming a key that is not known, its place and those that are.
  YamlFields(const YamlNode& map, std::span<const std::string_view> known, std::string what)
      : map_(map), what_(std::move(what)) {
    if (map.kind != YamlNode::Kind::map) map.fail(what_ + ", a map");
    for (const YamlNode& key : map.keys)
      if (key.text.rfind("__", 0) != 0 && std::find(known.begin(), known.end(), key.text) == known.end())
        fail_unknown(key, known);
  }

  const YamlNode& node() const { return map_; }
  const std::string& what() const { return what_; }
  const YamlNode* find(std::string_view key) const { return map_.find(key); }

  /// Errors: Error at the map when the key is missing.
  const YamlNode& require(std::string_view key) const {
    const YamlNode* const value = find(key);
    if (!value) map_.fail("the key '" + std::string(key) + "' in " + what_, "none");
    return *value;
  }

  const std::string& text(std::string_view key) const { return yaml_text(require(key)); }

  double number(std::string_view key, double otherwise) const {
    const YamlNode* const value = find(key);
    return value ? yaml_number(*value) : otherwise;
  }

  /// Errors: also Error for a number that is not above 0.
  double positive(std::string_view key, double otherwise) const {
    const double value = number(key, otherwise);
    if (!(value > 0)) require(key).fail("a number above 0");
    return value;
  }

  /// Errors: also Error for a number below 0.
  double not_negative(std::string_view key, double otherwise) const {
    const double value = number(key, otherwise);
    if (value < 0) require(key).fail("a number that is not below 0");
    return value;
  }

 private:
  [[noreturn]] void fail_unknown(const YamlNode& key, std::span<const std::string_view> known) const {
    std::string list;
    for (const std::string_view one : known) list += (list.empty() ? "'" : ", '") + std::string(one) + "'";
    key.fail("in " + what_ + " one of the keys " + list + ", or a key of one's own that begins with '__'",
             "the unknown key " + key.found());
  }

  const YamlNode& map_;
  std::string what_;
};

}  // namespace chemnne
