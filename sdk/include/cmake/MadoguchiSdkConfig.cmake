# find_package(MadoguchiSdk): the target MadoguchiSdk::plugin and the function madoguchi_plugin().
include(CMakeFindDependencyMacro)
find_dependency(Boost 1.81)
# In the source tree the headers stand beside; installed, this file is in <prefix>/share/cmake/MadoguchiSdk.
get_filename_component(MADOGUCHI_SDK_INCLUDE_DIR ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
if(NOT EXISTS ${MADOGUCHI_SDK_INCLUDE_DIR}/madoguchi/abi.h)
  get_filename_component(MADOGUCHI_SDK_INCLUDE_DIR ${CMAKE_CURRENT_LIST_DIR}/../../../include ABSOLUTE)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/MadoguchiSdk.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/MadoguchiPlugin.cmake)
