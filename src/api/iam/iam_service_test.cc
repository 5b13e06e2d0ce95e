// IAM over the Query protocol: forms in, XML out, and nobody does what its policies don't let it.
#include "api/iam/iam_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "api/iam/shapes.h"
#include "api/iam/statement_position.h"
#include "base/run_task.h"
#include "iam/testing/iam_world.h"
#include "operations/core/caller.h"
#include "tenancy/identity/context_maker.h"

namespace insula::api::iam_service {
namespace {

using insula::iam::testing::kAllowRead;
using ::testing::HasSubstr;
using ::testing::Not;

struct Answered {
  int status;
  std::string body;
};

class IamServiceTest : public insula::iam::testing::IamTest {
 protected:
  // As the user of that name, or as the account's root.
  Answered AskAs(const std::string& user, const std::string& body) {
    IamService service(iam(), clock_);
    http::Request request;
    request.method = "POST";
    request.target = "/";
    request.body = body;
    Asked asked = service.Find(request);
    asked.request_id = "ID";
    EXPECT_TRUE(asked.known) << body;
    operations::Caller caller{tenancy::ContextMaker::Of(std::get<ContextNames>(acme_.scope), acme_.account), "AKIA"};
    if (!user.empty()) {
      caller.grants = iam().grants.OfUser((*iam().users.Find(acme_, user))->id, acme_.account);
    }
    operations::ApiResponse response = RunTask(service.Perform(request, asked, &caller));
    return {response.status, std::move(response.body)};
  }
  std::string Ask(const std::string& body) {
    const Answered answered = AskAs("", body);
    EXPECT_EQ(answered.status, 200) << body << "\n" << answered.body;
    return answered.body;
  }
  // "404 NoSuchEntity: The role with name x cannot be found."
  std::string RefusedAs(const std::string& user, const std::string& body) {
    const Answered answered = AskAs(user, body);
    const auto between = [&](const std::string& open, const char* close) {
      const std::size_t begin = answered.body.find(open) + open.size();
      return answered.body.substr(begin, answered.body.find(close) - begin);
    };
    return std::to_string(answered.status) + " " + between("<Code>", "</Code>") + ": " +
           between("<Message>", "</Message>");
  }
  std::string Refused(const std::string& body) { return RefusedAs("", body); }

  static std::string Trust() { return PercentEncoded(insula::iam::testing::kTrustRoot); }
  static std::string Encoded(const char* document) { return PercentEncoded(document); }
};

TEST_F(IamServiceTest, ARoleAsAwsAnswersIt) {
  Ask("Action=CreatePolicy&PolicyName=bound&PolicyDocument=" + Encoded(kAllowRead));
  const std::string created =
      Ask("Action=CreateRole&Version=2010-05-08&RoleName=app&Path=/team/&Description=for%20it"
          "&MaxSessionDuration=7200&PermissionsBoundary=" +
          PolicyArn("bound") +
          "&Tags.member.1.Key=Tenant&Tags.member.1.Value=acme"
          "&AssumeRolePolicyDocument=" +
          Trust());
  const std::string id = (*iam().roles.Find(acme_, "app"))->id;
  const std::string common = R"(
      <Path>/team/</Path>
      <RoleName>app</RoleName>
      <RoleId>)" + id + R"(</RoleId>
      <Arn>arn:aws:iam::111122223333:role/team/app</Arn>
      <CreateDate>2023-11-14T22:13:20Z</CreateDate>
      <AssumeRolePolicyDocument>)" +
                             Trust() + R"(</AssumeRolePolicyDocument>
      <Description>for it</Description>)";
  const std::string rest = R"(
      <PermissionsBoundary>
        <PermissionsBoundaryType>Policy</PermissionsBoundaryType>
        <PermissionsBoundaryArn>arn:aws:iam::111122223333:policy/bound</PermissionsBoundaryArn>
      </PermissionsBoundary>
      <Tags>
        <member>
          <Key>Tenant</Key>
          <Value>acme</Value>
        </member>
      </Tags>)";
  const std::string duration = "\n      <MaxSessionDuration>7200</MaxSessionDuration>";
  const std::string end = R"(
  <ResponseMetadata>
    <RequestId>ID</RequestId>
  </ResponseMetadata>
)";
  EXPECT_EQ(created, R"(<CreateRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <CreateRoleResult>
    <Role>)" + common + rest +
                         "\n    </Role>\n  </CreateRoleResult>" + end + "</CreateRoleResponse>\n");
  EXPECT_EQ(Ask("Action=GetRole&RoleName=app"), R"(<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <GetRoleResult>
    <Role>)" + common + duration + rest + "\n      <RoleLastUsed />\n    </Role>\n  </GetRoleResult>" +
                                                    end + "</GetRoleResponse>\n");
  const std::string listed = Ask("Action=ListRoles&PathPrefix=/team/");
  EXPECT_THAT(listed, HasSubstr("<RoleName>app</RoleName>"));
  EXPECT_THAT(listed, HasSubstr("<IsTruncated>false</IsTruncated>"));
  EXPECT_THAT(listed, Not(HasSubstr("<Tags>")));
  EXPECT_THAT(Ask("Action=ListRoles&PathPrefix=/other/"), Not(HasSubstr("app")));
}

