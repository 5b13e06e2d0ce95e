// How an answer is printed: JSON in the AWS CLI's manner, or a table for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/json_reader.h"

namespace insula::app {

enum class OutputFormat : std::uint8_t { kTable, kJson };

// `text` as it may be shown on a terminal: what would move its cursor, change its state, end a line or turn the order
// of writing is written out, as \u001b. Much of what is shown is tenants' own: keys, names, descriptions.
std::string Shown(std::string_view text);

// Indented by four spaces, members in their order.
std::string PrettyJson(wire::JsonValue value);

// A list ({"Tenants": [{…}, …]}) becomes rows under upper-case headings, one thing ({"Tenant": {…}}) a column of names
// and values; what is nested further is written on one line. `bold_heading`: with terminal escapes.
std::string Table(wire::JsonValue answer, bool bold_heading);

// Prints to standard output in `format`.
void Print(wire::JsonValue answer, OutputFormat format);

}  // namespace insula::app
