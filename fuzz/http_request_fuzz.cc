// HTTP requests: no bytes make the parser misbehave, every view it gives lies inside what it was fed, and a body in
// chunks stays within its bound.
#include <boost/asio/buffer.hpp>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "http/request_parser.h"

using namespace insula;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kFieldsMax = 16;
  constexpr std::size_t kBodyMax = 512;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos) return 0;  // the server waits for the end of a header
  http::Request request;
  http::RequestParser parser(&request, kFieldsMax, 8192, kBodyMax);
  parser.SetBufferEnd(text.data() + text.size());
  boost::beast::error_code error;
  std::size_t used = parser.put(boost::asio::buffer(text), error);
  if (error || !parser.is_header_done()) return 0;
  const auto inside = [&](std::string_view view) {
    return view.empty() || (view.data() >= text.data() && view.data() + view.size() <= text.data() + text.size());
  };
  INSULA_CHECK(inside(request.method) && inside(request.target));
  INSULA_CHECK(request.headers.size() <= kFieldsMax);
  for (const auto& [name, value] : request.headers) {
    INSULA_CHECK(inside(name) && inside(value) && !name.empty());
    INSULA_CHECK(value.find_first_of("\r\n") == std::string_view::npos);
  }
  if (!parser.chunked()) return 0;
  INSULA_CHECK(!parser.content_length().has_value());
  MemoryCharge unbounded;
  http::BodyBuffer body;
  body.Begin(kBodyMax, &unbounded);
  parser.CollectChunks(&body);
  parser.eager(true);
  const std::string rest = text.substr(used);
  parser.SetBufferEnd(rest.data() + rest.size());
  used = 0;
  while (!parser.is_done() && used < rest.size()) {
    const std::size_t taken = parser.put(boost::asio::buffer(rest) + used, error);
    if (error) break;
    used += taken;
  }
  INSULA_CHECK(body.size() <= kBodyMax);
  return 0;
}
