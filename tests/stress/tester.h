// Makes random requests of the server under test and holds every answer against the oracle; ends rounds of them by a
// stop, a kill or a power loss, opens the server again, and compares all that it holds.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/stress/expressions.h"
#include "tests/stress/link.h"
#include "tests/stress/oracle.h"

namespace insula::stress {

// The server gave an answer that the oracle doesn't explain.
class Violation : public std::exception {
 public:
  explicit Violation(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

struct Counts {
  std::uint64_t rounds = 0, requests = 0, writes = 0, transactions = 0, pages = 0, table_changes = 0;
  std::uint64_t backups = 0, restores = 0, expired = 0;
  std::uint64_t bare = 0, stops = 0, refused_opens = 0, kills = 0, power_losses = 0, faults = 0, faults_seen = 0,
                uncertain = 0, adopted = 0;
  std::uint64_t items_compared = 0, entries_compared = 0, records_compared = 0, counts_compared = 0;
  std::string Text() const;
};

struct Options {
  std::uint64_t seed = 1;
  std::string directory;  // of its own; for the data and the server's log
  std::string bug;        // planted; empty: none
  bool roomy = false;     // caches that hold everything: tells a wrong oracle from a cold file
  bool faults = true;     // rounds in which the disk fails
};

// One life of a data directory, of some rounds.
class Tester {
 public:
  explicit Tester(Options options);
  // Rounds until one is over after `until`, or there were `rounds_max`. Throws a Violation.
  void Run(std::chrono::steady_clock::time_point until, int rounds_max);
  const Counts& counts() const { return counts_; }

 private:
  // A request with what must come of it.
  struct Planned {
    Request request;
    std::string expected_error;              // empty: it succeeds
    std::vector<Atom> atoms;                 // what it then does
    std::function<void(const Json&)> check;  // of an answer, a refusal's too; may be empty
    std::optional<std::string> token;        // by which it is remembered
  };
  using Keys = std::vector<std::pair<const Table*, std::string>>;

  // --- rounds (tester.cc) ---
  void Round();
  void Step();
  void EndRound();
  void Open();
  void Plan();
  Fault RandomFault();
  Setup RandomSetup();
  [[noreturn]] void Fail(const std::string& what, const Table* table = nullptr, const std::string& key = "") const;
  // Whether a request may fail without a reason of its own now.
  bool MayFail() const { return armed_.has_value() || killed_; }
  // What there was instead of an answer is explained by a fault: the round is over, or goes on without. Else fails.
  void Explain(const Request& request, const Reply& reply);
  // The answer to a request that changes nothing, or nothing where a fault explains that there is none.
  std::optional<Json> Read(Request request);

  // --- items (item_steps.cc) ---
  void ItemStep();
  Planned RandomItemRequest(Keys* taken);
  Planned Put(Table& table, Keys* taken);
  Planned UpdateOne(Table& table, Keys* taken);
  Planned DeleteOne(Table& table, Keys* taken);
  Planned Get(Table& table, Keys* taken);
  Planned BatchWrite(Tenant& tenant, Keys* taken);
  Planned BatchGet(Tenant& tenant, Keys* taken);
  Planned TransactWrite(Tenant& tenant, Keys* taken);
  Planned TransactGet(Tenant& tenant, Keys* taken);
  Planned Statement(Table& table, Keys* taken);
  void Send(std::vector<Planned> planned);
  Table* RandomTable();
  Item RandomKey(const Table& table);
  Item RandomItem(const Table& table, const Item& key);
  bool Take(Keys* taken, const Table& table, const std::string& key);

  // --- pages (page_steps.cc) ---
  void QueryStep();
  void ScanStep();
  // All pages of it; nothing where a fault came in between.
  std::optional<std::vector<Item>> Pages(const Table& table, const std::string& operation, const std::string& members,
                                         std::optional<int> limit, std::uint64_t* scanned);

  // --- tables, backups, time (table_steps.cc) ---
  void TableStep();
  void CreateTable(Tenant& tenant, std::size_t context);
  void DeleteTable(Table& table);
  void ChangeIndexes(Table& table);
  void ChangeStream(Table& table);
  void ChangeExpiry(Table& table);
  void ChangePointInTime(Table& table);
  void MakeBackup(Table& table);
  void DeleteBackup(Tenant& tenant);
  void RestoreBackup(Tenant& tenant, std::size_t context);
  void RestoreMoment(Table& table);
  void ExpireStep();
  void TimeStep();
  void Advance(std::int64_t us);
  // Sends it. `apply` is told of the answer, or, where that is missing, called once `probe` has said after the restart
  // that it was done.
  void Change(Request request, std::function<void(const Json&)> apply, std::function<bool()> probe);
  bool TableExists(std::size_t context, const std::string& name);
  std::optional<Json> Describe(std::size_t context, const std::string& name);
  void AddRestored(std::size_t context, const std::string& name, const Table& shape, Items items);

  // --- comparing (compare.cc, compare_streams.cc) ---
  void Resolve();
  void CompareAll();
  void CompareTable(Table& table);
  void CompareByKey(Table& table);
  void CompareIndex(Table& table, const IndexShape& index);
  void CompareCounts(Table& table);
  void CompareBackups(Tenant& tenant, std::size_t context);
  void CompareStream(std::size_t context, Stream& stream, Table* table);
  Items ScanAll(const Table& table);

  Reply Call(Request request);

  const Options options_;
  Random random_;
  Oracle oracle_;
  Link link_;
  Setup setup_;
  Counts counts_;
  int round_ = 0;
  int serial_ = 0;     // of names and tokens
  std::string story_;  // how the last run of the server ended

  // Of this round.
  enum class Ending : std::uint8_t { kStop, kKill, kPowerOff } ending_ = Ending::kStop;
  bool bare_ = false;  // on the system's own files
  int steps_ = 0;
  std::optional<int> arm_at_;  // the step before which the disk begins to fail
  std::optional<Fault> armed_;
  bool killed_ = false;
  std::optional<int> kill_at_;  // the step that is killed in
  bool over_ = false;           // no more steps
  struct PendingWrite {
    std::string what;
    std::vector<Atom> atoms;
  };
  struct PendingChange {
    std::string what;
    std::function<bool()> probe;
    std::function<void(const Json&)> apply;
  };
  std::vector<PendingWrite> pending_writes_;
  std::vector<PendingChange> pending_changes_;
};

}  // namespace insula::stress
