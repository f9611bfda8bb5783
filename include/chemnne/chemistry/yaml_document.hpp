#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <yaml.h>

#include <chemnne/support/error.hpp>

namespace chemnne {

/// A node of a YAML or JSON document, with its place in the file.
struct YamlNode {
  enum class Kind : unsigned char { scalar, sequence, map };

  std::shared_ptr<const std::string> file = {};  ///< its name, shared by all nodes of a document
  std::size_t line = 1;                          ///< from 1
  std::size_t column = 1;                        ///< from 1, in characters
  Kind kind = Kind::scalar;
  bool quoted = false;               ///< a scalar in quotes, or a block of text: never a number
  std::string text = {};             ///< of a scalar, as written but for quotes and escapes
  std::vector<YamlNode> keys = {};   ///< of a map: scalars, each different
  std::vector<YamlNode> items = {};  ///< of a sequence; of a map: the values, in the order of the keys

  /// The value of a key of a map, or a null pointer.
  const YamlNode* find(std::string_view key) const {
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (keys[i].text == key) return &items[i];
    return nullptr;
  }

  /// "file, line 3, column 14".
  std::string where() const {
    return *file + ", line " + std::to_string(line) + ", column " + std::to_string(column);
  }

  /// What stands here, for a message.
  std::string found() const {
    if (kind == Kind::map) return "a map";
    if (kind == Kind::sequence) return "a list";
    if (text.empty()) return quoted ? "an empty text" : "nothing";
    std::size_t length = std::min(text.size(), longest_quotation);
    while (length < text.size() && is_inside_character(text[length])) --length;
    return "'" + text.substr(0, length) + (length < text.size() ? "...'" : "'");
  }

  [[noreturn]] void fail(const std::string& expected) const { fail(expected, found()); }
  [[noreturn]] void fail(const std::string& expected, const std::string& what_was_found) const {
    throw Error(where(), expected, what_was_found);
  }

 private:
  static constexpr std::size_t longest_quotation = 60;

  static bool is_inside_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }
};

