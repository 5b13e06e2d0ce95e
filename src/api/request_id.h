// Ids of requests, as AWS draws them: 52 digits and capital letters.
#pragma once

#include <array>
#include <string_view>

namespace insula::api {

class RequestId {
 public:
  static constexpr std::size_t kSize = 52;

  // Unique for all practical purposes; not a secret. Safe from any thread.
  static RequestId Draw();
  std::string_view view() const { return {text_.data(), text_.size()}; }

 private:
  std::array<char, kSize> text_;
};

}  // namespace insula::api
