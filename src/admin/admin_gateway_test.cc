// The admin listener: what it tells without a signature, whom it refuses, and where an operator sees what is stuck.
#include "admin/admin_gateway.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/signer.h"
#include "base/run_task.h"
#include "base/testing/log_capture.h"
#include "base/testing/memory_record_store.h"
#include "storage/testing/noting_engine.h"
#include "tenancy/testing/world.h"

namespace insula::admin {
namespace {

using tenancy::testing::Definition;
using tenancy::testing::Must;
using tenancy::testing::Names;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class NoMeter : public metering::UsageMeter {
 public:
  UsageCells* CellsOf(std::string_view, std::string_view) override { return nullptr; }
  std::vector<metering::Usage> Snapshot() const override { return {}; }
};

class AdminGatewayTest : public ::testing::Test {
 protected:
  http::Response Get(std::string_view target) {
    http::Request request;
    request.method = "GET";
    request.target = target;
    return RunTask(gateway_.Handle(request));
  }
  http::Response Call(const access::CreatedKey& key, std::string_view operation, std::string_view body) {
    const std::string target = "Insula_20261123." + std::string(operation);
    http::Request request;
    request.method = "POST";
    request.target = "/";
    request.headers = {{"Host", "localhost"}, {"X-Amz-Target", target}};
    request.body = body;
    request.remote_address = "127.0.0.1";
    access::Signer signer({key.key.id, std::string(key.secret.view()), ""}, "us-east-1", "insula");
    const auto added = signer.Sign(request.method, request.target, request.headers, body, world_.clock.Now());
    for (const auto& [name, value] : added) request.headers.emplace_back(name, value);
    return RunTask(gateway_.Handle(request));
  }
  access::CreatedKey Key(access::Owner owner) {
    access::NewAccessKey request{std::move(owner), std::nullopt, ""};
    return std::move(*RunTask(credentials_->Create(std::move(request))));
  }
  void StickMusic() {
    stuck_ = {{Names("prod", "catalog", "acme"), "Music", "making the table", "no room", 7, std::chrono::seconds(63)}};
  }

  tenancy::testing::World world_;
  storage::testing::NotingEngine engine_;
  MemoryRecordStore records_;
  NoMeter meter_;
  bool ready_ = true;
  std::vector<control::StuckWork> stuck_;
  Result<void> writable_;
  std::unique_ptr<access::CredentialStore> credentials_ = std::move(*RunTask(
      access::CredentialStore::Open(records_, world_.clock, access::Keyring{access::MasterKey::Generate(), {}})));
  std::unique_ptr<iam::Identities> identities_ =
      std::move(*RunTask(iam::Identities::Open(&records_, credentials_.get(), &world_.clock, nullptr)));
  std::unique_ptr<federation::IssuerStore> issuers_ =
      std::move(*RunTask(federation::IssuerStore::Open(records_, world_.clock)));
  access::Authenticator authenticator_{*credentials_, world_.clock, "us-east-1", {"insula"}};
  AdminApi api_{Services{.catalog = *world_.catalog,
                         .engine = engine_,
                         .credentials = *credentials_,
                         .identities = *identities_,
                         .issuers = *issuers_,
                         .usage = meter_,
                         .clock = world_.clock,
                         .stuck = [this] { return stuck_; }}};
  AdminGateway gateway_{
      api_, authenticator_, {[this] { return ready_; }, [this] { return stuck_; }, [this] { return writable_; }}};
};

TEST_F(AdminGatewayTest, ReadySaysWhatIsTrue) {
  EXPECT_EQ(Get("/ready").status, 200);
  EXPECT_EQ(Get("/ready").body, "ready\n");
  ready_ = false;
  EXPECT_EQ(Get("/ready").status, 503);
  EXPECT_EQ(Get("/ready").body, "not ready\n");
  EXPECT_EQ(Get("/health").status, 200) << "the process lives all the same";
}

TEST_F(AdminGatewayTest, ReadySaysWhatIsStuckAndNamesNobody) {
  StickMusic();
  EXPECT_EQ(Get("/ready").status, 200) << "everybody else is served";
  EXPECT_EQ(Get("/ready").body, "ready\nstuck: making the table fails: no room (7 times in 63 s)\n");
  stuck_.resize(25, stuck_[0]);
  EXPECT_THAT(Get("/ready").body, EndsWith("\nand 15 more\n"));
}

TEST_F(AdminGatewayTest, ReadySaysWhyNothingIsWritten) {
  writable_ = Error(ErrorCode::kStorageFull, "The disk is nearly full");
  EXPECT_EQ(Get("/ready").status, 200) << "reads go on";
  EXPECT_EQ(Get("/ready").body, "ready\nno writes: The disk is nearly full\n");
}

TEST_F(AdminGatewayTest, AStuckTableIsListedWithItsReason) {
  world_.Service("prod", "catalog", tenancy::PartitionModel::kIndex, true);
  const auto acme = world_.Tenant("prod", "catalog", "acme");
  const auto globex = world_.Tenant("prod", "catalog", "globex");
  for (const auto& context : {acme, globex}) Must(RunTask(world_.catalog->CreateTable(context, Definition("Music"))));
  const auto admin = Key(access::OperatorPrincipal{AccountId{}, true});
  EXPECT_THAT(Call(admin, "ListTables", "{}").body, Not(HasSubstr("StatusReason")));
  StickMusic();
  const std::string reason = R"-("StatusReason":"making the table fails: no room (7 times in 63 s)")-";
  const std::string all = Call(admin, "ListTables", "{}").body;
  EXPECT_THAT(all, HasSubstr(reason));
  EXPECT_EQ(all.find(reason), all.rfind(reason)) << "acme's, and not globex's";
  EXPECT_THAT(Call(admin, "ListTables", R"({"Tenant":"globex"})").body, Not(HasSubstr("StatusReason")));
  EXPECT_THAT(
      Call(admin, "DescribeTable", R"({"Table":"Music","Environment":"prod","Service":"catalog","Tenant":"acme"})")
          .body,
      HasSubstr(reason));
}

TEST_F(AdminGatewayTest, TheLogNamesWhoIsRefused) {
  LogCapture log;
  access::ContextPrincipal tenant;
  tenant.names = Names("prod", "catalog", "acme");
  auto key = Key(tenant);
  EXPECT_EQ(Call(key, "ListTables", "{}").status, 400);
  const std::string line = "warn refused an operator's request; access_key=" + key.key.id;
  EXPECT_THAT(log.Take(), ElementsAre(line + ", error=AccessDeniedException, from=127.0.0.1"));
  key.secret = SecretText("another");
  EXPECT_EQ(Call(key, "ListTables", "{}").status, 400);
  EXPECT_THAT(log.Take(), ElementsAre(line + ", error=InvalidSignatureException, from=127.0.0.1"));
}

}  // namespace
}  // namespace insula::admin
