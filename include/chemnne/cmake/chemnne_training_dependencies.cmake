# The third-party libraries of chemnne::training, for the build and for the installed package alike. Sets
# CHEMNNE_TRAINING_LIBRARIES, or ends with the list of all that is missing.
set(chemnne_missing "")

# chemnne_require(<target> <what>): notes `what` as missing unless the target is there.
macro(chemnne_require target what)
  if(NOT TARGET ${target})
    string(APPEND chemnne_missing "\n  ${what}")
  endif()
endmacro()

# chemnne_find_library(<name> <header> <library> [<folder>...]): target chemnne::<name>, where header (also in a
# folder below those of headers) and library are; for what has no package file for CMake, or one that asks for more.
macro(chemnne_find_library name header library)
  string(TOUPPER ${name} chemnne_upper)
  find_path(CHEMNNE_${chemnne_upper}_INCLUDE_DIRECTORY ${header} PATH_SUFFIXES ${ARGN})
  find_library(CHEMNNE_${chemnne_upper}_LIBRARY ${library})
  if(NOT TARGET chemnne::${name}
     AND CHEMNNE_${chemnne_upper}_INCLUDE_DIRECTORY
     AND CHEMNNE_${chemnne_upper}_LIBRARY)
    add_library(chemnne::${name} UNKNOWN IMPORTED)
    set_target_properties(
      chemnne::${name} PROPERTIES IMPORTED_LOCATION "${CHEMNNE_${chemnne_upper}_LIBRARY}"
                                  INTERFACE_INCLUDE_DIRECTORIES "${CHEMNNE_${chemnne_upper}_INCLUDE_DIRECTORY}")
  endif()
endmacro()

find_package(OpenMP QUIET COMPONENTS CXX)
chemnne_require(OpenMP::OpenMP_CXX "OpenMP for C++ (with g++; for clang libomp-dev)")

# SUNDIALS 6 has the target generic where 7 has core. One that was built with MPI names MPI::MPI_C, which CMake makes
# in projects with the language C only: what C++ sees of MPI is the same interface.
set(MPI_CXX_SKIP_MPICXX TRUE)
find_package(SUNDIALS CONFIG QUIET)
if(SUNDIALS_FOUND AND (SUNDIALS_VERSION VERSION_LESS 6 OR SUNDIALS_VERSION VERSION_GREATER_EQUAL 8))
  message(FATAL_ERROR "chemnne::training works with SUNDIALS 6 and 7, not with ${SUNDIALS_VERSION} of ${SUNDIALS_DIR}. "
                      "Another: -DSUNDIALS_DIR=<folder of SUNDIALSConfig.cmake>")
endif()
chemnne_require(SUNDIALS::cvode "SUNDIALS 6 or 7 with CVODE (libsundials-dev) ${SUNDIALS_NOT_FOUND_MESSAGE}")
if(TARGET MPI::MPI_CXX AND NOT TARGET MPI::MPI_C)
  add_library(MPI::MPI_C INTERFACE IMPORTED)
  target_link_libraries(MPI::MPI_C INTERFACE MPI::MPI_CXX)
endif()

chemnne_find_library(klu klu.h klu suitesparse)
chemnne_require(chemnne::klu "KLU of SuiteSparse (libsuitesparse-dev)")
find_package(Eigen3 CONFIG QUIET)
chemnne_require(Eigen3::Eigen "Eigen (libeigen3-dev)")
find_package(Spectra CONFIG QUIET)
chemnne_require(Spectra::Spectra "Spectra (libspectra-dev)")
chemnne_find_library(netcdf netcdf.h netcdf)
chemnne_require(chemnne::netcdf "the NetCDF C library (libnetcdf-dev)")
chemnne_find_library(yaml yaml.h yaml)
chemnne_require(chemnne::yaml "libyaml (libyaml-dev)")
find_package(CLI11 CONFIG QUIET)
chemnne_require(CLI11::CLI11 "CLI11 (libcli11-dev)")
find_package(tomlplusplus CONFIG QUIET)
chemnne_require(tomlplusplus::tomlplusplus "toml++ (libtomlplusplus-dev)")

# Off, the programs need no MPI; on, they can be started by mpirun or srun as several processes.
option(CHEMNNE_MPI "Programs that generate and train as several processes (MPI)" OFF)
if(CHEMNNE_MPI)
  include("${CMAKE_CURRENT_LIST_DIR}/chemnne_mpi.cmake")
  chemnne_require(chemnne::mpi "an MPI library, for CHEMNNE_MPI=ON (libopenmpi-dev)")
endif()

if(chemnne_missing)
  message(FATAL_ERROR "chemnne::training needs what CMake did not find:${chemnne_missing}\n"
                      "In brackets are Debian's packages; docs/install.md names those of Fedora, conda-forge and Spack. "
                      "What is installed in a folder of its own is found by CMAKE_PREFIX_PATH.")
endif()

set(CHEMNNE_TRAINING_LIBRARIES
    SUNDIALS::cvode
    SUNDIALS::nvecserial
    $<IF:$<TARGET_EXISTS:SUNDIALS::core>,SUNDIALS::core,SUNDIALS::generic>
    chemnne::klu
    Spectra::Spectra
    Eigen3::Eigen
    chemnne::netcdf
    chemnne::yaml
    CLI11::CLI11
    tomlplusplus::tomlplusplus
    OpenMP::OpenMP_CXX)
