#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/open_atmos_files.hpp>
#include <chemnne/chemistry/yaml_document.hpp>
#include <chemnne/chemistry/yaml_fields.hpp>

namespace chemnne::detail {

/// A MUSICA/OpenAtmos configuration: the entries of its sections, whatever files they stand in.
struct OpenAtmosDocument {
  std::deque<YamlNode> roots;  ///< of all files; the entries below are inside
  std::string name;            ///< empty: the file gives none
  std::vector<const YamlNode*> species;
  std::vector<const YamlNode*> phases;
  std::vector<const YamlNode*> reactions;
  std::vector<const YamlNode*> aerosol;  ///< sections of version 1.2 that are no gas phase
};

/// Finds the sections and the files they are spread over.
///
/// From version 1.1 on a section may be `{files: [...]}`: paths relative to the main file, each file a list
/// of entries, which follow one another. Source: NCAR/MechanismConfiguration, documentation of version 1.
class OpenAtmosLoader {
 public:
  explicit OpenAtmosLoader(const std::string& path) : files_(path) {}

  /// `root`: a map.
  OpenAtmosDocument load(YamlNode root) {
    const YamlNode& kept = add_root(std::move(root));
    // MusicBox wraps the mechanism in the configuration of a run.
    const YamlNode* const inner = kept.find("mechanism");
    read(YamlFields(inner ? *inner : kept, known_keys, "a mechanism"));
    return std::move(document_);
  }

 private:
  /// `emissions` describes inventories for a host model: no chemistry.
  static constexpr std::array<std::string_view, 8> known_keys{
      "version",   "name",      "species",           "phases",
      "reactions", "emissions", "aerosol processes", "aerosol representations"};
  static constexpr std::array<std::string_view, 1> section_keys{"files"};

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
    for (const std::string_view key : {known_keys[6], known_keys[7]})
      if (const YamlNode* const section = fields.find(key)) document_.aerosol.push_back(section);
  }

  /// 0 of "1.0.0", "1.0" and "1"; 2 of "1.2.x".
  static int minor_version(const YamlNode& version) {
    const std::string text = version.kind == YamlNode::Kind::scalar ? version.text : std::string();
    const std::string_view rest = std::string_view(text).substr(std::min<std::size_t>(text.size(), 2));
    const std::string_view minor = rest.substr(0, rest.find('.'));
    if (text == "1") return 0;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!text.starts_with("1.") || minor.empty() || minor.size() > 3 ||
        !std::all_of(minor.begin(), minor.end(), is_digit))
      version.fail("version 1.x (CAMP's version 0 has 'camp-files' or 'camp-data')");
    int result = 0;
    for (const char digit : minor) result = 10 * result + (digit - '0');
    return result;
  }

  void read_section(const YamlNode& section, int minor, std::vector<const YamlNode*>& entries) {
    if (section.kind == YamlNode::Kind::sequence) return append(section, entries);
    const YamlFields fields(section, section_keys, "a section that is no list");
    const YamlNode& files = fields.require("files");
    if (minor < 1) files.fail("a list of entries (files are for version 1.1)", "'files'");
    if (files.kind != YamlNode::Kind::sequence) files.fail("a list of files");
    for (const YamlNode& file : files.items) {
      const YamlNode& list = add_root(files_.read(file));
      if (list.kind != YamlNode::Kind::sequence) list.fail("a list of entries");
      append(list, entries);
    }
  }

  static void append(const YamlNode& list, std::vector<const YamlNode*>& entries) {
    for (const YamlNode& entry : list.items) entries.push_back(&entry);
  }

  OpenAtmosFiles files_;
  OpenAtmosDocument document_;
};

}  // namespace chemnne::detail
