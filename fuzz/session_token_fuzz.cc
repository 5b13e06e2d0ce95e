// Session tokens: whatever a client sends as one is refused, unless it was given here; what is given opens as it was.
//
// The input is tried as a token, as the bytes that one holds, and as what is sealed in them.
#include <cstdint>
#include <string>
#include <string_view>

#include "access/session_codec.h"
#include "access/session_token.h"
#include "base/base64.h"
#include "base/check.h"

using namespace insula;
using namespace insula::access;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TokenKeys& keys = *TokenKeys::Drawn().release();
  const std::string_view input(reinterpret_cast<const char*>(data), size);

  INSULA_CHECK(!OpenSessionToken(input, keys).ok());
  std::string text;
  AppendBase64("\x01" + std::string(input), &text);
  INSULA_CHECK(!OpenSessionToken(text, keys).ok());

  // Sealed by us it needn't be a session, but does no harm; and one that it is comes back the same.
  Result<Session> session = UnpackSession(input);
  if (!session.ok()) return 0;
  const Result<IssuedSession> issued = IssueSession(*session, keys);
  if (!issued.ok()) return 0;
  const Result<OpenedSession> opened = OpenSessionToken(issued->token, keys);
  INSULA_CHECK(opened.ok());
  session->access_key_id = issued->access_key_id;
  INSULA_CHECK(opened->session == *session);
  INSULA_CHECK(opened->secret.view() == issued->secret.view());
  return 0;
}
