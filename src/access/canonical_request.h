// The canonical request of Signature Version 4: the text that both sides of a signature agree on.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace insula::access {

// Every service but S3 encodes the path as it came once more and removes its dot segments; S3 takes it as it came.
enum class PathForm : bool { kNormalized, kAsSent };

// Appends the canonical path and canonical query lines of a raw request target; the query is decoded, encoded and
// sorted. A parameter called `left_out` isn't there: a signature doesn't sign itself.
void AppendCanonicalTarget(std::string_view target, std::string* out, PathForm form = PathForm::kNormalized,
                           std::string_view left_out = {});

// Appends `text` with all but unreserved characters as percent escapes.
void AppendUriEncoded(std::string_view text, std::string* out);

// Appends a header's value as it is signed: without white space around it, inner runs of spaces as one.
void AppendCanonicalValue(std::string_view value, std::string* out);

// Names of headers are signed in lower case.
void ToLowerCase(std::string* text);

// The parameters of the target's query in their order, decoded. A percent sign that starts no escape stands for itself.
std::vector<std::pair<std::string, std::string>> QueryParameters(std::string_view target);
// Whether the target's query has this parameter, and its decoded value.
bool FindQueryParameter(std::string_view target, std::string_view name, std::string* value);

// Text without spaces and tabs at either end.
std::string_view TrimSpace(std::string_view text);
// ASCII only.
bool EqualIgnoringCase(std::string_view a, std::string_view b);

}  // namespace insula::access
