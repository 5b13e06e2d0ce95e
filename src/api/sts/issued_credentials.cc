#include "api/sts/issued_credentials.h"

namespace insula::api::sts {

void WriteCredentials(const access::IssuedSession& issued, WallTime expires, query::Element result) {
  query::Element credentials = result.Add("Credentials");
  credentials.Text("AccessKeyId", issued.access_key_id);
  credentials.Text("SecretAccessKey", issued.secret.view());
  credentials.Text("SessionToken", issued.token);
  credentials.Time("Expiration", expires);
}

}  // namespace insula::api::sts
