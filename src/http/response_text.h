// A response as bytes.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "http/server.h"

namespace insula::http {

std::string_view ReasonPhrase(int status);

// The Date header's value, made once a second. Not thread-safe: one per event loop.
class DateText {
 public:
  std::string_view Now();

 private:
  std::time_t second_ = 0;
  std::string text_;
};

struct ResponseFraming {
  bool close = false;           // the connection ends after this response
  bool say_keep_alive = false;  // to an HTTP/1.0 client that asked for it
  bool chunked = false;         // the body follows as AppendChunks has it
};

// Appends status line and headers, with the blank line. `content_length`: of the body, sent or not.
void AppendResponseHead(const Response& response, std::size_t content_length, std::string_view date,
                        ResponseFraming framing, std::string* out);
// Appends a body as one chunk and the end.
void AppendChunks(std::string_view body, std::string* out);

}  // namespace insula::http
