// Requests for single items, batches and transactions: several at once, of different keys.
#include <algorithm>

#include <fmt/format.h>

#include "tests/stress/tester.h"

namespace insula::stress {
namespace {

constexpr std::int64_t kTokenLifeUs = 600'000'000;

std::string ConditionMember(const std::optional<Condition>& condition, Placeholders* placeholders) {
  if (!condition) return "";
  return ",\"ConditionExpression\":" + Quoted(condition->Text(placeholders));
}

std::string BriefOf(const Request& request) {
  return request.operation + " " + (request.body.size() > 300 ? request.body.substr(0, 300) + "…" : request.body);
}

void Expect(const std::optional<Item>& found, const std::optional<Item>& expected, const std::string& where) {
  if (found != expected) throw Violation(fmt::format("{}: {} instead of {}", where, Shown(found), Shown(expected)));
}

Value KeyPart(Value::Type type, int i, bool of_hash) {
  if (type == Value::kNumber) return Value::Number(i * 7 - 20);
  static constexpr const char* kEnds[] = {"", "é", "\x01", "zz"};
  if (of_hash) return Value::Text(fmt::format("k{}{}", i, kEnds[i % 4]));
  return Value::Text(std::string(static_cast<std::size_t>(i % 5 + 1), static_cast<char>('a' + i / 5)) + kEnds[i % 3]);
}

}  // namespace

Table* Tester::RandomTable() {
  std::vector<Table*> all;
  for (Tenant& tenant : oracle_.tenants) {
    for (auto& [name, table] : tenant.tables) all.push_back(&table);
  }
  return all.empty() ? nullptr : random_.Of(all);
}

Item Tester::RandomKey(const Table& table) {
  Item key{{"pk", KeyPart(table.hash, random_.Below(table.hashes), true)}};
  if (table.range) key["sk"] = KeyPart(*table.range, random_.Below(table.ranges), false);
  return key;
}

Item Tester::RandomItem(const Table& table, const Item& key) {
  Item item = key;
  for (const char* name : {"g", "h", "n", "s", "x", "u", "b", "p"}) {
    if (!random_.OneIn(3)) item[name] = RandomValueOf(name, &random_, table.bytes_max);
  }
  // The seconds of the clock end in 0, those of items in 5: none expires at the moment that it is looked at.
  if (table.expires && random_.OneIn(3)) {
    item[kExpiry] = Value::Number(oracle_.now_us / 1'000'000 + 5 + 10 * (random_.Below(2000) - 200));
  }
  return item;
}

bool Tester::Take(Keys* taken, const Table& table, const std::string& key) {
  const std::pair<const Table*, std::string> entry(&table, key);
  if (std::ranges::find(*taken, entry) != taken->end()) return false;
  taken->push_back(entry);
  return true;
}

void Tester::ItemStep() {
  std::vector<Planned> planned;
  Keys taken;
  for (int i = random_.Below(6); i >= 0; --i) {
    Planned one = RandomItemRequest(&taken);
    if (!one.request.operation.empty()) planned.push_back(std::move(one));
  }
  if (!planned.empty()) Send(std::move(planned));
}

Tester::Planned Tester::RandomItemRequest(Keys* taken) {
  Table* table = RandomTable();
  if (table == nullptr) return {};
  Tenant& tenant = oracle_.tenants[table->context];
  const int what = random_.Below(100);
  if (what < 22) return Put(*table, taken);
  if (what < 42) return UpdateOne(*table, taken);
  if (what < 52) return DeleteOne(*table, taken);
  if (what < 68) return Get(*table, taken);
  if (what < 76) return BatchWrite(tenant, taken);
  if (what < 82) return BatchGet(tenant, taken);
  if (what < 92) return TransactWrite(tenant, taken);
  if (what < 95) return TransactGet(tenant, taken);
  return Statement(*table, taken);
}

Tester::Planned Tester::Put(Table& table, Keys* taken) {
  const Item item = RandomItem(table, RandomKey(table));
  const std::string key = table.KeyTextOf(item);
  if (!Take(taken, table, key)) return {};
  const std::optional<Item> old = table.Find(key);
  std::optional<Condition> condition;
  if (random_.OneIn(3)) condition = Condition::Make(&random_);
  const bool want_old = random_.OneIn(2);
  Placeholders placeholders;
  Planned planned;
  const std::string when = ConditionMember(condition, &placeholders);
  planned.request = {table.context, "PutItem",
                     fmt::format("{{\"TableName\":{}{}{},\"Item\":{}{}}}", Quoted(table.name), when,
                                 want_old ? ",\"ReturnValues\":\"ALL_OLD\"" : "", JsonOf(item), placeholders.Member())};
  if (condition && !condition->Holds(old)) {
    planned.expected_error = "ConditionalCheckFailedException";
    return planned;
  }
  planned.atoms = {{{&table, key, item}}};
  if (want_old) planned.check = [old](const Json& answer) { Expect(answer.ItemAt({"Attributes"}), old, "ALL_OLD"); };
  return planned;
}

Tester::Planned Tester::UpdateOne(Table& table, Keys* taken) {
  const Item key_item = RandomKey(table);
  const std::string key = JsonOf(key_item);
  if (!Take(taken, table, key)) return {};
  const std::optional<Item> old = table.Find(key);
  std::optional<Condition> condition;
  if (random_.OneIn(3)) condition = Condition::Make(&random_);
  const Update update = Update::Make(&random_, table.bytes_max);
  constexpr const char* kReturns[] = {"NONE", "ALL_OLD", "ALL_NEW"};
  const int returns = random_.Below(3);
  Placeholders placeholders;
  Planned planned;
  const std::string expression = update.Text(&placeholders);
  const std::string when = ConditionMember(condition, &placeholders);
  planned.request = {
      table.context, "UpdateItem",
      fmt::format("{{\"TableName\":{},\"Key\":{},\"UpdateExpression\":{}{},\"ReturnValues\":\"{}\"{}}}",
                  Quoted(table.name), key, Quoted(expression), when, kReturns[returns], placeholders.Member())};
  if (condition && !condition->Holds(old)) {
    planned.expected_error = "ConditionalCheckFailedException";
    return planned;
  }
  if (update.IsRefused(old)) {
    planned.expected_error = "ValidationException";
    return planned;
  }
  const std::optional<Item> after = update.Of(old, key_item);
  planned.atoms = {{{&table, key, after}}};
  if (returns != 0) {
    planned.check = [shown = returns == 1 ? old : after, name = std::string(kReturns[returns])](const Json& answer) {
      Expect(answer.ItemAt({"Attributes"}), shown, name);
    };
  }
  return planned;
}

Tester::Planned Tester::DeleteOne(Table& table, Keys* taken) {
  const std::string key = JsonOf(RandomKey(table));
  if (!Take(taken, table, key)) return {};
  const std::optional<Item> old = table.Find(key);
  std::optional<Condition> condition;
  if (random_.OneIn(3)) condition = Condition::Make(&random_);
  Placeholders placeholders;
  Planned planned;
  const std::string when = ConditionMember(condition, &placeholders);
  planned.request = {table.context, "DeleteItem",
                     fmt::format("{{\"TableName\":{},\"Key\":{}{},\"ReturnValues\":\"ALL_OLD\"{}}}", Quoted(table.name),
                                 key, when, placeholders.Member())};
  if (condition && !condition->Holds(old)) {
    planned.expected_error = "ConditionalCheckFailedException";
    return planned;
  }
  planned.atoms = {{{&table, key, std::nullopt}}};
  planned.check = [old](const Json& answer) { Expect(answer.ItemAt({"Attributes"}), old, "ALL_OLD"); };
  return planned;
}

Tester::Planned Tester::Get(Table& table, Keys* taken) {
  const std::string key = JsonOf(RandomKey(table));
  if (!Take(taken, table, key)) return {};
  Planned planned;
  planned.request = {
      table.context, "GetItem",
      fmt::format("{{\"TableName\":{},\"Key\":{},\"ConsistentRead\":{}}}", Quoted(table.name), key, random_.OneIn(2))};
  planned.check = [expected = table.Find(key), key](const Json& answer) {
    Expect(answer.ItemAt({"Item"}), expected, "Item of " + key);
  };
  return planned;
}

Tester::Planned Tester::Statement(Table& table, Keys* taken) {
  const Item key_item = RandomKey(table);
  const std::string key = JsonOf(key_item);
  if (!Take(taken, table, key)) return {};
  const std::optional<Item> old = table.Find(key);
  std::string where = " WHERE pk = ?", parameters;
  for (const auto& [name, value] : key_item) {
    parameters += (parameters.empty() ? "" : ",") + JsonOf(value);
    if (name == "sk") where += " AND sk = ?";
  }
  Planned planned;
  const auto statement = [&](const std::string& text, const std::string& values) {
    planned.request = {table.context, "ExecuteStatement",
                       fmt::format("{{\"Statement\":{},\"Parameters\":[{}]}}", Quoted(text), values)};
  };
  const std::string name = "\"" + table.name + "\"";
  switch (random_.Below(4)) {
    case 0: {
      const Item item = RandomItem(table, key_item);
      std::string members, values;
      for (const auto& [attribute, value] : item) {
        members += fmt::format("{}'{}': ?", members.empty() ? "" : ", ", attribute);
        values += (values.empty() ? "" : ",") + JsonOf(value);
      }
      statement("INSERT INTO " + name + " VALUE {" + members + "}", values);
      if (old) {
        planned.expected_error = "DuplicateItemException";
      } else {
        planned.atoms = {{{&table, key, item}}};
      }
      break;
    }
    case 1: {
      const Value value = RandomValueOf("x", &random_, 0);
      statement("UPDATE " + name + " SET x = ?" + where, JsonOf(value) + "," + parameters);
      if (!old) {
        planned.expected_error = "ConditionalCheckFailedException";
      } else {
        Item after = *old;
        after["x"] = value;
        planned.atoms = {{{&table, key, after}}};
      }
      break;
    }
    case 2:
      statement("DELETE FROM " + name + where, parameters);
      planned.atoms = {{{&table, key, std::nullopt}}};
      break;
    default:
      statement("SELECT * FROM " + name + where, parameters);
      planned.check = [old, key](const Json& answer) {
        std::optional<Item> found;
        if (const auto items = answer.At({"Items"})) {
          for (const auto item : items->get_array()) found = ItemFrom(item);
        }
        Expect(found, old, "SELECT of " + key);
      };
  }
  return planned;
}

Tester::Planned Tester::BatchWrite(Tenant& tenant, Keys* taken) {
  Planned planned;
  std::string tables;
  int left = 1 + random_.Below(20);
  for (auto& [name, table] : tenant.tables) {
    std::string requests;
    for (int i = random_.Below(8); i >= 0 && left > 0; --i) {
      const Item key_item = RandomKey(table);
      const std::string key = JsonOf(key_item);
      if (!Take(taken, table, key)) continue;
      --left;
      planned.request.context = table.context;
      requests += requests.empty() ? "" : ",";
      if (random_.OneIn(3)) {
        requests += fmt::format("{{\"DeleteRequest\":{{\"Key\":{}}}}}", key);
        planned.atoms.push_back({{&table, key, std::nullopt}});
      } else {
        const Item item = RandomItem(table, key_item);
        requests += fmt::format("{{\"PutRequest\":{{\"Item\":{}}}}}", JsonOf(item));
        planned.atoms.push_back({{&table, key, item}});
      }
    }
    if (!requests.empty()) tables += fmt::format("{}{}:[{}]", tables.empty() ? "" : ",", Quoted(name), requests);
  }
  if (tables.empty()) return {};
  planned.request.operation = "BatchWriteItem";
  planned.request.body = "{\"RequestItems\":{" + tables + "}}";
  planned.check = [](const Json& answer) {
    const auto unprocessed = answer.At({"UnprocessedItems"});
    if (!unprocessed || unprocessed->get_object().size() != 0) throw Violation("UnprocessedItems aren't empty");
  };
  return planned;
}

Tester::Planned Tester::BatchGet(Tenant& tenant, Keys* taken) {
  Planned planned;
  std::string tables;
  std::map<std::string, std::pair<const Table*, Items>> expected;
  for (auto& [name, table] : tenant.tables) {
    std::string keys;
    for (int i = random_.Below(10); i >= 0; --i) {
      const std::string key = JsonOf(RandomKey(table));
      if (!Take(taken, table, key)) continue;
      keys += (keys.empty() ? "" : ",") + key;
      planned.request.context = table.context;
      auto& of_table = expected[name];
      of_table.first = &table;
      if (auto item = table.Find(key)) of_table.second[key] = *item;
    }
    if (!keys.empty()) {
      tables += fmt::format("{}{}:{{\"ConsistentRead\":{},\"Keys\":[{}]}}", tables.empty() ? "" : ",", Quoted(name),
                            random_.OneIn(2), keys);
    }
  }
  if (tables.empty()) return {};
  planned.request.operation = "BatchGetItem";
  planned.request.body = "{\"RequestItems\":{" + tables + "}}";
  planned.check = [expected](const Json& answer) {
    for (const auto& [name, of_table] : expected) {
      Items found;
      if (const auto list = answer.At({"Responses", name})) {
        for (const auto element : list->get_array()) {
          Item item = ItemFrom(element);
          found[of_table.first->KeyTextOf(item)] = item;
        }
      }
      for (const auto& [key, item] : of_table.second) {
        const auto at = found.find(key);
        Expect(at == found.end() ? std::nullopt : std::make_optional(at->second), item, "BatchGetItem of " + key);
      }
      if (found.size() != of_table.second.size()) throw Violation("BatchGetItem gave items that there aren't");
    }
    const auto unprocessed = answer.At({"UnprocessedKeys"});
    if (!unprocessed || unprocessed->get_object().size() != 0) throw Violation("UnprocessedKeys aren't empty");
  };
  return planned;
}

Tester::Planned Tester::TransactWrite(Tenant& tenant, Keys* taken) {
  // A token again: what it stood for isn't done again while it is remembered, and is another matter later.
  if (!tenant.tokens.empty() && random_.OneIn(6)) {
    auto token = tenant.tokens.begin();
    std::advance(token, random_.Below(static_cast<int>(tenant.tokens.size())));
    const std::int64_t age_us = oracle_.now_us - token->second.at_us;
    if (age_us >= kTokenLifeUs - 60'000'000) {
      tenant.tokens.erase(token);
      return {};
    }
    // Twice at once, one of the two would be told that the other is in progress.
    if (tenant.tables.empty() || !Take(taken, tenant.tables.begin()->second, "token " + token->first)) return {};
    Planned planned;
    planned.request = {static_cast<std::size_t>(&tenant - oracle_.tenants.data()), "TransactWriteItems",
                       token->second.body};
    if (random_.OneIn(4)) {
      // Other parameters under the same token.
      const std::size_t at = planned.request.body.find("\"TransactItems\":[") + 17;
      const Table& table = tenant.tables.begin()->second;
      planned.request.body.insert(
          at, fmt::format("{{\"ConditionCheck\":{{\"TableName\":{},\"Key\":{},\"ConditionExpression\":"
                          "\"attribute_not_exists(zz)\"}}}},",
                          Quoted(table.name),
                          JsonOf(Item{{"pk", KeyPart(table.hash, 999, true)},
                                      {"sk", KeyPart(table.range.value_or(Value::kText), 3, false)}})));
      if (!table.range) return {};
      planned.expected_error = "IdempotentParameterMismatchException";
    }
    return planned;
  }
  Planned planned;
  Placeholders none;
  std::string actions;
  std::vector<std::string> codes;
  Atom atom;
  for (int i = random_.Below(6); i >= 0; --i) {
    auto at = tenant.tables.begin();
    std::advance(at, random_.Below(static_cast<int>(tenant.tables.size())));
    Table& table = at->second;
    const Item key_item = RandomKey(table);
    const std::string key = JsonOf(key_item);
    if (!Take(taken, table, key)) continue;
    planned.request.context = table.context;
    const std::optional<Item> old = table.Find(key);
    std::optional<Condition> condition;
    const int what = random_.Below(4);
    if (what == 3 || random_.OneIn(6)) condition = Condition::Make(&random_);
    // Conditions of which most hold, so that most transactions are done.
    if (condition && !condition->Holds(old) && !random_.OneIn(4)) condition->negated = !condition->negated;
    Placeholders placeholders;
    std::string action;
    if (what == 0) {
      const Item item = RandomItem(table, key_item);
      const std::string when = ConditionMember(condition, &placeholders);
      action = fmt::format("{{\"Put\":{{\"TableName\":{},\"Item\":{}{}{}}}}}", Quoted(table.name), JsonOf(item), when,
                           placeholders.Member());
      atom.push_back({&table, key, item});
    } else if (what == 1) {
      Update update = Update::Make(&random_, table.bytes_max);
      for (Update::Term& term : update.terms) {
        if (term.kind == Update::kPlus) term.kind = Update::kPlusOrZero;
      }
      const std::string expression = update.Text(&placeholders);
      const std::string when = ConditionMember(condition, &placeholders);
      action = fmt::format("{{\"Update\":{{\"TableName\":{},\"Key\":{},\"UpdateExpression\":{}{}{}}}}}",
                           Quoted(table.name), key, Quoted(expression), when, placeholders.Member());
      atom.push_back({&table, key, update.Of(old, key_item)});
    } else {
      const std::string when = ConditionMember(condition, &placeholders);
      action = fmt::format("{{\"{}\":{{\"TableName\":{},\"Key\":{}{}{}}}}}", what == 2 ? "Delete" : "ConditionCheck",
                           Quoted(table.name), key, when, placeholders.Member());
      if (what == 2) atom.push_back({&table, key, std::nullopt});
    }
    actions += (actions.empty() ? "" : ",") + action;
    codes.push_back(condition && !condition->Holds(old) ? "ConditionalCheckFailed" : "None");
  }
  if (codes.empty()) return {};
  std::string token;
  if (random_.OneIn(2)) token = fmt::format("token-{}-{}", options_.seed, ++serial_);
  planned.request.operation = "TransactWriteItems";
  planned.request.body =
      fmt::format("{{{}\"TransactItems\":[{}]}}",
                  token.empty() ? "" : fmt::format("\"ClientRequestToken\":{},", Quoted(token)), actions);
  if (std::ranges::find(codes, "ConditionalCheckFailed") != codes.end()) {
    planned.expected_error = "TransactionCanceledException";
    planned.check = [codes](const Json& answer) {
      std::vector<std::string> found;
      if (const auto reasons = answer.At({"CancellationReasons"})) {
        for (const auto reason : reasons->get_array()) found.push_back(TextIn(reason, "Code"));
      }
      if (found != codes) throw Violation("CancellationReasons aren't those of the conditions");
    };
    return planned;
  }
  planned.atoms.push_back(std::move(atom));
  if (!token.empty()) planned.token = token;
  return planned;
}

Tester::Planned Tester::TransactGet(Tenant& tenant, Keys* taken) {
  Planned planned;
  std::string gets;
  std::vector<std::optional<Item>> expected;
  for (int i = random_.Below(8); i >= 0; --i) {
    auto at = tenant.tables.begin();
    std::advance(at, random_.Below(static_cast<int>(tenant.tables.size())));
    const Table& table = at->second;
    const std::string key = JsonOf(RandomKey(table));
    if (!Take(taken, table, key)) continue;
    planned.request.context = table.context;
    gets +=
        fmt::format("{}{{\"Get\":{{\"TableName\":{},\"Key\":{}}}}}", gets.empty() ? "" : ",", Quoted(table.name), key);
    expected.push_back(table.Find(key));
  }
  if (gets.empty()) return {};
  planned.request.operation = "TransactGetItems";
  planned.request.body = "{\"TransactItems\":[" + gets + "]}";
  planned.check = [expected](const Json& answer) {
    std::vector<std::optional<Item>> found;
    if (const auto responses = answer.At({"Responses"})) {
      for (const auto response : responses->get_array()) {
        simdjson::dom::element item;
        const bool there = response["Item"].get(item) == simdjson::SUCCESS;
        found.push_back(there ? std::make_optional(ItemFrom(item)) : std::nullopt);
      }
    }
    if (found.size() != expected.size()) throw Violation("TransactGetItems gave another number of answers");
    for (std::size_t i = 0; i < found.size(); ++i) Expect(found[i], expected[i], "TransactGetItems");
  };
  return planned;
}

void Tester::Send(std::vector<Planned> planned) {
  std::vector<Request> requests;
  for (const Planned& one : planned) {
    requests.push_back(one.request);
    for (const Atom& atom : one.atoms) {
      for (const Effect& effect : atom) {
        oracle_.Note(effect, fmt::format("round {}: {} → {}", round_, BriefOf(one.request), Shown(effect.after)));
      }
    }
  }
  std::optional<std::size_t> kill_after;
  if (killed_) kill_after = static_cast<std::size_t>(random_.Below(static_cast<int>(requests.size()) + 1));
  counts_.requests += requests.size();
  const std::vector<Reply> replies = link_.Call(requests, kill_after);
  for (std::size_t i = 0; i < planned.size(); ++i) {
    Planned& one = planned[i];
    const Reply& reply = replies[i];
    if (reply.uncertain()) {
      Explain(one.request, reply);
      if (one.atoms.empty()) continue;
      ++counts_.uncertain;
      pending_writes_.push_back({BriefOf(one.request), std::move(one.atoms)});
      over_ = true;
      continue;
    }
    const Table* table = one.atoms.empty() || one.atoms.front().empty() ? nullptr : one.atoms.front().front().table;
    const std::string key = table == nullptr ? "" : one.atoms.front().front().key;
    if (reply.Error() != one.expected_error) {
      Fail(fmt::format("{} {}\n  was answered {} {}\n  instead of {}", one.request.operation, one.request.body,
                       reply.status, reply.body, one.expected_error.empty() ? "success" : one.expected_error),
           table, key);
    }
    if (one.check) {
      const Json answer(reply.body);
      try {
        one.check(answer);
      } catch (const Violation& violation) {
        Fail(fmt::format("{} {}\n  was answered {}\n  {}", one.request.operation, one.request.body,
                         reply.body.substr(0, 2000), violation.what()),
             table, key);
      }
    }
    for (const Atom& atom : one.atoms) oracle_.Apply(atom);
    if (!one.atoms.empty()) ++(one.request.operation == "TransactWriteItems" ? counts_.transactions : counts_.writes);
    if (one.token) {
      oracle_.tenants[one.request.context].tokens[*one.token] = {one.request.body, oracle_.now_us};
    }
  }
}

}  // namespace insula::stress
