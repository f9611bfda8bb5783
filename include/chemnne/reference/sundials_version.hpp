#pragma once
#include <cvode/cvode.h>
#include <sundials/sundials_config.h>

/// What differs between the supported versions of SUNDIALS, 6 and 7: how a context is made and who is told of
/// errors. All else that we call is spelled as 7 spells it, which 6 knows too.
/// Source: Hindmarsh et al., ACM TOMS 31 (2005) 363; Gardner et al., ACM TOMS 48 (2022) 31.
#if SUNDIALS_VERSION_MAJOR < 6 || SUNDIALS_VERSION_MAJOR > 7
#error "chemnne works with SUNDIALS 6 and 7, not with this version"
#endif
#ifndef SUNDIALS_DOUBLE_PRECISION
#error "chemnne needs a SUNDIALS of double precision (SUNDIALS_PRECISION=double)"
#endif

namespace chemnne::detail {

/// A context for one process; 0 is success. 7 has a type and a constant for communicators, 6 takes a pointer.
inline int create_context(SUNContext* context) noexcept {
#if SUNDIALS_VERSION_MAJOR >= 7
  return SUNContext_Create(SUN_COMM_NULL, context);
#else
  return SUNContext_Create(nullptr, context);
#endif
}

/// Handler(data, function, message), which must not throw, hears of CVODE's errors, and nothing is printed;
/// 0 is success. In 7 handlers belong to the context, where the first of them prints, and warnings go to the
/// context's logger, which prints them too; in 6 CVODE has one handler for both.
template <auto Handler>
int set_error_handler(void* integrator, SUNContext context, void* data) noexcept {
#if SUNDIALS_VERSION_MAJOR >= 7
  static_cast<void>(integrator);
  if (const int code = SUNContext_SetLogger(context, nullptr); code != 0) return code;
  if (const int code = SUNContext_ClearErrHandlers(context); code != 0) return code;
  return SUNContext_PushErrHandler(
      context,
      [](int, const char* function, const char*, const char* message, SUNErrCode code, void* to,
         SUNContext) noexcept { Handler(to, function, message ? message : SUNGetErrMsg(code)); },
      data);
#else
  static_cast<void>(context);
  return CVodeSetErrHandlerFn(
      integrator,
      [](int, const char*, const char* function, char* message, void* to) noexcept {
        Handler(to, function, message);
      },
      data);
#endif
}

}  // namespace chemnne::detail
