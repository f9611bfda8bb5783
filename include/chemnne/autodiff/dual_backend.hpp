#pragma once
#include <chemnne/backend/reference.hpp>

namespace chemnne {

template <class Backend>
struct DualBackend : Reference {};

}  // namespace chemnne
