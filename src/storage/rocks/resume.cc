#include "storage/rocks/resume.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

namespace insula::storage::rocks {
namespace {

struct RunInOrder {
  std::vector<Suspended> coroutines;
  void operator()() {
    for (Suspended& coroutine : coroutines) std::move(coroutine)();
  }
};

}  // namespace

void Resume(Suspended coroutine) {
  auto executor = coroutine.get_executor();
  boost::asio::post(executor, [coroutine = std::move(coroutine)]() mutable { std::move(coroutine)(); });
}

void ResumeAll(std::vector<Suspended>* coroutines) {
  // Groups are few (one per event loop), so a linear search beats a map.
  std::vector<std::pair<boost::asio::any_io_executor, RunInOrder>> groups;
  for (Suspended& coroutine : *coroutines) {
    auto executor = coroutine.get_executor();
    auto group = groups.begin();
    while (group != groups.end() && group->first != executor) ++group;
    if (group == groups.end()) {
      groups.emplace_back(executor, RunInOrder{});
      group = groups.end() - 1;
      group->second.coroutines.reserve(coroutines->size());
    }
    group->second.coroutines.push_back(std::move(coroutine));
  }
  coroutines->clear();
  for (auto& [executor, run] : groups) boost::asio::post(executor, std::move(run));
}

}  // namespace insula::storage::rocks
