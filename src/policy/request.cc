#include "policy/request.h"

#include "policy/small_letters.h"

namespace insula::policy {

Action::Action(std::string_view text) : text_(text), small_(SmallLetters(text)) {
  const std::string_view small = small_;
  const std::size_t colon = small.find(':');
  service_ = small.substr(0, colon);
  name_ = colon == std::string_view::npos ? std::string_view() : small.substr(colon + 1);
}

}  // namespace insula::policy
