// Physical names: what a logical table of a context is called in the account where it is.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/ids.h"
#include "tenancy/identity/context.h"
#include "tenancy/identity/name_template.h"

namespace insula::tenancy {

struct NameTemplates {
  std::string account, table, pool, service;
};

// The names of one organization. A value.
class Naming {
 public:
  // Parses the templates, checks that each has the placeholders that it needs, and proves that those which share an
  // account (`table`, `pool` and `service` in an environment's shared account; `account` in a tenant's own) are
  // injective. InvalidArgument or FailedPrecondition with the reason.
  static Result<Naming> Make(const NameTemplates& templates);

  // Under `index` the name is the pool's, the same for all tenants.
  std::string PhysicalName(PartitionModel model, const ContextNames& names, std::string_view table) const;
  std::string ServiceTableName(const ContextNames& names, std::string_view table) const;

 private:
  Naming(NameTemplate account, NameTemplate table, NameTemplate pool, NameTemplate service)
      : account_(std::move(account)), table_(std::move(table)), pool_(std::move(pool)), service_(std::move(service)) {}

  NameTemplate account_, table_, pool_, service_;
};

// Names as templates give them are kept up to 254 characters. A longer one is cut and gets a '.' and 40 characters of
// a SHA-256 of the whole, which makes exactly 255: so no shortened name equals one that isn't.
std::string Shortened(std::string name, std::string_view identity);

}  // namespace insula::tenancy
