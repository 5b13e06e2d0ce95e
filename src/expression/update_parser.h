// The parser of update expressions; its grammar is at the top of update_parser.cc.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "expression/ast.h"
#include "expression/expression.h"

namespace insula::expression {

Result<std::unique_ptr<const UpdateNode>> ParseUpdate(std::string_view text, Placeholders& placeholders);

}  // namespace insula::expression
