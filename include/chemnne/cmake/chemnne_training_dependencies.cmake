# The third-party libraries of chemnne::training, for the build and for the installed package alike.
# Sets CHEMNNE_TRAINING_LIBRARIES. Debian's names: examples/build_environment.sh.
find_package(OpenMP REQUIRED)
find_package(SUNDIALS 6 CONFIG REQUIRED)
find_package(Spectra CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)

# Debian's netCDF package file asks for the development files of curl, OpenSSL, ... that a shared library does
# not need; the header and the library are enough.
if(NOT TARGET chemnne::netcdf)
  find_path(CHEMNNE_NETCDF_INCLUDE_DIRECTORY netcdf.h)
  find_library(CHEMNNE_NETCDF_LIBRARY netcdf)
  if(NOT CHEMNNE_NETCDF_INCLUDE_DIRECTORY OR NOT CHEMNNE_NETCDF_LIBRARY)
    message(FATAL_ERROR "chemnne::training needs the NetCDF C library (Debian: libnetcdf-dev)")
  endif()
  add_library(chemnne::netcdf UNKNOWN IMPORTED)
  set_target_properties(
    chemnne::netcdf PROPERTIES IMPORTED_LOCATION "${CHEMNNE_NETCDF_LIBRARY}"
                               INTERFACE_INCLUDE_DIRECTORIES "${CHEMNNE_NETCDF_INCLUDE_DIRECTORY}")
endif()

# Debian's libyaml has no package file for CMake.
if(NOT TARGET chemnne::yaml)
  find_path(CHEMNNE_YAML_INCLUDE_DIRECTORY yaml.h)
  find_library(CHEMNNE_YAML_LIBRARY yaml)
  if(NOT CHEMNNE_YAML_INCLUDE_DIRECTORY OR NOT CHEMNNE_YAML_LIBRARY)
    message(FATAL_ERROR "chemnne::training needs libyaml (Debian: libyaml-dev)")
  endif()
  add_library(chemnne::yaml UNKNOWN IMPORTED)
  set_target_properties(
    chemnne::yaml PROPERTIES IMPORTED_LOCATION "${CHEMNNE_YAML_LIBRARY}"
                             INTERFACE_INCLUDE_DIRECTORIES "${CHEMNNE_YAML_INCLUDE_DIRECTORY}")
endif()

set(CHEMNNE_TRAINING_LIBRARIES
    SUNDIALS::cvode
    SUNDIALS::nvecserial
    SUNDIALS::generic
    SUNDIALS::KLU
    Spectra::Spectra
    Eigen3::Eigen
    chemnne::netcdf
    chemnne::yaml
    CLI11::CLI11
    tomlplusplus::tomlplusplus
    OpenMP::OpenMP_CXX)

# Off, the programs need no MPI; on, they can be started by mpirun or srun as several processes.
option(CHEMNNE_MPI "Programs that generate and train as several processes (MPI)" OFF)
if(CHEMNNE_MPI)
  include("${CMAKE_CURRENT_LIST_DIR}/chemnne_mpi.cmake")
  if(NOT TARGET chemnne::mpi)
    message(FATAL_ERROR "CHEMNNE_MPI=ON needs an MPI library (Debian: libopenmpi-dev)")
  endif()
endif()