// What Terraform asks for an aws_iam_role with an inline policy, an attachment and an instance profile, from the first
// apply to the destroy.
TEST_F(IamServiceTest, TerraformsRoleComesAndGoes) {
  const std::string arn = "&PolicyArn=" + PercentEncoded(PolicyArn("read"));
  Ask("Action=CreatePolicy&PolicyName=read&Description=d&PolicyDocument=" + Encoded(kAllowRead));
  EXPECT_THAT(Ask("Action=GetPolicy" + arn), HasSubstr("<DefaultVersionId>v1</DefaultVersionId>"));
  EXPECT_THAT(Ask("Action=GetPolicyVersion&VersionId=v1" + arn), HasSubstr("<Document>" + Encoded(kAllowRead)));
  Ask("Action=CreateRole&RoleName=app&AssumeRolePolicyDocument=" + Trust());
  EXPECT_THAT(Ask("Action=ListRolePolicies&RoleName=app"), HasSubstr("<PolicyNames />"));
  Ask("Action=PutRolePolicy&RoleName=app&PolicyName=in&PolicyDocument=" + Encoded(kAllowRead));
  EXPECT_THAT(Ask("Action=GetRolePolicy&RoleName=app&PolicyName=in"),
              HasSubstr("<PolicyDocument>" + Encoded(kAllowRead) + "</PolicyDocument>"));
  Ask("Action=AttachRolePolicy&RoleName=app" + arn);
  EXPECT_THAT(Ask("Action=ListAttachedRolePolicies&RoleName=app"),
              HasSubstr("<PolicyArn>" + PolicyArn("read") + "</PolicyArn>"));
  EXPECT_THAT(Ask("Action=GetPolicy" + arn), HasSubstr("<AttachmentCount>1</AttachmentCount>"));
  EXPECT_THAT(Ask("Action=ListEntitiesForPolicy" + arn), HasSubstr("<RoleName>app</RoleName>"));
  EXPECT_THAT(Ask("Action=ListEntitiesForPolicy&EntityFilter=User" + arn), Not(HasSubstr("app")));
  Ask("Action=CreateInstanceProfile&InstanceProfileName=web");
  Ask("Action=AddRoleToInstanceProfile&InstanceProfileName=web&RoleName=app");
  EXPECT_THAT(Ask("Action=GetInstanceProfile&InstanceProfileName=web"), HasSubstr("<RoleName>app</RoleName>"));
  EXPECT_THAT(Ask("Action=ListInstanceProfilesForRole&RoleName=app"),
              HasSubstr("<InstanceProfileName>web</InstanceProfileName>"));
  Ask("Action=TagRole&RoleName=app&Tags.member.1.Key=a&Tags.member.1.Value=b");
  EXPECT_THAT(Ask("Action=ListRoleTags&RoleName=app"), HasSubstr("<Key>a</Key>"));
  Ask("Action=UntagRole&RoleName=app&TagKeys.member.1=A");
  EXPECT_THAT(Ask("Action=GetRole&RoleName=app"), Not(HasSubstr("<Tags>")));
  Ask("Action=UpdateAssumeRolePolicy&RoleName=app&PolicyDocument=" + Trust());
  EXPECT_THAT(Ask("Action=UpdateRole&RoleName=app&MaxSessionDuration=3601"), HasSubstr("<UpdateRoleResult />"));
  EXPECT_THAT(Ask("Action=GetRole&RoleName=app"), HasSubstr("<MaxSessionDuration>3601</MaxSessionDuration>"));

  EXPECT_EQ(Refused("Action=DeleteRole&RoleName=app"),
            "409 DeleteConflict: Cannot delete entity, must detach all policies first.");
  Ask("Action=DetachRolePolicy&RoleName=app" + arn);
  Ask("Action=DeleteRolePolicy&RoleName=app&PolicyName=in");
  Ask("Action=RemoveRoleFromInstanceProfile&InstanceProfileName=web&RoleName=app");
  Ask("Action=DeleteInstanceProfile&InstanceProfileName=web");
  Ask("Action=DeleteRole&RoleName=app");
  EXPECT_EQ(Refused("Action=GetRole&RoleName=app"), "404 NoSuchEntity: The role with name app cannot be found.");
  Ask("Action=CreatePolicyVersion&SetAsDefault=true&PolicyDocument=" + Encoded(kAllowRead) + arn);
  const std::string versions = Ask("Action=ListPolicyVersions" + arn);
  EXPECT_LT(versions.find("<VersionId>v2</VersionId>"), versions.find("<VersionId>v1</VersionId>"));
  EXPECT_THAT(Ask("Action=ListPolicyVersions&MaxItems=1" + arn), HasSubstr("<IsTruncated>true</IsTruncated>"));
  Ask("Action=DeletePolicyVersion&VersionId=v1" + arn);
  Ask("Action=DeletePolicy" + arn);
  EXPECT_TRUE(iam().Of(acme_.scope)->empty());
}

