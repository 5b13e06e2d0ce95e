#include "control/loop.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/background_thread.h"
#include "base/check.h"
#include "base/detached.h"

namespace insula::control {

Loop::Loop(const char* name, Priority priority) : name_(name), priority_(priority) {}

Loop::~Loop() { INSULA_CHECK(!started()); }

void Loop::Start() {
  INSULA_CHECK(!started());
  loop_.restart();
  work_.emplace(loop_.get_executor());
  thread_ = std::thread([this] {
    if (priority_ == Priority::kBehindRequests) {
      BecomeBackgroundThread(name_);
    } else {
      NameThread(name_);
    }
    loop_.run();
  });
}

void Loop::Stop(std::function<void()> ask_to_end) {
  Post([this, ask_to_end = std::move(ask_to_end)] {
    ask_to_end();
    work_.reset();  // the loop ends when all tasks have
  });
  thread_.join();
}

void Loop::Post(std::function<void()> function) { boost::asio::post(loop_, std::move(function)); }

void Loop::Spawn(Task<void> task) { boost::asio::co_spawn(loop_, std::move(task), LogFailure(name_)); }

}  // namespace insula::control
