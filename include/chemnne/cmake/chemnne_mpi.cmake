# chemnne::mpi, where there is an MPI library: what a program links to run as several processes. Of MPI only the
# C interface is used.
if(NOT TARGET chemnne::mpi)
  set(MPI_CXX_SKIP_MPICXX TRUE)
  find_package(MPI QUIET COMPONENTS CXX)
  if(MPI_CXX_FOUND)
    add_library(chemnne::mpi INTERFACE IMPORTED)
    target_link_libraries(chemnne::mpi INTERFACE MPI::MPI_CXX)
    target_compile_definitions(chemnne::mpi INTERFACE CHEMNNE_WITH_MPI)
  endif()
endif()
