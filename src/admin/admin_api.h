// The operator's API: what `insula tenant …` and the other commands call, one operation each. JSON in, JSON out, in the
// AWS CLI's shapes: {"Tenant":{…}}, {"Tenants":[…]}.
//
// Whoever calls Handle has made sure that the caller is an operator who may (admin_gateway.h).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "access/credential_store.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "control/stuck_work.h"
#include "federation/issuer_store.h"
#include "iam/identities.h"
#include "metering/contributors.h"
#include "metering/usage.h"
#include "operations/api.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/faces/organization.h"

namespace insula::control {
class BackupKeeper;
}  // namespace insula::control

namespace insula::operations {
class ObjectKeeper;
}  // namespace insula::operations

namespace insula::admin {

// What the operations work with. Everything outlives the API.
struct Services {
  tenancy::Catalog& catalog;
  storage::Engine& engine;
  access::CredentialStore& credentials;
  iam::Identities& identities;
  federation::IssuerStore& issuers;
  metering::UsageMeter& usage;
  Clock& clock;
  std::string region = "us-east-1";
  metering::Contributors* contributors = nullptr;            // none: nobody's keys are watched
  const control::BackupKeeper* backups = nullptr;            // tells how far restores are
  std::function<std::vector<control::StuckWork>()> stuck{};  // what fails behind requests; none: nothing is known
  operations::ObjectKeeper* objects = nullptr;               // nullptr: there is no place for objects
  // What is wrong with the files of a store, a line each; none: the engine has no files. Blocks.
  std::function<Result<std::vector<std::string>>(StoreId)> find_damage{};
};

// Safe from any thread.
class AdminApi {
 public:
  explicit AdminApi(Services services) : services_(std::move(services)), organization_(services_.catalog) {}

  // `operation`: "CreateTenant". Unknown ones, and parameters that don't fit, are answered as errors.
  Task<operations::ApiResponse> Handle(std::string operation, std::string body);

 private:
  Services services_;
  tenancy::Organization organization_;
};

}  // namespace insula::admin
