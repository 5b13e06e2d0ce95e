// DynamoDB's protocol (AWS JSON 1.0): operations named by X-Amz-Target, JSON in the body. DynamoDB, DynamoDB Streams
// and this project's own operations on a context's objects.
// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
#pragma once

#include "api/service.h"
#include "api/tenant_memory.h"
#include "base/compute_pool.h"
#include "base/memory_budget.h"
#include "operations/object_operations.h"

namespace insula::api {

struct DynamoDbOptions {
  ComputePool* compute = nullptr;                 // for large bodies and answers; none: all on the event loops
  std::size_t body_bytes_max = 16 * 1024 * 1024;  // of a body whose coding has been undone
  const MemoryBudget* memory = nullptr;           // the one that requests' charges are of; none: never short
  operations::ObjectKeeper* objects = nullptr;    // outlives the service; nullptr: there is no place for objects
};

class DynamoDbService : public Service {
 public:
  // Everything outlives the service.
  DynamoDbService(DynamoDbOptions options, operations::Api& api, TenantMemory& tenants)
      : options_(options), api_(api), tenants_(tenants) {}

  std::string_view name() const override { return "dynamodb"; }
  bool Takes(std::string_view media_type) const override;
  std::string_view AnswersIn(std::string_view media_type) const override;
  Asked Find(const http::Request& request) const override;
  operations::ApiResponse Refuse(const http::Request& request, const Asked& asked, const Error& error) const override;
  Task<operations::ApiResponse> Perform(const http::Request& request, Asked asked,
                                        const operations::Caller* caller) override;
  std::string_view ErrorNameIn(std::string_view body) const override;

 private:
  // The request's tenant answers for the memory that a body and what the operation reads take. False: there is no room.
  bool Charge(const http::Request& request, std::string_view operation, std::string_view body,
              const tenancy::Context& context);

  const DynamoDbOptions options_;
  operations::Api& api_;
  TenantMemory& tenants_;
};

}  // namespace insula::api
