#pragma once
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include <chemnne/io/safetensors.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/training/run_identity.hpp>

namespace chemnne {

/// Gathers the state of a run and writes it at once; the file is a safetensors file that other tools can
/// open.
class CheckpointWriter {
 public:
  explicit CheckpointWriter(const RunIdentity& identity) {
    for (const auto& [name, value] : identity) file_.metadata["run, " + name] = value;
  }

  template <class T>
  void add(const std::string& name, std::span<const T> values) {
    file_.tensors.push_back(make_tensor(name, {values.size()}, values));
  }

  void write(const std::string& path) const { write_safetensors(path, file_); }

 private:
  SafetensorsFile file_;
};

/// Reads the state of a run.
class CheckpointReader {
 public:
  /// Errors: Error naming all in which the checkpoint is of another run.
  CheckpointReader(const std::string& path, const RunIdentity& identity)
      : path_(path), file_(read_safetensors(path)) {
    std::string wanted, there;
    for (const auto& [name, value] : identity) {
      const auto found = file_.metadata.find("run, " + name);
      if (found != file_.metadata.end() && found->second == value) continue;
      const char* const between = wanted.empty() ? "" : ", ";
      wanted += between + name + ' ' + value;
      there += between + name + ' ' + (found == file_.metadata.end() ? "unknown" : found->second);
    }
    if (!wanted.empty())
      throw Error(path, "a checkpoint of a run with " + wanted,
                  "one with " + there + ", of another run: remove it or train without --resume");
  }

  /// A tensor of the file. Errors: Error when it is not there or has another number of values.
  void get(const std::string& name, std::span<float> to) const {
    const std::vector<float> values = tensor_values<float>(file_.at(name));
    if (values.size() != to.size())
      throw Error(path_ + ", tensor " + name, std::to_string(to.size()) + " values",
                  std::to_string(values.size()));
    std::copy(values.begin(), values.end(), to.begin());
  }

  /// The same of any number of values.
  std::vector<double> numbers(const std::string& name) const { return tensor_values<double>(file_.at(name)); }

 private:
  std::string path_;
  SafetensorsFile file_;
};

}  // namespace chemnne
