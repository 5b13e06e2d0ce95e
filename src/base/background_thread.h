// Threads whose work can wait, and threads whose work is long.
#pragma once

namespace insula {

// How far such a thread is behind the others where they compete for a core: as a nice value, a tenth of their share.
inline constexpr int kBackgroundNice = 10;

// The calling thread has this name from now on, as tools show it: 15 characters at most.
void NameThread(const char* name);

// The calling thread is one from now on, and has this name.
void BecomeBackgroundThread(const char* name);

// For what a client waits for that takes long: behind the threads that answer what is quick, at a third of their share.
inline constexpr int kComputingNice = 5;
void BecomeComputingThread(const char* name);

}  // namespace insula
