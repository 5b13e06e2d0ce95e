#include "http/response_text.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <charconv>
#include <iterator>

#include "http/ignoring_case.h"

namespace insula::http {
namespace {

void AppendNumber(std::size_t number, std::string* out) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  out->append(digits, static_cast<std::size_t>(end - digits));
}

}  // namespace

std::string_view Request::Header(std::string_view name) const {
  for (const auto& [found, value] : headers) {
    if (!EqualIgnoringCase(found, name)) continue;
    std::string_view text = value;
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
  }
  return {};
}

void HeaderLines::emplace_back(std::string_view name, std::string_view value) {
  lines_.append(name).append(": ");
  const std::size_t at = lines_.size();
  lines_.append(value);
  for (std::size_t i = at; i < lines_.size(); ++i) {
    if (lines_[i] == '\r' || lines_[i] == '\n' || lines_[i] == '\0') lines_[i] = ' ';
  }
  lines_.append("\r\n");
}

std::string_view HeaderLines::Find(std::string_view name) const {
  const std::string_view lines = lines_;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find("\r\n", at);
    const std::string_view line = lines.substr(at, end - at);
    if (line.size() > name.size() + 1 && line.starts_with(name) && line[name.size()] == ':') {
      return line.substr(name.size() + 2);
    }
    at = end + 2;
  }
  return {};
}

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

std::string_view DateText::Now() {
  const std::time_t now = std::time(nullptr);
  if (now != second_) {
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    text_ = fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[parts.tm_wday], parts.tm_mday,
                        kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    second_ = now;
  }
  return text_;
}

void AppendResponseHead(const Response& response, std::size_t content_length, std::string_view date,
                        ResponseFraming framing, std::string* out) {
  if (response.status == 200) {
    out->append("HTTP/1.1 200 OK\r\n");
  } else {
    out->append("HTTP/1.1 ");
    AppendNumber(static_cast<std::size_t>(response.status), out);
    out->append(" ").append(ReasonPhrase(response.status)).append("\r\n");
  }
  out->append(response.headers.lines());
  if (framing.chunked) {
    out->append("Transfer-Encoding: chunked");
  } else {
    out->append("Content-Length: ");
    AppendNumber(content_length, out);
  }
  out->append("\r\nDate: ").append(date);
  if (framing.close) out->append("\r\nConnection: close");
  if (framing.say_keep_alive) out->append("\r\nConnection: keep-alive");
  out->append("\r\n\r\n");
}

void AppendChunks(std::string_view body, std::string* out) {
  if (!body.empty()) fmt::format_to(std::back_inserter(*out), "{:x}\r\n{}\r\n", body.size(), body);
  out->append("0\r\n\r\n");
}

}  // namespace insula::http