namespace detail {

/// From libyaml's events to a tree; owns libyaml's parser and its current event.
class YamlParser {
 public:
  YamlParser(std::string_view text, const std::string& name)
      : text_(text), name_(std::make_shared<const std::string>(name)) {
    refuse_what_costs_too_much();
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    // Told the encoding, libyaml takes nothing else for UTF-8; a byte order mark may stand before it.
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text_.data()),
                                 text_.size());
  }
  ~YamlParser() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }
  YamlParser(const YamlParser&) = delete;
  YamlParser& operator=(const YamlParser&) = delete;

  YamlNode parse() {
    advance();
    advance();
    if (event_.type == YAML_STREAM_END_EVENT) throw Error(*name_, "a YAML or JSON document", "nothing");
    advance();
    YamlNode root = node(0);
    advance();
    advance();
    if (event_.type != YAML_STREAM_END_EVENT) begin_node().fail("one document in the file", "another");
    return root;
  }

 private:
  static constexpr std::size_t largest_text = std::size_t{64} << 20;
  static constexpr std::size_t most_nodes = 5000000;
  static constexpr std::size_t deepest_nesting = 64;

  /// libyaml compares every %TAG directive with all before it, before it reports one; tags are of no use
  /// here.
  void refuse_what_costs_too_much() const {
    if (text_.size() > largest_text)
      throw Error(*name_, "at most 64 MiB of text", std::to_string(text_.size()) + " bytes");
    for (std::size_t at = text_.find("%TAG"); at != std::string_view::npos; at = text_.find("%TAG", at + 1))
      if (at == 0 || text_[at - 1] == '\n' || text_[at - 1] == '\r')
        throw Error(where(at), "YAML without directives for tags", "'%TAG'");
  }

  /// The place of a byte; libyaml gives no other where a byte is not even a character.
  std::string where(std::size_t offset) const {
    const std::string_view before = text_.substr(0, offset);
    const std::size_t start = before.rfind('\n') + 1;  // npos + 1 = 0
    return *name_ + ", line " + std::to_string(std::count(before.begin(), before.end(), '\n') + 1) +
           ", column " + std::to_string(before.size() - start + 1);
  }

  std::size_t characters() const {
    const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
    return static_cast<std::size_t>(std::count_if(text_.begin(), text_.end(), begins));
  }

  void advance() {
    yaml_event_delete(&event_);
    if (yaml_parser_parse(&parser_, &event_) != 0) return;
    if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
    std::string found = parser_.context ? std::string(parser_.context) + ", " : std::string();
    found += parser_.problem ? parser_.problem : "an error";
    if (parser_.error == YAML_READER_ERROR) throw Error(where(parser_.problem_offset), "UTF-8 text", found);
    // libyaml begins one more line at the end.
    if (parser_.problem_mark.index >= characters()) throw Error(where(text_.size()), "YAML or JSON", found);
    node_at(parser_.problem_mark).fail("YAML or JSON", found);
  }

  YamlNode node_at(const yaml_mark_t& mark) const {
    return {.file = name_, .line = mark.line + 1, .column = mark.column + 1};
  }
  YamlNode begin_node() const { return node_at(event_.start_mark); }

  /// The node that begins with the current event; then the current event is its last.
  YamlNode node(std::size_t depth) {
    if (++nodes_ > most_nodes)
      begin_node().fail("at most " + std::to_string(most_nodes) + " values in a file", "more");
    if (depth > deepest_nesting)
      begin_node().fail("at most " + std::to_string(deepest_nesting) + " nested levels", "more");
    switch (event_.type) {
      case YAML_SEQUENCE_START_EVENT:
        return sequence(depth);
      case YAML_MAPPING_START_EVENT:
        return map(depth);
      case YAML_ALIAS_EVENT:
        begin_node().fail("a value (aliases are not supported)",
                          "the alias " + quotation(event_.data.alias.anchor));
      default:
        return scalar();
    }
  }

  YamlNode scalar() {
    const auto& data = event_.data.scalar;
    YamlNode result = begin_node();
    refuse_properties(data.anchor, data.tag);
    result.quoted = data.style != YAML_PLAIN_SCALAR_STYLE;
    result.text.assign(chars(data.value), data.length);
    return result;
  }

  YamlNode sequence(std::size_t depth) {
    YamlNode result = begin_node();
    refuse_properties(event_.data.sequence_start.anchor, event_.data.sequence_start.tag);
    result.kind = YamlNode::Kind::sequence;
    for (advance(); event_.type != YAML_SEQUENCE_END_EVENT; advance())
      result.items.push_back(node(depth + 1));
    return result;
  }

  YamlNode map(std::size_t depth) {
    YamlNode result = begin_node();
    refuse_properties(event_.data.mapping_start.anchor, event_.data.mapping_start.tag);
    result.kind = YamlNode::Kind::map;
    for (advance(); event_.type != YAML_MAPPING_END_EVENT; advance()) {
      result.keys.push_back(node(depth + 1));
      if (result.keys.back().kind != YamlNode::Kind::scalar) result.keys.back().fail("a key that is a text");
      advance();
      result.items.push_back(node(depth + 1));
    }
    refuse_repeated_keys(result);
    return result;
  }

  static void refuse_repeated_keys(const YamlNode& map) {
    std::vector<const YamlNode*> sorted;
    for (const YamlNode& key : map.keys) sorted.push_back(&key);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const YamlNode* a, const YamlNode* b) { return a->text < b->text; });
    const auto twice =
        std::adjacent_find(sorted.begin(), sorted.end(),
                           [](const YamlNode* a, const YamlNode* b) { return a->text == b->text; });
    if (twice != sorted.end()) (*(twice + 1))->fail("every key once", (*twice)->found() + " again");
  }

  void refuse_properties(const yaml_char_t* anchor, const yaml_char_t* tag) const {
    if (anchor) begin_node().fail("a value (anchors are not supported)", "the anchor " + quotation(anchor));
    if (tag) begin_node().fail("a value (tags are not supported)", "the tag " + quotation(tag));
  }

  static std::string quotation(const yaml_char_t* name) { return YamlNode{.text = chars(name)}.found(); }
  static const char* chars(const yaml_char_t* text) { return reinterpret_cast<const char*>(text); }

  std::string_view text_;
  std::shared_ptr<const std::string> name_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
  std::size_t nodes_ = 0;
};

}  // namespace detail

/// The tree of a YAML or JSON text (JSON is YAML in flow style); `name` stands in messages.
///
/// Of YAML: maps, sequences and scalars in every style, comments, UTF-8. Anchors, aliases and tags are
/// refused: mechanisms do without, and an alias lets a short file stand for a huge one. At most 64 MiB, 5
/// million values and 64 nested levels. Errors: Error with file, line, column, what was expected and found,
/// for what is no YAML, keys that are repeated or are no text, more than one document, and what is refused.
/// Source: yaml.org, YAML 1.2; libyaml's event interface.
inline YamlNode parse_yaml(std::string_view text, const std::string& name) {
  return detail::YamlParser(text, name).parse();
}

}  // namespace chemnne
