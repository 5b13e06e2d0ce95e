// A service of the Query protocol from the request to the XML that goes out.
#include "api/query/query_service.h"

#include <gtest/gtest.h>

#include <string>

#include "base/run_task.h"

namespace insula::api::query {
namespace {

Task<Result<void>> Greet(Form form, Answer& answer) {
  if (!form.Find("Name")) co_return ValidationError("whom?");
  Element result = answer.Result();
  result.Text("Greeting", std::string("<hello> & \x01 \"") + std::string(*form.Find("Name")) + "\"");
  result.Number("Count", -3);
  result.Boolean("Loud", false);
  result.Time("At", WallTime{std::chrono::microseconds{1'700'000'000'999'999}});
  Element members = result.Add("Names");
  members.Text("member", "a");
  members.Text("member", "");
  co_return Result<void>();
}

class GreetingService : public QueryService {
 public:
  GreetingService() : QueryService("greet", "2011-06-15") {
    Offer("Greet", {[](const Query& query, Answer& answer) { return Greet(query.form, answer); }});
    Offer("Nod", {[](const Query&, Answer&) -> Task<Result<void>> { co_return Result<void>(); }, true});
  }
};

struct Answered {
  int status;
  std::string body;
};

Answered Ask(std::string_view body, std::string_view method = "POST", std::string_view target = "/") {
  GreetingService service;
  http::Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  Asked asked = service.Find(request);
  asked.request_id = "ID";
  operations::ApiResponse response = asked.known
                                         ? RunTask(service.Perform(request, asked, nullptr))
                                         : service.Refuse(request, asked, Error(ErrorCode::kUnknownOperation, ""));
  return {response.status, std::move(response.body)};
}

TEST(QueryServiceTest, AnswersAreXml) {
  const Answered answered = Ask("Version=2011-06-15&Name=you&Action=Greet");
  EXPECT_EQ(answered.status, 200);
  EXPECT_EQ(answered.body, R"(<GreetResponse xmlns="https://greet.amazonaws.com/doc/2011-06-15/">
  <GreetResult>
    <Greeting>&lt;hello&gt; &amp;  "you"</Greeting>
    <Count>-3</Count>
    <Loud>false</Loud>
    <At>2023-11-14T22:13:20Z</At>
    <Names>
      <member>a</member>
      <member></member>
    </Names>
  </GreetResult>
  <ResponseMetadata>
    <RequestId>ID</RequestId>
  </ResponseMetadata>
</GreetResponse>
)");
}

TEST(QueryServiceTest, AUrlAsksAsABodyDoes) {
  EXPECT_EQ(Ask("", "GET", "/?Action=Greet&Name=you&X-Amz-Signature=00").body, Ask("Action=Greet&Name=you").body);
}

TEST(QueryServiceTest, AnActionWithoutAResultHasNone) {
  const std::string body = Ask("Action=Nod").body;
  EXPECT_EQ(body.find("NodResult"), std::string::npos);
  EXPECT_NE(body.find("<RequestId>ID</RequestId>"), std::string::npos);
}

TEST(QueryServiceTest, ErrorsHaveTheProtocolsNames) {
  const Answered refused = Ask("Action=Greet");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, R"(<ErrorResponse xmlns="https://greet.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>ValidationError</Code>
    <Message>whom?</Message>
  </Error>
  <RequestId>ID</RequestId>
</ErrorResponse>
)");
  EXPECT_EQ(GreetingService().ErrorNameIn(refused.body), "ValidationError");
  EXPECT_EQ(GreetingService().ErrorNameIn(Ask("Action=Nod").body), "");
}

TEST(QueryServiceTest, WhatIsNotOfferedIsSaidWithItsVersion) {
  for (const auto& [body, message] : {
           std::pair("Action=Bow&Version=2011-06-15", "Could not find operation Bow for version 2011-06-15"),
           std::pair("Action=Greet&Version=2010-05-08", "Could not find operation Greet for version 2010-05-08"),
           std::pair("Name=you", "Could not find operation  for version 2011-06-15"),
       }) {
    const Answered refused = Ask(body);
    EXPECT_EQ(refused.status, 400);
    EXPECT_NE(refused.body.find("<Code>InvalidAction</Code>"), std::string::npos) << body;
    EXPECT_NE(refused.body.find(message), std::string::npos) << refused.body;
  }
  EXPECT_NE(Ask("Action=Greet&Name=%").body.find("MalformedQueryString"), std::string::npos);
}

}  // namespace
}  // namespace insula::api::query
