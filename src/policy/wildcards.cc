#include "policy/wildcards.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "base/utf8.h"

namespace insula::policy {
namespace {

// The length of the character at the front of `text`, which isn't empty.
std::size_t CharacterAt(std::string_view text) {
  if (static_cast<unsigned char>(text.front()) < 0x80) return 1;
  return std::max<std::size_t>(Utf8SequenceAt(text), 1);
}

// How many bytes of the front of `value` the run, which has no kAnyCharacters, matches; std::string_view::npos: it
// doesn't match there.
std::size_t RunAtFront(std::string_view run, std::string_view value) {
  std::size_t at = 0;
  for (const char c : run) {
    if (at == value.size()) return std::string_view::npos;
    if (c == kOneCharacter) {
      at += CharacterAt(value.substr(at));
    } else if (value[at++] != c) {
      return std::string_view::npos;
    }
  }
  return at;
}

// Where the run's first match in `value` ends; std::string_view::npos: there is none. A run without kOneCharacter is
// searched for by memmem, which is linear; others are short (Pattern::kMixedMax).
std::size_t EndOfRunIn(std::string_view run, std::string_view value) {
  if (run.find(kOneCharacter) == std::string_view::npos) {
    const void* found = memmem(value.data(), value.size(), run.data(), run.size());
    if (found == nullptr) return std::string_view::npos;
    return static_cast<std::size_t>(static_cast<const char*>(found) - value.data()) + run.size();
  }
  for (std::size_t start = 0; start < value.size(); start += CharacterAt(value.substr(start))) {
    const std::size_t length = RunAtFront(run, value.substr(start));
    if (length != std::string_view::npos) return start + length;
  }
  return std::string_view::npos;
}

// Whether the run matches the end of `value`: all of it from some place on.
bool RunAtEnd(std::string_view run, std::string_view value) {
  std::size_t at = value.size();
  for (std::size_t i = run.size(); i-- > 0;) {
    if (at == 0) return false;
    --at;
    if (run[i] != kOneCharacter) {
      if (value[at] != run[i]) return false;
      continue;
    }
    // Back to the front of a character; a byte that belongs to none is one by itself.
    std::size_t front = at;
    while (front > 0 && at - front < 3 && (static_cast<unsigned char>(value[front]) & 0xC0) == 0x80) --front;
    if (CharacterAt(value.substr(front)) == at - front + 1) at = front;
  }
  return true;
}

}  // namespace

bool WildcardMatch(std::string_view pattern, std::string_view value) {
  const std::size_t first = pattern.find(kAnyCharacters);
  if (first == std::string_view::npos) return RunAtFront(pattern, value) == value.size();
  const std::size_t head = RunAtFront(pattern.substr(0, first), value);
  if (head == std::string_view::npos) return false;
  value.remove_prefix(head);
  pattern.remove_prefix(first + 1);
  // Each run between two '*' is taken where it matches first: what is left for those after it is then the most.
  for (std::size_t star = pattern.find(kAnyCharacters); star != std::string_view::npos;
       star = pattern.find(kAnyCharacters)) {
    const std::size_t end = EndOfRunIn(pattern.substr(0, star), value);
    if (end == std::string_view::npos) return false;
    value.remove_prefix(end);
    pattern.remove_prefix(star + 1);
  }
  return RunAtEnd(pattern, value);
}

}  // namespace insula::policy
