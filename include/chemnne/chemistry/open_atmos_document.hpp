#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <chemnne/chemistry/yaml_document.hpp>
#include <chemnne/chemistry/yaml_fields.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// A MUSICA/OpenAtmos configuration: the entries of its sections, whatever files they stand in.
struct OpenAtmosDocument {
  std::deque<YamlNode> roots;  ///< of all files; the entries below are inside
  std::string name;            ///< empty: the file gives none
  std::vector<const YamlNode*> species;
  std::vector<const YamlNode*> phases;
  std::vector<const YamlNode*> reactions;
};

/// Finds the sections and the files they are spread over.
///
/// In version 1.1 a section may be `{files: [...]}`: paths relative to the main file, each file a list of
/// entries, which follow one another. Source: NCAR/MechanismConfiguration, documentation of version 1.
class OpenAtmosLoader {
 public:
  explicit OpenAtmosLoader(const std::string& path) : folder_(path.substr(0, path.rfind('/') + 1)) {}

  OpenAtmosDocument load(std::string_view text, const std::string& path) {
    const YamlNode& root = add_root(parse_yaml(text, path));
    if (root.kind != YamlNode::Kind::map) root.fail("a mechanism, a map");
    // MusicBox wraps the mechanism in the configuration of a run.
    const YamlNode* const inner = root.find("mechanism");
    read(YamlFields(inner ? *inner : root, known_keys, "a mechanism"));
    return std::move(document_);
  }

 private:
  /// `emissions` describes inventories for a host model: no chemistry.
  static constexpr std::array<std::string_view, 6> known_keys{"version", "name",      "species",
                                                              "phases",  "reactions", "emissions"};
  static constexpr std::array<std::string_view, 1> section_keys{"files"};
  static constexpr std::size_t most_files = 1000;
  static constexpr std::uintmax_t largest_files = std::uintmax_t{64} << 20;

  const YamlNode& add_root(YamlNode root) {
    document_.roots.push_back(std::move(root));
    return document_.roots.back();
  }

  void read(const YamlFields& fields) {
    const int minor = minor_version(fields.require("version"));
    if (fields.find("name")) document_.name = fields.text("name");
    read_section(fields.require("species"), minor, document_.species);
    read_section(fields.require("phases"), minor, document_.phases);
    read_section(fields.require("reactions"), minor, document_.reactions);
  }

  /// 0 of "1.0.0", "1.0" and "1"; 1 of "1.1.x".
  static int minor_version(const YamlNode& version) {
    const std::string text = version.kind == YamlNode::Kind::scalar ? version.text : std::string();
    if (text == "1" || text == "1.0" || text.rfind("1.0.", 0) == 0) return 0;
    if (text == "1.1" || text.rfind("1.1.", 0) == 0) return 1;
    version.fail("version 1.0.x or 1.1.x");
  }

  void read_section(const YamlNode& section, int minor, std::vector<const YamlNode*>& entries) {
    if (section.kind == YamlNode::Kind::sequence) return append(section, entries);
    const YamlFields fields(section, section_keys, "a section that is no list");
    const YamlNode& files = fields.require("files");
    if (minor < 1) files.fail("a list of entries (files are for version 1.1)", "'files'");
    if (files.kind != YamlNode::Kind::sequence) files.fail("a list of files");
    for (const YamlNode& file : files.items) {
      const YamlNode& list = add_root(read_file(file));
      if (list.kind != YamlNode::Kind::sequence) list.fail("a list of entries");
      append(list, entries);
    }
  }

  static void append(const YamlNode& list, std::vector<const YamlNode*>& entries) {
    for (const YamlNode& entry : list.items) entries.push_back(&entry);
  }

  /// A device could go on for ever; files of the system that say they are empty (/proc) are no lists either.
  YamlNode read_file(const YamlNode& file) {
    const std::string& name = yaml_text(file);
    const std::string path = name.front() == '/' ? name : folder_ + name;
    std::error_code status;
    if (!std::filesystem::is_regular_file(path, status))
      file.fail("a file that is there, no folder or device", path);
    const std::uintmax_t size = std::filesystem::file_size(path, status);
    if (status || size == 0) file.fail("a readable file that is not empty", path);
    if (++files_ > most_files || (size_ += size) > largest_files)
      file.fail("at most 1000 files, of 64 MiB together", "more");
    return parse_yaml(read_text_file(path), path);
  }

  std::string folder_;
  OpenAtmosDocument document_;
  std::size_t files_ = 0;
  std::uintmax_t size_ = 0;
};

}  // namespace chemnne::detail
