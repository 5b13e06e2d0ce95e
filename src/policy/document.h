// Policy documents: IAM's policy language, parsed, checked as AWS checks it, and compiled.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace insula::policy {

struct Statement;  // policy/statement.h

enum class DocumentKind : std::uint8_t {
  kIdentity,        // of users, groups and roles, boundaries and session policies: no Principal
  kResource,        // of a resource: a Principal, and a Resource
  kTrust,           // of a role, which it is the resource of: a Principal, and no Resource
  kServiceControl,  // of accounts and organizational units: no Principal
};

// Immutable; safe from any thread.
class Document {
 public:
  // At most this many levels and values are looked at; how long a document may be is its caller's rule.
  static constexpr std::size_t kDepthMax = 16;
  static constexpr std::size_t kStatementsMax = 1'000;
  static constexpr std::size_t kValuesMax = 20'000;  // patterns, principals and values of conditions, together

  // Errors: kMalformedPolicyDocument, in AWS's words where they are known:
  //   "Syntax errors in policy."              not JSON, unknown elements, wrong types, bad operators (document_text.h)
  //   what a statement of the kind must have  (document_rules.h)
  //   "Invalid principal in policy: …"
  //   "The policy failed legacy parsing"      dates, numbers, addresses, variables and ARNs that can't be read
  // A document without Version, or of 2008-10-17, knows no variables; identity and service control policies must be
  // newer.
  static Result<std::shared_ptr<const Document>> Parse(std::string_view json, DocumentKind kind);

  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  DocumentKind kind() const { return kind_; }
  const std::vector<Statement>& statements() const { return statements_; }
  // About how much memory it takes, for caches that count.
  std::size_t memory_bytes() const { return memory_bytes_; }

  // The accounts that a statement names, in Principal, NotPrincipal, Resource or NotResource, each once: a policy that
  // names an account of others is refused by whoever puts it. Wildcards and variables name nobody.
  std::vector<std::string> NamedAccounts() const;
  // The users, roles and sessions that Principal and NotPrincipal name by ARN, or by unique id: whoever puts the policy
  // knows whether they exist.
  std::vector<std::string> NamedPrincipals() const;

 private:
  Document(DocumentKind kind, std::vector<Statement> statements, std::size_t memory_bytes);

  DocumentKind kind_;
  std::vector<Statement> statements_;
  std::size_t memory_bytes_;
};

using DocumentPtr = std::shared_ptr<const Document>;

}  // namespace insula::policy
