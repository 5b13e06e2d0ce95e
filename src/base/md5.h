// MD5, where a format asks for it: S3's checksums and entity tags. Not for secrets.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

namespace insula {

using Md5Digest = std::array<std::uint8_t, 16>;

class Md5 {
 public:
  Md5();
  Md5(Md5&&) noexcept;
  Md5& operator=(Md5&&) noexcept;
  ~Md5();
  Md5& Update(std::string_view data);
  Md5Digest Finish();  // once; nothing may follow

  static Md5Digest Of(std::string_view data);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace insula
