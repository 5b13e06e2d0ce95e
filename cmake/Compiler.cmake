# Compiler flags every target shares (clang's: docs/decisions/one-compiler.md), and ccache with the settings precompiled headers need.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env
      "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
      "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" "CCACHE_NOHASHDIR=1"
      "${CCACHE_PROGRAM}")
endif()

add_library(insula_flags INTERFACE)
target_include_directories(insula_flags INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_compile_options(insula_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wthread-safety
  -Wno-gnu-zero-variadic-macro-arguments -fno-omit-frame-pointer -Xclang -fno-pch-timestamp)
add_link_options(-fuse-ld=lld)

if(INSULA_SANITIZE)
  add_compile_options("-fsanitize=${INSULA_SANITIZE}" -fno-sanitize-recover=all)
  add_link_options("-fsanitize=${INSULA_SANITIZE}")
endif()
if(INSULA_BUILD_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(INSULA_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
