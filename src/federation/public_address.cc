#include "federation/public_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace insula::federation {
namespace {

struct Ipv4Block {
  std::uint32_t address;
  int bits;
};

constexpr std::uint32_t Ip(std::uint32_t a, std::uint32_t b, std::uint32_t c) { return a << 24 | b << 16 | c << 8; }

constexpr Ipv4Block kNotPublic[] = {
    {Ip(0, 0, 0), 8},     {Ip(10, 0, 0), 8},      {Ip(100, 64, 0), 10},  {Ip(127, 0, 0), 8},    {Ip(169, 254, 0), 16},
    {Ip(172, 16, 0), 12}, {Ip(192, 0, 0), 24},    {Ip(192, 0, 2), 24},   {Ip(192, 88, 99), 24}, {Ip(192, 168, 0), 16},
    {Ip(198, 18, 0), 15}, {Ip(198, 51, 100), 24}, {Ip(203, 0, 113), 24}, {Ip(224, 0, 0), 4},    {Ip(240, 0, 0), 4},
};

bool IsPublicIpv4(std::uint32_t address) {
  return std::none_of(std::begin(kNotPublic), std::end(kNotPublic),
                      [&](const Ipv4Block& block) { return (address ^ block.address) >> (32 - block.bits) == 0; });
}

bool IsPublicIpv6(const std::uint8_t (&bytes)[16]) {
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(kMapped.begin(), kMapped.end(), bytes)) {
    std::uint32_t ipv4 = 0;
    std::memcpy(&ipv4, bytes + kMapped.size(), sizeof(ipv4));
    return IsPublicIpv4(ntohl(ipv4));
  }
  const int first = bytes[0] << 8 | bytes[1];
  const int second = bytes[2] << 8 | bytes[3];
  if (first >> 13 != 1) return false;                     // all that is global unicast is in 2000::/3
  if (first == 0x2001 && second < 0x0200) return false;   // protocols of their own, Teredo among them
  if (first == 0x2001 && second == 0x0db8) return false;  // documentation
  if (first == 0x2002) return false;                      // 6to4
  return first != 0x3fff || second > 0x0fff;              // documentation
}

}  // namespace

bool IsPublicAddress(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof(in));
    return IsPublicIpv4(ntohl(in.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &address, sizeof(in));
    return IsPublicIpv6(in.sin6_addr.s6_addr);
  }
  return false;
}

}  // namespace insula::federation
