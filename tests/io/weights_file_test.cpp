#define BOOST_TEST_MODULE io_weights_file
#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "../host/small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/model/per_time_mlp.hpp>

using namespace chemnne;
using test::contains;

namespace {

using C = test::Small<>;
using Network = test::SmallNetwork<C>;
struct Slow : C {
  static constexpr double time_scale = 120.25;
};
struct Rougher : C {
  static constexpr double omega_0 = 1.234567;
};
struct Rough : C {
  static constexpr double omega_0 = 1.23456;
};

EmulatorDescription read(const std::string& path, std::vector<float>& parameters,
                         const std::string& architecture = "chemnne",
                         const std::string& configuration = configuration_text<C>()) {
  parameters.resize(Network::parameters);
  return read_weights<Network>(path, architecture, configuration,
                               std::span<float, Network::parameters>(parameters.data(), Network::parameters));
}

/// What the error says that reading a changed copy of a good file gives.
template <class Change>
std::string message_after(const Change& change) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("changed.safetensors");
  test::write_small<C>(path, test::small_parameters<C>());
  SafetensorsFile file = read_safetensors(path);
  change(file);
  write_safetensors(path, file);
  std::vector<float> parameters;
  const std::string message = test::message_of([&] { read(path, parameters); });
  BOOST_TEST(contains(message, path), message);
  return message;
}

