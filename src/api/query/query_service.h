// A service that speaks AWS's Query protocol: operations named by the parameter Action, a form in the body or in a
// signed URL, XML in the answer. STS and IAM are two.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "api/query/answer.h"
#include "api/query/form.h"
#include "api/service.h"
#include "base/result.h"
#include "base/task.h"

namespace insula::api::query {

// One request, as an action gets it. Its references live until the action's task ends.
struct Query {
  const operations::Caller* caller;  // null: an unsigned action
  const http::Request& request;
  const Form& form;
  std::string_view action;
};

struct Action {
  // What it answers goes into the answer's Result(). Errors are in the service's words.
  std::function<Task<Result<void>>(const Query& query, Answer& answer)> perform;
  bool is_unsigned = false;
};

// Safe from any thread.
class QueryService : public Service {
 public:
  // `name` is that of credential scopes; `version` what requests name: "2011-06-15".
  QueryService(std::string name, std::string version);

  std::string_view name() const override { return name_; }
  bool Takes(std::string_view media_type) const override;
  std::string_view AnswersIn(std::string_view) const override { return "text/xml"; }
  Asked Find(const http::Request& request) const override;
  operations::ApiResponse Refuse(const http::Request& request, const Asked& asked, const Error& error) const override;
  Task<operations::ApiResponse> Perform(const http::Request& request, Asked asked,
                                        const operations::Caller* caller) override;
  std::string_view ErrorNameIn(std::string_view body) const override;

 protected:
  // Before the first request.
  void Offer(std::string action, Action what);

 private:
  const std::string name_;
  const std::string version_;
  const std::string xml_namespace_;  // "https://sts.amazonaws.com/doc/2011-06-15/"
  std::map<std::string, Action, std::less<>> actions_;
};

}  // namespace insula::api::query
