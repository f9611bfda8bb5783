# What C_INTERFACE of chemnne_add_emulator and chemnne_add_solver makes, in the folder <build>/<target>_interface:
#
#   <target>.h, <target>.cpp         the functions of the emulator or solver for C; <target>_c is the library of both
#   <target>.f90                     the Fortran module over them, to be compiled by the host's compiler
#   <target>_species.h, _species.f90 places of the species as constants, written when <target>_c is built (of an emulator
#                                    not without MECHANISM and WEIGHTS)
#   <target>_derivative.cpp          with DERIVATIVES: the functions of x_tangent and x_adjoint
#   <target>_device.cu               with CUDA: those of x_device
#   <target>_kernel.hpp              of a solver: the mechanism as code, under a name of its own, so that a program may have
#                                    several; written when <target>_c is built
#   <root>_Integrator.f90            with KPP_ROOT: in the place of KPP's module, see kpp_integrator.cmake
#
# The folder and the Fortran sources are the properties CHEMNNE_INTERFACE_DIRECTORY and CHEMNNE_FORTRAN_SOURCES of
# <target>_c. Where the project has enabled Fortran, <target>_fortran is a library of them.
#
# `kind`: emulator or solver. <kind>_interface.cmake has the parts of the texts that only one of them has, and says what
# is `made` for them when <target>_c is built. A macro: templates see the variables of the function that calls it.
macro(chemnne_add_c_interface kind)
  if(NOT "${target}" MATCHES "^[A-Za-z][A-Za-z0-9_]*$")
    message(FATAL_ERROR "chemnne_add_${kind}(${target}): with C_INTERFACE the target's name begins those of C functions "
                        "and is an identifier")
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}_interface")
  set(templates "${CMAKE_CURRENT_FUNCTION_LIST_DIR}")
  string(TOUPPER "${target}_H" guard)
  set(made "")
  include("${templates}/${kind}_interface.cmake")
  set(more_sources "")
  if(${kind}_DERIVATIVES)
    include("${templates}/derivative_interface.cmake")
    string(CONFIGURE "${derivative_interface}" derivative_interface @ONLY)
    configure_file("${templates}/derivative.cpp.in" "${folder}/${target}_derivative.cpp" @ONLY)
    list(APPEND more_sources "${folder}/${target}_derivative.cpp")
  endif()
  if(${kind}_CUDA)
    include("${templates}/device_interface.cmake")
    configure_file("${templates}/device.cpp.in" "${folder}/${target}_device.${device_language}" @ONLY)
    list(APPEND more_sources "${folder}/${target}_device.${device_language}")
  endif()
  foreach(part c_sizes c_opening c_more c_about_step cpp_interface cpp_opening fortran_declarations fortran_functions
               fortran_procedures fortran_use)
    string(CONFIGURE "${${part}}" ${part} @ONLY)
  endforeach()
  # The Fortran module is put together from three texts; of two CMake would not know that it depends on them.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${templates}/interface_functions.f90.in"
                                                                 "${templates}/interface_advance.f90.in")
  file(READ "${templates}/interface_functions.f90.in" functions)
  string(CONFIGURE "${functions}" functions @ONLY)
  set(advance_procedures "")
  foreach(precision double float)
    set(suffix "")
    if(precision STREQUAL "float")
      set(suffix "_float")
    endif()
    file(READ "${templates}/interface_advance.f90.in" procedures)
    string(CONFIGURE "${procedures}" procedures @ONLY)
    string(APPEND advance_procedures "${procedures}")
  endforeach()
  foreach(ending h cpp f90)
    configure_file("${templates}/interface.${ending}.in" "${folder}/${target}.${ending}" @ONLY)
  endforeach()
  if(${kind}_KPP_ROOT)
    include("${templates}/kpp_integrator.cmake")
  endif()

  string(REGEX REPLACE "^chemnne_" "" short "${target}")
  add_library(${target}_c ${exclude} "${folder}/${target}.cpp" ${more_sources})
  add_library(chemnne::${short}_c ALIAS ${target}_c)
  # What the user adds to find HEADER is added once, to the program.
  target_include_directories(${target}_c PUBLIC "${folder}" PRIVATE $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
  target_link_libraries(${target}_c PUBLIC chemnne::chemnne)
  if(${kind}_CUDA)
    target_link_libraries(${target}_c PRIVATE ${device_library})
  endif()
  set(fortran "${folder}/${target}.f90")
  if(made)
    # Of their own, so that two libraries that need them do not both make them.
    add_custom_target(${target}_interface_files DEPENDS ${made})
    add_dependencies(${target}_c ${target}_interface_files)
    list(PREPEND fortran "${folder}/${target}_species.f90")
    set_source_files_properties(${made} PROPERTIES GENERATED TRUE)
  endif()
  set_target_properties(${target}_c PROPERTIES CHEMNNE_INTERFACE_DIRECTORY "${folder}"
                                               CHEMNNE_FORTRAN_SOURCES "${fortran}" POSITION_INDEPENDENT_CODE ON)
  if(${kind}_KPP_ROOT)
    set_target_properties(${target}_c PROPERTIES CHEMNNE_KPP_INTEGRATOR "${folder}/${kpp_root}_Integrator.f90")
  endif()

  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("Fortran" IN_LIST languages)
    add_library(${target}_fortran ${exclude} ${fortran})
    add_library(chemnne::${short}_fortran ALIAS ${target}_fortran)
    set_target_properties(${target}_fortran PROPERTIES Fortran_MODULE_DIRECTORY "${folder}" POSITION_INDEPENDENT_CODE ON)
    target_link_libraries(${target}_fortran PUBLIC ${target}_c)
    if(made)
      add_dependencies(${target}_fortran ${target}_interface_files)
    endif()
  endif()
endmacro()
