# chemnne_add_emulator(<target>
#   [MECHANISM <file>      mechanism (KPP, FACSIMILE or OpenAtmos) in one file, embedded into the program
#   RANGES <file>]         TOML file with the ranges that `generate` samples, embedded into the program;
#                          without both the program has no `generate` and works on given data sets
#   INPUTS <n>             species of the initial state: the first n of its data sets, which are the lists
#                          `inputs` and `outputs` of RANGES, else the mechanism's variable species in order
#   OUTPUTS <n>            species of the result: the first n
#   [CONDITIONS <n>]       conditions of a cell, default 5 (temperature, pressure, relative_humidity,
#                          cosine_zenith, photolysis_scaling)
#   [CONFIGURATION <type>] C++ type of the network's configuration,
#                          default chemnne::DefaultConfiguration<INPUTS, OUTPUTS, CONDITIONS>
#   [MODELS <type>...]     C++ types of the models, the first is the emulator; default
#                          chemnne::ChemNNE<CONFIGURATION> and chemnne::PerTimeMlp<CONFIGURATION>
#   [HEADER <header>...]   headers that declare CONFIGURATION and MODELS, spelled as in an #include
#   [C_INTERFACE           also the library <target>_c (chemnne::<target without "chemnne_">_c): the first model
#                          for hosts in C and Fortran, see chemnne_c_interface.cmake and docs/guide_host.md
#   [BF16]                 with products in bf16 where the processor gains by it (chemnne::Bf16Backend)
#   [DERIVATIVES]          and the adjoint and tangent linear of its step
#   [CUDA]                 and its step on a GPU, of arrays there or on the host: needs chemnne::cuda (compiled and emulated, not run)
#   [KPP_ROOT <root> KPP_CONDITIONS <condition>=<expression>... [KPP_MODULES <module>...]]
#                          and the Fortran module <root>_Integrator of a host built on KPP, see kpp_integrator.cmake
#   [WEIGHTS <file>]]      weights whose species the constants of C_INTERFACE name; default: those of MECHANISM
#   [COMMANDS <target>]    what the programs of several emulators share, see below
#   [EXCLUDE_FROM_ALL])    built only when asked for
#
# Makes the program of one emulator, with the subcommands generate, train, calibrate, evaluate, interpret, run, info,
# embed and interface. With CHEMNNE_MPI=ON generate and train also run as several processes (docs/guide_cluster.md).
# Sizes are compile-time constants: one program per (INPUTS, OUTPUTS, CONDITIONS, CONFIGURATION).
#
# chemnne_add_emulator_commands(<target>)
#
# An object library with these subcommands, which know no sizes: a minute of compilation that several emulators then have
# only once, by COMMANDS <target>. It has to have the compile options of the programs.
include("${CMAKE_CURRENT_LIST_DIR}/chemnne_c_interface.cmake")

