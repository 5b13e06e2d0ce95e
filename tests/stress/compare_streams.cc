// Streams: read from the oldest record on, shard by shard, and compared item by item.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "tests/stress/tester.h"

namespace insula::stress {
namespace {

constexpr std::int64_t kRetentionUs = 86'400'000'000;

struct Found {
  std::string event;
  std::optional<Item> before, after;
  bool by_time_to_live = false;
  std::string sequence;
};

struct ShardOf {
  std::string id;
  bool closed = false;
};

// What the record of `change` shows in a stream of this view.
Found ShownAs(const Record& change, const std::string& view) {
  Found shown;
  shown.event = !change.after ? "REMOVE" : change.before ? "MODIFY" : "INSERT";
  if (view == "NEW_AND_OLD_IMAGES" || view == "OLD_IMAGE") shown.before = change.before;
  if (view == "NEW_AND_OLD_IMAGES" || view == "NEW_IMAGE") shown.after = change.after;
  shown.by_time_to_live = change.by_time_to_live;
  return shown;
}

std::string TextOf(const Found& found) {
  return fmt::format("{} {} → {}{}", found.event, Shown(found.before), Shown(found.after),
                     found.by_time_to_live ? " by time to live" : "");
}

bool Same(const Found& a, const Found& b) {
  return a.event == b.event && a.before == b.before && a.after == b.after && a.by_time_to_live == b.by_time_to_live;
}

std::optional<Item> ImageIn(simdjson::dom::element change, const char* name) {
  simdjson::dom::element image;
  if (change[name].get(image) != simdjson::SUCCESS) return std::nullopt;
  return ItemFrom(image);
}

}  // namespace

void Tester::CompareStream(std::size_t context, Stream& stream, Table* table) {
  const std::string arn = Quoted(stream.arn);
  std::vector<ShardOf> shards;
  for (std::string start;;) {
    const Request request{context, "DescribeStream", fmt::format("{{\"StreamArn\":{}{}}}", arn, start)};
    const Reply reply = Call(request);
    // A stream that ended a day ago is gone.
    if (stream.ended_us && oracle_.now_us - *stream.ended_us > kRetentionUs) return;
    if (!reply.ok()) {
      Fail(fmt::format("DescribeStream of {} was answered {} {} ({})", arn, reply.status, reply.body, reply.cause),
           table);
    }
    const Json answer(reply.body);
    for (const auto shard : answer.At({"StreamDescription", "Shards"})->get_array()) {
      std::string_view end;
      shards.push_back({TextIn(shard, "ShardId"),
                        shard["SequenceNumberRange"]["EndingSequenceNumber"].get(end) == simdjson::SUCCESS});
    }
    const std::string last = answer.TextAt({"StreamDescription", "LastEvaluatedShardId"});
    if (last.empty()) break;
    start = ",\"ExclusiveStartShardId\":" + Quoted(last);
  }

  std::map<std::string, std::vector<Found>> found;
  std::set<std::string> sequences;
  const std::string limit = random_.OneIn(2) ? fmt::format(",\"Limit\":{}", 1 + random_.Below(20)) : "";
  for (const ShardOf& shard : shards) {
    const auto at = Read({context, "GetShardIterator",
                          fmt::format("{{\"StreamArn\":{},\"ShardId\":{},\"ShardIteratorType\":\"TRIM_HORIZON\"}}", arn,
                                      Quoted(shard.id))});
    std::string iterator = at->TextAt({"ShardIterator"}), last;
    while (!iterator.empty()) {
      const auto answer =
          Read({context, "GetRecords", fmt::format("{{\"ShardIterator\":{}{}}}", Quoted(iterator), limit)});
      iterator = answer->TextAt({"NextShardIterator"});
      bool any = false;
      for (const auto record : answer->At({"Records"})->get_array()) {
        any = true;
        ++counts_.records_compared;
        const simdjson::dom::element change = record["dynamodb"];
        Found one{TextIn(record, "eventName"), ImageIn(change, "OldImage"), ImageIn(change, "NewImage"), false,
                  TextIn(change, "SequenceNumber")};
        simdjson::dom::element by;
        one.by_time_to_live = record["userIdentity"].get(by) == simdjson::SUCCESS;
        const std::string key = JsonOf(*ImageIn(change, "Keys"));
        if (!sequences.insert(one.sequence).second) {
          Fail(fmt::format("stream {} has record {} twice", stream.arn, one.sequence), table, key);
        }
        if (one.sequence <= last) Fail(fmt::format("stream {} is out of order at {}", stream.arn, one.sequence), table);
        last = one.sequence;
        found[key].push_back(std::move(one));
      }
      if (!any && !shard.closed) break;
    }
  }

  // Of each item: all of the last day, and before that as many as there still are; what was trimmed may come back with
  // a power loss, which nobody was promised anything about.
  std::map<std::string, std::vector<const Record*>> expected;
  for (const Record& record : stream.records) expected[record.key].push_back(&record);
  for (const auto& [key, records] : expected) {
    const std::vector<Found>& of_key = found[key];
    std::size_t trimmed = records.size() - std::min(records.size(), of_key.size());
    for (std::size_t i = 0; i < trimmed; ++i) {
      if (oracle_.now_us - records[i]->at_us < kRetentionUs) {
        Fail(fmt::format("stream {} has {} of {} records of an item; none of the last day's may be missing: {}",
                         stream.arn, of_key.size(), records.size(), TextOf(ShownAs(*records[i], stream.view))),
             table, key);
      }
    }
    for (std::size_t i = 0; i < of_key.size(); ++i) {
      if (i + trimmed >= records.size()) {
        Fail(fmt::format("stream {} has {} records of an item instead of {}: {}", stream.arn, of_key.size(),
                         records.size(), TextOf(of_key[i])),
             table, key);
      }
      const Found wanted = ShownAs(*records[i + trimmed], stream.view);
      if (!Same(of_key[i], wanted)) {
        std::string listed;
        for (const Record* record : records) {
          listed += fmt::format("\n    {:.0f} s ago: {}", static_cast<double>(oracle_.now_us - record->at_us) / 1e6,
                                TextOf(ShownAs(*record, stream.view)));
        }
        for (const Found& one : of_key) listed += fmt::format("\n    found {}: {}", one.sequence, TextOf(one));
        Fail(fmt::format("stream {} has {}\n  instead of {}{}", stream.arn, TextOf(of_key[i]), TextOf(wanted), listed),
             table, key);
      }
    }
  }
  for (const auto& [key, of_key] : found) {
    if (!expected.contains(key)) {
      Fail(fmt::format("stream {} has a record of an item that wasn't changed: {}", stream.arn, TextOf(of_key.front())),
           table, key);
    }
  }
}

}  // namespace insula::stress
