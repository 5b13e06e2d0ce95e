// One answered request of the data port, as the log may have it.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

namespace insula::api {

// Views are valid during the call alone that gives the record; none of them holds a secret or an item.
struct AccessRecord {
  std::string_view request_id;
  std::string_view remote_address;
  bool refused = false;            // before it was known who may ask for it
  std::string_view access_key_id;  // where it was refused: as the request has it, proved or not
  std::string_view context;        // tenancy::KeyOf; where it was refused: of the key, if its signature was right
  std::string_view operation;      // as the request names it; empty where it names none
  std::string_view error;          // "ValidationException"; empty where there was none
  std::string_view cause;          // of a failure here or a refusal, as the client wasn't told it; mostly empty
  int status = 0;
  std::chrono::microseconds duration{};
  std::size_t request_bytes = 0;  // of the body
  std::size_t response_bytes = 0;
};

}  // namespace insula::api
