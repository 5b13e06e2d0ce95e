// One running organization: the engine, the catalog kept in it, who may sign, the API, and the two listeners; made in
// that order, stopped in the other. `insula serve` has one on a directory, `insula dev` one in memory.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "access/master_key.h"
#include "app/data_directory.h"
#include "app/descriptor_shares.h"
#include "app/exit_code.h"
#include "app/settings.h"
#include "base/result.h"
#include "model/ids.h"

namespace insula::app {

struct InstanceOptions {
  Settings settings;
  std::string stores;      // the engine's directory; a mere name where in_memory is set
  std::string usage_file;  // of usage counters; empty: in memory
  bool in_memory = false;
  bool create_if_missing = false;  // the organization: for `insula init` alone
  std::optional<access::Keyring> keyring;
  std::optional<DescriptorShares> descriptors;  // of the stores' files; Start works them out
  // Set: no signature is checked, and every request is this context's (insula dev).
  std::optional<ContextNames> everybody;
  bool takes_unused_definitions = false;     // CreateTable's that no key uses, as DynamoDB Local does
  std::chrono::milliseconds table_delay{0};  // how long a table stays CREATING, UPDATING, DELETING at least
};

class Instance {
 public:
  // Opens everything and listens. Errors of each part, in words for the user.
  static Result<std::unique_ptr<Instance>> Start(InstanceOptions options);
  ~Instance();  // stops

  RunningServer addresses() const;

  // From now on GET /ready says so: whoever looks for the server finds it. Until Stop.
  void SetReady();

  // Takes no new requests, finishes those in flight, closes the files. Once; later calls do nothing.
  Result<void> Stop();

 private:
  struct Parts;
  explicit Instance(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// What `insula init` leaves in an empty directory: an organization and the key of its operator.
Result<OperatorKey> InitializeOrganization(const InstanceOptions& options);

// A new key for the operator of the organization that is there. FailedPrecondition if there is none.
Result<OperatorKey> MakeOperatorKey(const InstanceOptions& options);

}  // namespace insula::app
