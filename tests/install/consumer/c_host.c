#include <stdio.h>

#include "box.h"
#include "box_species.h"

int main(void) {
  box_emulator* emulator = NULL;
  char message[200];
  const int code = box_open("/no/such/file", NULL, &emulator, message, sizeof message);
  printf("B is %d: %s\n", box_ind_B, message);
  return code == CHEMNNE_BAD_FILE ? 0 : 1;
}