struct Good {
  test::TemporaryFolder folder;
  std::string path = folder.file("good.safetensors");
  std::vector<float> written = test::small_parameters<C>();
  Good() { test::write_small<C>(path, written); }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(parameters_and_description_come_back_exactly, Good) {
  std::vector<float> parameters;
  const EmulatorDescription found = read(path, parameters), expected = test::small_description<C>();
  BOOST_TEST(parameters == written);
  BOOST_TEST(found.checksum);
  // The JSON of a description holds all of it, numbers to the last bit (io/json_test).
  BOOST_TEST(detail::description_to_json(found).dump() == detail::description_to_json(expected).dump());
  BOOST_TEST(found.inputs == expected.inputs);
  BOOST_TEST(found.condition_units == expected.condition_units);
  BOOST_TEST(found.input_range[2].maximum == expected.input_range[2].maximum);
  BOOST_TEST(found.metrics.at("third") == expected.metrics.at("third"));
  BOOST_TEST(found.data == expected.data);
}

BOOST_FIXTURE_TEST_CASE(every_parameter_stands_in_one_tensor_of_its_own_name, Good) {
  std::vector<std::string> names;
  std::size_t count = 0;
  for (const Tensor& tensor : read_safetensors(path).tensors) {
    names.push_back(tensor.name);
    count += tensor.data.size() / sizeof(float);
  }
  BOOST_TEST(count == Network::parameters);
  BOOST_TEST(std::count(names.begin(), names.end(), "input.floor") == 1);
  std::sort(names.begin(), names.end());
  BOOST_TEST((std::adjacent_find(names.begin(), names.end()) == names.end()));
}

BOOST_FIXTURE_TEST_CASE(another_model_is_refused_and_both_are_named, Good) {
  std::vector<float> parameters;
  const std::string configuration = configuration_text<test::Small<4>>();
  const std::string other = test::message_of([&] { read(path, parameters, "chemnne", configuration); });
  BOOST_TEST(contains(other, "'" + configuration + "' (this program's)"), other);
  BOOST_TEST(contains(other, "found '" + configuration_text<C>() + "'"), other);
  const std::string mlp = test::message_of([&] { read(path, parameters, PerTimeMlp<C>::architecture); });
  BOOST_TEST(contains(mlp, "expected 'mlp' (this program's), found 'chemnne'"), mlp);
}

BOOST_AUTO_TEST_CASE(configurations_that_differ_have_different_texts) {
  BOOST_TEST(configuration_text<Slow>() != configuration_text<C>());
  BOOST_TEST(configuration_text<Rough>() != configuration_text<Rougher>());
  BOOST_TEST(
      contains(configuration_text<C>(), "inputs=3 outputs=3 conditions=2 frames=13 horizon=3600 nodes=5"));
}

BOOST_AUTO_TEST_CASE(tensors_that_are_not_those_of_the_network_are_refused) {
  const std::string missing =
      message_after([](SafetensorsFile& file) { file.tensors.erase(file.tensors.begin() + 1); });
  BOOST_TEST(contains(missing, "expected a tensor 'input.mean', found none"), missing);
  const std::string extra = message_after([](SafetensorsFile& file) {
    file.tensors.push_back(make_tensor<float>("extra", {1}, std::vector<float>{1}));
  });
  BOOST_TEST(contains(extra, "tensors, found"), extra);
  const std::string shape = message_after([](SafetensorsFile& file) {
    file.tensors[1] = make_tensor<float>("input.mean", {1, 5}, std::vector<float>(5));
  });
  BOOST_TEST(contains(shape, "tensor 'input.mean': expected shape [5], found [1, 5]"), shape);
  const std::string type = message_after([](SafetensorsFile& file) {
    file.tensors[1] = make_tensor<double>("input.mean", {5}, std::vector<double>(5));
  });
  BOOST_TEST(contains(type, "'input.mean'"), type);
  BOOST_TEST((contains(type, "F32") && contains(type, "F64")), type);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_emulator_is_refused) {
  const std::string foreign = message_after([](SafetensorsFile& file) { file.metadata.clear(); });
  BOOST_TEST(contains(foreign, "expected an emulator's weights file (metadata 'chemnne'), found none"),
             foreign);
  const std::string later = message_after([](SafetensorsFile& file) {
    std::string& text = file.metadata.at("chemnne");
    text.replace(text.find("chemnne emulator 1"), 18, "chemnne emulator 2");
  });
  BOOST_TEST(contains(later, "expected format 'chemnne emulator 1', found 'chemnne emulator 2'"), later);
  const std::string ranges = message_after([](SafetensorsFile& file) {
    std::string& text = file.metadata.at("chemnne");
    const std::string name = "\"condition_units\"";
    text.replace(text.find(name), name.size(), "\"other\"");
  });
  BOOST_TEST(contains(ranges, "expected a member 'condition_units', found none"), ranges);
  const std::string units = message_after([](SafetensorsFile& file) {
    std::string& text = file.metadata.at("chemnne");
    const std::string name = "\"condition_units\":[";
    text.replace(text.find(name), name.size(), name + "\"K\",");
  });
  BOOST_TEST(contains(units, "condition_units: expected"), units);
}

// The file is sound, with a checksum: what is in it cannot be.
BOOST_AUTO_TEST_CASE(values_that_cannot_be_are_refused_by_tensor_and_place) {
  constexpr float infinite = std::numeric_limits<float>::infinity(),
                  not_a_number = std::numeric_limits<float>::quiet_NaN(), denormal = 1e-40f;
  const auto message = [](const std::string& name, std::size_t place, float value) {
    return message_after([&](SafetensorsFile& file) {
      for (Tensor& tensor : file.tensors)
        if (tensor.name == name) std::memcpy(tensor.data.data() + place * sizeof value, &value, sizeof value);
    });
  };
  const test::TemporaryFolder folder;
  test::write_small<C>(folder.file("all"), test::small_parameters<C>());
  for (const Tensor& tensor : read_safetensors(folder.file("all")).tensors) {
    const std::size_t last = tensor.data.size() / sizeof(float) - 1;
    const std::string where = "tensor '" + tensor.name + "', value ";
    for (const float bad : {infinite, -infinite, not_a_number}) {
      const std::string text = message(tensor.name, last, bad);
      BOOST_TEST(contains(text, where + std::to_string(last)), text);
    }
    if (tensor.name != "input.floor" && !tensor.name.ends_with("put.deviation")) continue;
    for (const float bad : {0.0f, -0.0f, -1.0f, denormal}) {
      const std::string text = message(tensor.name, 1, bad);
      BOOST_TEST(contains(text, where + "1: expected a finite number above 0"), text);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_description_of_another_number_of_names_is_refused) {
  const auto message = [](const auto& change) {
    const test::TemporaryFolder folder;
    EmulatorDescription d = test::small_description<C>();
    change(d);
    test::write_small<C>(folder.file("file"), test::small_parameters<C>(), d);
    std::vector<float> parameters;
    return test::message_of([&] { read(folder.file("file"), parameters); });
  };
  const std::string inputs = message([](EmulatorDescription& d) {
    d.inputs.pop_back();
    d.input_range.pop_back();
  });
  BOOST_TEST(contains(inputs, "number of inputs: expected 3 (that of the configuration), found 2"), inputs);
  const std::string outputs = message([](EmulatorDescription& d) {
    d.outputs.push_back("D");
    d.output_range.push_back({0, 1});
    d.output_floor.push_back(1);
  });
  BOOST_TEST(contains(outputs, "number of outputs: expected 3"), outputs);
  const std::string conditions = message([](EmulatorDescription& d) {
    d.conditions.pop_back();
    d.condition_units.pop_back();
    d.condition_range.pop_back();
  });
  BOOST_TEST(contains(conditions, "number of inputs and conditions: expected 5"), conditions);
}

BOOST_FIXTURE_TEST_CASE(a_truncated_file_is_refused_wherever_it_ends, Good) {
  const std::string bytes = read_text_file(path);
  std::vector<float> parameters;
  for (std::size_t length = 0; length < bytes.size(); length += 97) {
    write_file_atomically(path, std::string_view(bytes).substr(0, length));
    const std::string message = test::message_of([&] { read(path, parameters); });
    BOOST_TEST(contains(message, path), "cut at " << length << ": " << message);
  }
}
