/* c_device_host WEIGHTS STATE RESULT: a host in C99 whose arrays lie on a device. STATE holds 7 cells, [cell][3 species] and
 * [cell][2 conditions] in double; RESULT what becomes of the species in half an hour, and scores and half-widths. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chemnne_small.h"

enum { cells = 7, species = 4, wanted = 3, conditions = 2 };

void* twin_allocate(size_t bytes);
void twin_release(void* memory);
void twin_copy_in(void* to, const void* from, size_t bytes);
void twin_copy_out(void* to, const void* from, size_t bytes);
int twin_is_empty(void);

static char message[300];

static void check(int holds, const char* text) {
  if (holds) return;
  fprintf(stderr, "not so: %s (%s)\n", text, message);
  exit(1);
}

int main(int argument_count, char** arguments) {
  static const char* const names[species] = {"C", "X", "A", "B"};
  static const int place[wanted] = {2, 3, 0}; /* of A, B, C */
  chemnne_small_device *device = NULL, *from_memory = NULL;
  chemnne_small_device_binding* binding = NULL;
  chemnne_small_stage* stage = NULL;
  chemnne_small_suspects *suspects = NULL, *too_few = NULL;
  const chemnne_layout layout = chemnne_item_major(cells, species);
  const chemnne_layout forcing = chemnne_cell_major(cells, conditions);
  const chemnne_layout less = chemnne_item_major(cells - 1, species);
  const chemnne_fields fields = {names, species, NULL, 0, CHEMNNE_NUMBER_DENSITY, NULL};
  chemnne_fields unknown = fields;
  double given[cells][wanted], weather[cells][conditions], state[species][cells], found[species][cells];
  double staged[species][cells];
  float single_staged[species][cells];
  double score[cells], half_width[cells][wanted];
  float single[species][cells], single_weather[cells][conditions];
  uint8_t flags[cells];
  double* const on_device = twin_allocate(sizeof state);
  double* const weather_on_device = twin_allocate(sizeof weather);
  double* const score_on_device = twin_allocate(sizeof score);
  double* const width_on_device = twin_allocate(sizeof half_width);
  float* const single_on_device = twin_allocate(sizeof single);
  float* const single_weather_on_device = twin_allocate(sizeof single_weather);
  uint8_t* const flags_on_device = twin_allocate(sizeof flags);
  chemnne_status status;
  const chemnne_options options = {"another", 0, 0, 0};
  chemnne_step step = {.guard = CHEMNNE_FLAG_ONLY, .flags = flags_on_device, .score = score_on_device,
                       .half_width = width_on_device};
  char bytes[100000];
  size_t suspect[cells], count = 99, size;
  FILE* file;
  int cell, i;

  check(argument_count == 4, "three arguments");
  file = fopen(arguments[2], "rb");
  check(file && fread(given, sizeof given, 1, file) == 1 && fread(weather, sizeof weather, 1, file) == 1, "a state");
  fclose(file);
  file = fopen(arguments[1], "rb");
  check(file && (size = fread(bytes, 1, sizeof bytes, file)) > 0 && feof(file), "weights");
  fclose(file);
  for (cell = 0; cell < cells; ++cell) {
    state[1][cell] = -1;
    for (i = 0; i < wanted; ++i) state[place[i]][cell] = given[cell][i];
  }

  check(chemnne_small_device_open("/no/such/file", NULL, -1, &device, message, sizeof message) == CHEMNNE_BAD_FILE &&
            !device && strstr(message, "/no/such/file"),
        "a file that is missing is a code and a message");
  check(chemnne_small_device_open(arguments[1], &options, -1, &device, message, sizeof message) == CHEMNNE_BAD_FILE &&
            !device && strstr(message, "'another' (the host's)"),
        "another mechanism is refused");
  check(chemnne_small_device_open(arguments[1], NULL, 2, &device, message, sizeof message) == CHEMNNE_FAILED && !device &&
            strstr(message, "found 2"),
        "there is no third device");
  check(chemnne_small_device_open(arguments[1], NULL, -1, &device, message, sizeof message) == CHEMNNE_OK, "weights open");
  check(chemnne_small_device_open_bytes(bytes, size, NULL, 0, &from_memory, message, sizeof message) == CHEMNNE_OK,
        "bytes are as good as a file");
  unknown.species_count = 2;
  check(chemnne_small_device_bind(device, &unknown, &binding, message, sizeof message) == CHEMNNE_BAD_NAME && !binding &&
            strstr(message, "'A'"),
        "a species is missing");
  check(chemnne_small_device_bind(device, &fields, &binding, message, sizeof message) == CHEMNNE_OK, "fields are bound");
  check(chemnne_small_suspects_create(device, cells, &suspects, message, sizeof message) == CHEMNNE_OK &&
            chemnne_small_suspects_create(device, cells - 1, &too_few, message, sizeof message) == CHEMNNE_OK,
        "lists");

  twin_copy_in(on_device, state, sizeof state);
  twin_copy_in(weather_on_device, weather, sizeof weather);
