// Calls of the admin API of a running server, signed with the operator's key. Blocking: for the command line.
#pragma once

#include <string>
#include <string_view>

#include "app/data_directory.h"
#include "base/result.h"

namespace insula::app {

struct AdminTarget {
  std::string endpoint;  // http://HOST:PORT
  OperatorKey key;
  // With https: what the server must show, or who must have signed it; PEM. Empty: the system's authorities.
  std::string certificate;
  std::string ca_file;
};

struct AdminAnswer {
  int status = 0;
  std::string body;  // JSON
};

// `operation` with JSON `parameters`. Io if the server can't be reached or doesn't speak HTTP.
Result<AdminAnswer> CallAdmin(const AdminTarget& target, std::string_view operation, std::string_view parameters);

}  // namespace insula::app
