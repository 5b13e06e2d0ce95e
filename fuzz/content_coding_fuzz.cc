// Compressed bodies: no bytes make undoing a coding misbehave, a step yields no more than a piece, what zlib itself
// writes comes back, and a body cut short never counts as whole.
#include <zlib.h>

#include <cstdint>
#include <string>

#include "base/check.h"
#include "http/content_coding.h"

using namespace insula;

namespace {

constexpr std::size_t kBodyMax = 4 * 1024 * 1024;

// The body, as far as it goes; whether it is whole.
bool Inflate(http::ContentCoding coding, std::string_view coded, std::string* body) {
  http::Inflater inflater(coding, coded);
  while (body->size() <= kBodyMax) {
    const std::size_t before = body->size();
    const Result<bool> more = inflater.Step(body);
    INSULA_CHECK(body->size() - before <= http::Inflater::kPieceBytes);
    if (!more.ok()) return false;
    if (!*more) return true;
  }
  return false;
}

std::string Deflate(std::string_view body) {
  uLongf size = ::compressBound(body.size());
  std::string coded(size, '\0');
  INSULA_CHECK(::compress(reinterpret_cast<Bytef*>(coded.data()), &size, reinterpret_cast<const Bytef*>(body.data()),
                          body.size()) == Z_OK);
  coded.resize(size);
  return coded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto coding : {http::ContentCoding::kGzip, http::ContentCoding::kDeflate}) {
    std::string body;
    Inflate(coding, text, &body);
  }
  const std::string coded = Deflate(text);
  std::string back;
  INSULA_CHECK(Inflate(http::ContentCoding::kDeflate, coded, &back) && back == text);
  const std::size_t cut = size % coded.size();
  std::string part;
  INSULA_CHECK(!Inflate(http::ContentCoding::kDeflate, std::string_view(coded).substr(0, cut), &part));
  INSULA_CHECK(text.starts_with(part));
  http::ContentCodingOf(text);
  http::AcceptedCoding(text);
  return 0;
}
