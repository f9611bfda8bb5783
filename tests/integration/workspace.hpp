#pragma once
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <chemnne/cli/cell_table.hpp>
#include <chemnne/cli/emulator_commands.hpp>
#include <chemnne/cli/model_entry.hpp>
#include <chemnne/data/dataset_file.hpp>
#include <chemnne/model/chemnne.hpp>
#include <chemnne/model/per_time_mlp.hpp>

/// The program of a small emulator, run as a user runs it.
namespace test {

using namespace chemnne;

/// The embedded mechanism with a network that trains in a second.
struct Small : PaperConfiguration<49, 49> {
  static constexpr std::size_t nodes = 4, bands = 2, embedding_width = 8, encoder_width = 16,
                               encoder_layers = 2, width = 8, heads = 2, modes = 2, blocks = 1,
                               decoder_width = 16;
};

struct Finished {
  int status = -1;
  std::string text;  ///< standard output and error together
};

/// Calls f with standard output and error going to a file.
template <class F>
Finished captured(const std::string& file, const F& f) {
  const auto redirect = [](int from, int to) {
    std::fflush(nullptr);
    std::cout.flush();
    dup2(from, to);
  };
  const int out = dup(1), err = dup(2);
  std::FILE* const sink = std::fopen(file.c_str(), "wb");
  redirect(fileno(sink), 1);
  redirect(fileno(sink), 2);
  Finished finished{.status = f(), .text = {}};
  redirect(out, 1);
  redirect(err, 2);
  for (const int descriptor : {out, err}) close(descriptor);
  std::fclose(sink);
  finished.text = read_text_file(file);
  return finished;
}

/// What a user has after the main job: data sets, two trained networks and a report.
struct Workspace {
  TemporaryFolder folder;
  const std::string mechanism =
      read_text_file(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
  const std::string ranges = read_text_file(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.toml");
  const std::string train = folder.file("train.nc"), validation = folder.file("validation.nc"),
                    held_out = folder.file("test.nc"), model = folder.file("model.safetensors"),
                    mlp = folder.file("mlp.safetensors"), report = folder.file("a/report");

  /// Runs the program. @FILE stands for a file in the folder.
  Finished operator()(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "chemnne_small");
    std::vector<char*> pointers;
    for (std::string& argument : arguments) {
      if (argument[0] == '@') argument = folder.file(argument.substr(1));
      pointers.push_back(argument.data());
    }
    return captured(folder.file("output"), [&] {
      return emulator_commands(
          static_cast<int>(pointers.size()), pointers.data(),
          {model_entry<ChemNNE<Small>>(), model_entry<PerTimeMlp<Small>>(),
           model_entry<UnrolledModel<ChemNNE<Small>, 2>>()},
          {.name = "troposphere.eqn", .mechanism_text = mechanism, .ranges_text = ranges});
    });
  }

  std::string must(const std::vector<std::string>& arguments) const {
    const Finished finished = (*this)(arguments);
    BOOST_TEST_REQUIRE(finished.status == 0, arguments[0] << ": " << finished.text);
    return finished.text;
  }

  /// The message of a call that must end with the status of bad input.
  std::string complaint(const std::vector<std::string>& arguments) const {
    const Finished finished = (*this)(arguments);
    BOOST_TEST(finished.status == 2, finished.text);
    return finished.text;
  }

  Workspace() {
    must({"generate", "--scenarios", "20", "--windows", "2", "--output", train});
    must({"generate", "--scenarios", "5", "--windows", "2", "--split", "validation", "--output", validation});
    must({"generate", "--scenarios", "5", "--windows", "2", "--split", "test", "--output", held_out});
    must({"train", "--data", train, "--validation", validation, "--out", model, "--epochs", "3", "--batch",
          "16"});
    must({"train", "--data", train, "--validation", validation, "--out", mlp, "--epochs", "3",
          "--architecture", "mlp"});
  }
};

inline const Workspace& workspace() {
  static const Workspace made;
  return made;
}

/// Held-out states as a table that `run` takes, with a column that is none of its.
inline CellTable held_out_cells() {
  const Dataset data = read_dataset(workspace().held_out);
  CellTable table;
  const auto add = [&](const std::string& name, const auto& value_of) {
    table.name.push_back(name);
    table.column.emplace_back();
    for (std::size_t window = 0; window < data.cases(); ++window)
      table.column.back().push_back(static_cast<double>(value_of(window)));
  };
  add("height", [](std::size_t window) { return 100 * window; });
  for (std::size_t k = 5; k-- > 0;)
    add(data.environment_name[k], [&](std::size_t window) { return data.environment(window)[k]; });
  for (std::size_t s = 0; s < 49; ++s)
    add(data.species_name[s], [&](std::size_t window) { return data.row(window, 0)[s]; });
  return table;
}

inline std::string write_cells_as(const std::string& name) {
  const CellTable table = held_out_cells();
  write_cells(workspace().folder.file(name), table, std::vector<std::string>(table.name.size(), "1"));
  return workspace().folder.file(name);
}

}  // namespace test
