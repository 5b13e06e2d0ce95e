// Definitions and verdicts from requests as they are written, for tests of rules alone.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "operations/tables/table_input.h"
#include "operations/tables/table_rules.h"
#include "wire/request.h"
#include "wire/shapes.h"

namespace insula::operations::testing {

inline constexpr WallTime kNoon{std::chrono::seconds{1'700'000'000 / 86400 * 86400 + 43200}};

// "ok", or the message of the refusal. Of another code than ValidationException with its name in front.
template <class T>
std::string Verdict(const Result<T>& result) {
  if (result.ok()) return "ok";
  const Error& error = result.error();
  if (error.code() == ErrorCode::kValidation) return error.message();
  return std::string(TraitsOf(error.code()).name) + ": " + error.message();
}

// As it is said of parameters that don't go together.
inline std::string InvalidParameters(std::string_view what) {
  return "One or more parameter values were invalid: " + std::string(what);
}

// What CreateTable makes of `body`. Precondition: it is accepted.
inline TableDefinition Created(std::string_view body, WallTime now = kNoon) {
  auto request = wire::DecodeRequest(body, wire::shapes::CreateTable());
  EXPECT_TRUE(request.ok()) << Verdict(request);
  CreateTableInput input = ReadCreateTable(request->root());
  EXPECT_EQ(Verdict(CheckCreateTable(input, "us-east-1")), "ok");
  TableDefinition definition = DefinitionOf(input, now);
  definition.status = TableStatus::kActive;
  return definition;
}

}  // namespace insula::operations::testing
