#include "base/background_thread.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace insula {
namespace {

void GoBehind(const char* name, int nice) {
  NameThread(name);
  // On Linux a thread's own, where its id is given. Never refused, as it gives something up.
  const auto thread = static_cast<id_t>(gettid());
  (void)setpriority(PRIO_PROCESS, thread, std::min(getpriority(PRIO_PROCESS, thread) + nice, 19));
}

}  // namespace

void NameThread(const char* name) { pthread_setname_np(pthread_self(), name); }
void BecomeBackgroundThread(const char* name) { GoBehind(name, kBackgroundNice); }
void BecomeComputingThread(const char* name) { GoBehind(name, kComputingNice); }

}  // namespace insula
