// A session as bytes, before they are sealed: short, since they travel with every request.
//
//   packed  := version(1 byte: 1) fields form(1 byte) rest
//   fields  := the list in session_codec.cc: a text is its length (varint) and its bytes, a number a varint
//   rest    := tags, inline policy, policy ARNs: as they are (form 0) or compressed by Zstandard (form 1)
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "access/session.h"
#include "base/result.h"

namespace insula::access {

struct PackedSession {
  std::string bytes;
  std::size_t rest_size = 0;  // how many of them are there for policies and tags; 0 where there are none
};

PackedSession PackSession(const Session& session);
// Corruption for anything else than PackSession gives, whatever it is; reserves no more memory than the bytes justify.
Result<Session> UnpackSession(std::string_view bytes);

}  // namespace insula::access
