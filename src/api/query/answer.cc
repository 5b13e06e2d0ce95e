#include "api/query/answer.h"

#include <memory>
#include <sstream>
#include <utility>

namespace insula::api::query {
namespace {

struct Wire {
  std::string_view code;
  int status;
};

struct NamedDetail : ErrorDetail {
  explicit NamedDetail(Wire wire) : wire(wire) {}
  Wire wire;
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html, and STS's of that name
Wire WireOf(const Error& error) {
  if (const auto* named = dynamic_cast<const NamedDetail*>(error.detail())) return named->wire;
  const ErrorCode code = error.code();
  switch (code) {
    case ErrorCode::kUnrecognizedClient:
      return {"InvalidClientTokenId", 403};
    case ErrorCode::kInvalidSignature:
      return {"SignatureDoesNotMatch", 403};
    case ErrorCode::kIncompleteSignature:
      return {"IncompleteSignature", 400};
    case ErrorCode::kMissingAuthenticationToken:
      return {"MissingAuthenticationToken", 403};
    case ErrorCode::kExpiredToken:
      return {"ExpiredToken", 403};
    case ErrorCode::kAccessDenied:
      return {"AccessDenied", 403};
    case ErrorCode::kValidation:
      return {"ValidationError", 400};
    case ErrorCode::kUnknownOperation:
      return {"InvalidAction", 400};
    case ErrorCode::kSerialization:
      return {"MalformedQueryString", 400};
    case ErrorCode::kThrottling:
      return {"Throttling", 400};
    case ErrorCode::kServiceUnavailable:
      return {"ServiceUnavailable", 503};
    case ErrorCode::kInternalServerError:
      return {"InternalFailure", 500};
    default:
      return {TraitsOf(code).name, TraitsOf(code).http_status};
  }
}

std::string TextOf(const pugi::xml_document& document) {
  std::ostringstream text;
  document.save(text, "  ", pugi::format_indent | pugi::format_no_declaration);
  return std::move(text).str();
}

}  // namespace

Answer::Answer(std::string_view xml_namespace, std::string_view action) : action_(action) {
  document_.append_child((action_ + "Response").c_str())
      .append_attribute("xmlns")
      .set_value(std::string(xml_namespace).c_str());
}

Element Answer::Result() {
  if (result_.empty()) result_ = document_.first_child().append_child((action_ + "Result").c_str());
  return Element(result_);
}

operations::ApiResponse Answer::Finish(std::string_view request_id) && {
  Element(document_.first_child()).Add("ResponseMetadata").Text("RequestId", request_id);
  return {200, TextOf(document_), {}};
}

Error ErrorNamed(std::string_view code, std::string message, int status) {
  return Error(ErrorCode::kValidation, std::move(message), std::make_shared<NamedDetail>(Wire{code, status}));
}

operations::ApiResponse AnswerOf(const Error& error, std::string_view xml_namespace, std::string_view request_id) {
  const Wire wire = WireOf(error);
  pugi::xml_document document;
  pugi::xml_node response = document.append_child("ErrorResponse");
  response.append_attribute("xmlns").set_value(std::string(xml_namespace).c_str());
  Element root(response);
  Element body = root.Add("Error");
  body.Text("Type", wire.status < 500 ? "Sender" : "Receiver");
  body.Text("Code", wire.code);
  body.Text("Message", error.message());
  root.Text("RequestId", request_id);
  return {wire.status, TextOf(document), {}};
}

}  // namespace insula::api::query
