#include "policy/root.h"

#include <fmt/format.h>

namespace insula::policy {

Principal RootOf(std::string_view account) {
  Principal root;
  root.type = PrincipalType::kRoot;
  root.arn = fmt::format("arn:aws:iam::{}:root", account);
  root.account = root.unique_id = root.userid = account;
  return root;
}

}  // namespace insula::policy
