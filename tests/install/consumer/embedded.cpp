#include "mechanism_text.hpp"
#include "ranges_text.hpp"

static_assert(mechanism_text.find("#DEFVAR") == 0);
static_assert(ranges_text.find("[environment]\ntemperature = { minimum = 243.15,") == 0);
static_assert(ranges_text.back() == '\n');