TEST_F(IamServiceTest, TerraformsUserComesAndGoes) {
  EXPECT_THAT(Ask("Action=CreateUser&UserName=alice&Path=/x/"),
              HasSubstr("<Arn>arn:aws:iam::111122223333:user/x/alice</Arn>"));
  const std::string key = Ask("Action=CreateAccessKey&UserName=alice");
  const std::string id = key.substr(key.find("<AccessKeyId>") + 13, 20);
  EXPECT_THAT(key, HasSubstr("<SecretAccessKey>"));
  EXPECT_THAT(Ask("Action=ListAccessKeys&UserName=alice"), HasSubstr("<AccessKeyId>" + id + "</AccessKeyId>"));
  EXPECT_THAT(Ask("Action=ListAccessKeys&UserName=alice"), Not(HasSubstr("Secret")));
  EXPECT_THAT(Ask("Action=GetAccessKeyLastUsed&AccessKeyId=" + id), HasSubstr("<UserName>alice</UserName>"));
  Ask("Action=UpdateAccessKey&UserName=alice&Status=Inactive&AccessKeyId=" + id);
  EXPECT_THAT(Ask("Action=ListAccessKeys&UserName=alice"), HasSubstr("<Status>Inactive</Status>"));
  EXPECT_EQ(Refused("Action=UpdateAccessKey&UserName=alice&Status=Expired&AccessKeyId=" + id),
            "400 ValidationError: 1 validation error detected: Value 'Expired' at 'status' failed to satisfy "
            "constraint: Member must satisfy enum value set: [Active, Inactive]");
  Ask("Action=CreateGroup&GroupName=g");
  Ask("Action=AddUserToGroup&GroupName=g&UserName=alice");
  EXPECT_THAT(Ask("Action=GetGroup&GroupName=g"), HasSubstr("<UserName>alice</UserName>"));
  EXPECT_THAT(Ask("Action=ListGroupsForUser&UserName=alice"), HasSubstr("<GroupName>g</GroupName>"));
  Ask("Action=UpdateUser&UserName=alice&NewUserName=bob&NewPath=/");
  EXPECT_THAT(Ask("Action=GetUser&UserName=bob"), HasSubstr("<Arn>arn:aws:iam::111122223333:user/bob</Arn>"));
  for (const char* list :
       {"ListMFADevices", "ListSigningCertificates", "ListSSHPublicKeys", "ListServiceSpecificCredentials",
        "ListAttachedUserPolicies", "ListUserPolicies", "ListUserTags"}) {
    Ask("Action=" + std::string(list) + "&UserName=bob");
  }
  EXPECT_EQ(Refused("Action=DeleteLoginProfile&UserName=bob"),
            "404 NoSuchEntity: Login Profile for User bob cannot be found.");
  Ask("Action=RemoveUserFromGroup&GroupName=g&UserName=bob");
  Ask("Action=DeleteAccessKey&UserName=bob&AccessKeyId=" + id);
  Ask("Action=DeleteUser&UserName=bob");
  Ask("Action=DeleteGroup&GroupName=g");
  EXPECT_TRUE(iam().Of(acme_.scope)->empty());
}

