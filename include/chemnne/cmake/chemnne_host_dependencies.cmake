# chemnne::xsimd: the include folder of xsimd where there is one, else nothing (then the emulator runs on the
# Reference backend). Not xsimd's own target: Debian's names a library xtl that is not installed with it.
if(NOT TARGET chemnne::xsimd)
  add_library(chemnne::xsimd INTERFACE IMPORTED)
  find_path(CHEMNNE_XSIMD_INCLUDE_DIRECTORY xsimd/xsimd.hpp)
  if(CHEMNNE_XSIMD_INCLUDE_DIRECTORY)
    target_include_directories(chemnne::xsimd INTERFACE "${CHEMNNE_XSIMD_INCLUDE_DIRECTORY}")
  endif()
endif()
