// What changes tables themselves: making and deleting them, indexes, streams, time to live, point in time, backups and
// restores, and the clock.
#include <algorithm>

#include <fmt/format.h>

#include "tests/stress/tester.h"

namespace insula::stress {
namespace {

constexpr std::size_t kTablesMax = 4;
constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kDayUs = 86'400 * kSecondUs;

std::string DefinitionOf(const std::string& name, Value::Type type) {
  return fmt::format("{{\"AttributeName\":\"{}\",\"AttributeType\":\"{}\"}}", name, type == Value::kText ? "S" : "N");
}
Value::Type TypeOf(const Table& table, const std::string& name) {
  if (name == "pk") return table.hash;
  if (name == "sk") return *table.range;
  return name == "g" ? Value::kText : Value::kNumber;
}
std::string KeySchemaOf(const std::string& hash, const std::string& range) {
  std::string text = fmt::format("[{{\"AttributeName\":\"{}\",\"KeyType\":\"HASH\"}}", hash);
  if (!range.empty()) text += fmt::format(",{{\"AttributeName\":\"{}\",\"KeyType\":\"RANGE\"}}", range);
  return text + "]";
}
std::string IndexText(const IndexShape& index) {
  const char* projections[] = {"\"ProjectionType\":\"ALL\"", "\"ProjectionType\":\"KEYS_ONLY\"",
                               "\"ProjectionType\":\"INCLUDE\",\"NonKeyAttributes\":[\"x\"]"};
  return fmt::format("{{\"IndexName\":\"{}\",\"KeySchema\":{},\"Projection\":{{{}}}}}", index.name,
                     KeySchemaOf(index.hash, index.range), projections[index.projection]);
}

IndexShape RandomIndex(Random* random, const std::string& name) {
  IndexShape index{name, random->OneIn(2) ? "g" : "h", random->OneIn(2) ? "n" : "", false,
                   static_cast<IndexShape::Projection>(random->Below(3))};
  return index;
}

std::string AttributesOf(const Table& table) {
  std::vector<std::string> names{"pk"};
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  if (table.range) add("sk");
  for (const IndexShape& index : table.indexes) {
    add(index.hash);
    add(index.range);
  }
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + DefinitionOf(name, TypeOf(table, name));
  return "[" + text + "]";
}

}  // namespace

void Tester::Change(Request request, std::function<void(const Json&)> apply, std::function<bool()> probe) {
  ++counts_.requests;
  std::optional<std::size_t> kill_after;
  if (killed_) kill_after = static_cast<std::size_t>(random_.Below(2));
  const Reply reply = link_.Call(std::vector{request}, kill_after).front();
  if (reply.uncertain()) {
    Explain(request, reply);
    ++counts_.uncertain;
    pending_changes_.push_back({request.operation + " " + request.body, std::move(probe), std::move(apply)});
    over_ = true;
    return;
  }
  if (!reply.ok()) {
    Fail(fmt::format("{} {}\n  was answered {} {}", request.operation, request.body, reply.status, reply.body));
  }
  ++counts_.table_changes;
  apply(Json(reply.body));
  // Sometimes it is cut short; with a disk that fails it may not come to an end.
  if (armed_ || random_.OneIn(12)) {
    over_ = true;
  } else if (!killed_ && !link_.Settle()) {
    Fail(fmt::format("the control plane doesn't come to an end ({}) after {} {}", link_.ended(), request.operation,
                     request.body));
  }
}

std::optional<Json> Tester::Describe(std::size_t context, const std::string& name) {
  const Reply reply = Call({context, "DescribeTable", fmt::format("{{\"TableName\":{}}}", Quoted(name))});
  if (reply.Error() == "ResourceNotFoundException") return std::nullopt;
  if (!reply.ok()) Fail(fmt::format("DescribeTable of {} was answered {} {}", name, reply.status, reply.body));
  return std::make_optional<Json>(reply.body);
}

bool Tester::TableExists(std::size_t context, const std::string& name) { return Describe(context, name).has_value(); }

void Tester::TableStep() {
  const auto context = static_cast<std::size_t>(random_.Below(kContexts));
  Tenant& tenant = oracle_.tenants[context];
  if (tenant.tables.empty()) return CreateTable(tenant, context);
  auto at = tenant.tables.begin();
  std::advance(at, random_.Below(static_cast<int>(tenant.tables.size())));
  Table& table = at->second;
  switch (random_.Below(16)) {
    case 0:
    case 1:
      return CreateTable(tenant, context);
    case 2:
      return DeleteTable(table);
    case 3:
    case 4:
    case 5:
      return ChangeIndexes(table);
    case 6:
    case 7:
      return ChangeStream(table);
    case 8:
      return ChangeExpiry(table);
    case 9:
    case 10:
      return ChangePointInTime(table);
    case 11:
    case 12:
      return MakeBackup(table);
    case 13:
      return DeleteBackup(tenant);
    case 14:
      return RestoreBackup(tenant, context);
    default:
      return RestoreMoment(table);
  }
}

void Tester::CreateTable(Tenant& tenant, std::size_t context) {
  if (tenant.tables.size() >= kTablesMax) return;
  Table table;
  table.context = context;
  // Of the same names in every context; a name has one key schema, as tables that tenants share must.
  const int kind = random_.Below(6);
  table.name = fmt::format("table{}", kind);
  if (tenant.tables.contains(table.name)) return;
  table.hash = kind % 2 == 0 ? Value::kText : Value::kNumber;
  if (kind % 3 != 0) table.range = kind % 3 == 1 ? Value::kText : Value::kNumber;
  table.hashes = table.range ? 1 + random_.Below(24) : 20 + random_.Below(300);
  table.ranges = 1 + random_.Below(25);
  constexpr int kBytes[] = {40, 300, 300, 2000, 12000};
  table.bytes_max = kBytes[random_.Below(5)];
  std::string global, local;
  for (int i = random_.Below(3); i > 0; --i) {
    table.indexes.push_back(RandomIndex(&random_, fmt::format("global{}", i)));
    global += (global.empty() ? "" : ",") + IndexText(table.indexes.back());
  }
  if (table.range && random_.OneIn(2)) {
    table.indexes.push_back(
        {"local", "pk", random_.OneIn(2) ? "n" : "h", true, static_cast<IndexShape::Projection>(random_.Below(3))});
    local = IndexText(table.indexes.back());
  }
  std::string stream;
  if (random_.OneIn(2)) {
    stream = ",\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"}";
    table.stream = Stream{"", "NEW_AND_OLD_IMAGES", {}, std::nullopt};
  }
  const std::string name = table.name;
  Advance(10 * kSecondUs);  // two streams of one name are told apart by when they began
  Change(
      {context, "CreateTable",
       fmt::format("{{\"TableName\":{},\"BillingMode\":\"PAY_PER_REQUEST\",\"AttributeDefinitions\":{},"
                   "\"KeySchema\":{}{}{}{}}}",
                   Quoted(name), AttributesOf(table), KeySchemaOf("pk", table.range ? "sk" : ""),
                   global.empty() ? "" : ",\"GlobalSecondaryIndexes\":[" + global + "]",
                   local.empty() ? "" : ",\"LocalSecondaryIndexes\":[" + local + "]", stream)},
      [this, context, table](const Json& answer) mutable {
        if (table.stream) {
          table.stream->arn = answer.TextAt({"TableDescription", "LatestStreamArn"});
          if (table.stream->arn.empty()) {
            table.stream->arn = Describe(context, table.name)->TextAt({"Table", "LatestStreamArn"});
          }
        }
        oracle_.tenants[context].tables.emplace(table.name, table);
      },
      [this, context, name] { return TableExists(context, name); });
}

