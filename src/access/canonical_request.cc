#include "access/canonical_request.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace insula::access {
namespace {

bool IsUnreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string Decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0) {
      decoded.push_back(static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2])));
      i += 2;
    } else {
      decoded.push_back(text[i]);
    }
  }
  return decoded;
}

void AppendCanonicalPath(std::string_view path, std::string* out) {
  if (path.empty() || path == "/") {
    out->push_back('/');
    return;
  }
  std::vector<std::string_view> segments;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, slash - at);
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
    at = slash + 1;
  }
  for (const std::string_view segment : segments) {
    out->push_back('/');
    AppendUriEncoded(segment, out);
  }
  if (segments.empty() || path.back() == '/') out->push_back('/');
}

std::pair<std::string_view, std::string_view> SplitTarget(std::string_view target) {
  const std::size_t mark = target.find('?');
  if (mark == std::string_view::npos) return {target, {}};
  return {target.substr(0, mark), target.substr(mark + 1)};
}

}  // namespace

void AppendUriEncoded(std::string_view text, std::string* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out->push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out->push_back('%');
      out->push_back(kHex[byte >> 4]);
      out->push_back(kHex[byte & 15]);
    }
  }
}

void ToLowerCase(std::string* text) {
  for (char& c : *text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
}

std::vector<std::pair<std::string, std::string>> QueryParameters(std::string_view target) {
  const std::string_view query = SplitTarget(target).second;
  std::vector<std::pair<std::string, std::string>> parameters;
  for (std::size_t at = 0; at < query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view pair = query.substr(at, end - at);
    if (!pair.empty()) {
      const std::size_t equal = std::min(pair.find('='), pair.size());
      const std::string_view value = equal < pair.size() ? pair.substr(equal + 1) : std::string_view();
      parameters.emplace_back(Decoded(pair.substr(0, equal)), Decoded(value));
    }
    at = end + 1;
  }
  return parameters;
}

void AppendCanonicalTarget(std::string_view target, std::string* out, PathForm form, std::string_view left_out) {
  const auto [path, query] = SplitTarget(target);
  if (form == PathForm::kAsSent) {
    out->append(path.empty() ? "/" : path);
  } else {
    AppendCanonicalPath(path, out);
  }
  out->push_back('\n');
  if (!query.empty()) {
    std::vector<std::pair<std::string, std::string>> encoded;
    for (const auto& [name, value] : QueryParameters(target)) {
      if (!left_out.empty() && name == left_out) continue;
      auto& [encoded_name, encoded_value] = encoded.emplace_back();
      AppendUriEncoded(name, &encoded_name);
      AppendUriEncoded(value, &encoded_value);
    }
    std::sort(encoded.begin(), encoded.end());
    bool first = true;
    for (const auto& [name, value] : encoded) {
      if (!first) out->push_back('&');
      first = false;
      *out += name;
      out->push_back('=');
      *out += value;
    }
  }
  out->push_back('\n');
}

void AppendCanonicalValue(std::string_view value, std::string* out) {
  value = TrimSpace(value);
  const std::size_t space = value.find(' ');
  out->append(value.substr(0, space));
  if (space == std::string_view::npos) return;
  bool after_space = false;
  for (const char c : value.substr(space)) {
    if (c != ' ' || !after_space) out->push_back(c);
    after_space = c == ' ';
  }
}

bool FindQueryParameter(std::string_view target, std::string_view name, std::string* value) {
  for (auto& [found, text] : QueryParameters(target)) {
    if (found == name) {
      *value = std::move(text);
      return true;
    }
  }
  return false;
}

std::string_view TrimSpace(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace insula::access
