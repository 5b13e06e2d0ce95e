// Histories as text, so that people can read one, write one by hand, and have a failed one checked again.
//
//   history   = { line } ; what follows a '#' that stands alone or begins a line is a comment
//   line      = "window" NAME | "start" KEY item | operation
//   operation = CLIENT START END outcome action { ";" action }
//   outcome   = "done" | "refused" | "unknown"                       END: a number, or "-" for never
//   action    = ( "read" | "put" | "update" | "delete" | "check" ) KEY { clause }
//   clause    = "if:" condition | "item:" item | "set:" attributes | "add:" attributes | "remove:" NAME
//             | "saw:" item | "old:" item | "new:" item | "updated-old:" item | "updated-new:" item | "met" | "unmet"
//   condition = "exists" | "absent" | NAME ( "=" | "<" | ">=" ) NUMBER
//   item      = "-" (there is none) | "+" (without attributes but its key) | attributes
//   attributes= NAME "=" NUMBER { "," NAME "=" NUMBER }
//
// A window begins in a known state and is checked on its own. "start" gives the state; keys without one begin absent.
//
//   window 7
//   start a v=1,n=0
//   c1 100 130 done put a item:v=2,n=0 if:v=1 old:v=1,n=0
//   c2 110 140 refused put a item:v=3,n=0 if:v=1 unmet
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "operation.h"

namespace insula::linearizability {

struct Window {
  std::string name;
  std::map<std::string, Item> start;  // a key that isn't here begins absent
  std::vector<Operation> operations;
};

Result<std::vector<Window>> ParseHistory(std::string_view text);

std::string Print(const Item& item);
std::string Print(const Operation& operation);
std::string Print(const Window& window);

// The same window as several, one for each set of keys that operations join: each can be checked on its own, as
// linearizability of the parts is that of the whole.
std::vector<Window> Independent(const Window& window);

}  // namespace insula::linearizability