void Tester::DeleteTable(Table& table) {
  const std::size_t context = table.context;
  const std::string name = table.name;
  if (random_.OneIn(2)) return;
  Change(
      {context, "DeleteTable", fmt::format("{{\"TableName\":{}}}", Quoted(name))},
      [this, context, name](const Json&) {
        Tenant& tenant = oracle_.tenants[context];
        Table& gone = tenant.tables.at(name);
        if (gone.stream) {
          gone.stream->ended_us = oracle_.now_us;
          tenant.ended_streams.push_back(*gone.stream);
        }
        tenant.tables.erase(name);
        tenant.tokens.clear();  // they name tables
      },
      [this, context, name] { return !TableExists(context, name); });
}

void Tester::ChangeIndexes(Table& table) {
  const std::size_t context = table.context;
  const std::string name = table.name;
  const auto has_index = [this, context, name](const std::string& index) {
    const auto described = Describe(context, name);
    const auto list = described->At({"Table", "GlobalSecondaryIndexes"});
    if (!list) return false;
    return std::ranges::any_of(list->get_array(), [&](const auto& one) { return TextIn(one, "IndexName") == index; });
  };
  std::vector<std::string> global;
  for (const IndexShape& index : table.indexes) {
    if (!index.local) global.push_back(index.name);
  }
  if (!global.empty() && (global.size() > 2 || random_.OneIn(2))) {
    const std::string index = random_.Of(global);
    Change(
        {context, "UpdateTable",
         fmt::format("{{\"TableName\":{},\"GlobalSecondaryIndexUpdates\":[{{\"Delete\":{{\"IndexName\":\"{}\"}}}}]}}",
                     Quoted(name), index)},
        [this, context, name, index](const Json&) {
          std::erase_if(oracle_.tenants[context].tables.at(name).indexes,
                        [&](const IndexShape& shape) { return shape.name == index; });
        },
        [has_index, index] { return !has_index(index); });
    return;
  }
  const IndexShape index = RandomIndex(&random_, fmt::format("added{}", ++serial_));
  Table with = table;
  with.indexes.push_back(index);
  Change(
      {context, "UpdateTable",
       fmt::format(
           "{{\"TableName\":{},\"AttributeDefinitions\":{},\"GlobalSecondaryIndexUpdates\":[{{\"Create\":{}}}]}}",
           Quoted(name), AttributesOf(with), IndexText(index))},
      [this, context, name, index](const Json&) { oracle_.tenants[context].tables.at(name).indexes.push_back(index); },
      [has_index, index] { return has_index(index.name); });
}