TEST_F(IamServiceTest, WhatIsWrongIsSaidAsAwsSaysIt) {
  for (const auto& [body, refusal] : std::vector<std::pair<std::string, std::string>>{
           {"Action=GetRole",
            "400 ValidationError: 1 validation error detected: Value null at 'roleName' failed to satisfy constraint: "
            "Member must not be null"},
           {"Action=GetRole&RoleName=" + std::string(65, 'x'),
            "400 ValidationError: 1 validation error detected: Value '" + std::string(65, 'x') +
                "' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64"},
           {"Action=GetRole&RoleName=a*b",
            "400 ValidationError: The specified value for roleName is invalid. It must contain only alphanumeric "
            "characters and/or the following: +=,.@_-"},
           {"Action=ListRoles&MaxItems=1001",
            "400 ValidationError: 1 validation error detected: Value '1001' at 'maxItems' failed to satisfy "
            "constraint: Member must have value less than or equal to 1000"},
           {"Action=ListPolicies&Scope=Mine",
            "400 ValidationError: 1 validation error detected: Value 'Mine' at 'scope' failed to satisfy constraint: "
            "Member must satisfy enum value set: [All, AWS, Local]"},
           {"Action=AttachRolePolicy&RoleName=app&PolicyArn=not-an-arn-but-long-enough",
            "404 NoSuchEntity: The role with name app cannot be found."},
           {"Action=GetPolicyVersion&VersionId=1&PolicyArn=arn:aws:iam::111122223333:policy/x",
            "400 ValidationError: 1 validation error detected: Value '1' at 'versionId' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?"},
           {"Action=ListAccessKeys",
            "400 ValidationError: Must specify userName when calling with non-User credentials"},
           {"Action=GetAccountPasswordPolicy",
            "404 NoSuchEntity: The Password Policy with domain name 111122223333 cannot be found."},
       }) {
    EXPECT_EQ(Refused(body), refusal) << body;
  }
}

