#include "tests/stress/tester.h"

#include <fmt/format.h>

namespace insula::stress {
namespace {

constexpr int kStepsMax = 160;
constexpr std::size_t kTablesAtLeast = 8;
constexpr std::uint64_t kKiB = 1024;

}  // namespace

std::string Counts::Text() const {
  return fmt::format(
      "{} rounds ({} on the system's own files): {} stops, {} kills, {} power losses; {} faults armed, {} requests met "
      "one, {} opens\n"
      "{} requests: {} writes and {} transactions acknowledged, {} pages, {} changes of tables, {} backups, {} "
      "restores, "
      "{} items expired\n"
      "{} writes unanswered, of which {} were found done\n"
      "compared after restarts: {} items, {} index entries, {} stream records, {} counts",
      rounds, bare, stops, kills, power_losses, faults, faults_seen, refused_opens, requests, writes, transactions,
      pages, table_changes, backups, restores, expired, uncertain, adopted, items_compared, entries_compared,
      records_compared, counts_compared);
}

Tester::Tester(Options options)
    : options_(std::move(options)), random_(options_.seed), link_(options_.directory + "/server.log") {}

void Tester::Fail(const std::string& what, const Table* table, const std::string& key) const {
  std::string text = what;
  if (table != nullptr) text += fmt::format("\n  context {}, table {}", table->context, table->name);
  if (!key.empty()) {
    text += "\n  key " + key;
    if (table != nullptr && table->history.contains(key)) {
      for (const std::string& line : table->history.at(key)) text += "\n    " + line;
    }
  }
  if (armed_) text += "\n  the disk fails: " + armed_->Text();
  if (!story_.empty()) text += "\n  the run before ended by " + story_;
  text += fmt::format("\n  seed {}, round {}; again: tests/stress/run --seed {}", options_.seed, round_, options_.seed);
  throw Violation(text);
}

void Tester::Run(std::chrono::steady_clock::time_point until, int rounds_max) {
  Open();
  while (round_ < rounds_max) {
    ++round_;
    ++counts_.rounds;
    Round();
    if (std::chrono::steady_clock::now() >= until) break;
  }
  if (auto wrong = link_.Stop()) Fail("the last stop: " + *wrong);
}

Setup Tester::RandomSetup() {
  Setup setup;
  setup.directory = options_.directory;
  setup.now_us = oracle_.now_us;
  setup.seed = random_.Next();
  setup.bug = options_.bug;
  setup.bare = bare_;
  const auto between = [&](int low, int high) {
    return (static_cast<std::uint64_t>(low) << random_.Below(high)) * kKiB;
  };
  setup.block_cache_bytes = between(4, 6);
  setup.write_buffer_bytes = between(32, 5);
  setup.file_bytes = between(4, 5);
  setup.level_bytes = between(16, 5);
  setup.open_files = 20;
  setup.account_stores_open = random_.OneIn(2) ? 1 : 8;
  if (options_.roomy) {
    setup.block_cache_bytes = setup.write_buffer_bytes = setup.file_bytes = setup.level_bytes = 64 << 20;
    setup.open_files = 4096;
    setup.account_stores_open = 8;
  }
  return setup;
}

Fault Tester::RandomFault() {
  constexpr Fault::Kind kKinds[] = {Fault::kRead,
                                    Fault::kReadAtStart,
                                    Fault::kWrite,
                                    Fault::kSync,
                                    Fault::kRename,
                                    Fault::kOpen,
                                    Fault::kPower,
                                    Fault::kPower,
                                    Fault::kBackgroundRead,
                                    Fault::kBackgroundReadAtStart,
                                    Fault::kBackgroundReadAtStart,
                                    Fault::kBackgroundReadAtStart};
  Fault fault;
  fault.kind = kKinds[random_.Below(12)];
  fault.nth = 1 + static_cast<std::uint64_t>(random_.Below(random_.OneIn(3) ? 400 : 30));
  fault.for_good = random_.OneIn(3);
  if (fault.kind == Fault::kBackgroundReadAtStart) {
    // There are few of them; and one that fails once goes unnoticed where many would not.
    fault.nth = 1 + static_cast<std::uint64_t>(random_.Below(16));
    fault.for_good = random_.OneIn(8);
  }
  return fault;
}

// What the next round is like: it has to be known when the server is opened.
void Tester::Plan() {
  armed_.reset();
  arm_at_.reset();
  kill_at_.reset();
  killed_ = over_ = false;
  steps_ = 20 + random_.Below(kStepsMax);
  const int kind = random_.Below(10);
  bare_ = kind < 2;
  ending_ = Ending::kStop;
  if (bare_ && random_.OneIn(2)) kill_at_ = random_.Below(steps_);
  if (kind < 3) return;
  if (kind < 5) {
    kill_at_ = random_.Below(steps_);
    return;
  }
  ending_ = kind == 5 || random_.OneIn(2) ? Ending::kPowerOff : Ending::kKill;
  if (kind > 5 && options_.faults) arm_at_ = random_.Below(steps_ / 3);
}

void Tester::Open() {
  Plan();
  if (bare_) ++counts_.bare;
  setup_ = RandomSetup();
  if (options_.faults && !bare_ && random_.OneIn(6)) {
    // The disk fails while it is being opened. It may be opened all the same, or say what is wrong, or end.
    setup_.fault = RandomFault();
    ++counts_.faults;
    story_ += ", then an opening with a disk that fails: " + setup_.fault->Text();
    if (link_.Start(setup_)) {
      ++counts_.refused_opens;
    } else {
      armed_ = setup_.fault;
      if (!link_.PowerOff()) link_.Kill();
    }
    link_.Kill();
    armed_.reset();
    setup_.fault.reset();
  }
  if (auto wrong = link_.Start(setup_)) Fail("it can't be opened: " + *wrong);
  if (!link_.Settle()) Fail("the control plane doesn't come to an end: " + link_.ended());
}

void Tester::Round() {
  for (int step = 0; step < steps_ && !over_; ++step) {
    if (arm_at_ == step) {
      armed_ = RandomFault();
      if (!link_.Arm(*armed_)) Fail("the server is gone: " + link_.ended());
      ++counts_.faults;
    }
    killed_ = kill_at_ == step;
    Step();
    if (killed_) over_ = true;
  }
  EndRound();
  Resolve();
  CompareAll();
}

void Tester::Step() {
  const int what = random_.Below(100);
  std::size_t tables = 0;
  for (const Tenant& tenant : oracle_.tenants) tables += tenant.tables.size();
  if (tables < kTablesAtLeast && !armed_) return TableStep();
  // With a disk that fails, what the control plane is told may take until the restart to be done: the last step.
  if (what < (armed_ ? 3 : 8)) return TableStep();
  if (what < 20) return QueryStep();
  if (what < 24) return ScanStep();
  if (what < 27 && !armed_) return TimeStep();
  ItemStep();
}

void Tester::EndRound() {
  const bool there = link_.alive() && !killed_;
  const std::string fault = armed_ ? ", with a disk that fails: " + armed_->Text() : "";
  // A disk that lost its power can't be read by a process that goes on as if nothing were; nor stopped cleanly if it
  // has failed.
  if (there && ending_ == Ending::kStop && !armed_) {
    ++counts_.stops;
    story_ = "a stop";
    if (auto wrong = link_.Stop()) Fail("a clean stop: " + *wrong);
  } else if (there && (ending_ == Ending::kPowerOff || (armed_ && armed_->kind == Fault::kPower))) {
    ++counts_.power_losses;
    story_ = "a power loss" + fault;
    if (!link_.PowerOff()) Fail("it doesn't end without power: " + link_.ended());
  } else {
    ++counts_.kills;
    story_ = (link_.alive() ? "a kill" : link_.ended()) + fault;
    link_.Kill();
  }
  Open();
}

Reply Tester::Call(Request request) {
  ++counts_.requests;
  return link_.Call(std::move(request));
}

void Tester::Explain(const Request& request, const Reply& reply) {
  const bool gone = !link_.alive();
  if (gone && !killed_ && !(armed_ && link_.ended_as_fatal())) {
    Fail(fmt::format("the server ended ({}) at {} {}", link_.ended(), request.operation, request.body));
  }
  if (!MayFail()) {
    Fail(fmt::format("{} {} was answered {} {} ({})", request.operation, request.body, reply.status, reply.body,
                     reply.cause));
  }
  if (armed_) ++counts_.faults_seen;
  if (gone) over_ = true;
}

std::optional<Json> Tester::Read(Request request) {
  const Reply reply = Call(request);
  if (reply.uncertain()) {
    Explain(request, reply);
    return std::nullopt;
  }
  if (!reply.ok()) {
    Fail(fmt::format("{} {} was answered {} {}", request.operation, request.body, reply.status, reply.body));
  }
  return std::make_optional<Json>(reply.body);
}

}  // namespace insula::stress
