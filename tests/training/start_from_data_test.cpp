#define BOOST_TEST_MODULE training_start_from_data
#include <cmath>
#include <vector>

#include "relaxation.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/model/chemnne.hpp>
#include <chemnne/training/start_from_data.hpp>

using namespace chemnne;

namespace {

using C = test::Relaxation;

/// Windows in which every species follows one course in time, each with an amplitude of its own.
TrainingSet one_course(const std::vector<double>& course) {
  TrainingSet set = test::RelaxationSets(40).train;
  Random random(3);
  for (std::size_t window = 0; window < set.cases; ++window)
    for (std::size_t s = 0; s < set.species; ++s) {
      const double start = random.normal(), amplitude = random.normal();
      for (std::size_t f = 0; f < C::frames; ++f)
        set.state[(window * C::frames + f) * set.species + s] =
            static_cast<float>(start + amplitude * course[f]);
    }
  return set;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_first_mode_is_the_course_that_all_windows_follow) {
  using Network = Pod<C>::Trajectory;
  using Modes = parts::PodModes<C>;
  constexpr std::size_t count = (Modes::parameters - Modes::Head::parameters) / C::nodes;
  std::vector<double> course;
  for (std::size_t f = 0; f < C::frames; ++f) course.push_back(-std::expm1(-0.3 * static_cast<double>(f)));
  std::vector<float> p(Network::parameters);
  StartFromData<Pod<C>>::apply(one_course(course), std::span<float, Network::parameters>(p));
  const float* const modes = p.data() + p.size() - C::nodes * count;
  const double end = static_cast<double>(modes[(C::nodes - 1) * count]) / course.back();
  BOOST_TEST(std::abs(end) > 0.1);
  for (std::size_t n = 0; n < C::nodes; ++n) {
    const double frame = Pod<C>::grid.time(n) / C::horizon * (C::frames - 1);
    const auto before = std::min(static_cast<std::size_t>(frame), C::frames - 2);
    const double expected =
        std::lerp(course[before], course[before + 1], frame - static_cast<double>(before));
    BOOST_TEST(std::abs(static_cast<double>(modes[n * count]) / end - expected) < 1e-5);
  }
}

namespace {

struct Producing : test::Relaxation {
  static constexpr std::size_t exponential_width = 5;
  static constexpr bool production_loss = true;
};

}  // namespace

BOOST_AUTO_TEST_CASE(production_and_loss_take_the_deviations) {
  using Network = ChemNNE<Producing>::Trained;
  std::vector<float> p(Network::parameters);
  const TrainingSet set = test::RelaxationSets(40).train;
  StartFromData<ChemNNE<Producing>>::apply(set, std::span<float, Network::parameters>(p));
  using Constants = ProductionConstants<Network>;
  BOOST_TEST(Constants::count == 3u);
  for (std::size_t i = 0; i < p.size(); ++i) {
    const bool deviation = i >= Constants::deviation && i < Constants::deviation + 3;
    BOOST_TEST_REQUIRE(p[i] == (deviation ? set.deviation[i - Constants::deviation] : 0.0f));
  }
}

BOOST_AUTO_TEST_CASE(other_models_take_nothing) {
  std::vector<float> p(ChemNNE<C>::Trajectory::parameters, 7);
  StartFromData<ChemNNE<C>>::apply(test::RelaxationSets(40).train,
                                   std::span<float, ChemNNE<C>::Trajectory::parameters>(p));
  for (const float v : p) BOOST_TEST_REQUIRE(v == 7);
}
