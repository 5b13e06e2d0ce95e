// Which coding a header means.
#include "http/content_coding.h"

#include <array>

#include "http/ignoring_case.h"

namespace insula::http {
namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes the text before the next `separator` off the front of `*text`.
std::string_view TakeUpTo(char separator, std::string_view* text) {
  const std::size_t at = text->find(separator);
  const std::string_view taken = text->substr(0, at);
  *text = at == std::string_view::npos ? std::string_view() : text->substr(at + 1);
  return Trim(taken);
}

constexpr int kFullWeight = 1000;

// A weight in thousandths, of ";q=0.5". What isn't a weight is none.
int WeightOf(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = TakeUpTo(';', &parameters);
    if (!EqualIgnoringCase(TakeUpTo('=', &parameter), "q")) continue;
    parameter = Trim(parameter);
    if (parameter.empty() || (parameter[0] != '0' && parameter[0] != '1')) return 0;
    int weight = (parameter[0] - '0') * kFullWeight;
    if (parameter.size() > 1 && parameter[1] != '.') return 0;
    int place = kFullWeight / 10;
    for (const char digit : parameter.substr(parameter.size() > 1 ? 2 : 1)) {
      if (digit < '0' || digit > '9') return 0;
      weight += (digit - '0') * place;
      place /= 10;
    }
    return weight > kFullWeight ? kFullWeight : weight;
  }
  return kFullWeight;
}

}  // namespace

std::string_view NameOf(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::kGzip:
      return "gzip";
    case ContentCoding::kDeflate:
      return "deflate";
    case ContentCoding::kIdentity:
      break;
  }
  return {};
}

std::optional<ContentCoding> ContentCodingOf(std::string_view content_encoding) {
  content_encoding = Trim(content_encoding);
  if (content_encoding.empty() || EqualIgnoringCase(content_encoding, "identity")) return ContentCoding::kIdentity;
  if (EqualIgnoringCase(content_encoding, "gzip") || EqualIgnoringCase(content_encoding, "x-gzip"))
    return ContentCoding::kGzip;
  if (EqualIgnoringCase(content_encoding, "deflate")) return ContentCoding::kDeflate;
  return std::nullopt;
}

ContentCoding AcceptedCoding(std::string_view accept_encoding) {
  constexpr std::array kByPreference = {ContentCoding::kGzip, ContentCoding::kDeflate, ContentCoding::kIdentity};
  std::array<std::optional<int>, kByPreference.size()> weights;
  std::optional<int> any;
  while (!accept_encoding.empty()) {
    std::string_view element = TakeUpTo(',', &accept_encoding);
    const std::string_view name = TakeUpTo(';', &element);
    const int weight = WeightOf(element);
    if (name == "*") any = weight;
    if (EqualIgnoringCase(name, "gzip") || EqualIgnoringCase(name, "x-gzip")) weights[0] = weight;
    if (EqualIgnoringCase(name, "deflate")) weights[1] = weight;
    if (EqualIgnoringCase(name, "identity")) weights[2] = weight;
  }
  // A client that doesn't speak of identity takes it, where there is nothing else.
  ContentCoding best = ContentCoding::kIdentity;
  int best_weight = 0;
  for (std::size_t i = 0; i < kByPreference.size(); ++i) {
    const int weight = weights[i].value_or(kByPreference[i] == ContentCoding::kIdentity ? 0 : any.value_or(0));
    if (weight <= best_weight) continue;
    best = kByPreference[i];
    best_weight = weight;
  }
  return best;
}

}  // namespace insula::http
