// Which connections are let in, and which make room for them.
//
// There are so many in all, and of one address, and all of them fit the memory budget. Where a limit is reached, the
// connection that has been a stranger for longest is closed for the new one: whoever fills the server with silent
// connections loses them to those that come to work. One that has proved who it is, or is being answered, is never
// closed.
#pragma once

#include "http/connection.h"

namespace insula::http {

// A stranger has this long to show who it is before it can be closed for another one.
inline constexpr std::chrono::milliseconds kStrangerTime{500};

// Counts a connection of `address` in, after making room where it must and can. nullptr: it is let in; otherwise a
// sentence for the client. On the loop's thread.
const char* LetIn(SharedState& shared, LoopState& loop, ClientAddress& address, SteadyTime now);
void Leave(SharedState& shared, ClientAddress& address);

// Closes the stranger that has waited longest; only of `address`, unless that is null. False: there is none.
bool CloseStranger(LoopState& loop, const ClientAddress* address, SteadyTime now);

}  // namespace insula::http
