# How a room becomes a target. Each room keeps its public headers in include/<room>/ and everything else beside its
# CMakeLists.txt, so that a room sees another's headers only by naming it in USES: a forbidden include does not compile.

add_library(madoguchi_flags INTERFACE)
target_compile_options(madoguchi_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
                       -fstack-protector-strong)
target_compile_definitions(madoguchi_flags INTERFACE OPENSSL_NO_DEPRECATED)
# Every symbol is bound at start: binding one later would save registers, and what is in them, on the stack.
target_link_options(madoguchi_flags INTERFACE -Wl,-z,relro,-z,now)
if(MADOGUCHI_SANITIZE)
  target_compile_options(madoguchi_flags INTERFACE -fsanitize=${MADOGUCHI_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(madoguchi_flags INTERFACE -fsanitize=${MADOGUCHI_SANITIZE})
  # For what cannot be as it is in production; compilers name their own macros differently.
  target_compile_definitions(madoguchi_flags INTERFACE MADOGUCHI_SANITIZED)
  # GCC 12 reports false positives of these two once a sanitizer instruments the code, and knows no TSan for fences.
  target_compile_options(madoguchi_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-tsan>)
endif()
# Where several sources are taken at once GCC sees the anonymous namespace of one as that of a header.
if(CMAKE_UNITY_BUILD)
  target_compile_options(madoguchi_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
# GCC's warnings are those that count; clang builds only what is fuzzed.
target_compile_options(madoguchi_flags INTERFACE $<$<CXX_COMPILER_ID:Clang>:-w>)

# compiled_alone(<file> ...): names of its own that others of its room have too, where a unity build takes several at once.
function(compiled_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# madoguchi_room(<name> SOURCES a.cpp ... [USES room ...] [LINKS target ...] [PRIVATE_LINKS target ...])
# USES and LINKS are visible to whoever uses the room; PRIVATE_LINKS are not.
function(madoguchi_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ROOM_USES} ${ROOM_LINKS} PRIVATE madoguchi_flags ${ROOM_PRIVATE_LINKS})
endfunction()

# Everything but the rooms' tests: what ctest -L release needs, where the others run under the sanitizers.
add_custom_target(programs)

# madoguchi_program(<name> SOURCES ... USES ...): a program in the bin folder.
function(madoguchi_program name)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;USES" ${ARGN})
  add_executable(${name} ${PROGRAM_SOURCES})
  target_link_libraries(${name} PRIVATE madoguchi_flags ${PROGRAM_USES})
  add_dependencies(programs ${name})
endfunction()

# madoguchi_test(<room> SOURCES ... USES ...): one test program a room, its cases found by CTest. Instrumented programs
# take long to start, so under a sanitizer CTest runs a room's cases in one process, but for those that say
# OWN_PROCESSES.
# INTERNALS names rooms whose private headers the test may include. EVERYWHERE: the release build says more than the
# sanitizers', so that it is run there too, in one process as well.
function(madoguchi_test name)
  cmake_parse_arguments(TEST "OWN_PROCESSES;EVERYWHERE" "" "SOURCES;USES;INTERNALS" ${ARGN})
  add_executable(${name}_test ${TEST_SOURCES})
  target_link_libraries(${name}_test PRIVATE madoguchi_flags ${TEST_USES} GTest::gmock GTest::gtest_main)
  foreach(room IN LISTS TEST_INTERNALS)
    get_target_property(dir ${room} SOURCE_DIR)
    target_include_directories(${name}_test PRIVATE ${dir})
  endforeach()
  set(labels unit)
  if(TEST_EVERYWHERE AND NOT MADOGUCHI_SANITIZE)
    list(APPEND labels release)
    add_dependencies(programs ${name}_test)
  endif()
  if(TEST_EVERYWHERE OR (MADOGUCHI_SANITIZE AND NOT TEST_OWN_PROCESSES))
    add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1)
    set_tests_properties(${name} PROPERTIES TIMEOUT 900 LABELS "${labels}")
  else()
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120 LABELS unit)
  endif()
endfunction()