void Tester::ChangeStream(Table& table) {
  const std::size_t context = table.context;
  const std::string name = table.name;
  if (table.stream) {
    if (!random_.OneIn(4)) return;
    Change(
        {context, "UpdateTable",
         fmt::format("{{\"TableName\":{},\"StreamSpecification\":{{\"StreamEnabled\":false}}}}", Quoted(name))},
        [this, context, name](const Json&) {
          Tenant& tenant = oracle_.tenants[context];
          Table& of = tenant.tables.at(name);
          of.stream->ended_us = oracle_.now_us;
          tenant.ended_streams.push_back(*of.stream);
          of.stream.reset();
        },
        [this, context, name] { return !Describe(context, name)->At({"Table", "StreamSpecification"}); });
    return;
  }
  constexpr const char* kViews[] = {"NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"};
  const std::string view = kViews[random_.Below(4)];
  Advance(10 * kSecondUs);
  Change(
      {context, "UpdateTable",
       fmt::format("{{\"TableName\":{},\"StreamSpecification\":{{\"StreamEnabled\":true,\"StreamViewType\":\"{}\"}}}}",
                   Quoted(name), view)},
      [this, context, name, view](const Json&) {
        const std::string arn = Describe(context, name)->TextAt({"Table", "LatestStreamArn"});
        oracle_.tenants[context].tables.at(name).stream = Stream{arn, view, {}, std::nullopt};
      },
      [this, context, name] { return Describe(context, name)->At({"Table", "StreamSpecification"}).has_value(); });
}

void Tester::ChangeExpiry(Table& table) {
  const std::size_t context = table.context;
  const std::string name = table.name;
  const bool on = !table.expires;
  Change(
      {context, "UpdateTimeToLive",
       fmt::format("{{\"TableName\":{},\"TimeToLiveSpecification\":{{\"AttributeName\":\"{}\",\"Enabled\":{}}}}}",
                   Quoted(name), kExpiry, on)},
      [this, context, name, on](const Json&) { oracle_.tenants[context].tables.at(name).expires = on; },
      [this, context, name, on] {
        const auto answer = Read({context, "DescribeTimeToLive", fmt::format("{{\"TableName\":{}}}", Quoted(name))});
        const std::string status = answer->TextAt({"TimeToLiveDescription", "TimeToLiveStatus"});
        return status.starts_with("EN") == on;
      });
}

