#include "http/request_parser.h"

#include <algorithm>
#include <boost/beast/http/error.hpp>

#include "http/ignoring_case.h"

namespace insula::http {

namespace beast_http = boost::beast::http;

RequestParser::RequestParser(Request* request, std::size_t fields_max, std::size_t header_bytes_max,
                             std::size_t body_bytes_max)
    : request_(request), fields_max_(fields_max), body_bytes_max_(body_bytes_max) {
  request_->headers.clear();
  header_limit(static_cast<std::uint32_t>(header_bytes_max));
  body_limit(boost::none);
}

void RequestParser::Fail(Fault fault, ErrorCode& error) {
  fault_ = fault;
  error = beast_http::make_error_code(beast_http::error::bad_value);
}

void RequestParser::on_request_impl(beast_http::verb, Text method_text, Text target, int version, ErrorCode&) {
  version_ = version;
  request_->method = {method_text.data(), method_text.size()};
  request_->target = {target.data(), target.size()};
}

void RequestParser::on_field_impl(beast_http::field name, Text name_text, Text value, ErrorCode& error) {
  if (header_done_) return;  // trailers are read over
  if (request_->headers.size() >= fields_max_) return Fail(Fault::kTooManyFields, error);
  const char* begin = name_text.data() + name_text.size() + 1;  // behind the colon
  // A value outside the buffer is one that was put together from several lines, which nobody may send any more.
  if (value.data() < begin || value.data() > buffer_end_) return Fail(Fault::kBadField, error);
  if (name == beast_http::field::host) ++hosts_;
  if (name == beast_http::field::transfer_encoding && !EqualIgnoringCase(value, "chunked")) {
    return Fail(Fault::kBadField, error);
  }
  if (name == beast_http::field::expect) {
    (EqualIgnoringCase(value, "100-continue") ? expects_continue_ : expects_unknown_) = true;
  }
  // Folded before it began: the value itself is one line, what precedes it is not.
  if (std::find(begin, value.data(), '\r') != value.data()) return Fail(Fault::kBadField, error);
  // Beast has trimmed the value; what is signed or compared as sent needs all of it.
  if (begin < buffer_end_ && *begin == ' ') ++begin;
  const char* end = value.data() + value.size();
  while (end < buffer_end_ && *end != '\r') ++end;
  if (begin > end) begin = end;
  request_->headers.emplace_back(std::string_view(name_text.data(), name_text.size()),
                                 std::string_view(begin, static_cast<std::size_t>(end - begin)));
}

void RequestParser::on_header_impl(ErrorCode&) { header_done_ = true; }

void RequestParser::on_chunk_header_impl(std::uint64_t size, Text, ErrorCode& error) {
  if (chunks_ == nullptr) return;
  if (size > body_bytes_max_ - chunks_->size()) Fail(Fault::kBodyTooLarge, error);
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text body, ErrorCode& error) {
  if (!chunks_->Append({body.data(), body.size()})) Fail(Fault::kNoMemory, error);
  return body.size();
}

}  // namespace insula::http
