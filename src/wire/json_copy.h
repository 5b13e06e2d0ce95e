// A parsed value written again: the same JSON, in the order of the text, without the white space.
#pragma once

#include "wire/json_reader.h"
#include "wire/json_writer.h"

namespace insula::wire {

void WriteJson(JsonValue json, JsonWriter* writer);

}  // namespace insula::wire
