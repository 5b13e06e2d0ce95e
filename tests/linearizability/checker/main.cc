// linearizability_check FILE...: looks for an order that explains each window of the histories (history.h has the
// form). Prints the shortest failing part of each violation, and counts. Exit code: 0 none, 1 a violation or one
// undecided, 2 a file that can't be read.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "history.h"
#include "search.h"
#include "shrink.h"

namespace insula::linearizability {
namespace {

struct Counts {
  std::size_t windows = 0, operations = 0, violations = 0, undecided = 0;
  std::uint64_t configurations = 0;
};

bool CheckFile(const char* path, Counts* counts) {
  std::ifstream file(path);
  if (!file) {
    fmt::print(stderr, "{}: can't be read\n", path);
    return false;
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const Result<std::vector<Window>> history = ParseHistory(text);
  if (!history.ok()) {
    fmt::print(stderr, "{}: {}\n", path, history.error().message());
    return false;
  }
  for (const Window& window : *history) {
    ++counts->windows;
    counts->operations += window.operations.size();
    for (const Window& part : Independent(window)) {
      const SearchResult result = FindOrder(part);
      counts->configurations += result.configurations;
      if (result.verdict == Verdict::kUndecided) {
        ++counts->undecided;
        fmt::print("{}: window {}: undecided after {} configurations\n", path, window.name, result.configurations);
      } else if (result.verdict == Verdict::kViolation) {
        ++counts->violations;
        fmt::print("{}: no order explains this part of window {}:\n{}", path, window.name, Print(Shrink(part)));
      }
    }
  }
  return true;
}

int Main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: {} FILE...\n", argv[0]);
    return 2;
  }
  Counts counts;
  bool readable = true;
  for (int i = 1; i < argc; ++i) readable = CheckFile(argv[i], &counts) && readable;
  fmt::print("{} windows, {} operations, {} configurations, {} violations, {} undecided\n", counts.windows,
             counts.operations, counts.configurations, counts.violations, counts.undecided);
  if (!readable) return 2;
  return counts.violations + counts.undecided == 0 ? 0 : 1;
}

}  // namespace
}  // namespace insula::linearizability

int main(int argc, char** argv) { return insula::linearizability::Main(argc, argv); }
