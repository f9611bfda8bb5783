// Preloaded into a program, whose numbers are German then before `main` begins: as in a host that has set its
// locale.
#include "../support/foreign_locale.hpp"

namespace {

// First: what ForeignLocale starts would else be German, too, and start the same.
const int not_for_children = unsetenv("LD_PRELOAD");
const test::ForeignLocale german;

}  // namespace