TEST_F(IamServiceTest, UsersDoWhatTheirPoliciesLetThem) {
  MakeUser("admin");
  MakeUser("bob");
  MakeRole("app");
  EXPECT_EQ(RefusedAs("bob", "Action=GetUser&UserName=bob"),
            "403 AccessDenied: User: arn:aws:iam::111122223333:user/bob is not authorized to perform: iam:GetUser on "
            "resource: arn:aws:iam::111122223333:user/bob because no identity-based policy allows the iam:GetUser "
            "action");
  // The boundary that delegation rests on: roles may be made, but only bounded ones, and tagged for the team.
  const std::string bound = MakePolicy("bound");
  Must(iam().user_policies.Put(acme_, "admin", "delegated", R"({"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["iam:CreateRole","iam:PutRolePermissionsBoundary"],"Resource":"*","Condition":{
      "StringEquals":{"iam:PermissionsBoundary":")" + bound + R"(","aws:RequestTag/team":"red"}}},
    {"Effect":"Allow","Action":"iam:AttachRolePolicy","Resource":"arn:aws:iam::111122223333:role/*",
      "Condition":{"ArnEquals":{"iam:PolicyARN":")" + bound + R"("}}},
    {"Effect":"Allow","Action":"iam:GetRole","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"red"}}},
    {"Effect":"Allow","Action":"iam:GetUser","Resource":"arn:aws:iam::*:user/${aws:username}"}]})"));
  const std::string role = "Action=CreateRole&RoleName=made&AssumeRolePolicyDocument=" + Trust();
  const std::string team = "&Tags.member.1.Key=Team&Tags.member.1.Value=red";
  EXPECT_EQ(AskAs("admin", role).status, 403);
  EXPECT_EQ(AskAs("admin", role + team).status, 403);
  EXPECT_EQ(AskAs("admin", role + "&PermissionsBoundary=" + bound).status, 403);
  EXPECT_EQ(AskAs("admin", role + "&PermissionsBoundary=" + bound + team).status, 200);
  EXPECT_EQ(AskAs("admin", "Action=AttachRolePolicy&RoleName=made&PolicyArn=" + bound).status, 200);
  EXPECT_EQ(
      AskAs("admin", "Action=AttachRolePolicy&RoleName=made&PolicyArn=arn:aws:iam::aws:policy/AdministratorAccess")
          .status,
      403);
  EXPECT_EQ(AskAs("admin", "Action=GetRole&RoleName=made").status, 200);
  EXPECT_EQ(AskAs("admin", "Action=GetRole&RoleName=app").status, 403);
  // Whether there is such a role isn't told to who mayn't ask.
  EXPECT_EQ(AskAs("admin", "Action=GetRole&RoleName=none").status, 403);
  EXPECT_THAT(AskAs("admin", "Action=GetUser").body, HasSubstr("<UserName>admin</UserName>"));
  EXPECT_EQ(AskAs("admin", "Action=GetUser&UserName=bob").status, 403);
  EXPECT_THAT(Ask("Action=GetUser"), HasSubstr("<Arn>arn:aws:iam::111122223333:root</Arn>"));
}

TEST_F(IamServiceTest, AnAccountIsSummedUp) {
  MakeUser("alice");
  MakeRole("app");
  MakePolicy("read");
  Must(iam().role_policies.Attach(acme_, "app", PolicyArn("read")));
  Must(iam().role_policies.Attach(acme_, "app", "arn:aws:iam::aws:policy/AWSDenyAll"));
  Must(iam().user_policies.Put(acme_, "alice", "in", kAllowRead));
  const std::string summary = Ask("Action=GetAccountSummary");
  EXPECT_THAT(summary, HasSubstr("<key>Users</key>\n        <value>1</value>"));
  EXPECT_THAT(summary, HasSubstr("<key>RolesQuota</key>\n        <value>1000</value>"));
  const std::string all = Ask("Action=GetAccountAuthorizationDetails");
  for (const char* part : {"<UserName>alice</UserName>", "<PolicyName>in</PolicyName>", "<RoleName>app</RoleName>",
                           "<PolicyName>read</PolicyName>", "<PolicyName>AWSDenyAll</PolicyName>"}) {
    EXPECT_THAT(all, HasSubstr(part));
  }
  const std::string roles = Ask("Action=GetAccountAuthorizationDetails&Filter.member.1=Role");
  EXPECT_THAT(roles, Not(HasSubstr("alice")));
  EXPECT_THAT(Ask("Action=GetAccountAuthorizationDetails&MaxItems=1"), HasSubstr("<IsTruncated>true</IsTruncated>"));
  EXPECT_THAT(Ask("Action=ListPolicies&Scope=Local&OnlyAttached=true"), HasSubstr("<PolicyName>read</PolicyName>"));
  EXPECT_THAT(Ask("Action=ListAccountAliases"), HasSubstr("<AccountAliases />"));
}

