/* c_host WEIGHTS STATE RESULT: a host in C99. STATE holds 7 cells, [cell][3 species] and [cell][2 conditions] in
 * double; RESULT what becomes of the species in half an hour, and scores and half-widths. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chemnne_small.h"
#include "chemnne_small_species.h"

enum { cells = 7, species = 4, wanted = 3, conditions = 2 };

static char message[300];

static void check(int holds, const char* text) {
  if (holds) return;
  fprintf(stderr, "not so: %s (%s)\n", text, message);
  exit(1);
}

static void solve(chemnne_cell* cells_of_block, size_t count, void* user) {
  for (size_t i = 0; i < count; ++i) {
    chemnne_cell* one = &cells_of_block[i];
    *(size_t*)user += one->inputs + one->conditions;
    one->after[chemnne_small_ind_B] = one->before[chemnne_small_ind_B];
    one->solved = 1;
  }
}

int main(int argument_count, char** arguments) {
  static const char* const names[species] = {"C", "X", "A", "B"};
  static const int place[wanted] = {2, 3, 0}; /* of A, B, C */
  chemnne_small_emulator* emulator = NULL;
  chemnne_small_binding* binding = NULL;
  chemnne_small_workspace* workspace = NULL;
  const chemnne_layout layout = chemnne_item_major(cells, species);
  const chemnne_layout forcing = chemnne_cell_major(cells, conditions);
  const chemnne_fields fields = {names, species, NULL, 0, CHEMNNE_NUMBER_DENSITY, NULL};
  double given[cells][wanted], weather[cells][conditions], state[species][cells], kept[species][cells];
  double score[cells], half_width[cells][wanted];
  uint8_t flags[cells];
  chemnne_status status;
  chemnne_options options = {"0123456789abcdef", 0, 0, 0};
  chemnne_step step = {.guard = CHEMNNE_FLAG_ONLY, .flags = flags, .score = score, .half_width = &half_width[0][0]};
  size_t index = 0, seen = 0;
  double shares[3] = {9, 9, 9};
  FILE* file;
  int cell, i;

  check(argument_count == 4, "three arguments");
  file = fopen(arguments[2], "rb");
  check(file && fread(given, sizeof given, 1, file) == 1 && fread(weather, sizeof weather, 1, file) == 1, "a state");
  fclose(file);
  for (cell = 0; cell < cells; ++cell) {
    state[1][cell] = -1;
    for (i = 0; i < wanted; ++i) state[place[i]][cell] = given[cell][i];
  }
  memcpy(kept, state, sizeof state);

  check(chemnne_small_open("/no/such/file", NULL, &emulator, message, sizeof message) == CHEMNNE_BAD_FILE && !emulator &&
          strstr(message, "/no/such/file"),
      "a file that is missing is a code and a message");
  options.coverage = 90;
  check(chemnne_small_open(arguments[1], &options, &emulator, message, sizeof message) == CHEMNNE_BAD_ARGUMENT &&
          !emulator && strstr(message, "coverage"),
      "per cent are no coverage");
  options.coverage = 0.9;
  check(chemnne_small_open(arguments[1], &options, &emulator, message, sizeof message) == CHEMNNE_OK, "weights open");
  check(chemnne_small_inputs == 3 && chemnne_small_outputs == 3 && chemnne_small_conditions == 2, "sizes are constants");
  check(chemnne_small_species_index(emulator, "C", &index, NULL, 0) == CHEMNNE_OK && index == chemnne_small_ind_C,
      "constants are places");
  check(chemnne_small_lumping(emulator, "C", shares, NULL, 0) == CHEMNNE_OK && shares[0] == 0 && shares[2] == 1,
      "a tracer enters itself");
  check(chemnne_small_workspace_create(&workspace, message, sizeof message) == CHEMNNE_OK, "a workspace");
  check(chemnne_small_bind(emulator, &fields, &binding, message, sizeof message) == CHEMNNE_OK, "fields are bound");

  step.guard = CHEMNNE_FALL_BACK;
  check(chemnne_small_advance(emulator, binding, workspace, &state[0][0], &layout, &weather[0][0], &forcing, 1800, &step,
                            &status, message, sizeof message) == CHEMNNE_BAD_ARGUMENT &&
          memcmp(state, kept, sizeof state) == 0,
      "no solver, no step");
  step.guard = CHEMNNE_FLAG_ONLY;
  check(chemnne_small_advance(emulator, binding, workspace, &state[0][0], &layout, &weather[0][0], &forcing, 1800, &step,
                            &status, message, sizeof message) == CHEMNNE_OK &&
          status.cells == cells,
      "a step");
  check(memcmp(state[1], kept[1], sizeof state[1]) == 0, "a species that the emulator does not know stays");
  check(chemnne_small_summary(&status, message, sizeof message) == CHEMNNE_OK && strstr(message, "7 cells"), "a summary");
  for (cell = 0; cell < cells; ++cell)
    for (i = 0; i < wanted; ++i) given[cell][i] = state[place[i]][cell];

  file = fopen(arguments[3], "wb");
  check(file && fwrite(given, sizeof given, 1, file) == 1 && fwrite(score, sizeof score, 1, file) == 1 &&
          fwrite(half_width, sizeof half_width, 1, file) == 1 && fclose(file) == 0,
      "a result");

  weather[2][0] = weather[5][0] = 1000; /* so hot that the solver is called for */
  step.guard = CHEMNNE_FALL_BACK;
  step.solve = solve;
  step.user = &seen;
  memcpy(state, kept, sizeof state);
  check(chemnne_small_advance(emulator, binding, workspace, &state[0][0], &layout, &weather[0][0], &forcing, 1800, &step,
                            &status, message, sizeof message) == CHEMNNE_OK &&
          status.solved == 2 && seen == 10 && state[3][2] == kept[3][2] && flags[2] & CHEMNNE_SOLVED &&
          state[3][5] == kept[3][5] && flags[5] & CHEMNNE_SOLVED,
      "the solver has its cells");
  step.solve_every = 3;
  step.turn = 1; /* the cells 2 and 5, which are too hot */
  memcpy(state, kept, sizeof state);
  check(chemnne_small_advance(emulator, binding, workspace, &state[0][0], &layout, &weather[0][0], &forcing, 1800, &step,
                            &status, message, sizeof message) == CHEMNNE_OK &&
          status.solved == 2 && status.sample_error == 0,
      "a cell with a flag is no sample");
  step.turn = 0; /* 0, 3 and 6 */
  memcpy(state, kept, sizeof state);
  check(chemnne_small_advance(emulator, binding, workspace, &state[0][0], &layout, &weather[0][0], &forcing, 1800, &step,
                            &status, message, sizeof message) == CHEMNNE_OK &&
          status.solved == 5 && status.sample_error > 0,
      "a third is solved too");

  chemnne_small_binding_free(binding);
  chemnne_small_workspace_free(workspace);
  chemnne_small_close(emulator);
  return 0;
}
