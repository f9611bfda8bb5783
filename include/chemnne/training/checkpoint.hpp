#pragma once
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include <chemnne/io/safetensors.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// Gathers the state of a run and writes it at once; the file is a safetensors file that other tools can
/// open.
class CheckpointWriter {
 public:
  explicit CheckpointWriter(const std::string& identity) { file_.metadata["run"] = identity; }

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
  /// Errors: Error when the checkpoint is of another run (architecture, data, seed, batch, loss).
  CheckpointReader(const std::string& path, const std::string& identity)
      : path_(path), file_(read_safetensors(path)) {
    const auto found = file_.metadata.find("run");
    if (found == file_.metadata.end() || found->second != identity)
      throw Error(path, "a checkpoint of the run '" + identity + "'",
                  found == file_.metadata.end()
                      ? "none"
                      : "'" + found->second + "'; remove it or train without --resume");
  }

  void get(const std::string& name, std::span<float> to) const {
    const std::vector<float> values = tensor_values<float>(file_.at(name));
    if (values.size() != to.size())
      throw Error(path_ + ", tensor " + name, std::to_string(to.size()) + " values",
                  std::to_string(values.size()));
    std::copy(values.begin(), values.end(), to.begin());
  }

  std::vector<double> numbers(const std::string& name) const { return tensor_values<double>(file_.at(name)); }

 private:
  std::string path_;
  SafetensorsFile file_;
};

}  // namespace chemnne
