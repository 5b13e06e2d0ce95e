// Which addresses are somewhere on the internet, and not on this machine or in a network around it.
// https://www.iana.org/assignments/iana-ipv4-special-registry,
// https://www.iana.org/assignments/iana-ipv6-special-registry
#pragma once

#include <sys/socket.h>

namespace insula::federation {

// False for loopback, private, link-local, shared, documentation, multicast and reserved addresses, for IPv6 forms that
// stand for an IPv4 address which is one of those or that a relay leads elsewhere, and for other families.
bool IsPublicAddress(const sockaddr& address);

}  // namespace insula::federation
