// The answer that the bare servers give to everything: GetItem of a 1 KB item, with the headers DynamoDB sends.
#pragma once

#include <string>

namespace insula::bench {

inline constexpr char kRequestId[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV0123456789ABCDEFGHIJ";
inline constexpr char kChecksum[] = "2745614147";
inline constexpr char kContentType[] = "application/x-amz-json-1.0";

inline std::string GetItemAnswer() {
  return R"({"Item":{"pk":{"S":"p000000000000"},"sk":{"S":"s000000"},"data":{"S":")" + std::string(996, 'x') +
         R"("}}})";
}

}  // namespace insula::bench
