/* c_solver_host STATE RESULT: a host of a solver in C99, beside an emulator. STATE holds 7 cells, [cell][3 species] and
 * [cell][5 conditions] in double; RESULT what becomes of the species in half an hour, in double and in float. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chemnne_small.h"
#include "chemnne_small_species.h"
#include "stiff_small.h"
#include "stiff_small_species.h"

enum { cells = 7, species = 4, wanted = stiff_small_inputs, conditions = stiff_small_conditions };

static char message[300];

static void check(int holds, const char* text) {
  if (holds) return;
  fprintf(stderr, "not so: %s (%s)\n", text, message);
  exit(1);
}

int main(int argument_count, char** arguments) {
  static const char* const names[species] = {"NO2", "X", "O3", "NO"};
  static const int place[wanted] = {2, 3, 0}; /* of O3, NO, NO2 */
  static const char* const others[] = {"A", "B", "C"};
  const chemnne_layout layout = chemnne_item_major(cells, species), dense = chemnne_cell_major(cells, wanted);
  const chemnne_layout forcing = chemnne_cell_major(cells, conditions);
  const chemnne_fields fields = {names, species, NULL, 0, CHEMNNE_NUMBER_DENSITY, NULL}, own = {NULL, 0, NULL, 0, 0, NULL};
  static const char* const turned[] = {"NO2", "O3", "NO"};
  const char* turned_conditions[conditions];
  double given[cells][wanted], weather[cells][conditions], state[species][cells], kept[species][cells];
  double score[cells], half_width[cells][wanted], before[3] = {1e12, 1e10, 1e10}, after[3], air[conditions];
  float single[cells][wanted], single_weather[cells][conditions];
  uint8_t flags[cells];
  stiff_small_solver* solver = NULL;
  stiff_small_binding *binding = NULL, *own_binding = NULL;
  stiff_small_workspace* workspace = NULL;
  stiff_small_fallback* fallback = NULL;
  chemnne_small_emulator* emulator = NULL;
  chemnne_fields of_emulator = {others, 3, turned_conditions, conditions, CHEMNNE_NUMBER_DENSITY, NULL};
  chemnne_cell cell_of_emulator = {0, 3, 3, conditions, before, NULL, 1800, after, 0, 0};
  chemnne_solver_options options = {-1, 0, 0};
  chemnne_step step = {.guard = CHEMNNE_KEEP_OLD, .flags = flags, .score = score, .half_width = &half_width[0][0]};
  chemnne_status status;
  size_t index = 0;
  double shares[3] = {9, 9, 9};
  FILE* file;
  int cell, i;

  check(argument_count == 3, "two arguments");
  file = fopen(arguments[1], "rb");
  check(file && fread(given, sizeof given, 1, file) == 1 && fread(weather, sizeof weather, 1, file) == 1, "a state");
  fclose(file);
  for (cell = 0; cell < cells; ++cell) {
    state[1][cell] = -1;
    for (i = 0; i < wanted; ++i) {
      state[place[i]][cell] = given[cell][i];
      single[cell][i] = (float)given[cell][i];
    }
    for (i = 0; i < conditions; ++i) single_weather[cell][i] = (float)weather[cell][i];
  }
  memcpy(kept, state, sizeof state);

  check(stiff_small_open(&options, &solver, message, sizeof message) == CHEMNNE_BAD_ARGUMENT && !solver &&
          strstr(message, "relative_tolerance"),
      "no tolerance below zero");
  check(stiff_small_open(NULL, &solver, message, sizeof message) == CHEMNNE_OK, "a solver");
  check(stiff_small_inputs == 3 && stiff_small_outputs == 3 && stiff_small_conditions == 5, "sizes are constants");
  check(stiff_small_lumping(solver, "NO2", shares, NULL, 0) == CHEMNNE_OK && shares[stiff_small_ind_NO2] == 1,
      "a species enters itself");
  check(stiff_small_species_index(solver, "NO2", &index, NULL, 0) == CHEMNNE_OK && index == stiff_small_ind_NO2,
      "constants are places");
  check(!stiff_small_species_name(solver, 3) && strcmp(stiff_small_condition_name(solver, 1), "pressure") == 0 &&
          !stiff_small_calibrated(solver),
      "names");
  check(stiff_small_workspace_create(&workspace, message, sizeof message) == CHEMNNE_OK, "a workspace");
  check(stiff_small_bind(solver, &fields, &binding, message, sizeof message) == CHEMNNE_OK, "fields are bound");
  check(stiff_small_bind(solver, &own, &own_binding, message, sizeof message) == CHEMNNE_OK, "its own fields are bound");

  check(stiff_small_advance(solver, binding, workspace, &state[0][0], &layout, &weather[0][0], &forcing, 0, &step, &status,
                          message, sizeof message) == CHEMNNE_BAD_STEP &&
          memcmp(state, kept, sizeof state) == 0,
      "no step of no length");
  check(stiff_small_advance(solver, binding, workspace, &state[0][0], &layout, &weather[0][0], &forcing, 1800, &step,
                          &status, message, sizeof message) == CHEMNNE_OK &&
          status.cells == cells && status.left_unchanged == 0 && flags[6] == 0,
      "a step");
  check(memcmp(state[1], kept[1], sizeof state[1]) == 0, "a species that the solver does not know stays");
  check(score[0] == HUGE_VAL && half_width[6][2] == HUGE_VAL, "nothing is known of its errors");
  check(stiff_small_summary(&status, message, sizeof message) == CHEMNNE_OK &&
          strcmp(message, "7 cells, nothing to report") == 0,
      "a summary");
  check(stiff_small_advance_float(solver, own_binding, workspace, &single[0][0], &dense, &single_weather[0][0], &forcing,
                                1800, NULL, NULL, message, sizeof message) == CHEMNNE_OK,
      "a step in float");
  for (cell = 0; cell < cells; ++cell)
    for (i = 0; i < wanted; ++i) given[cell][i] = state[place[i]][cell];
  file = fopen(arguments[2], "wb");
  check(file && fwrite(given, sizeof given, 1, file) == 1 && fwrite(single, sizeof single, 1, file) == 1 && fclose(file) == 0,
      "a result");

  /* As what an emulator falls back to: its names or nothing. */
  for (i = 0; i < conditions; ++i) {
    turned_conditions[i] = stiff_small_condition_name(solver, (size_t)(conditions - 1 - i));
    air[i] = weather[0][conditions - 1 - i];
  }
  check(stiff_small_fallback_create(solver, &of_emulator, &fallback, message, sizeof message) == CHEMNNE_BAD_NAME && !fallback,
      "the species of another mechanism");
  of_emulator.species = turned;
  check(stiff_small_fallback_create(solver, &of_emulator, &fallback, message, sizeof message) == CHEMNNE_OK, "a fallback");
  cell_of_emulator.condition_value = air;
  stiff_small_solve(&cell_of_emulator, 1, fallback);
  check(cell_of_emulator.solved == 1 && fabs(after[0] + after[2] - 1.01e12) < 1 && after[1] > 2e10,
      "it solves in the order of the emulator");
  check(chemnne_small_open("/no/such/file", NULL, &emulator, message, sizeof message) == CHEMNNE_BAD_FILE && !emulator &&
          chemnne_small_ind_C == 2,
      "an emulator lives in the same program");

  stiff_small_fallback_free(fallback);
  stiff_small_binding_free(own_binding);
  stiff_small_binding_free(binding);
  stiff_small_workspace_free(workspace);
  stiff_small_close(solver);
  return 0;
}
