# Install rules: headers, a package for find_package(chemnne [COMPONENTS training]), and one for pkg-config.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_directory "${CMAKE_INSTALL_DATADIR}/cmake/chemnne")
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/include/chemnne"
  DESTINATION include
  FILES_MATCHING
  PATTERN "*.hpp"
  PATTERN "*.h"
  PATTERN "*.cuh"
  PATTERN "cmake" EXCLUDE)
install(
  DIRECTORY "${CHEMNNE_CMAKE_DIRECTORY}/"
  DESTINATION ${package_directory}
  PATTERN "chemnne_install.cmake" EXCLUDE
  PATTERN "chemnne-config.cmake.in" EXCLUDE
  PATTERN "*.pc.in" EXCLUDE)

# For hosts without CMake. Not below the libraries: it is the same for every processor.
foreach(name chemnne chemnne-cuda)
  configure_file("${CHEMNNE_CMAKE_DIRECTORY}/${name}.pc.in" "${PROJECT_BINARY_DIR}/${name}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION share/pkgconfig)
endforeach()

install(TARGETS chemnne EXPORT chemnne-targets)
install(EXPORT chemnne-targets NAMESPACE chemnne:: DESTINATION ${package_directory})
if(CHEMNNE_TRAINING)
  # An export set of its own: a host that only steps an emulator needs none of the training libraries.
  install(TARGETS chemnne_training EXPORT chemnne-training-targets)
  install(EXPORT chemnne-training-targets NAMESPACE chemnne:: DESTINATION ${package_directory})
endif()

configure_package_config_file("${CHEMNNE_CMAKE_DIRECTORY}/chemnne-config.cmake.in"
                              "${PROJECT_BINARY_DIR}/chemnne-config.cmake" INSTALL_DESTINATION ${package_directory})
# Before 1.0 a minor version may break the interface.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/chemnne-config-version.cmake"
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/chemnne-config.cmake" "${PROJECT_BINARY_DIR}/chemnne-config-version.cmake"
        DESTINATION ${package_directory})
