# insula_room(NAME [GROUPS folders...] [DEPENDS rooms...] [TEST_DEPENDS rooms...] [LIBRARIES libs...]
#             [PRECOMPILE headers... | PRECOMPILED_FOR room] [TESTS_THAT_WORK])
#
# One folder of src/ is one static library `insula_<name>` of its *.cc files and one test program
# `<name>_test` of its *_test.cc files. DEPENDS states the one-way rule between the rooms: a room that
# is not listed (directly or through another) is not linked, and tests/layering checks the includes.
# GROUPS: folders of a large room whose files are part of it, each of which may use those before it.
# PRECOMPILED_FOR: another room, declared before, that links the same libraries and whose precompiled headers serve here.
# TESTS_THAT_WORK: its tests do so much themselves that they are worth optimizing.
# TEST_DEPENDS: rooms that only its tests (and its folder testing/) may use besides.
# All of the test programs are built by the target unit_tests.
add_custom_target(unit_tests)

function(insula_room NAME)
  cmake_parse_arguments(ROOM "TESTS_THAT_WORK" "" "GROUPS;DEPENDS;TEST_DEPENDS;LIBRARIES;PRECOMPILE;PRECOMPILED_FOR" ${ARGN})
  string(REPLACE "/" "_" ID "${NAME}")
  set(FOLDERS "${NAME}")
  foreach(GROUP IN LISTS ROOM_GROUPS)
    list(APPEND FOLDERS "${NAME}/${GROUP}")
  endforeach()
  set(SOURCES)
  set(TESTS)
  foreach(FOLDER IN LISTS FOLDERS)
    file(GLOB FOUND CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${FOLDER}/*.cc")
    list(APPEND SOURCES ${FOUND})
    file(GLOB FOUND CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${FOLDER}/*_test.cc")
    list(APPEND TESTS ${FOUND})
  endforeach()
  list(FILTER SOURCES EXCLUDE REGEX "/main\\.cc$")  # a program's, not the room's
  if(TESTS)
    list(REMOVE_ITEM SOURCES ${TESTS})
  endif()
  set(DEPENDENCIES insula_flags)
  foreach(DEPENDENCY IN LISTS ROOM_DEPENDS)
    string(REPLACE "/" "_" DEPENDENCY "${DEPENDENCY}")
    list(APPEND DEPENDENCIES "insula_${DEPENDENCY}")
  endforeach()
  if(SOURCES)
    add_library(insula_${ID} STATIC ${SOURCES})
    target_link_libraries(insula_${ID} PUBLIC ${DEPENDENCIES} ${ROOM_LIBRARIES})
    insula_room_precompile(insula_${ID} ${ID} "" "${ROOM_PRECOMPILE}" "${ROOM_PRECOMPILED_FOR}")
    insula_join_files(insula_${ID} "${INSULA_FILES_JOINED}")
  else()
    add_library(insula_${ID} INTERFACE)
    target_link_libraries(insula_${ID} INTERFACE ${DEPENDENCIES} ${ROOM_LIBRARIES})
  endif()
  if(INSULA_BUILD_TESTS AND TESTS)
    add_executable(${ID}_test ${TESTS})
    set(TEST_DEPENDENCIES)
    foreach(DEPENDENCY IN LISTS ROOM_TEST_DEPENDS)
      string(REPLACE "/" "_" DEPENDENCY "${DEPENDENCY}")
      list(APPEND TEST_DEPENDENCIES "insula_${DEPENDENCY}")
    endforeach()
    target_link_libraries(${ID}_test PRIVATE insula_${ID} ${TEST_DEPENDENCIES} insula_rapidcheck GTest::gtest GTest::gmock GTest::gtest_main)
    insula_room_precompile(${ID}_test ${ID} "_test" "${ROOM_PRECOMPILE}" "${ROOM_PRECOMPILED_FOR}")
    insula_join_files(${ID}_test "${INSULA_FILES_JOINED}")
    # What sanitizers watch is the room; its tests are compiled in two thirds of the time without optimization.
    if(INSULA_SANITIZE AND NOT ROOM_TESTS_THAT_WORK)
      target_compile_options(${ID}_test PRIVATE -O0)
    endif()
    add_test(NAME ${ID} COMMAND ${ID}_test)
    set_tests_properties(${ID} PROPERTIES LABELS unit)
    add_dependencies(unit_tests ${ID}_test)
  endif()
endfunction()

# Compiles the target's files COUNT at a time; those with options of their own stay alone.
function(insula_join_files TARGET COUNT)
  if(COUNT GREATER 1)
    set_target_properties(${TARGET} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE "${COUNT}")
  endif()
endfunction()

# Precompiled headers of a target of a room: its own, or those of another room's target of the same kind (SUFFIX).
function(insula_room_precompile TARGET ID SUFFIX HEADERS FOR_ROOM)
  if(FOR_ROOM)
    string(REPLACE "/" "_" FOR_ID "${FOR_ROOM}")
    if(SUFFIX)
      target_precompile_headers(${TARGET} REUSE_FROM ${FOR_ID}_test)
    else()
      target_precompile_headers(${TARGET} REUSE_FROM insula_${FOR_ID})
    endif()
  elseif(HEADERS AND SUFFIX)
    target_precompile_headers(${TARGET} PRIVATE ${HEADERS} <gtest/gtest.h>)
  elseif(HEADERS)
    target_precompile_headers(${TARGET} PRIVATE ${HEADERS})
  endif()
endfunction()
