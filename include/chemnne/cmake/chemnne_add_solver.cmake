# chemnne_add_solver(<target>
#   MECHANISM <file>     mechanism (KPP, FACSIMILE or OpenAtmos)
#   [NAME <name>]        what its struct is called, an identifier; default: after the mechanism, SmallStrato of
#                        small_strato.def
#   [DEPENDS <file>...]  files that the mechanism includes: the header is written anew when one of them changes
#   [C_INTERFACE         also the library <target>_c (chemnne::<target without "chemnne_">_c): the solver for hosts in C
#                        and Fortran, see chemnne_c_interface.cmake and docs/guide_host.md
#   [DERIVATIVES]        and the adjoint and tangent linear of its step
#   [KPP_ROOT <root> KPP_CONDITIONS <condition>=<expression>... [KPP_MODULES <module>...]]])
#                        and the Fortran module <root>_Integrator of a host built on KPP, see kpp_integrator.cmake
#
# A mechanism as straight-line code for the stiff solver, for up to some hundred species (solver/kernel_writer.hpp). The
# header <target>.hpp is written when a program that links <target> is built, by the program chemnne_mechanism: that of
# this project, or where chemnne is installed the one beside it, or one that find_program finds.
#
#   chemnne_add_solver(troposphere MECHANISM troposphere.eqn)
#   target_link_libraries(host PRIVATE troposphere)        # and in the host: #include <troposphere.hpp>
include("${CMAKE_CURRENT_LIST_DIR}/chemnne_c_interface.cmake")

function(chemnne_add_solver target)
  cmake_parse_arguments(PARSE_ARGV 1 solver "C_INTERFACE;DERIVATIVES" "MECHANISM;NAME;KPP_ROOT"
                        "DEPENDS;KPP_CONDITIONS;KPP_MODULES")
  if(solver_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "chemnne_add_solver(${target}): unknown arguments ${solver_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT solver_MECHANISM)
    message(FATAL_ERROR "chemnne_add_solver(${target}): MECHANISM is missing")
  endif()
  if(solver_KPP_ROOT AND NOT solver_C_INTERFACE)
    message(FATAL_ERROR "chemnne_add_solver(${target}): KPP_ROOT is a part of C_INTERFACE")
  endif()
  if(TARGET chemnne_mechanism)
    set(program chemnne_mechanism)
  else()
    find_program(CHEMNNE_MECHANISM_PROGRAM chemnne_mechanism HINTS "${CHEMNNE_INSTALLED_PROGRAMS}"
                 DOC "Writes the code of chemnne_add_solver")
    if(NOT CHEMNNE_MECHANISM_PROGRAM)
      message(FATAL_ERROR "chemnne_add_solver(${target}) needs the program chemnne_mechanism: CHEMNNE_BUILD_PROGRAMS=ON, or "
                          "CHEMNNE_MECHANISM_PROGRAM=<path of it>")
    endif()
    set(program "${CHEMNNE_MECHANISM_PROGRAM}")
  endif()
  cmake_path(ABSOLUTE_PATH solver_MECHANISM BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
  list(TRANSFORM solver_DEPENDS PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" REGEX "^[^/]")
  set(name "")
  if(solver_NAME)
    set(name --name "${solver_NAME}")
  endif()

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}_solver")
  set(header "${folder}/${target}.hpp")
  file(MAKE_DIRECTORY "${folder}")
  add_custom_command(
    OUTPUT "${header}"
    COMMAND ${program} kernel "${solver_MECHANISM}" --output "${header}" ${name}
    DEPENDS ${program} "${solver_MECHANISM}" ${solver_DEPENDS}
    COMMENT "Code of ${solver_MECHANISM}"
    VERBATIM)
  # Of its own, so that two programs that need it do not both make it.
  add_custom_target(${target}_header DEPENDS "${header}")
  add_library(${target} INTERFACE)
  add_dependencies(${target} ${target}_header)
  target_include_directories(${target} INTERFACE "${folder}")
  target_link_libraries(${target} INTERFACE chemnne::chemnne)
  if(solver_C_INTERFACE)
    set(exclude "")
    chemnne_add_c_interface(solver)
  endif()
endfunction()
