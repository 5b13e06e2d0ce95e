// What a table's stream, encryption, class and tags must satisfy, in DynamoDB's words.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "model/table_definition.h"
#include "operations/tables/table_input.h"

namespace insula::operations {

inline constexpr std::size_t kTagsMax = 50;
inline constexpr std::string_view kDefaultTableClass = "STANDARD";

Result<void> CheckNewStream(const StreamInput& stream);
Result<void> CheckSse(const SseInput& sse);
// Whether it asks for a key of the account's: naming the type is asking.
bool AsksForKey(const SseInput& sse);
Result<void> CheckTableClass(const std::string& table_class);

// Keys and values of tags that are to be set: characters, lengths, the aws: prefix, duplicates. ValidationException.
Result<void> CheckTags(const Tags& tags);
// Keys of tags that are to be removed: no more than a table may have.
Result<void> CheckTagKeys(std::span<const std::string> keys);
// ValidationException beyond kTagsMax.
Result<void> CheckTagCount(const std::map<std::string, std::string>& tags);

}  // namespace insula::operations
