// The words an expression may not use as attribute names.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
#pragma once

#include <string_view>

namespace insula::expression {

// Whether `name`, in any case, is one of them.
bool IsReservedWord(std::string_view name);

}  // namespace insula::expression
