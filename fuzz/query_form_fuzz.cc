// Forms of the Query protocol as anybody may send them. What is read is held against the text itself: a value that is
// found is encoded there, members come in the order of their numbers, and reading encoded values again gives the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "api/query/form.h"
#include "api/query/parameters.h"
#include "base/utf8.h"

namespace {

using insula::api::query::Form;
using insula::api::query::Parameters;

void Check(bool holds) {
  if (!holds) std::abort();
}

std::string Encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte / 16];
    encoded += kDigits[byte % 16];
  }
  return encoded;
}

// Every member of a list and what lies in it, as it is read again from a form of that alone.
void CheckMembers(const Form& form, std::string_view list, int depth) {
  std::string last;
  for (const Form& member : form.Members(list)) {
    Check(member.name() != last);
    last = member.name();
    Check(member.is_given());
    if (const auto value = member.value()) {
      Check(insula::IsUtf8(*value));
      const auto again = Form::Parse(Encoded(member.name()) + "=" + Encoded(*value));
      Check(again.ok() && again->Find(member.name()) == value);
    }
    if (depth > 0) CheckMembers(member, "Tags", depth - 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto form = Form::Parse(text);
  if (!form.ok()) return 0;
  CheckMembers(*form, "Tags", 2);
  Parameters parameters(*form);
  (void)parameters.Required("RoleArn", {.length_min = 20, .length_max = 2048});
  (void)parameters.Number("DurationSeconds", 900, 43'200);
  (void)parameters.Boolean("IncludeContext", false);
  for (const Form& tag : parameters.Structures("Tags", 50)) {
    parameters.Of(tag, [&parameters] { (void)parameters.Required("Key", {.length_max = 128}); });
  }
  Check(!parameters.Check().ok() || form->Find("RoleArn").has_value());
  return 0;
}
