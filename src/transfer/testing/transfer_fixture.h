// A server with a place for objects and a worker that runs its exports, imports and bulk puts; two tenants, acme and
// globex, under one partition model.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include "base/testing/log_capture.h"
#include "objects/context_objects.h"
#include "objects/testing/memory_store.h"
#include "operations/testing/schemas.h"
#include "operations/testing/server.h"
#include "transfer/worker.h"

namespace insula::transfer::testing {

inline operations::ApiOptions WithObjects() {
  operations::ApiOptions options;
  options.has_objects = true;
  return options;
}

class TransferFixture : public ::testing::TestWithParam<tenancy::PartitionModel> {
 protected:
  TransferFixture() : server(GetParam(), WithObjects()), acme(server.tenant) {
    globex = server.world.Tenant("prod", "shop", "globex");
    options.retry_delay_ms_min = 1;
    options.retry_delay_ms_max = 5;
    StartWorker();
  }
  ~TransferFixture() override { worker.reset(); }

  void StartWorker() {
    worker = std::make_unique<Worker>(*server.world.catalog, *server.engine, store, server.world.clock, options);
    worker->Start();
  }

  void MakeOrders(const tenancy::Context& context, int items, const std::string& whose) {
    server.CreateTableAs(context, "Orders", operations::SchemaOf(AttributeType::kS, {AttributeType::kN}));
    EnablePointInTime(context);
    for (int i = 0; i < items; ++i) {
      const std::string answer = server.CallAs(
          context, "PutItem",
          fmt::format(
              R"({{"TableName":"Orders","Item":{{"pk":{{"S":"{}-{}"}},"sk":{{"N":"{}"}},"b":{{"B":"AQIDBA=="}},)"
              R"("m":{{"M":{{"l":{{"L":[{{"NULL":true}},{{"BOOL":false}},{{"S":"\u00e4\"\\\n"}}]}}}}}},)"
              R"("ss":{{"SS":["x","y"]}},"ns":{{"NS":["1.5","-3"]}},"bs":{{"BS":["AA=="]}}}}}})",
              whose, i % 7, i));
      ASSERT_EQ(answer.substr(0, 3), "200") << answer;
    }
  }
  void EnablePointInTime(const tenancy::Context& context) {
    operations::testing::Must(operations::testing::Await(
        server.world.catalog->UpdateTable(context, "Orders", [](TableDefinition& definition) -> Result<void> {
          definition.point_in_time_days = 35;
          auto schema = std::make_shared<TableSchema>(*definition.schema);
          schema->log_changes = true;
          definition.schema = std::move(schema);
          return {};
        })));
    server.provisioner->WaitIdle();
  }
  std::string OrdersArn(const tenancy::Context& context) {
    return operations::testing::Must(server.world.catalog->Find(context, "Orders"))->arn;
  }
  std::string Export(const tenancy::Context& context, std::string_view more = "") {
    return server.CallAs(
        context, "ExportTableToPointInTime",
        fmt::format(R"({{"TableArn":"{}","S3Bucket":"exports","S3Prefix":"2026"{}}})", OrdersArn(context), more));
  }
  std::string Import(const tenancy::Context& context, std::string_view prefix, std::string_view more,
                     std::string_view table = "Imported") {
    return server.CallAs(
        context, "ImportTable",
        fmt::format(R"({{"S3BucketSource":{{"S3Bucket":"exports","S3KeyPrefix":"{}"}},{},"TableCreationParameters":)"
                    R"({{"TableName":"{}","AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}},)"
                    R"({{"AttributeName":"sk","AttributeType":"N"}}],"KeySchema":[{{"AttributeName":"pk","KeyType":)"
                    R"("HASH"}},{{"AttributeName":"sk","KeyType":"RANGE"}}],"BillingMode":"PAY_PER_REQUEST"}}}})",
                    prefix, more, table));
  }
  // A string member of the answer, wherever it is.
  static std::string Member(const std::string& answer, const std::string& name) {
    const std::string begin = "\"" + name + "\":\"";
    const std::size_t at = answer.find(begin);
    if (at == std::string::npos) return {};
    return answer.substr(at + begin.size(), answer.find('"', at + begin.size()) - at - begin.size());
  }
  static int Count(const std::string& answer, const std::string& name) {
    const std::size_t at = answer.find("\"" + name + "\":");
    return at == std::string::npos ? -1 : std::atoi(answer.c_str() + at + name.size() + 3);
  }
  // "Export", "Import" or "BulkOperation": what `answer` is of.
  static std::string KindOf(const std::string& answer) {
    for (const std::string kind : {"Export", "Import"}) {
      if (answer.find(kind + "Arn") != std::string::npos) return kind;
    }
    return "BulkOperation";
  }
  std::string Describe(const tenancy::Context& context, const std::string& answer) {
    const std::string kind = KindOf(answer);
    return server.CallAs(context, "Describe" + kind,
                         fmt::format(R"({{"{0}Arn":"{1}"}})", kind, Member(answer, kind + "Arn")));
  }
  // The description of what `answer` began, once it has ended.
  std::string Ended(const tenancy::Context& context, const std::string& answer) {
    worker->WaitIdle();
    return Describe(context, answer);
  }
  std::string Root(const tenancy::Context& context) {
    return objects::RootOf(*tenancy::NamesOf(context), tenancy::AccountOf(context));
  }
  // Of the objects in the context's bucket, those under `prefix`, by key within the bucket.
  std::map<std::string, std::string> Objects(const tenancy::Context& context, const std::string& prefix = "",
                                             const std::string& bucket = "exports") {
    std::map<std::string, std::string> found;
    const std::string root = Root(context) + bucket + "/";
    for (const auto& [key, bytes] : store.objects()) {
      if (key.starts_with(root + prefix)) found[key.substr(root.size())] = bytes;
    }
    return found;
  }
  std::string IdOf(const std::string& answer) {
    const std::string arn = Member(answer, KindOf(answer) + "Arn");
    return arn.substr(arn.rfind('/') + 1);
  }
  // All pages of a Scan.
  std::string All(const tenancy::Context& context, const std::string& table) {
    std::string all;
    for (std::string start;;) {
      const std::string page = server.CallAs(context, "Scan", fmt::format(R"({{"TableName":"{}"{}}})", table, start));
      const std::size_t last = page.find("\"LastEvaluatedKey\":");
      all += page.substr(0, last);
      if (last == std::string::npos) return all;
      const std::size_t open = page.find('{', last);
      const std::size_t close = page.find("}}", open);
      start = ",\"ExclusiveStartKey\":" + page.substr(open, close + 2 - open);
    }
  }
  std::string Scan(const tenancy::Context& context, const std::string& table) {
    return server.CallAs(context, "Scan", fmt::format(R"({{"TableName":"{}"}})", table));
  }

  // All that was logged so far.
  std::string Logged() {
    for (const std::string& line : log.Take()) log_text += line + "\n";
    return log_text;
  }

  LogCapture log;
  std::string log_text;
  objects::testing::MemoryStore store;
  operations::testing::Server server;
  tenancy::Context acme = tenancy::testing::Nobody(), globex = acme;
  WorkerOptions options;
  std::unique_ptr<Worker> worker;
};
}  // namespace insula::transfer::testing
