#include "http/client_addresses.h"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

namespace insula::http {

std::string AddressText(const boost::asio::ip::address& address) {
  namespace ip = boost::asio::ip;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

std::string AddressKey(const boost::asio::ip::address& address) {
  namespace ip = boost::asio::ip;
  if (address.is_v4() || address.to_v6().is_v4_mapped()) return AddressText(address);
  const ip::address_v6 v6 = address.to_v6();
  ip::address_v6::bytes_type bytes = v6.to_bytes();
  for (std::size_t i = 8; i < bytes.size(); ++i) bytes[i] = 0;
  return ip::address_v6(bytes).to_string();
}

std::string AddressKey(std::string_view remote_address) {
  boost::system::error_code unknown;
  const auto address = boost::asio::ip::make_address(remote_address, unknown);
  return unknown ? std::string(remote_address) : AddressKey(address);
}

std::shared_ptr<ClientAddress> ClientAddresses::Of(const boost::asio::ip::address& address) {
  const std::string key = AddressKey(address);
  const MutexLock lock(mutex_);
  std::weak_ptr<ClientAddress>& known = addresses_[key];
  if (auto found = known.lock()) return found;
  // The last to go takes the entry with it, unless somebody came back meanwhile.
  std::shared_ptr<ClientAddress> made(new ClientAddress, [this, key](ClientAddress* gone) {
    delete gone;
    const MutexLock lock_again(mutex_);
    if (const auto at = addresses_.find(key); at != addresses_.end() && at->second.expired()) addresses_.erase(at);
  });
  known = made;
  return made;
}

std::size_t ClientAddresses::size() const {
  const MutexLock lock(mutex_);
  return addresses_.size();
}

}  // namespace insula::http
