#include "objects/s3_xml.h"

#include <array>
#include <utility>

namespace insula::objects {
namespace {

// What stands between the first pair of tags of this name, and how far the second reaches.
struct Found {
  std::string_view inner;
  std::size_t end = 0;
};

std::optional<Found> Find(std::string_view xml, std::string_view name) {
  const std::string open = "<" + std::string(name), close = "</" + std::string(name) + ">";
  for (std::size_t at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at + 1)) {
    const std::size_t after = at + open.size();
    if (after >= xml.size() || (xml[after] != '>' && xml[after] != ' ')) continue;  // a longer name, or <name/>
    const std::size_t begin = xml.find('>', after);
    if (begin == std::string_view::npos) return std::nullopt;
    const std::size_t end = xml.find(close, begin);
    if (end == std::string_view::npos) return std::nullopt;
    return Found{xml.substr(begin + 1, end - begin - 1), end + close.size()};
  }
  return std::nullopt;
}

std::string Resolved(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 6> kEntities = {
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&#34;", '"'}, {"&amp;", '&'}}};
  std::string resolved;
  for (std::size_t i = 0; i < text.size();) {
    bool found = false;
    for (const auto& [entity, character] : kEntities) {
      if (!text.substr(i).starts_with(entity)) continue;
      resolved.push_back(character);
      i += entity.size();
      found = true;
      break;
    }
    if (!found) resolved.push_back(text[i++]);
  }
  return resolved;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> XmlText(std::string_view xml, std::string_view name) {
  const auto found = Find(xml, name);
  if (!found) return std::nullopt;
  return Resolved(found->inner);
}

std::vector<std::string_view> XmlElements(std::string_view xml, std::string_view name) {
  std::vector<std::string_view> elements;
  for (auto found = Find(xml, name); found; found = Find(xml, name)) {
    elements.push_back(found->inner);
    xml.remove_prefix(found->end);
  }
  return elements;
}

std::string UrlDecoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0) {
      decoded.push_back(static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2])));
      i += 2;
    } else {
      decoded.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return decoded;
}

}  // namespace insula::objects
