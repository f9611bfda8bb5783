#include "mechanism_text.hpp"
#include "ranges_text.hpp"

static_assert(mechanism_text.find("#DEFVAR") == 0);
static_assert(ranges_text == "[temperature]\nminimum = 250\nmaximum = 310\n");
