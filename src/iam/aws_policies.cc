#include "iam/aws_policies.h"

#include "base/check.h"

namespace insula::iam {
namespace {

struct AwsPolicy {
  const char* id;
  const char* name;
  const char* path;
  std::int64_t version;  // the default one, which is the only one that is kept here
  std::int64_t created;  // seconds since 1970
  std::int64_t updated;
  const char* description;
  const char* document;
};

// As AWS publishes them, but for what they say of services that nobody can reach here.
constexpr AwsPolicy kPolicies[] = {
    {"ANPAIWMBCKSKIEE64ZLYK", "AdministratorAccess", "/", 1, 1423247986, 1423247986,
     "Provides full access to AWS services and resources.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})"},
    {"ANPAJYRXTHIB4FOVS3ZXS", "PowerUserAccess", "/", 12, 1423247987, 1770919154,
     "Provides full access to AWS services and resources, but does not allow management of Users and groups.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","organizations:*",)"
     R"("account:*"],"Resource":"*"},{"Effect":"Allow","Action":["account:GetAccountInformation",)"
     R"("account:GetGovCloudAccountInformation","account:GetPrimaryEmail","account:ListRegions",)"
     R"("iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles",)"
     R"("organizations:DescribeEffectivePolicy","organizations:DescribeOrganization"],"Resource":"*"}]})"},
    {"ANPAILL3HVNFSB6DCOWYQ", "ReadOnlyAccess", "/", 178, 1423247988, 1770919293,
     "Provides read-only access to AWS services and resources.",
     R"({"Version":"2012-10-17","Statement":[{"Sid":"ReadOnlyActionsGroup1","Effect":"Allow",)"
     R"("Action":["account:GetAccountInformation","account:GetAlternateContact","account:GetContactInformation",)"
     R"("account:GetGovCloudAccountInformation","account:GetPrimaryEmail","account:GetRegionOptStatus",)"
     R"("account:ListRegions","application-autoscaling:Describe*",)"
     R"("application-autoscaling:GetPredictiveScalingForecast","application-autoscaling:ListTagsForResource",)"
     R"("cloudwatch:Describe*","cloudwatch:GenerateQuery","cloudwatch:GenerateQueryResultsSummary",)"
     R"("cloudwatch:Get*","cloudwatch:List*","dax:BatchGetItem","dax:Describe*","dax:GetItem","dax:ListTags",)"
     R"("dax:Query","dax:Scan","dynamodb:BatchGet*","dynamodb:Describe*","dynamodb:Get*","dynamodb:List*",)"
     R"("dynamodb:PartiQLSelect","dynamodb:Query","dynamodb:Scan","iam:Generate*","iam:Get*","iam:List*",)"
     R"("iam:Simulate*","logs:Describe*","logs:FilterLogEvents","logs:Get*","logs:ListAnomalies",)"
     R"("logs:ListEntitiesForLogGroup","logs:ListIntegrations","logs:ListLogAnomalyDetectors",)"
     R"("logs:ListLogDeliveries","logs:ListLogGroupsForEntity","logs:ListLogGroupsForQuery",)"
     R"("logs:ListTagsForResource","logs:ListTagsLogGroup","logs:StartLiveTail","logs:StartQuery",)"
     R"("logs:StopLiveTail","logs:StopQuery","logs:TestMetricFilter","logs:ListAggregateLogGroupSummaries",)"
     R"("logs:ListSourcesForS3TableIntegration","logs:ListScheduledQueries","organizations:Describe*",)"
     R"("organizations:List*","sts:GetAccessKeyInfo","sts:GetCallerIdentity","sts:GetSessionToken"],)"
     R"("Resource":"*"}]})"},
    {"ANPAZKAPJZG4P43IUQ5E5", "AWSDenyAll", "/", 2, 1556750174, 1702917725, "Deny all access.",
     R"({"Version":"2012-10-17","Statement":[{"Sid":"DenyAll","Effect":"Deny","Action":["*"],"Resource":"*"}]})"},
    {"ANPAINUGF2JSOSUY76KYA", "AmazonDynamoDBFullAccess", "/", 15, 1423248011, 1611941910,
     "Provides full access to Amazon DynamoDB via the AWS Management Console.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:*","dax:*",)"
     R"("application-autoscaling:DeleteScalingPolicy","application-autoscaling:DeregisterScalableTarget",)"
     R"("application-autoscaling:DescribeScalableTargets","application-autoscaling:DescribeScalingActivities",)"
     R"("application-autoscaling:DescribeScalingPolicies","application-autoscaling:PutScalingPolicy",)"
     R"("application-autoscaling:RegisterScalableTarget","cloudwatch:DeleteAlarms",)"
     R"("cloudwatch:DescribeAlarmHistory","cloudwatch:DescribeAlarms","cloudwatch:DescribeAlarmsForMetric",)"
     R"("cloudwatch:GetMetricStatistics","cloudwatch:ListMetrics","cloudwatch:PutMetricAlarm",)"
     R"("cloudwatch:GetMetricData","iam:GetRole","iam:ListRoles"],"Resource":"*"},{"Effect":"Allow",)"
     R"("Action":"cloudwatch:GetInsightRuleReport",)"
     R"("Resource":"arn:aws:cloudwatch:*:*:insight-rule/DynamoDBContributorInsights*"},{"Effect":"Allow",)"
     R"("Action":["iam:PassRole"],"Resource":"*",)"
     R"("Condition":{"StringLike":{"iam:PassedToService":["application-autoscaling.amazonaws.com",)"
     R"("application-autoscaling.amazonaws.com.cn","dax.amazonaws.com"]}}},{"Effect":"Allow",)"
     R"("Action":["iam:CreateServiceLinkedRole"],"Resource":"*",)"
     R"("Condition":{"StringEquals":{"iam:AWSServiceName":["replication.dynamodb.amazonaws.com",)"
     R"("dax.amazonaws.com","dynamodb.application-autoscaling.amazonaws.com",)"
     R"("contributorinsights.dynamodb.amazonaws.com","kinesisreplication.dynamodb.amazonaws.com"]}}}]})"},
    {"ANPAZKAPJZG4APITYEQVI", "AmazonDynamoDBFullAccess_v2", "/", 3, 1747925526, 1770919377,
     "Provides full access to Amazon DynamoDB",
     R"({"Version":"2012-10-17","Statement":[{"Sid":"DDBAndDAXFullAccess","Effect":"Allow","Action":["dynamodb:*",)"
     R"("dax:*"],"Resource":"*"},{"Sid":"ApplicationAutoscalingIntegration","Effect":"Allow",)"
     R"("Action":["application-autoscaling:DeleteScalingPolicy",)"
     R"("application-autoscaling:DeregisterScalableTarget","application-autoscaling:PutScalingPolicy",)"
     R"("application-autoscaling:RegisterScalableTarget"],"Resource":"*",)"
     R"("Condition":{"StringEquals":{"application-autoscaling:service-namespace":"dynamodb"}}},)"
     R"({"Sid":"ApplicationAutoscalingDescribeActions","Effect":"Allow",)"
     R"("Action":["application-autoscaling:DescribeScalableTargets",)"
     R"("application-autoscaling:DescribeScalingActivities","application-autoscaling:DescribeScalingPolicies"],)"
     R"("Resource":"*"},{"Sid":"CloudwatchMonitoring","Effect":"Allow","Action":["cloudwatch:DescribeAlarms",)"
     R"("cloudwatch:GetMetricStatistics","cloudwatch:GetMetricData"],"Resource":"*"},)"
     R"({"Sid":"CloudwatchInsightsRules","Effect":"Allow","Action":"cloudwatch:GetInsightRuleReport",)"
     R"("Resource":"arn:aws:cloudwatch:*:*:insight-rule/DynamoDBContributorInsights*"},)"
     R"({"Sid":"ServiceRoleCreation","Effect":"Allow","Action":["iam:CreateServiceLinkedRole"],"Resource":"*",)"
     R"("Condition":{"StringEquals":{"iam:AWSServiceName":["replication.dynamodb.amazonaws.com",)"
     R"("dax.amazonaws.com","dynamodb.application-autoscaling.amazonaws.com",)"
     R"("contributorinsights.dynamodb.amazonaws.com","kinesisreplication.dynamodb.amazonaws.com"]}}},)"
     R"({"Sid":"IamIntegration","Effect":"Allow","Action":["iam:ListRoles"],"Resource":["*"]}]})"},
    {"ANPAIY2XFNA232XJ6J7X2", "AmazonDynamoDBReadOnlyAccess", "/", 15, 1423248012, 1731951495,
     "Provides read only access to Amazon DynamoDB via the AWS Management Console.",
     R"({"Version":"2012-10-17","Statement":[{"Sid":"GeneralReadOnlyAccess","Effect":"Allow",)"
     R"("Action":["application-autoscaling:DescribeScalableTargets",)"
     R"("application-autoscaling:DescribeScalingActivities","application-autoscaling:DescribeScalingPolicies",)"
     R"("cloudwatch:DescribeAlarmHistory","cloudwatch:DescribeAlarms","cloudwatch:DescribeAlarmsForMetric",)"
     R"("cloudwatch:GetMetricStatistics","cloudwatch:ListMetrics","cloudwatch:GetMetricData",)"
     R"("dynamodb:BatchGetItem","dynamodb:Describe*","dynamodb:List*","dynamodb:GetAbacStatus","dynamodb:GetItem",)"
     R"("dynamodb:GetResourcePolicy","dynamodb:Query","dynamodb:Scan","dynamodb:PartiQLSelect","dax:Describe*",)"
     R"("dax:List*","dax:GetItem","dax:BatchGetItem","dax:Query","dax:Scan","iam:GetRole","iam:ListRoles"],)"
     R"("Resource":"*"},{"Sid":"CCIAccess","Effect":"Allow","Action":"cloudwatch:GetInsightRuleReport",)"
     R"("Resource":"arn:aws:cloudwatch:*:*:insight-rule/DynamoDBContributorInsights*"}]})"},
    {"ANPAIP7WNAGMIPYNW4WQG", "AWSLambdaDynamoDBExecutionRole", "/service-role/", 1, 1428592169, 1428592169,
     "Provides list and read access to DynamoDB streams and write permissions to CloudWatch logs.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:DescribeStream",)"
     R"("dynamodb:GetRecords","dynamodb:GetShardIterator","dynamodb:ListStreams","logs:CreateLogGroup",)"
     R"("logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]})"},
    {"ANPAJTHQ3EKCQALQDYG5G", "AWSLambdaInvocation-DynamoDB", "/", 1, 1423248047, 1423248047,
     "Provides read access to DynamoDB Streams.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:DescribeStream",)"
     R"("dynamodb:GetRecords","dynamodb:GetShardIterator","dynamodb:ListStreams"],"Resource":"*"}]})"},
    {"ANPAJNCQGXC42545SKXIK", "AWSLambdaBasicExecutionRole", "/service-role/", 1, 1428591823, 1428591823,
     "Provides write permissions to CloudWatch Logs.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup",)"
     R"("logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]})"},
    {"ANPAI7XKCFMBPM3QQRRVQ", "IAMFullAccess", "/", 2, 1423248038, 1561146000,
     "Provides full access to IAM via the AWS Management Console.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:*","organizations:DescribeAccount",)"
     R"("organizations:DescribeOrganization","organizations:DescribeOrganizationalUnit",)"
     R"("organizations:DescribePolicy","organizations:ListChildren","organizations:ListParents",)"
     R"("organizations:ListPoliciesForTarget","organizations:ListRoots","organizations:ListPolicies",)"
     R"("organizations:ListTargetsForPolicy"],"Resource":"*"}]})"},
    {"ANPAJKSO7NDY4T57MWDSQ", "IAMReadOnlyAccess", "/", 4, 1423248039, 1516907487,
     "Provides read only access to IAM via the AWS Management Console.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:GenerateCredentialReport",)"
     R"("iam:GenerateServiceLastAccessedDetails","iam:Get*","iam:List*","iam:SimulateCustomPolicy",)"
     R"("iam:SimulatePrincipalPolicy"],"Resource":"*"}]})"},
};

WallTime At(std::int64_t seconds) { return WallTime(std::chrono::seconds(seconds)); }

Table<ManagedPolicy> Compiled() {
  Table<ManagedPolicy> table;
  for (const AwsPolicy& known : kPolicies) {
    auto document = policy::Document::Parse(known.document, policy::DocumentKind::kIdentity);
    INSULA_CHECK(document.ok());
    auto policy = std::make_shared<ManagedPolicy>();
    policy->id = known.id;
    policy->name = known.name;
    policy->path = known.path;
    policy->created = At(known.created);
    policy->updated = At(known.updated);
    policy->description = known.description;
    policy->default_version = policy->last_version = known.version;
    policy->versions.push_back({known.version, At(known.updated), {known.document, *std::move(document)}});
    policy->is_aws = true;
    table.Put(std::move(policy));
  }
  return table;
}

}  // namespace

const Table<ManagedPolicy>& AwsPolicies() {
  static const Table<ManagedPolicy> kTable = Compiled();
  return kTable;
}

}  // namespace insula::iam
