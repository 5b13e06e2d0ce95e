// The proof that templates which share an account never give one name to two tables.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "tenancy/identity/name_template.h"

namespace insula::tenancy {

struct TemplateInProof {
  std::string label;  // "table": for the error
  const NameTemplate* name_template;
};

// Decides whether some name can be read in two ways: as two different templates, or as one with other values of its
// placeholders. Exact but for the upper bounds on lengths, which it ignores (so it may refuse, never accept, wrongly).
//
// How: each template becomes a position automaton whose runs correspond one to one to its placeholders' values (every
// character of a name is labelled with the place in the template that it stands for). All of them together are
// injective if and only if no word has two different runs; a breadth-first search over pairs of positions finds the
// shortest such word or proves that there is none.
//
// FailedPrecondition with that shortest word and its two readings.
Result<void> ProveInjective(std::span<const TemplateInProof> templates);

}  // namespace insula::tenancy