void Tester::ChangePointInTime(Table& table) {
  const std::size_t context = table.context;
  const std::string name = table.name;
  const bool on = !table.point_in_time_since_us;
  if (!on && !random_.OneIn(4)) return;
  Change(
      {context, "UpdateContinuousBackups",
       fmt::format("{{\"TableName\":{},\"PointInTimeRecoverySpecification\":{{\"PointInTimeRecoveryEnabled\":{}}}}}",
                   Quoted(name), on)},
      [this, context, name, on](const Json&) {
        Table& of = oracle_.tenants[context].tables.at(name);
        of.moments.clear();
        of.point_in_time_since_us.reset();
        if (on) of.point_in_time_since_us = oracle_.now_us;
      },
      [this, context, name, on] {
        const auto answer =
            Read({context, "DescribeContinuousBackups", fmt::format("{{\"TableName\":{}}}", Quoted(name))});
        return answer->TextAt({"ContinuousBackupsDescription", "PointInTimeRecoveryDescription",
                               "PointInTimeRecoveryStatus"}) == (on ? "ENABLED" : "DISABLED");
      });
}

void Tester::MakeBackup(Table& table) {
  Tenant& tenant = oracle_.tenants[table.context];
  if (tenant.backups.size() >= 4) return DeleteBackup(tenant);
  const std::size_t context = table.context;
  Backup backup{"", fmt::format("backup{}", ++serial_), table};
  backup.table.history.clear();
  const std::string name = backup.name;
  ++counts_.backups;
  Change(
      {context, "CreateBackup",
       fmt::format("{{\"TableName\":{},\"BackupName\":{}}}", Quoted(table.name), Quoted(name))},
      [this, context, backup](const Json& answer) mutable {
        backup.arn = answer.TextAt({"BackupDetails", "BackupArn"});
        if (backup.arn.empty()) {
          const auto listed = Read({context, "ListBackups", "{}"});
          for (const auto one : listed->At({"BackupSummaries"})->get_array()) {
            if (TextIn(one, "BackupName") == backup.name) backup.arn = TextIn(one, "BackupArn");
          }
        }
        oracle_.tenants[context].backups.push_back(backup);
        // It is of a moment between now and when it is done.
        if (!armed_ && !killed_ && !link_.Settle()) Fail("a backup doesn't come to an end: " + link_.ended());
      },
      [this, context, name] {
        const auto listed = Read({context, "ListBackups", "{}"});
        return std::ranges::any_of(listed->At({"BackupSummaries"})->get_array(),
                                   [&](const auto& one) { return TextIn(one, "BackupName") == name; });
      });
}

void Tester::DeleteBackup(Tenant& tenant) {
  if (tenant.backups.empty()) return;
  const auto context = static_cast<std::size_t>(&tenant - oracle_.tenants.data());
  const std::string arn = random_.Of(tenant.backups).arn;
  Change(
      {context, "DeleteBackup", fmt::format("{{\"BackupArn\":{}}}", Quoted(arn))},
      [this, context, arn](const Json&) {
        std::erase_if(oracle_.tenants[context].backups, [&](const Backup& backup) { return backup.arn == arn; });
      },
      [this, context, arn] {
        return Call({context, "DescribeBackup", fmt::format("{{\"BackupArn\":{}}}", Quoted(arn))}).Error() ==
               "BackupNotFoundException";
      });
}

void Tester::AddRestored(std::size_t context, const std::string& name, const Table& shape, Items items) {
  Table table = shape;
  table.name = name;
  table.items = std::move(items);
  table.stream.reset();
  table.expires = false;
  table.point_in_time_since_us.reset();
  table.moments.clear();
  table.history.clear();
  oracle_.tenants[context].tables.emplace(name, std::move(table));
  ++counts_.restores;
}