#define STEP(device, layout, seconds, list)                                                                             \
  chemnne_small_device_advance(device, binding, on_device, layout, weather_on_device, &forcing, seconds, NULL, &step, list, \
                               message, sizeof message)
  check(STEP(from_memory, &layout, 1800, NULL) == CHEMNNE_BAD_ARGUMENT && strstr(message, "binding of this"),
        "a binding has its emulator");
  check(STEP(device, &less, 1800, NULL) == CHEMNNE_BAD_ARGUMENT, "as many cells as conditions");
  check(STEP(device, &layout, 1800, too_few) == CHEMNNE_BAD_ARGUMENT && strstr(message, "room for all"), "a list for all cells");
  check(STEP(device, &layout, 0, NULL) == CHEMNNE_BAD_STEP && STEP(device, &layout, 1e12, NULL) == CHEMNNE_BAD_STEP,
        "a step has a length");
  step.guard = CHEMNNE_FALL_BACK;
  check(STEP(device, &layout, 1800, NULL) == CHEMNNE_BAD_ARGUMENT && strstr(message, "that a device has"), "no solver there");
  step.guard = CHEMNNE_FLAG_ONLY;
  check(chemnne_small_device_advance(device, binding, &state[0][0], &layout, weather_on_device, &forcing, 1800, NULL, &step,
                                     NULL, message, sizeof message) == CHEMNNE_FAILED,
        "arrays of the host are none of the device");
  twin_copy_out(found, on_device, sizeof found);
  check(memcmp(found, state, sizeof state) == 0, "nothing is changed by what is refused");
  check(chemnne_small_device_status(device, NULL, &status, message, sizeof message) == CHEMNNE_OK && status.cells == 0,
        "nor counted");

  check(STEP(device, &layout, 1800, suspects) == CHEMNNE_OK, "a step");
  twin_copy_out(found, on_device, sizeof found);
  twin_copy_out(score, score_on_device, sizeof score);
  twin_copy_out(half_width, width_on_device, sizeof half_width);
  check(memcmp(found[1], state[1], sizeof state[1]) == 0, "a species that the emulator does not know stays");
  check(chemnne_small_suspects_fetch(suspects, NULL, suspect, cells, &count, message, sizeof message) == CHEMNNE_OK &&
            count == 0,
        "no cell is suspicious");
  for (cell = 0; cell < cells; ++cell)
    for (i = 0; i < wanted; ++i) given[cell][i] = found[place[i]][cell];
  file = fopen(arguments[3], "wb");
  check(file && fwrite(given, sizeof given, 1, file) == 1 && fwrite(score, sizeof score, 1, file) == 1 &&
            fwrite(half_width, sizeof half_width, 1, file) == 1 && fclose(file) == 0,
        "a result");

  weather[2][0] = weather[5][0] = 1000; /* too hot */
  twin_copy_in(on_device, state, sizeof state);
  twin_copy_in(weather_on_device, weather, sizeof weather);
  step.guard = CHEMNNE_KEEP_OLD;
  check(STEP(device, &layout, 1800, suspects) == CHEMNNE_OK, "a step of cells that are too hot");
  twin_copy_out(found, on_device, sizeof found);
  twin_copy_out(flags, flags_on_device, sizeof flags);
  check(chemnne_small_suspects_fetch(suspects, NULL, suspect, 1, &count, message, sizeof message) == CHEMNNE_OK &&
            count == 2 && suspect[0] == 2,
        "as many as there is room for");
  check(chemnne_small_suspects_fetch(suspects, NULL, suspect, cells, &count, message, sizeof message) == CHEMNNE_OK &&
            suspect[0] == 2 && suspect[1] == 5 && flags[2] & CHEMNNE_KEPT && flags[5] & CHEMNNE_KEPT && !flags[0] &&
            found[2][2] == state[2][2] && found[2][5] == state[2][5] && found[2][0] != state[2][0],
        "those that are too hot are kept and listed");
  check(chemnne_small_device_status(device, NULL, &status, message, sizeof message) == CHEMNNE_OK &&
            status.cells == 2 * cells && status.left_unchanged == 2 && status.outside_training == 2,
        "all steps are counted");

  for (cell = 0; cell < cells; ++cell)
    for (i = 0; i < species; ++i) single[i][cell] = (float)state[i][cell];
  for (cell = 0; cell < cells; ++cell)
    for (i = 0; i < conditions; ++i) single_weather[cell][i] = (float)weather[cell][i];
  twin_copy_in(single_on_device, single, sizeof single);
  twin_copy_in(single_weather_on_device, single_weather, sizeof single_weather);
  check(chemnne_small_device_advance_float(device, binding, single_on_device, &layout, single_weather_on_device, &forcing,
                                           1800, NULL, NULL, NULL, message, sizeof message) == CHEMNNE_OK,
        "a step in float");
  twin_copy_out(single, single_on_device, sizeof single);
  check(single[2][0] != (float)state[2][0] && single[2][0] > 0.999f * (float)found[2][0] &&
            single[2][0] < 1.001f * (float)found[2][0],
        "float is nearly double");

  /* Arrays that stay on the host: by parts, the same bits. */
  check(chemnne_small_stage_create(device, &unknown, 3, 0, &stage, message, sizeof message) == CHEMNNE_BAD_NAME && !stage,
        "a stage has all species");
  check(chemnne_small_stage_create(device, &fields, 3, 0, &stage, message, sizeof message) == CHEMNNE_OK, "a stage");
  memcpy(staged, state, sizeof state);
  step.guard = CHEMNNE_FALL_BACK;
  step.flags = flags;
  step.score = score;
