/* Derivatives of a solver's step in C99: <w, J v> = <J^T w, v>, and the photostationary state, in which what NO2 gains
 * O3 and NO lose. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "stiff_small.h"

enum { species = stiff_small_inputs, conditions = stiff_small_conditions };

static char message[300];

static void check(int holds, const char* text) {
  if (holds) return;
  fprintf(stderr, "not so: %s (%s)\n", text, message);
  exit(1);
}

int main(void) {
  const double state[species] = {1e12, 1e10, 2e10}, air[conditions] = {290, 1e5, 50, 0.5, 1};
  const double weather_direction[conditions] = {3, -500, 1, 0.05, 0.1};
  const double w[species] = {1, -2, 3}, v[species] = {3e10, 1e9, -1e9};
  double forward[species], back[species], of_air[conditions] = {0}, left = 0, right = 0, size = 0, nitrogen = 0;
  const chemnne_layout layout = chemnne_cell_major(1, species), forcing = chemnne_cell_major(1, conditions);
  const chemnne_fields fields = {NULL, 0, NULL, 0, CHEMNNE_NUMBER_DENSITY, NULL};
  stiff_small_solver* solver = NULL;
  stiff_small_binding* binding = NULL;
  stiff_small_derivative* derivative = NULL;
  chemnne_status status;
  int i;

  check(stiff_small_open(NULL, &solver, message, sizeof message) == CHEMNNE_OK, "a solver");
  check(stiff_small_bind(solver, &fields, &binding, message, sizeof message) == CHEMNNE_OK, "fields are bound");
  check(stiff_small_derivative_create(solver, 600, &derivative, message, sizeof message) == CHEMNNE_OK, "a derivative");
  for (i = 0; i < species; ++i) {
    forward[i] = v[i];
    back[i] = w[i];
  }
  check(stiff_small_tangent(derivative, binding, state, &layout, air, &forcing, 600, NULL, forward, NULL, weather_direction,
                          NULL, &status, message, sizeof message) == CHEMNNE_OK &&
          status.cells == 1 && status.left_unchanged == 0,
      "a tangent");
  check(stiff_small_adjoint(derivative, binding, state, &layout, air, &forcing, 600, NULL, back, NULL, of_air, NULL, NULL,
                          message, sizeof message) == CHEMNNE_OK,
      "an adjoint");
  for (i = 0; i < species; ++i) {
    left += w[i] * forward[i];
    right += back[i] * v[i];
    size += fabs(w[i] * forward[i]) + fabs(back[i] * v[i]);
    nitrogen += i == stiff_small_ind_O3 ? 0 : forward[i] - v[i];
  }
  for (i = 0; i < conditions; ++i) right += of_air[i] * weather_direction[i];
  check(fabs(left - right) <= 1e-9 * size, "one is the other transposed");
  check(fabs(nitrogen) <= 1e-9 * size && of_air[3] != 0, "nitrogen is kept, and the sun counts");
  check(stiff_small_adjoint(derivative, binding, state, &layout, air, &forcing, 0, NULL, back, NULL, of_air, NULL, NULL,
                          message, sizeof message) == CHEMNNE_BAD_STEP,
      "no step of no length");
  stiff_small_derivative_free(derivative);
  stiff_small_binding_free(binding);
  stiff_small_close(solver);
  return 0;
}
