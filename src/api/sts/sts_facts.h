// What policies may ask about a request for a session.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/session.h"
#include "operations/core/caller_facts.h"

namespace insula::api::sts {

// What a session with tags needs beside the permission to have it.
inline const policy::Action kTagSession("sts:TagSession");
inline const policy::Action kSetSourceIdentity("sts:SetSourceIdentity");

// What the request asks for. Empty texts: it doesn't.
struct SessionAsked {
  std::string session_name;
  std::string external_id;
  std::string source_identity;
  std::vector<access::SessionTag> tags;  // that the request gives
  std::optional<std::int64_t> duration_s;
};

// `asked` outlives the facts.
class StsFacts : public operations::CallerFacts {
 public:
  StsFacts(const operations::Caller& caller, std::string_view region, const SessionAsked& asked);

 protected:
  policy::Fact FindOwn(policy::KeyName name, std::string_view detail) const override;

 private:
  const SessionAsked& asked_;
  std::vector<std::string_view> tag_keys_;
  std::vector<std::string_view> transitive_keys_;
};

}  // namespace insula::api::sts
