# chemnne::cuda: what .cu files that include host/cuda_emulator.cuh need beside chemnne::chemnne, and CUDA of
# chemnne_add_emulator. For the architectures 80 and 90, unless CMAKE_CUDA_ARCHITECTURES says others.
if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES 80 90)
endif()
enable_language(CUDA)
add_library(chemnne_cuda INTERFACE)
add_library(chemnne::cuda ALIAS chemnne_cuda)
target_link_libraries(chemnne_cuda INTERFACE chemnne::chemnne)
# -std: CMake 3.25 does not know that nvcc 13 has C++20.
target_compile_options(chemnne_cuda INTERFACE "$<$<COMPILE_LANGUAGE:CUDA>:-std=c++20;--expt-relaxed-constexpr>")
# nvcc does not read what xsimd is made of.
target_compile_definitions(chemnne_cuda INTERFACE $<$<COMPILE_LANGUAGE:CUDA>:CHEMNNE_WITHOUT_XSIMD>)

# KiB of shared memory that a block can have on all of CMAKE_CUDA_ARCHITECTURES.
function(chemnne_cuda_shared_kib result)
  set(least 227)
  foreach(architecture IN LISTS CMAKE_CUDA_ARCHITECTURES)
    if(architecture MATCHES "^8[67]|^89")
      set(kib 99)
    elseif(architecture MATCHES "^9|^1[0-9][0-9]")
      set(kib 227)
    else()
      set(kib 163)
    endif()
    if(kib LESS least)
      set(least ${kib})
    endif()
  endforeach()
  set(${result} ${least} PARENT_SCOPE)
endfunction()
