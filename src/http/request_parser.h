// Beast's parser, writing views into the read buffer instead of building a message.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <string_view>

#include "http/body_buffer.h"
#include "http/server.h"

namespace insula::http {

// Parses one request. The header must be in one piece of memory that stays where it is while the Request is in use;
// a chunked body goes where CollectChunks says.
class RequestParser : public boost::beast::http::basic_parser<true> {
 public:
  // Names what is wrong where Beast's own codes don't tell.
  enum class Fault : std::uint8_t { kNone, kTooManyFields, kBadField, kBodyTooLarge, kNoMemory };

  RequestParser(Request* request, std::size_t fields_max, std::size_t header_bytes_max, std::size_t body_bytes_max);

  Fault fault() const { return fault_; }
  bool expects_continue() const { return expects_continue_; }
  bool expects_unknown() const { return expects_unknown_; }
  bool lacks_host() const { return hosts_ != 1 && version_ >= 11; }
  int version() const { return version_; }  // 10 or 11
  // Before anything of a chunked body is fed; `body` has begun, and outlives the parser.
  void CollectChunks(BodyBuffer* body) { chunks_ = body; }
  // Where the memory that is fed next ends.
  void SetBufferEnd(const char* end) { buffer_end_ = end; }

 private:
  using ErrorCode = boost::beast::error_code;
  using Text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb method, Text method_text, Text target, int version,
                       ErrorCode& error) override;
  void on_response_impl(int, Text, int, ErrorCode&) override {}
  void on_field_impl(boost::beast::http::field name, Text name_text, Text value, ErrorCode& error) override;
  void on_header_impl(ErrorCode& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  std::size_t on_body_impl(Text body, ErrorCode&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t size, Text, ErrorCode& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, ErrorCode&) override;
  void on_finish_impl(ErrorCode&) override {}

  void Fail(Fault fault, ErrorCode& error);

  Request* request_;
  std::size_t fields_max_;
  std::size_t body_bytes_max_;
  const char* buffer_end_ = nullptr;
  int version_ = 11;
  int hosts_ = 0;
  bool header_done_ = false;
  bool expects_continue_ = false;
  bool expects_unknown_ = false;
  Fault fault_ = Fault::kNone;
  BodyBuffer* chunks_ = nullptr;
};

}  // namespace insula::http