#define STAGED_STEP(layout, seconds)                                                                                    \
  chemnne_small_stage_advance(stage, &staged[0][0], layout, &weather[0][0], &forcing, seconds, &step, &status, message,  \
                              sizeof message)
  step.half_width = NULL;
  check(STAGED_STEP(&layout, 1800) == CHEMNNE_BAD_ARGUMENT && strstr(message, "that a device has"), "no solver there");
  step.guard = CHEMNNE_KEEP_OLD;
  check(STAGED_STEP(&less, 1800) == CHEMNNE_BAD_ARGUMENT && STAGED_STEP(&layout, -1) == CHEMNNE_BAD_STEP &&
            status.cells == 0,
        "what is not valid");
  step.half_width = &half_width[0][0];
  check(STAGED_STEP(&layout, 1800) == CHEMNNE_BAD_STEP && memcmp(staged, state, sizeof state) == 0,
        "no half-widths that the stage has no room for");
  step.half_width = NULL;
  check(STAGED_STEP(&layout, 1800) == CHEMNNE_OK && status.cells == cells && status.left_unchanged == 2 &&
            flags[2] & CHEMNNE_KEPT && memcmp(staged, found, sizeof found) == 0,
        "parts are the whole");
  for (cell = 0; cell < cells; ++cell)
    for (i = 0; i < species; ++i) single_staged[i][cell] = (float)state[i][cell];
  check(chemnne_small_stage_advance_float(stage, &single_staged[0][0], &layout, &single_weather[0][0], &forcing, 1800, NULL,
                                          NULL, message, sizeof message) == CHEMNNE_OK &&
            memcmp(single_staged, single, sizeof single) == 0,
        "in float, too");
  chemnne_small_stage_free(stage);
  chemnne_small_suspects_free(suspects);
  chemnne_small_suspects_free(too_few);
  chemnne_small_device_binding_free(binding);
  chemnne_small_device_close(device);
  chemnne_small_device_close(from_memory);
  twin_release(on_device);
  twin_release(weather_on_device);
  twin_release(score_on_device);
  twin_release(width_on_device);
  twin_release(single_on_device);
  twin_release(single_weather_on_device);
  twin_release(flags_on_device);
  check(twin_is_empty(), "all memory of the device is free again");
  return 0;
}
