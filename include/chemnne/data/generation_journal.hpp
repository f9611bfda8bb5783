#pragma once
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <unistd.h>

#include <chemnne/data/scenario_runner.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

namespace detail {

/// Appends numbers and texts to a byte string, each array behind its length.
class ByteWriter {
 public:
  template <class Value>
  void put(std::span<const Value> values) {
    static_assert(std::is_trivially_copyable_v<Value>);
    const std::uint64_t count = values.size();
    append(&count, sizeof count);
    append(values.data(), values.size_bytes());
  }
  void put(const std::string& text) { put(std::span<const char>(text)); }
  template <class Value>
  void put(const std::vector<Value>& values) {
    put(std::span<const Value>(values));
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void append(const void* data, std::size_t size) { bytes_.append(static_cast<const char*>(data), size); }
  std::string bytes_;
};

/// Reads what ByteWriter wrote; `get` returns false, and changes nothing, when the bytes end too early.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <class Container>
  bool get(Container& values) {
    using Value = typename Container::value_type;
    std::uint64_t count = 0;
    if (bytes_.size() < sizeof count) return false;
    std::memcpy(&count, bytes_.data(), sizeof count);
    if (count > (bytes_.size() - sizeof count) / sizeof(Value)) return false;
    const std::size_t size = static_cast<std::size_t>(count) * sizeof(Value);
    values.resize(static_cast<std::size_t>(count));
    if (size > 0) std::memcpy(values.data(), bytes_.data() + sizeof count, size);
    bytes_.remove_prefix(sizeof count + size);
    return true;
  }
  std::size_t left() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

}  // namespace detail

/// The finished scenarios of a generation that is under way, in a file beside the output, so that an
/// interrupted run continues where it was.
///
/// Each scenario is appended whole, with a checksum, as soon as it is done; what an interruption cut off is
/// dropped. The file is in the machine's own number format and lives only until the data set is complete.
class GenerationJournal {
 public:
  /// Opens the journal at `path`, or begins it. `identity` is all that the content depends on. Errors: Error
  /// naming the first entry in which the journal there differs from `identity`, or when the path is not
  /// writable.
  GenerationJournal(std::string path, const std::map<std::string, std::string>& identity)
      : path_(std::move(path)) {
    detail::ByteWriter header;
    header.put(std::string("chemnne generation journal"));
    for (const auto& [name, value] : identity) {
      header.put(name);
      header.put(value);
    }
    header.put(std::string());
    const std::string start = std::filesystem::exists(path_) ? read_bytes(path_) : std::string();
    if (start.starts_with(header.bytes()))
      std::filesystem::resize_file(path_,
                                   header.bytes().size() + restore(start.substr(header.bytes().size())));
    else if (!header.bytes().starts_with(start))
      refuse(start, identity);
    file_.reset(std::fopen(path_.c_str(), restored_ ? "ab" : "wb"));
    if (!file_) throw Error(path_, "a writable file", "none");
    if (!restored_) write(header.bytes());
  }

  /// The scenarios that were finished before this journal was opened; hands them over.
  std::vector<ScenarioWindows> take_finished() { return std::move(finished_); }

  /// Appends a scenario. Not for several threads at once. Errors: Error when the disk does not take it.
  void append(const ScenarioWindows& windows) {
    detail::ByteWriter record;
    record.put(std::vector<std::uint64_t>{windows.scenario});
    record.put(windows.failure);
    record.put(windows.kind);
    record.put(windows.spin_up_length);
    record.put(windows.environment_value);
    record.put(windows.element_total);
    record.put(windows.concentration);
    detail::ByteWriter framed;
    framed.put(hash_hex(record.bytes()));
    framed.put(record.bytes());
    write(framed.bytes());
  }

  /// Brings all that was appended to the disk, where it outlives a crash of the machine.
  void sync() {
    if (fsync(fileno(file_.get())) != 0) throw Error(path_, "a file that reaches the disk", "a write error");
  }

  /// Deletes the file: the data set is complete.
  void remove() {
    file_.reset();
    std::filesystem::remove(path_);
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void write(const std::string& bytes) {
    const bool complete = std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
    if (!complete || std::fflush(file_.get()) != 0) throw Error(path_, "space on the disk", "a write error");
  }

  /// Reads whole records and returns how many bytes they take.
  std::size_t restore(const std::string& bytes) {
    restored_ = true;
    detail::ByteReader reader(bytes);
    std::size_t used = 0;
    for (std::string checksum, record;
         reader.get(checksum) && reader.get(record) && checksum == hash_hex(record);
         used = bytes.size() - reader.left()) {
      detail::ByteReader fields(record);
      ScenarioWindows windows;
      std::vector<std::uint64_t> scenario;
      if (!(fields.get(scenario) && fields.get(windows.failure) && fields.get(windows.kind) &&
            fields.get(windows.spin_up_length) && fields.get(windows.environment_value) &&
            fields.get(windows.element_total) && fields.get(windows.concentration)))
        break;
      windows.scenario = scenario.at(0);
      finished_.push_back(std::move(windows));
    }
    return used;
  }

  [[noreturn]] void refuse(const std::string& bytes,
                           const std::map<std::string, std::string>& identity) const {
    detail::ByteReader reader(bytes);
    std::string name, value;
    reader.get(name);
    if (name == "chemnne generation journal") {
      std::map<std::string, std::string> there;
      while (reader.get(name) && !name.empty() && reader.get(value)) there[name] = value;
      const auto differs = [this](const std::string& of, const std::string& now, const std::string& then) {
        throw Error(path_ + " (an unfinished generation; delete it to begin anew): " + of, now, then);
      };
      for (const auto& [of, now] : identity)
        if (const auto found = there.find(of); found == there.end() || found->second != now)
          differs(of, shortened(now), found == there.end() ? "none" : shortened(found->second));
      for (const auto& [of, then] : there)
        if (!identity.contains(of)) differs(of, "none", shortened(then));
    }
    throw Error(path_, "an unfinished generation of these options", "another file; delete it to begin anew");
  }

  static std::string shortened(const std::string& value) {
    return value.size() <= 60 ? value : "a text with the hash " + hash_hex(value);
  }

  std::string path_;
  bool restored_ = false;
  std::vector<ScenarioWindows> finished_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace chemnne
