// Where a statement stands in a policy's text, as simulations say it.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Statement.html
#pragma once

#include <cstddef>
#include <string_view>

namespace insula::api::iam_service {

struct Position {
  std::size_t line = 1;    // from 1
  std::size_t column = 1;  // from 1
};

struct StatementPosition {
  Position start;  // of the opening brace
  Position end;    // behind the closing one
};

// Of the statement with that index, from 0. `document` is one that was compiled, so that it is JSON and has it.
StatementPosition FindStatement(std::string_view document, std::size_t index);

}  // namespace insula::api::iam_service
