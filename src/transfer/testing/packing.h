// Packing and unpacking whole texts, for tests.
#pragma once

#include <gtest/gtest.h>
#include <zstd.h>

#include <memory>
#include <string>
#include <string_view>

#include "objects/testing/memory_store.h"
#include "objects/testing/text_reader.h"
#include "transfer/compression.h"

namespace insula::transfer::testing {

inline std::string Gzip(std::string_view text) {
  objects::testing::MemoryStore store;
  GzipWriter writer(std::move(*store.Create("x")));
  EXPECT_TRUE(writer.Write(text).ok());
  EXPECT_TRUE(writer.Finish().ok());
  return store.objects().at("x");
}

inline std::string Zstd(std::string_view text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

// What can be read of it, and the error that ended that, if any.
struct Read {
  std::string text;
  std::string error;
};
// `at_once`: bytes that arrive together.
inline Read Unpack(std::string_view packed, Compression compression, std::size_t buffer_size = 1000,
                   std::size_t at_once = 1'000'000) {
  const auto reader = Unpacked(std::make_unique<objects::testing::TextReader>(packed, at_once), compression);
  Read read;
  std::string buffer(buffer_size, '\0');
  for (;;) {
    const auto count = reader->Read(buffer);
    if (!count.ok()) {
      read.error = count.error().message();
      return read;
    }
    if (*count == 0) return read;
    read.text.append(buffer, 0, *count);
  }
}

}  // namespace insula::transfer::testing
