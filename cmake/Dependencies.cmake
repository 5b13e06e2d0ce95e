# Libraries from Debian's packages; `./dev setup` installs them.

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(simdjson REQUIRED)
find_package(RocksDB REQUIRED)
find_package(CURL REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(TOMLPP REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
pkg_check_modules(PUGIXML REQUIRED IMPORTED_TARGET pugixml)
find_package(ZLIB REQUIRED)

# By its own name: its pkg-config file asks for headers of jansson, which nothing here includes.
find_path(CJOSE_INCLUDE_DIR cjose/cjose.h REQUIRED)
find_library(CJOSE_LIBRARY cjose REQUIRED)
add_library(insula_cjose INTERFACE)
target_include_directories(insula_cjose SYSTEM INTERFACE "${CJOSE_INCLUDE_DIR}")
target_link_libraries(insula_cjose INTERFACE "${CJOSE_LIBRARY}")

# Boost 1.81 headers only: Asio, Beast, intrusive and the rest need no compiled Boost library.
find_path(BOOST_INCLUDE_DIR boost/beast.hpp REQUIRED)
add_library(insula_asio INTERFACE)
target_include_directories(insula_asio SYSTEM INTERFACE "${BOOST_INCLUDE_DIR}")
target_compile_definitions(insula_asio INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE BOOST_ERROR_CODE_HEADER_ONLY)
target_link_libraries(insula_asio INTERFACE Threads::Threads)

if(INSULA_BUILD_TESTS)
  find_package(GTest REQUIRED)
  find_path(RAPIDCHECK_INCLUDE_DIR rapidcheck.h REQUIRED)
  find_library(RAPIDCHECK_LIBRARY rapidcheck REQUIRED)
  add_library(insula_rapidcheck INTERFACE)
  target_include_directories(insula_rapidcheck SYSTEM INTERFACE "${RAPIDCHECK_INCLUDE_DIR}")
  target_link_libraries(insula_rapidcheck INTERFACE "${RAPIDCHECK_LIBRARY}")
endif()
