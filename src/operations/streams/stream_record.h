// A change as DynamoDB Streams tells of it.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
#pragma once

#include <string_view>

#include "storage/change_log.h"
#include "tenancy/faces/streams.h"
#include "wire/json_writer.h"

namespace insula::operations {

// As an object. `region`: that the request was received in.
void WriteStreamRecord(const storage::Change& change, const tenancy::Stream& stream, std::string_view region,
                       wire::JsonWriter* writer);

}  // namespace insula::operations
