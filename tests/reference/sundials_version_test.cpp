#define BOOST_TEST_MODULE reference_sundials_version
#include <cstdio>
#include <string>
#include <vector>

#include "printed_bytes.hpp"
#include <boost/test/unit_test.hpp>
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include <chemnne/reference/sundials_handles.hpp>
#include <chemnne/reference/sundials_version.hpp>

namespace detail = chemnne::detail;

namespace {

/// Errors as "function: message".
using Heard = std::vector<std::string>;

void hear(void* heard, const char* function, const char* message) noexcept {
  static_cast<Heard*>(heard)->push_back(std::string(function) + ": " + message);
}

/// dc/dt = 1 from t = 1e10 in steps that do not change it: CVODE warns of ten of them, and gives up after
/// 500.
int integrate_in_vain(Heard* heard) {
  const detail::ContextHandle context = detail::make_context();
  const detail::VectorHandle state(N_VNew_Serial(1, context.get()));
  NV_Ith_S(state.get(), 0) = 0;
  SUNNonlinearSolver solver = SUNNonlinSol_FixedPoint(state.get(), 0, context.get());
  sunrealtype time = 1e10;
  int code = 0;
  {
    const detail::IntegratorHandle integrator(CVodeCreate(CV_ADAMS, context.get()));
    const auto rate = [](sunrealtype, N_Vector, N_Vector dcdt, void*) {
      NV_Ith_S(dcdt, 0) = 1;
      return 0;
    };
    if (heard) BOOST_TEST(detail::set_error_handler<hear>(integrator.get(), context.get(), heard) == 0);
    CVodeInit(integrator.get(), rate, time, state.get());
    CVodeSStolerances(integrator.get(), 1e-6, 1e-6);
    CVodeSetNonlinearSolver(integrator.get(), solver);
    CVodeSetInitStep(integrator.get(), 1e-9);
    CVodeSetMaxStep(integrator.get(), 1e-9);
    code = CVode(integrator.get(), 2e10, state.get(), &time, CV_NORMAL);
  }
  SUNNonlinSolFree(solver);
  return code;
}

}  // namespace

BOOST_AUTO_TEST_CASE(errors_are_heard_and_neither_they_nor_warnings_are_printed) {
  Heard heard;
  int code = 0;
  BOOST_TEST(test::printed_bytes([&] { code = integrate_in_vain(&heard); }) == 0);
  BOOST_TEST(code == CV_TOO_MUCH_WORK);
  BOOST_REQUIRE(!heard.empty());
  BOOST_TEST(heard.back().starts_with("CVode: "), heard.back());
  BOOST_TEST(heard.back().find("mxstep steps taken") != std::string::npos, heard.back());
}

BOOST_AUTO_TEST_CASE(without_the_handler_sundials_prints) {
  BOOST_TEST(test::printed_bytes([] { integrate_in_vain(nullptr); }) > 0);
}

BOOST_AUTO_TEST_CASE(a_context_is_made_for_one_process) {
  SUNContext context = nullptr;
  BOOST_TEST(detail::create_context(&context) == 0);
  BOOST_REQUIRE(context != nullptr);
  SUNContext_Free(&context);
}
