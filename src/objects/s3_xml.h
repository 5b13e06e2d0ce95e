// As much XML as S3's answers need: the text of elements by name. Internal to the room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace insula::objects {

// The text of the first element of this name, its entities resolved; nullopt if there is none, or none that ends.
std::optional<std::string> XmlText(std::string_view xml, std::string_view name);
// What stands between the tags of each element of this name, in order.
std::vector<std::string_view> XmlElements(std::string_view xml, std::string_view name);

// Percent escapes resolved, "+" as a space: keys under encoding-type=url.
std::string UrlDecoded(std::string_view text);

}  // namespace insula::objects
