#include <stdio.h>

#include "box.h"
#include "box_species.h"
#include "stiff_box.h"

int main(void) {
  box_emulator* emulator = NULL;
  stiff_box_solver* solver = NULL;
  char message[200];
  const int code = box_open("/no/such/file", NULL, &emulator, message, sizeof message);
  printf("B is %d of %d: %s\n", box_ind_B, stiff_box_inputs, message);
  if (code != CHEMNNE_BAD_FILE || stiff_box_open(NULL, &solver, message, sizeof message) != CHEMNNE_OK) return 1;
  stiff_box_close(solver);
  return 0;
}
