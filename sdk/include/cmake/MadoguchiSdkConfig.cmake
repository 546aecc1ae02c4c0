# find_package(MadoguchiSdk): the target MadoguchiSdk::plugin and the function madoguchi_plugin().
include(CMakeFindDependencyMacro)
find_dependency(Boost 1.81)
get_filename_component(MADOGUCHI_SDK_INCLUDE_DIR ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
include(${CMAKE_CURRENT_LIST_DIR}/MadoguchiSdk.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/MadoguchiPlugin.cmake)
