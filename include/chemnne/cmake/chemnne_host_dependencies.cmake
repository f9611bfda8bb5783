# chemnne::xsimd: the include folder of xsimd where there is one, else nothing (then the emulator runs on the
# Reference backend). Not xsimd's own target: Debian's names a library xtl that is not installed with it.
option(CHEMNNE_WITHOUT_XSIMD "Leave xsimd alone: emulators run in plain loops" OFF)
if(NOT TARGET chemnne::xsimd)
  add_library(chemnne::xsimd INTERFACE IMPORTED)
  find_path(CHEMNNE_XSIMD_INCLUDE_DIRECTORY xsimd/xsimd.hpp)
  if(CHEMNNE_WITHOUT_XSIMD)
    target_compile_definitions(chemnne::xsimd INTERFACE CHEMNNE_WITHOUT_XSIMD)
  elseif(CHEMNNE_XSIMD_INCLUDE_DIRECTORY)
    file(STRINGS "${CHEMNNE_XSIMD_INCLUDE_DIRECTORY}/xsimd/config/xsimd_config.hpp" CHEMNNE_XSIMD_VERSION
         REGEX "define XSIMD_VERSION_M(AJOR|INOR) [0-9]+")
    string(REGEX REPLACE "[^0-9;]" "" CHEMNNE_XSIMD_VERSION "${CHEMNNE_XSIMD_VERSION}")
    list(JOIN CHEMNNE_XSIMD_VERSION "." CHEMNNE_XSIMD_VERSION)
    if(CHEMNNE_XSIMD_VERSION VERSION_LESS 8.1)
      message(FATAL_ERROR "chemnne needs xsimd 8.1 or later, or none: ${CHEMNNE_XSIMD_INCLUDE_DIRECTORY} has xsimd "
                          "${CHEMNNE_XSIMD_VERSION}. Another: -DCHEMNNE_XSIMD_INCLUDE_DIRECTORY=<folder>, "
                          "none: -DCHEMNNE_WITHOUT_XSIMD=ON.")
    endif()
    target_include_directories(chemnne::xsimd INTERFACE "${CHEMNNE_XSIMD_INCLUDE_DIRECTORY}")
  else()
    message(STATUS "chemnne: no xsimd (Debian: libxsimd-dev): emulators run in plain loops, which are slower")
  endif()
endif()
