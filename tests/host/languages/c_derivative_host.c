/* c_derivative_host WEIGHTS STATE RESULT: derivatives of half an hour in C99. STATE holds 7 cells, [cell][3 species] and
 * [cell][2 conditions] in double; RESULT J v of v = (state, conditions), and J^T w of w = 1, [cell][3] and [cell][2]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chemnne_small.h"

enum { cells = 7, species = 3, conditions = 2 };

static char message[300];

static void check(int holds, const char* text) {
  if (holds) return;
  fprintf(stderr, "not so: %s (%s)\n", text, message);
  exit(1);
}

int main(int argument_count, char** arguments) {
  chemnne_small_emulator* emulator = NULL;
  chemnne_small_binding* binding = NULL;
  chemnne_small_derivative* derivative = NULL;
  const chemnne_fields fields = {NULL, 0, NULL, 0, CHEMNNE_NUMBER_DENSITY, NULL};
  const chemnne_layout layout = chemnne_cell_major(cells, species), forcing = chemnne_cell_major(cells, conditions);
  const chemnne_layout overlapping = {cells, species, 1, 1, 0, 0};
  const chemnne_step step = {.guard = CHEMNNE_FLAG_ONLY};
  double state[cells][species], weather[cells][conditions], direction[cells][species], slope[cells][species];
  double of_weather[cells][conditions] = {{0}};
  chemnne_status status;
  FILE* file;
  int i;

  check(argument_count == 4, "three arguments");
  file = fopen(arguments[2], "rb");
  check(file && fread(state, sizeof state, 1, file) == 1 && fread(weather, sizeof weather, 1, file) == 1, "a state");
  fclose(file);
  check(chemnne_small_open(arguments[1], NULL, &emulator, message, sizeof message) == CHEMNNE_OK, "weights open");
  check(chemnne_small_bind(emulator, &fields, &binding, message, sizeof message) == CHEMNNE_OK, "fields are bound");
  check(chemnne_small_derivative_create(emulator, -1, &derivative, message, sizeof message) == CHEMNNE_BAD_ARGUMENT &&
          !derivative && strstr(message, "longest step"),
      "no step is shorter than none");
  check(chemnne_small_derivative_create(emulator, 1800, &derivative, message, sizeof message) == CHEMNNE_OK, "a derivative");
  memcpy(direction, state, sizeof state);
  for (i = 0; i < cells; ++i) slope[i][0] = slope[i][1] = slope[i][2] = 1;

  check(chemnne_small_adjoint(derivative, binding, &state[0][0], &layout, &weather[0][0], &forcing, 1801, &step, &slope[0][0],
                            NULL, NULL, NULL, &status, message, sizeof message) == CHEMNNE_BAD_STEP,
      "no step is longer than the derivative was made for");
  check(chemnne_small_adjoint(derivative, binding, &state[0][0], &layout, &weather[0][0], &forcing, 1800, &step, &slope[0][0],
                            &overlapping, NULL, NULL, &status, message, sizeof message) == CHEMNNE_BAD_ARGUMENT,
      "slopes do not overlap");
  check(chemnne_small_adjoint(derivative, binding, &state[0][0], &layout, &weather[0][0], &forcing, 1800, &step, NULL, NULL,
                            NULL, NULL, &status, message, sizeof message) == CHEMNNE_BAD_ARGUMENT,
      "no slopes, no derivative");
  check(slope[0][0] == 1 && status.cells == 0, "an error changes nothing");
  check(chemnne_small_tangent(derivative, binding, &state[0][0], &layout, &weather[0][0], &forcing, 1800, &step,
                            &direction[0][0], NULL, &weather[0][0], NULL, &status, message, sizeof message) == CHEMNNE_OK &&
          status.cells == cells,
      "a tangent");
  check(chemnne_small_adjoint(derivative, binding, &state[0][0], &layout, &weather[0][0], &forcing, 1800, &step, &slope[0][0],
                            &layout, &of_weather[0][0], &forcing, NULL, NULL, 0) == CHEMNNE_OK,
      "an adjoint");

  file = fopen(arguments[3], "wb");
  check(file && fwrite(direction, sizeof direction, 1, file) == 1 && fwrite(slope, sizeof slope, 1, file) == 1 &&
          fwrite(of_weather, sizeof of_weather, 1, file) == 1 && fclose(file) == 0,
      "a result");
  chemnne_small_derivative_free(derivative);
  chemnne_small_binding_free(binding);
  chemnne_small_close(emulator);
  return 0;
}
