#include "iam/unique_id.h"

#include "base/crypto.h"

namespace insula::iam {

std::string NewId(std::string_view prefix) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  constexpr std::size_t kDrawn = 17;
  return std::string(prefix) + RandomText(kDrawn, kAlphabet);
}

}  // namespace insula::iam
