// What a run of the server under test is opened with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/stress/frames.h"

namespace insula::stress {

// The contexts whose requests are made, by number: two tenants of a service of each partition model.
inline constexpr std::size_t kContexts = 6;

// The bugs that can be planted (planted.h), to see that they are found.
inline constexpr std::string_view kBugs[] = {
    "lost-row",          // a put is acknowledged and not done
    "stale-row",         // a read answers with what an item was before
    "resurrected-row",   // a deleted item is back after a restart
    "lost-index-entry",  // an entry of an index isn't found
    "torn-transaction",  // half of a transaction is done
    "repeated-record",   // a stream gives a record twice
    "wrong-count",       // ItemCount is one too many
    "lost-record",       // a stream leaves a record out
    "short-page",        // a page of a Query ends early and says that it was the last
    "unsynced-write",    // the disk's syncs do nothing, and the power fails
};

// What of the disk fails, and when.
struct Fault {
  enum Kind : std::uint64_t {
    kRead,
    kReadAtStart,  // of a file
    kWrite,
    kSync,
    kRename,
    kOpen,
    kPower,
    kBackgroundRead,  // by a flush or a compaction
    kBackgroundReadAtStart,
  };
  static constexpr std::string_view kNames[] = {"read",
                                                "read at a file's start",
                                                "write",
                                                "sync",
                                                "rename",
                                                "open",
                                                "power",
                                                "read by a compaction",
                                                "read at a file's start by a compaction"};
  Kind kind = kRead;
  std::uint64_t nth = 1;  // counted from when it is armed
  bool for_good = false;  // or once

  static Fault Decode(FieldReader* in) {
    Fault fault;
    fault.kind = static_cast<Kind>(in->Number());
    fault.nth = in->Number();
    fault.for_good = in->Number() != 0;
    return fault;
  }
  std::string Text() const {
    return std::string(kNames[kind]) + " " + std::to_string(nth) + (for_good ? " and all after it" : "");
  }
};

struct Setup {
  std::string directory;
  std::int64_t now_us = 0;
  std::uint64_t seed = 0;      // of what a power loss takes
  std::string bug;             // one of kBugs; empty: none
  bool bare = false;           // on the system's own files: neither faults nor power losses, but its page cache
  std::optional<Fault> fault;  // while it opens
  std::uint64_t block_cache_bytes = 0;
  std::uint64_t write_buffer_bytes = 0;  // of all stores together
  std::uint64_t file_bytes = 0;          // of a table file that compaction writes
  std::uint64_t level_bytes = 0;         // of the first level
  std::uint64_t open_files = 0;
  std::uint64_t account_stores_open = 0;

  // One list of fields, for both ways.
  template <class Self, class Field>
  static void ForEachNumber(Self& self, Field&& field) {
    field(self.seed);
    field(self.block_cache_bytes);
    field(self.write_buffer_bytes);
    field(self.file_bytes);
    field(self.level_bytes);
    field(self.open_files);
    field(self.account_stores_open);
  }
  std::string Encode() const {
    FieldWriter out;
    out.Text(directory).Text(bug).Number(static_cast<std::uint64_t>(now_us)).Number(bare).Number(fault.has_value());
    if (fault) out.Number(fault->kind).Number(fault->nth).Number(fault->for_good);
    ForEachNumber(*this, [&](std::uint64_t number) { out.Number(number); });
    return out.bytes();
  }
  static Setup Decode(FieldReader* in) {
    Setup setup;
    setup.directory = in->Text();
    setup.bug = in->Text();
    setup.now_us = static_cast<std::int64_t>(in->Number());
    setup.bare = in->Number() != 0;
    if (in->Number() != 0) setup.fault = Fault::Decode(in);
    ForEachNumber(setup, [&](std::uint64_t& number) { number = in->Number(); });
    return setup;
  }
};

}  // namespace insula::stress
