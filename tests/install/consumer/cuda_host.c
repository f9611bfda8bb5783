#include <stdio.h>

#include "box.h"

int main(void) {
  box_device* device = NULL;
  char message[300];
  const int code = box_device_open("/no/such/file", NULL, -1, &device, message, sizeof message);
  printf("%d %s\n", code, message);
  return device ? 1 : 0;
}
