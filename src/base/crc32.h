// CRC-32 as zlib and DynamoDB's x-amz-crc32 header compute it.
#pragma once

#include <cstdint>
#include <string_view>

namespace insula {

std::uint32_t Crc32(std::string_view data);

}  // namespace insula