TEST_F(IamServiceTest, SimulationsSayWhatPoliciesWouldSay) {
  MakeUser("alice");
  Must(iam().user_policies.Put(acme_, "alice", "in", kAllowRead));
  const std::string source = "&PolicySourceArn=" + PercentEncoded("arn:aws:iam::111122223333:user/alice");
  const std::string allowed = Ask("Action=SimulatePrincipalPolicy&ActionNames.member.1=dynamodb:GetItem" + source);
  EXPECT_THAT(allowed, HasSubstr("<EvalDecision>allowed</EvalDecision>"));
  EXPECT_THAT(allowed, HasSubstr("<SourcePolicyId>user_alice_in</SourcePolicyId>"));
  EXPECT_THAT(allowed, HasSubstr("<Column>38</Column>"));
  const std::string both =
      Ask("Action=SimulatePrincipalPolicy&ActionNames.member.1=dynamodb:GetItem"
          "&ActionNames.member.2=dynamodb:PutItem&MaxItems=1&Marker=1" +
          source);
  EXPECT_THAT(both, HasSubstr("<EvalActionName>dynamodb:PutItem</EvalActionName>"));
  EXPECT_THAT(both, HasSubstr("<EvalDecision>implicitDeny</EvalDecision>"));
  EXPECT_THAT(both, Not(HasSubstr("dynamodb:GetItem")));
  const std::string keyed = PercentEncoded(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*",)"
      R"("Condition":{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":"acme"},"Null":{"dynamodb:LeadingKeys":"false"}}}})");
  const std::string custom =
      "Action=SimulateCustomPolicy&ActionNames.member.1=dynamodb:GetItem&PolicyInputList.member.1=" + keyed;
  const std::string missing = Ask(custom);
  EXPECT_THAT(missing, HasSubstr("<EvalDecision>implicitDeny</EvalDecision>"));
  EXPECT_THAT(missing, HasSubstr("<member>dynamodb:LeadingKeys</member>"));
  EXPECT_THAT(Ask(custom + "&ContextEntries.member.1.ContextKeyName=dynamodb:LeadingKeys"
                           "&ContextEntries.member.1.ContextKeyType=stringList"
                           "&ContextEntries.member.1.ContextKeyValues.member.1=acme"),
              HasSubstr("<EvalDecision>allowed</EvalDecision>"));
  EXPECT_THAT(Ask(custom + "&PermissionsBoundaryPolicyInputList.member.1=" + Encoded(kAllowRead)),
              HasSubstr("<AllowedByPermissionsBoundary>true</AllowedByPermissionsBoundary>"));
  EXPECT_EQ(Refused("Action=SimulatePrincipalPolicy&ActionNames.member.1=a:b&PolicySourceArn="
                    "arn:aws:iam::111122223333:user/none"),
            "404 NoSuchEntity: The user with name none cannot be found.");
}

TEST(StatementPositionTest, StatementsAreFoundWhereTheyStand) {
  const std::string_view text =
      "{\n \"Id\":\"{Statement\",\n \"Statement\": [\n  {\"Sid\":\"}a\"},\n  {\"Sid\":\"b\"}]}";
  const StatementPosition first = FindStatement(text, 0);
  EXPECT_EQ(first.start.line, 4u);
  EXPECT_EQ(first.start.column, 3u);
  EXPECT_EQ(first.end.column, 15u);
  const StatementPosition second = FindStatement(text, 1);
  EXPECT_EQ(second.start.line, 5u);
  EXPECT_EQ(second.start.column, 3u);
  EXPECT_EQ(second.end.column, 14u);
  EXPECT_EQ(FindStatement(R"({"Statement":{"Condition":{"a":{}}},"Version":"x"})", 0).end.column, 36u);
}

TEST(PercentEncodedTest, LeavesWhatRfc3986CallsUnreserved) {
  EXPECT_EQ(PercentEncoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(PercentEncoded("{\"a\": *}\n\xc3\xa4"), "%7B%22a%22%3A%20%2A%7D%0A%C3%A4");
}

}  // namespace
}  // namespace insula::api::iam_service
