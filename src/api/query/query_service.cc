#include "api/query/query_service.h"

#include <fmt/format.h>

#include <utility>

namespace insula::api::query {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";

// What a request says, wherever it says it.
std::string_view TextOf(const http::Request& request) {
  if (!request.body.empty()) return request.body;
  const std::size_t query = request.target.find('?');
  return query == std::string_view::npos ? std::string_view() : request.target.substr(query + 1);
}

// The value of a parameter as it is written: names of actions and versions have nothing that is encoded.
std::string_view Written(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) return pair.substr(name.size() + 1);
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
  }
  return {};
}

}  // namespace

QueryService::QueryService(std::string name, std::string version)
    : name_(std::move(name)),
      version_(std::move(version)),
      xml_namespace_(fmt::format("https://{}.amazonaws.com/doc/{}/", name_, version_)) {}

void QueryService::Offer(std::string action, Action what) { actions_.emplace(std::move(action), std::move(what)); }

bool QueryService::Takes(std::string_view media_type) const { return media_type == kForm; }

Asked QueryService::Find(const http::Request& request) const {
  const std::string_view text = TextOf(request);
  const std::string_view action = Written(text, "Action");
  const auto found = actions_.find(action);
  const std::string_view version = Written(text, "Version");
  Asked asked{.operation = action};
  // A header alone names no action.
  asked.known = text.empty() || (found != actions_.end() && (version.empty() || version == version_));
  asked.is_unsigned = found != actions_.end() && found->second.is_unsigned;
  return asked;
}

operations::ApiResponse QueryService::Refuse(const http::Request& request, const Asked& asked,
                                             const Error& error) const {
  if (error.code() != ErrorCode::kUnknownOperation) return AnswerOf(error, xml_namespace_, asked.request_id);
  const std::string_view version = Written(TextOf(request), "Version");
  const Error unknown(error.code(), fmt::format("Could not find operation {} for version {}", asked.operation,
                                                version.empty() ? std::string_view(version_) : version));
  return AnswerOf(unknown, xml_namespace_, asked.request_id);
}

Task<operations::ApiResponse> QueryService::Perform(const http::Request& request, Asked asked,
                                                    const operations::Caller* caller) {
  const auto action = actions_.find(asked.operation);
  if (action == actions_.end()) co_return Refuse(request, asked, Error(ErrorCode::kUnknownOperation, ""));
  const Result<Form> form = Form::Parse(TextOf(request));
  if (!form.ok()) co_return Refuse(request, asked, form.error());
  Answer answer(xml_namespace_, action->first);
  const Query query{caller, request, *form, action->first};
  const Result<void> done = co_await action->second.perform(query, answer);
  if (!done.ok()) co_return Refuse(request, asked, done.error());
  co_return std::move(answer).Finish(asked.request_id);
}

std::string_view QueryService::ErrorNameIn(std::string_view body) const {
  constexpr std::string_view kOpen = "<Code>";
  const std::size_t begin = body.find(kOpen);
  if (begin == std::string_view::npos) return {};
  const std::size_t end = body.find('<', begin + kOpen.size());
  return body.substr(begin + kOpen.size(), end - begin - kOpen.size());
}

}  // namespace insula::api::query
