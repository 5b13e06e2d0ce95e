// What users can have at AWS and never have here: passwords, MFA devices, certificates, keys for SSH. Whoever lists
// them before a user is deleted, as Terraform does, finds none.
#include <fmt/format.h>

#include <array>

#include "api/iam/operations.h"

namespace insula::api::iam_service {
namespace {

// An empty list of that name, of a user who is there.
Task<Result<void>> NoneOfUser(Call* call, const char* list) {
  INSULA_CO_ASSIGN(const std::string user, call->UserNameOrOwn());
  call->Page();
  INSULA_CO_TRY(call->Check());
  INSULA_CO_TRY(call->AuthorizeOn<iam::User>(user));
  INSULA_CO_TRY(call->iam.users.Find(call->realm, user));
  call->result().Add(list);
  call->EndPage(std::nullopt);
  co_return Result<void>();
}

Task<Result<void>> ListMfaDevices(Call& call) { return NoneOfUser(&call, "MFADevices"); }
Task<Result<void>> ListSigningCertificates(Call& call) { return NoneOfUser(&call, "Certificates"); }
Task<Result<void>> ListSshPublicKeys(Call& call) { return NoneOfUser(&call, "SSHPublicKeys"); }
Task<Result<void>> ListServiceSpecificCredentials(Call& call) {
  return NoneOfUser(&call, "ServiceSpecificCredentials");
}

// The same of the whole account.
Task<Result<void>> NoneOfAccount(Call* call, const char* list, bool in_pages) {
  if (in_pages) call->Page();
  INSULA_CO_TRY(call->Check());
  INSULA_CO_TRY(call->Authorize("*"));
  call->result().Add(list);
  if (in_pages) call->EndPage(std::nullopt);
  co_return Result<void>();
}

Task<Result<void>> ListVirtualMfaDevices(Call& call) { return NoneOfAccount(&call, "VirtualMFADevices", true); }
Task<Result<void>> ListServerCertificates(Call& call) {
  return NoneOfAccount(&call, "ServerCertificateMetadataList", true);
}
Task<Result<void>> ListSamlProviders(Call& call) { return NoneOfAccount(&call, "SAMLProviderList", false); }

Task<Result<void>> NoLoginProfile(Call& call) {
  const std::string user = call.Name("UserName", iam::kNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::User>(user));
  INSULA_CO_TRY(call.iam.users.Find(call.realm, user));
  co_return Error(ErrorCode::kNoSuchEntity, fmt::format("Login Profile for User {} cannot be found.", user));
}

}  // namespace

Operations AbsentOperations() {
  static constexpr std::array kOperations = {
      Operation{"ListMFADevices", ListMfaDevices},
      Operation{"ListVirtualMFADevices", ListVirtualMfaDevices},
      Operation{"ListSigningCertificates", ListSigningCertificates},
      Operation{"ListSSHPublicKeys", ListSshPublicKeys},
      Operation{"ListServiceSpecificCredentials", ListServiceSpecificCredentials},
      Operation{"ListServerCertificates", ListServerCertificates},
      Operation{"ListSAMLProviders", ListSamlProviders},
      Operation{"GetLoginProfile", NoLoginProfile},
      Operation{"DeleteLoginProfile", NoLoginProfile},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