void Tester::RestoreBackup(Tenant& tenant, std::size_t context) {
  if (tenant.backups.empty() || tenant.tables.size() > kTablesMax) return;
  const Backup backup = random_.Of(tenant.backups);
  const std::string target = fmt::format("restored{}", ++serial_);
  Change(
      {context, "RestoreTableFromBackup",
       fmt::format("{{\"BackupArn\":{},\"TargetTableName\":{}}}", Quoted(backup.arn), Quoted(target))},
      [this, context, backup, target](const Json&) { AddRestored(context, target, backup.table, backup.table.items); },
      [this, context, target] { return TableExists(context, target); });
}

void Tester::RestoreMoment(Table& table) {
  Tenant& tenant = oracle_.tenants[table.context];
  // Point in time is kept for 35 days.
  std::erase_if(table.moments, [&](const Moment& moment) { return oracle_.now_us - moment.at_us > 34 * kDayUs; });
  if (table.moments.empty() || tenant.tables.size() > kTablesMax) return;
  const Moment moment = random_.Of(table.moments);
  const std::string target = fmt::format("restored{}", ++serial_);
  Change(
      {table.context, "RestoreTableToPointInTime",
       fmt::format("{{\"SourceTableName\":{},\"TargetTableName\":{},\"RestoreDateTime\":{}}}", Quoted(table.name),
                   Quoted(target), moment.at_us / kSecondUs)},
      [this, context = table.context, shape = table, moment, target](const Json&) {
        AddRestored(context, target, shape, moment.items);
      },
      [this, context = table.context, target] { return TableExists(context, target); });
}

void Tester::Advance(std::int64_t us) {
  if (!link_.alive()) return;
  oracle_.now_us += us;
  if (!link_.Advance(us)) Fail("the server is gone: " + link_.ended());
}

void Tester::TimeStep() {
  if (random_.OneIn(3)) return ExpireStep();
  if (random_.OneIn(4)) {
    if (!link_.Trim()) Fail("trimming failed: " + link_.ended());
    return;
  }
  if (random_.OneIn(2)) {
    // A moment of every table that may later be restored to: nothing happens in the ten seconds around it.
    Advance(10 * kSecondUs);
    for (Tenant& tenant : oracle_.tenants) {
      for (auto& [name, table] : tenant.tables) {
        if (!table.point_in_time_since_us || table.moments.size() >= 6) continue;
        table.moments.push_back({oracle_.now_us, table.items});
      }
    }
    Advance(10 * kSecondUs);
    return;
  }
  constexpr std::int64_t kSteps[] = {10 * kSecondUs,   60 * kSecondUs, 700 * kSecondUs,
                                     3600 * kSecondUs, kDayUs / 3,     kDayUs + 3600 * kSecondUs};
  Advance(kSteps[random_.Below(6)]);
  if (random_.OneIn(40)) Advance(36 * kDayUs);
  for (Tenant& tenant : oracle_.tenants) {
    std::erase_if(tenant.ended_streams,
                  [&](const Stream& stream) { return oracle_.now_us - *stream.ended_us > kDayUs; });
  }
}

void Tester::ExpireStep() {
  if (killed_) return;
  std::vector<Atom> due;
  for (Tenant& tenant : oracle_.tenants) {
    for (auto& [name, table] : tenant.tables) {
      if (!table.expires) continue;
      for (const auto& [key, item] : table.items) {
        const auto at = item.find(kExpiry);
        if (at != item.end() && at->second.number * kSecondUs < oracle_.now_us) {
          due.push_back({{&table, key, std::nullopt, true}});
        }
      }
    }
  }
  const auto deleted = link_.Expire();
  if (!deleted) Fail("expiring failed: " + link_.ended());
  for (const Atom& atom : due) {
    oracle_.Note(atom.front(), fmt::format("round {}: expired", round_));
    oracle_.Apply(atom);
  }
  counts_.expired += *deleted;
  if (*deleted != due.size()) Fail(fmt::format("{} items expired instead of {}", *deleted, due.size()));
}

}  // namespace insula::stress
