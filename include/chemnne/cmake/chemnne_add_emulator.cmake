# chemnne_add_emulator(<target>
#   MECHANISM <file>       mechanism (KPP, FACSIMILE or OpenAtmos) in one file, embedded into the program
#   RANGES <file>          TOML file with the ranges that `generate` samples, embedded into the program
#   INPUTS <n>             species of the initial state: the first n of its data sets, which are the lists
#                          `inputs` and `outputs` of RANGES, else the mechanism's variable species in order
#   OUTPUTS <n>            species of the result: the first n
#   [CONDITIONS <n>]       conditions of a cell, default 5 (temperature, pressure, relative_humidity,
#                          cosine_zenith, photolysis_scaling)
#   [CONFIGURATION <type>] C++ type of the network's configuration,
#                          default chemnne::DefaultConfiguration<INPUTS, OUTPUTS, CONDITIONS>
#   [HEADER <header>...])  headers that declare CONFIGURATION, spelled as in an #include
#
# Makes the program of one emulator, with the subcommands generate, train, evaluate, run and info. With CHEMNNE_MPI=ON
# generate and train also run as several processes (docs/guide_cluster.md).
# Sizes are compile-time constants: one program per (INPUTS, OUTPUTS, CONDITIONS, CONFIGURATION).
function(chemnne_add_emulator target)
  cmake_parse_arguments(PARSE_ARGV 1 emulator "" "MECHANISM;RANGES;INPUTS;OUTPUTS;CONDITIONS;CONFIGURATION" "HEADER")
  if(emulator_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "chemnne_add_emulator(${target}): unknown arguments ${emulator_UNPARSED_ARGUMENTS}")
  endif()
  foreach(required MECHANISM RANGES INPUTS OUTPUTS)
    if(NOT emulator_${required})
      message(FATAL_ERROR "chemnne_add_emulator(${target}): ${required} is missing")
    endif()
  endforeach()
  if(NOT TARGET chemnne::training)
    message(FATAL_ERROR "chemnne_add_emulator(${target}) needs the target chemnne::training: "
                        "find_package(chemnne COMPONENTS training), or set CHEMNNE_TRAINING=ON")
  endif()
  if(NOT emulator_CONDITIONS)
    set(emulator_CONDITIONS 5)
  endif()
  if(NOT emulator_CONFIGURATION)
    set(emulator_CONFIGURATION
        "chemnne::DefaultConfiguration<${emulator_INPUTS}, ${emulator_OUTPUTS}, ${emulator_CONDITIONS}>")
    list(PREPEND emulator_HEADER "chemnne/model/configuration.hpp")
  endif()

  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${target}_generated")
  chemnne_embed_text("${emulator_MECHANISM}" mechanism_text "${generated}/mechanism_text.hpp")
  chemnne_embed_text("${emulator_RANGES}" ranges_text "${generated}/ranges_text.hpp")

  cmake_path(GET emulator_MECHANISM FILENAME emulator_name)
  list(TRANSFORM emulator_HEADER REPLACE "(.+)" "#include <\\1>")
  list(JOIN emulator_HEADER "\n" emulator_includes)
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/emulator_main.cpp.in" "${generated}/main.cpp" @ONLY)

  add_executable(${target} "${generated}/main.cpp" "${generated}/mechanism_text.hpp" "${generated}/ranges_text.hpp")
  target_include_directories(${target} PRIVATE "${generated}")
  target_link_libraries(${target} PRIVATE chemnne::training)
  if(CHEMNNE_MPI)
    target_link_libraries(${target} PRIVATE chemnne::mpi)
  endif()
endfunction()

# Writes `header`, which defines `inline constexpr std::string_view <name>` with the bytes of `file`, whenever
# `file` changes.
function(chemnne_embed_text file name header)
  cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
  set(script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed_text.cmake")
  add_custom_command(
    OUTPUT "${header}"
    COMMAND "${CMAKE_COMMAND}" "-DINPUT=${file}" "-DNAME=${name}" "-DOUTPUT=${header}" -P "${script}"
    DEPENDS "${file}" "${script}"
    COMMENT "Embedding ${file}"
    VERBATIM)
endfunction()
