# madoguchi_plugin(<target> NAME <name> VERSION <version> VENDOR <vendor> HOOKS <hook>... SOURCES <file>...
#                  [LINKS <target>...] [OUTPUT <folder>])
#
# A shared object <name>.so and its manifest <name>.json, ready to be signed. Only madoguchi_plugin_query is exported; nothing
# keeps the object mapped once it is unloaded. Sources see NAME, VERSION and VENDOR as MADOGUCHI_PLUGIN_NAME, ..._VERSION and
# ..._VENDOR, so that manifest and descriptor cannot differ.
set(MADOGUCHI_PLUGIN_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})

function(madoguchi_plugin target)
  cmake_parse_arguments(PLUGIN "" "NAME;VERSION;VENDOR;OUTPUT" "HOOKS;SOURCES;LINKS" ${ARGN})
  if(NOT PLUGIN_OUTPUT)
    set(PLUGIN_OUTPUT ${CMAKE_CURRENT_BINARY_DIR})
  endif()
  set(exports ${MADOGUCHI_PLUGIN_CMAKE_DIR}/exports.map)
  set(manifest_script ${MADOGUCHI_PLUGIN_CMAKE_DIR}/MadoguchiManifest.cmake)

  get_target_property(include MadoguchiSdk::plugin INTERFACE_INCLUDE_DIRECTORIES)

  add_library(${target} MODULE ${PLUGIN_SOURCES})
  target_link_libraries(${target} PRIVATE MadoguchiSdk::plugin ${PLUGIN_LINKS})
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  target_compile_definitions(${target} PRIVATE
    MADOGUCHI_PLUGIN_NAME="${PLUGIN_NAME}" MADOGUCHI_PLUGIN_VERSION="${PLUGIN_VERSION}"
    MADOGUCHI_PLUGIN_VENDOR="${PLUGIN_VENDOR}")
  target_link_options(${target} PRIVATE -Wl,--version-script=${exports} -Wl,--exclude-libs,ALL -Wl,-z,relro,-z,now)
  set_target_properties(${target} PROPERTIES
    PREFIX "" SUFFIX .so OUTPUT_NAME ${PLUGIN_NAME} LIBRARY_OUTPUT_DIRECTORY ${PLUGIN_OUTPUT} LINK_DEPENDS ${exports}
    CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)

  string(REPLACE ";" "," hooks "${PLUGIN_HOOKS}")
  add_custom_command(TARGET ${target} POST_BUILD VERBATIM
    COMMAND ${CMAKE_COMMAND} -DLIBRARY=$<TARGET_FILE:${target}> -DMANIFEST=${PLUGIN_OUTPUT}/${PLUGIN_NAME}.json
      -DNAME=${PLUGIN_NAME} -DVERSION=${PLUGIN_VERSION} -DVENDOR=${PLUGIN_VENDOR} -DHOOKS=${hooks}
      -DINCLUDE=${include}/madoguchi/abi.h -P ${manifest_script})
endfunction()
