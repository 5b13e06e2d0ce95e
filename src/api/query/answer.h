// Answers and errors of AWS's Query protocol, as the bytes that go out.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
#pragma once

#include <string>
#include <string_view>

#include "api/query/element.h"
#include "base/error.h"
#include "operations/api.h"

namespace insula::api::query {

// The answer of one operation while it is written:
//   <GetRoleResponse xmlns="…"><GetRoleResult>…</GetRoleResult><ResponseMetadata>…</ResponseMetadata></GetRoleResponse>
class Answer {
 public:
  Answer(std::string_view xml_namespace, std::string_view action);

  // What lies in the result, which an answer has once this was asked for.
  Element Result();
  operations::ApiResponse Finish(std::string_view request_id) &&;

 private:
  std::string action_;
  pugi::xml_document document_;
  pugi::xml_node result_;
};

// An error whose name no other service's requests get.
Error ErrorNamed(std::string_view code, std::string message, int status = 400);  // `code`: a literal

// <ErrorResponse><Error><Type/><Code/><Message/></Error><RequestId/></ErrorResponse>, in the names that services of
// this protocol give to errors that all of them have: "AccessDenied", where DynamoDB says AccessDeniedException.
operations::ApiResponse AnswerOf(const Error& error, std::string_view xml_namespace, std::string_view request_id);

}  // namespace insula::api::query
