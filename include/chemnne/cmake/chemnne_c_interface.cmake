# What C_INTERFACE of chemnne_add_emulator makes, in the folder <build>/<target>_interface:
#
#   <target>.h, <target>.cpp         the functions of the emulator for C; <target>_c is the library of both
#   <target>.f90                     the Fortran module over them, to be compiled by the host's compiler
#   <target>_species.h, _species.f90 places of the species as constants, written when <target>_c is built by the small
#                                    program <target>_species (not without MECHANISM and WEIGHTS)
#
# The folder and the Fortran sources are the properties CHEMNNE_INTERFACE_DIRECTORY and CHEMNNE_FORTRAN_SOURCES of
# <target>_c. Where the project has enabled Fortran, <target>_fortran is a library of them.
#
# A macro: the templates see the variables of chemnne_add_emulator.
macro(chemnne_add_c_interface)
  if(NOT "${target}" MATCHES "^[A-Za-z][A-Za-z0-9_]*$")
    message(FATAL_ERROR "chemnne_add_emulator(${target}): with C_INTERFACE the target's name begins those of C functions "
                        "and is an identifier")
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}_interface")
  set(templates "${CMAKE_CURRENT_FUNCTION_LIST_DIR}")
  list(GET emulator_MODELS 0 emulator_first_model)
  string(TOUPPER "${target}_H" guard)
  # The Fortran module is put together from three texts.
  file(READ "${templates}/emulator_functions.f90.in" functions)
  string(CONFIGURE "${functions}" functions @ONLY)
  set(advance_procedures "")
  foreach(kind double float)
    set(suffix "")
    if(kind STREQUAL "float")
      set(suffix "_float")
    endif()
    file(READ "${templates}/emulator_advance.f90.in" procedures)
    string(CONFIGURE "${procedures}" procedures @ONLY)
    string(APPEND advance_procedures "${procedures}")
  endforeach()
  foreach(ending h cpp f90)
    configure_file("${templates}/emulator_interface.${ending}.in" "${folder}/${target}.${ending}" @ONLY)
  endforeach()

  string(REGEX REPLACE "^chemnne_" "" short "${target}")
  add_library(${target}_c ${exclude} "${folder}/${target}.cpp")
  add_library(chemnne::${short}_c ALIAS ${target}_c)
  # What the user adds to find HEADER is added once, to the program.
  target_include_directories(${target}_c PUBLIC "${folder}" PRIVATE $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
  target_link_libraries(${target}_c PUBLIC chemnne::chemnne)
  set(fortran "${folder}/${target}.f90")

  if(emulator_MECHANISM OR emulator_WEIGHTS)
    set(emulator_species ${emulator_INPUTS})
    if(emulator_OUTPUTS GREATER emulator_INPUTS)
      set(emulator_species ${emulator_OUTPUTS})
    endif()
    configure_file("${templates}/interface_main.cpp.in" "${generated}/interface_main.cpp" @ONLY)
    add_executable(${target}_species EXCLUDE_FROM_ALL "${generated}/interface_main.cpp" ${emulator_texts})
    target_include_directories(${target}_species PRIVATE "${generated}")
    target_link_libraries(${target}_species PRIVATE chemnne::training)
    # It runs for a moment and compiles thrice as long when it is optimised.
    target_compile_options(${target}_species PRIVATE -O0)
    set(model "")
    if(emulator_WEIGHTS)
      cmake_path(ABSOLUTE_PATH emulator_WEIGHTS BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
      set(model --model "${emulator_WEIGHTS}")
    endif()
    set(species "${folder}/${target}_species.h" "${folder}/${target}_species.f90")
    add_custom_command(
      OUTPUT ${species}
      COMMAND ${target}_species interface ${model} --output "${folder}"
      DEPENDS ${target}_species ${emulator_WEIGHTS}
      COMMENT "Places of the species of ${target}"
      VERBATIM)
    # Of their own, so that two libraries that need them do not both make them.
    add_custom_target(${target}_species_files DEPENDS ${species})
    add_dependencies(${target}_c ${target}_species_files)
    list(PREPEND fortran "${folder}/${target}_species.f90")
    set_source_files_properties(${species} PROPERTIES GENERATED TRUE)
  endif()
  set_target_properties(${target}_c PROPERTIES CHEMNNE_INTERFACE_DIRECTORY "${folder}"
                                               CHEMNNE_FORTRAN_SOURCES "${fortran}" POSITION_INDEPENDENT_CODE ON)

  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("Fortran" IN_LIST languages)
    add_library(${target}_fortran ${exclude} ${fortran})
    add_library(chemnne::${short}_fortran ALIAS ${target}_fortran)
    set_target_properties(${target}_fortran PROPERTIES Fortran_MODULE_DIRECTORY "${folder}" POSITION_INDEPENDENT_CODE ON)
    target_link_libraries(${target}_fortran PUBLIC ${target}_c)
    if(TARGET ${target}_species_files)
      add_dependencies(${target}_fortran ${target}_species_files)
    endif()
  endif()
endmacro()