function(chemnne_add_emulator target)
  cmake_parse_arguments(PARSE_ARGV 1 emulator "C_INTERFACE;BF16;DERIVATIVES;CUDA;EXCLUDE_FROM_ALL"
                        "MECHANISM;RANGES;INPUTS;OUTPUTS;CONDITIONS;CONFIGURATION;WEIGHTS;COMMANDS;KPP_ROOT"
                        "MODELS;HEADER;KPP_CONDITIONS;KPP_MODULES")
  if(emulator_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "chemnne_add_emulator(${target}): unknown arguments ${emulator_UNPARSED_ARGUMENTS}")
  endif()
  foreach(required INPUTS OUTPUTS)
    if(NOT emulator_${required})
      message(FATAL_ERROR "chemnne_add_emulator(${target}): ${required} is missing")
    endif()
  endforeach()
  if(emulator_MECHANISM AND NOT emulator_RANGES OR emulator_RANGES AND NOT emulator_MECHANISM)
    message(FATAL_ERROR "chemnne_add_emulator(${target}): MECHANISM and RANGES go together")
  endif()
  if(emulator_DERIVATIVES AND NOT emulator_C_INTERFACE)
    message(FATAL_ERROR "chemnne_add_emulator(${target}): DERIVATIVES is a part of C_INTERFACE; C++ includes "
                        "chemnne/host/step_derivative.hpp")
  endif()
  if(emulator_CUDA AND NOT emulator_C_INTERFACE)
    message(FATAL_ERROR "chemnne_add_emulator(${target}): CUDA is a part of C_INTERFACE; C++ includes "
                        "chemnne/host/cuda_emulator.cuh")
  endif()
  if(emulator_KPP_ROOT AND NOT emulator_C_INTERFACE)
    message(FATAL_ERROR "chemnne_add_emulator(${target}): KPP_ROOT is a part of C_INTERFACE")
  endif()
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

  if(NOT emulator_MODELS)
    set(emulator_MODELS "chemnne::ChemNNE<${emulator_CONFIGURATION}>" "chemnne::PerTimeMlp<${emulator_CONFIGURATION}>")
  endif()
  list(PREPEND emulator_HEADER "chemnne/model/chemnne.hpp" "chemnne/model/per_time_mlp.hpp")

  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${target}_generated")
  set(emulator_texts "")
  if(emulator_MECHANISM)
    chemnne_embed_text("${emulator_MECHANISM}" mechanism_text "${generated}/mechanism_text.hpp")
    chemnne_embed_text("${emulator_RANGES}" ranges_text "${generated}/ranges_text.hpp")
    cmake_path(GET emulator_MECHANISM FILENAME emulator_name)
    set(emulator_texts "${generated}/mechanism_text.hpp" "${generated}/ranges_text.hpp")
    set(emulator_text_includes "#include \"mechanism_text.hpp\"\n#include \"ranges_text.hpp\"")
    set(emulator_embedded "{.name = \"${emulator_name}\", .mechanism_text = mechanism_text, .ranges_text = ranges_text}")
  else()
    set(emulator_embedded "{}")
  endif()

  list(TRANSFORM emulator_HEADER REPLACE "(.+)" "#include <\\1>")
  list(JOIN emulator_HEADER "\n" emulator_includes)
  # One translation unit a model: they take long and are compiled side by side.
  set(index 0)
  set(sources "")
  foreach(model IN LISTS emulator_MODELS)
    configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/emulator_model.cpp.in" "${generated}/model_${index}.cpp" @ONLY)
    list(APPEND sources "${generated}/model_${index}.cpp")
    string(APPEND emulator_declarations "chemnne::ModelEntry model_${index}();\n")
    list(APPEND emulator_entries "model_${index}()")
    math(EXPR index "${index} + 1")
  endforeach()
  list(JOIN emulator_entries ", " emulator_entries)
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/emulator_main.cpp.in" "${generated}/main.cpp" @ONLY)

  set(exclude "")
  if(emulator_EXCLUDE_FROM_ALL)
    set(exclude EXCLUDE_FROM_ALL)
  endif()
  add_executable(${target} ${exclude} "${generated}/main.cpp" ${sources} ${emulator_texts})
  target_include_directories(${target} PRIVATE "${generated}")
  chemnne_link_training(${target})
  if(emulator_COMMANDS)
    target_link_libraries(${target} PRIVATE ${emulator_COMMANDS})
  else()
    target_sources(${target} PRIVATE "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/emulator_commands.cpp")
  endif()
  if(emulator_C_INTERFACE)
    chemnne_add_c_interface(emulator)
  endif()
endfunction()

function(chemnne_add_emulator_commands target)
  add_library(${target} OBJECT EXCLUDE_FROM_ALL "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/emulator_commands.cpp")
  chemnne_link_training(${target})
endfunction()

# What a program that generates or trains is linked with: as one process, or with CHEMNNE_MPI=ON as several.
function(chemnne_link_training target)
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
