# The library that a plugin carries in itself: Boost.JSON, compiled once a project from its headers and hidden.
if(NOT TARGET MadoguchiSdk::plugin)
  add_library(madoguchi_sdk_plugin STATIC ${MADOGUCHI_SDK_INCLUDE_DIR}/madoguchi/json.cpp)
  add_library(MadoguchiSdk::plugin ALIAS madoguchi_sdk_plugin)
  target_include_directories(madoguchi_sdk_plugin PUBLIC ${MADOGUCHI_SDK_INCLUDE_DIR})
  target_link_libraries(madoguchi_sdk_plugin PUBLIC Boost::headers)
  target_compile_features(madoguchi_sdk_plugin PUBLIC cxx_std_20)
  target_compile_options(madoguchi_sdk_plugin PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  set_target_properties(madoguchi_sdk_plugin PROPERTIES
    POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endif()
