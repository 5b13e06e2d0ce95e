#include "http/admission.h"

#include <algorithm>

namespace insula::http {
namespace {

// Strangers looked at for one of a certain address: the work of a new connection is bounded.
constexpr int kLookedAtMax = 64;

std::size_t PerAddressMax(const ServerOptions& options) {
  if (options.connections_per_address_max > 0) return options.connections_per_address_max;
  return std::max<std::size_t>(1, options.connections_max - options.connections_max / 4);
}

}  // namespace

bool CloseStranger(LoopState& loop, const ClientAddress* address, SteadyTime now) {
  int looked_at = 0;
  for (Connection& stranger : loop.strangers) {
    if (now - stranger.accepted() < kStrangerTime || ++looked_at > kLookedAtMax) return false;
    if (!stranger.waits_for_client() || (address != nullptr && &stranger.address() != address)) continue;
    stranger.unlink();  // so that it isn't found again; its coroutine ends by itself
    stranger.Close();
    return true;
  }
  return false;
}

const char* LetIn(SharedState& shared, LoopState& loop, ClientAddress& address, SteadyTime now) {
  const ServerOptions& options = shared.options;
  const std::size_t bytes = NewConnectionBytes(!options.tls_certificate_file.empty());
  const std::size_t of_address = address.connections.fetch_add(1, std::memory_order_relaxed);
  const std::size_t of_all = shared.connections.fetch_add(1, std::memory_order_relaxed);
  const char* refusal = nullptr;
  if (of_address >= PerAddressMax(options) && !CloseStranger(loop, &address, now)) {
    refusal = "This address has too many connections";
  } else if (of_all >= options.connections_max && of_address < PerAddressMax(options) &&
             !CloseStranger(loop, nullptr, now)) {
    refusal = "The server has too many connections";
  } else if (options.memory != nullptr && !options.memory->HasRoomFor(bytes, &address.memory) &&
             !CloseStranger(loop, nullptr, now)) {
    refusal = kServerBusy;
  }
  if (refusal != nullptr) Leave(shared, address);
  return refusal;
}

void Leave(SharedState& shared, ClientAddress& address) {
  address.connections.fetch_sub(1, std::memory_order_relaxed);
  shared.connections.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace insula::http
