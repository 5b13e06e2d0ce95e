// AWS Security Token Service: temporary credentials, and who one is.
// https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
#pragma once

#include "api/query/query_service.h"
#include "api/sts/sts_parts.h"

namespace insula::api::sts {

// Safe from any thread.
class StsService : public query::QueryService {
 public:
  explicit StsService(StsParts parts);

 private:
  const StsParts parts_;
};

}  // namespace insula::api::sts
