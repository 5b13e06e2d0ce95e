// The parser of conditions, filters and key conditions, which share one grammar:
//
//   condition  := and ('OR' and)*
//   and        := not ('AND' not)*
//   not        := 'NOT' not | primary
//   primary    := '(' condition ')' | function | operand rest
//   rest       := comparator operand | 'BETWEEN' operand 'AND' operand | 'IN' '(' operand (',' operand)* ')'
//   operand    := '(' operand ')' | path | value | function
//   function   := identifier '(' operand (',' operand)* ')'
//   path       := name ('.' name | '[' digits ']')*   the part before a suffix may be in parentheses
//
// Everything but a syntax error is reported only after the whole text is read, in DynamoDB's order: redundant
// parentheses, unknown functions, functions used in the wrong place, reserved words, then the first clause with
// an error (undefined placeholders before operand counts before identical operands before operand types).
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "expression/ast.h"
#include "expression/expression.h"

namespace insula::expression {

Result<std::unique_ptr<const ConditionNode>> ParseCondition(std::string_view text, Placeholders& placeholders,
                                                            std::string_view which);

}  // namespace insula::expression
