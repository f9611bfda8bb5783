// Memory of the twin of a device, for hosts in C and Fortran.
#include "../twin_device.hpp"

extern "C" {

void* twin_allocate(std::size_t bytes) { return test::TwinDevice::allocate(bytes); }
void twin_release(void* memory) { test::TwinDevice::release(memory); }
void twin_copy_in(void* to, const void* from, std::size_t bytes) {
  test::TwinDevice::copy_in(to, from, bytes);
}
void twin_copy_out(void* to, const void* from, std::size_t bytes) {
  test::TwinDevice::copy_out(to, from, bytes, nullptr);
}
int twin_is_empty() { return test::TwinDevice::is_empty() ? 1 : 0; }

}  // extern "C"
