// Who connects from where: how many connections each client address has, and the memory that they hold together.
#pragma once

#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/memory_budget.h"
#include "base/mutex.h"

namespace insula::http {

// One address, for as long as it has a connection. Safe from any thread.
struct ClientAddress {
  std::atomic<std::size_t> connections{0};
  MemoryHolder memory{kAddressMemoryShare};
};

// As people write it: an IPv4 address that came in on a listener for both is one.
std::string AddressText(const boost::asio::ip::address& address);

// What counts as one address: an IPv4 address; of IPv6 the first 64 bits, of which a host has as many as it likes.
std::string AddressKey(const boost::asio::ip::address& address);
// The same of a Request's remote_address; a text that is no address is itself.
std::string AddressKey(std::string_view remote_address);

// Safe from any thread. Outlives what it gave out.
class ClientAddresses {
 public:
  std::shared_ptr<ClientAddress> Of(const boost::asio::ip::address& address);
  std::size_t size() const;

 private:
  mutable Mutex mutex_;
  std::unordered_map<std::string, std::weak_ptr<ClientAddress>> addresses_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::http
