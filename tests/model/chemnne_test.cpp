#define BOOST_TEST_MODULE model_chemnne
#include <set>
#include <string>
#include <vector>

#include "../properties/layer_table.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/reference.hpp>

using namespace chemnne;

namespace {

constexpr std::size_t rows = 5;

/// y of a network; the parameters come from the point of another with the same block.
template <class L, class B, class T>
std::vector<T> forward(const properties::Point& at) {
  Buffer<T> x(at.x.size()), p(at.p.size()), y(rows * L::Output::size), memory(L::memory(rows));
  std::copy(at.x.begin(), at.x.end(), x.data());
  std::copy(at.p.begin(), at.p.end(), p.data());
  Arena<T> arena(memory.span());
  L::template forward<B, T>(RowsOf<const T, typename L::Input>(x.data(), rows),
                            Parameters<const T, L::parameters>(p.data(), L::parameters),
                            RowsOf<T, typename L::Output>(y.data(), rows), arena);
  return {y.data(), y.data() + y.size()};
}

template <class Model>
properties::Point point_of() {
  Random random(21);
  return properties::point<typename Model::Trajectory>(rows, random);
}

using All = std::tuple<ChemNNE<properties::Tiny>, ChemNNE<properties::MoreOutputs>,
                       ChemNNE<properties::FewerOutputs>, ChemNNE<properties::LearnedIdentity>,
                       ChemNNE<properties::WithoutAttention>, ChemNNE<properties::WithoutSolver>,
                       PerTimeMlp<properties::Tiny>, PerTimeMlp<properties::MoreOutputs>>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(the_end_of_a_step_is_the_last_frame_of_the_trajectory, Model, All) {
  using C = typename Model::Configuration;
  const properties::Point at = point_of<Model>();
  const auto compare = [&]<class B, class T>(B, T tolerance) {
    const auto trajectory = forward<typename Model::Trajectory, B, T>(at),
               end = forward<typename Model::EndOfStep, B, T>(at);
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t i = 0; i < C::outputs; ++i) {
        const T last = trajectory[(row * C::frames + C::frames - 1) * C::outputs + i];
        BOOST_TEST(std::abs(last - end[row * C::outputs + i]) <= tolerance * (1 + std::abs(last)));
      }
  };
  // The same products in the same order, and an interpolation whose last row is a unit vector: the same but
  // for rounding.
  compare(Reference{}, 1e-15);
  compare(Cpu<>{}, 1e-15);
  compare(Cpu<>{}, 1e-6f);
}

using Known = std::tuple<ChemNNE<properties::Tiny>, ChemNNE<properties::MoreOutputs>,
                         ChemNNE<properties::FewerOutputs>, PerTimeMlp<properties::Tiny>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(the_exact_identity_holds_bit_for_bit, Model, Known) {
  using C = typename Model::Configuration;
  const properties::Point at = point_of<Model>();
  const auto trajectory = forward<typename Model::Trajectory, Cpu<>, float>(at);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < std::min(C::inputs, C::outputs); ++i)
      BOOST_TEST(trajectory[row * C::frames * C::outputs + i] ==
                 static_cast<float>(at.x[row * (C::inputs + C::conditions) + i]));
}

BOOST_AUTO_TEST_CASE(without_it_frame_zero_is_what_the_network_says) {
  using C = properties::LearnedIdentity;
  const properties::Point at = point_of<ChemNNE<C>>();
  const auto trajectory = forward<ChemNNE<C>::Trajectory, Cpu<>, float>(at);
  BOOST_TEST(trajectory[0] != static_cast<float>(at.x[0]));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_fresh_network_nearly_keeps_the_state, Model, Known) {
  // The last map of the decoder starts small, so that training begins at persistence: half a deviation at
  // most.
  using C = typename Model::Configuration;
  properties::Point at = point_of<Model>();
  std::vector<double> fresh(at.p.size());
  Random random(1);
  Model::EndOfStep::initialise(Parameters<double, Model::EndOfStep::parameters>(fresh.data(), fresh.size()),
                               random);
  at.p = fresh;
  const auto end = forward<typename Model::EndOfStep, Reference, double>(at);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < std::min(C::inputs, C::outputs); ++i)
      BOOST_TEST(std::abs(end[row * C::outputs + i] - at.x[row * (C::inputs + C::conditions) + i]) < 0.5);
}

namespace {
struct Tensor {
  std::string name;
  std::size_t offset, size;
  friend bool operator==(const Tensor&, const Tensor&) = default;
};

template <class L>
std::vector<Tensor> tensors() {
  std::vector<Tensor> all;
  L::describe("", 0, [&](const std::string& name, std::size_t offset, std::span<const std::size_t> extents) {
    std::size_t size = 1;
    for (const std::size_t extent : extents) size *= extent;
    all.push_back({name, offset, size});
  });
  return all;
}
}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(tensors_fill_the_parameter_block_under_names_of_their_own, Model, All) {
  std::set<std::string> names;
  std::size_t end = 0;
  for (const Tensor& tensor : tensors<typename Model::Trajectory>()) {
    BOOST_TEST(names.insert(tensor.name).second, tensor.name << " is there twice");
    BOOST_TEST(tensor.offset == end);
    end += tensor.size;
  }
  BOOST_TEST(end == Model::Trajectory::parameters);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(both_readings_of_a_model_have_the_same_tensors, Model, All) {
  BOOST_TEST((tensors<typename Model::Trajectory>() == tensors<typename Model::EndOfStep>()));
}

BOOST_AUTO_TEST_CASE(the_text_of_a_configuration_tells_models_apart) {
  const std::set<std::string> texts = {configuration_text<properties::Tiny>(),
                                       configuration_text<properties::MoreOutputs>(),
                                       configuration_text<properties::FewerOutputs>(),
                                       configuration_text<properties::LearnedIdentity>(),
                                       configuration_text<properties::WithoutAttention>(),
                                       configuration_text<properties::WithoutIntegral>(),
                                       configuration_text<properties::WithoutBands>(),
                                       configuration_text<properties::WithConvolution>(),
                                       configuration_text<properties::WithDense>(),
                                       configuration_text<properties::WithoutSolver>()};
  BOOST_TEST(texts.size() == 10u);
}
