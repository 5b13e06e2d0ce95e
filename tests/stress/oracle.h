// What the server must hold: maps in memory, and what each acknowledged write does to them.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/stress/setup.h"
#include "tests/stress/value.h"

namespace insula::stress {

// The attributes that items have, beside their keys "pk" and perhaps "sk".
//   g, h: hash keys of global indexes (S, N); n: a number, range key of indexes; s, x, p: texts; u: a set of texts;
//   b: a boolean; e: when the item expires
inline constexpr char kExpiry[] = "e";

struct IndexShape {
  std::string name;
  std::string hash, range;  // attributes; range may be empty
  bool local = false;
  enum Projection : std::uint8_t { kAll, kKeys, kInclude } projection = kAll;  // kInclude: "x"
};

// One change of one item, as a stream shows it.
struct Record {
  std::string key;
  std::optional<Item> before, after;
  bool by_time_to_live = false;
  std::int64_t at_us = 0;
};

struct Stream {
  std::string arn;
  std::string view;  // NEW_AND_OLD_IMAGES …
  std::vector<Record> records;
  std::optional<std::int64_t> ended_us;
};

using Items = std::map<std::string, Item>;  // by the JSON of their keys

struct Moment {  // a table's past
  std::int64_t at_us = 0;
  Items items;
};

struct Table {
  std::size_t context = 0;
  std::string name;
  Value::Type hash = Value::kText;
  std::optional<Value::Type> range;
  std::vector<IndexShape> indexes;
  bool expires = false;  // time to live is on
  Items items;
  std::optional<Stream> stream;
  std::optional<std::int64_t> point_in_time_since_us;
  std::vector<Moment> moments;
  // How many different keys it is tried with, and how large its items are at most.
  int hashes = 8, ranges = 8, bytes_max = 300;
  bool settled = true;                                     // what was changed about it is done
  std::map<std::string, std::deque<std::string>> history;  // of each key: what was tried on it

  Item KeyOf(const Item& item) const;
  std::string KeyTextOf(const Item& item) const { return JsonOf(KeyOf(item)); }
  std::optional<Item> Find(const std::string& key) const;
  // What an index holds of `item`; nothing if the item has no place in it.
  std::optional<Item> Entry(const IndexShape& index, const Item& item) const;
};

// One item's write: what the item is from then on.
struct Effect {
  Table* table = nullptr;
  std::string key;
  std::optional<Item> after;
  bool by_time_to_live = false;
};
using Atom = std::vector<Effect>;  // all or none

struct Backup {
  std::string arn, name;
  Table table;  // as it was
  bool system = false;
};

struct Token {
  std::string body;
  std::int64_t at_us = 0;
};

struct Tenant {
  std::map<std::string, Table> tables;
  std::vector<Stream> ended_streams;
  std::vector<Backup> backups;
  std::map<std::string, Token> tokens;
};

struct Oracle {
  std::int64_t now_us = 1'700'000'000'000'000;
  std::array<Tenant, kContexts> tenants;

  void Apply(const Atom& atom);
  void Note(const Effect& effect, const std::string& what);  // into the history of its key
};

}  // namespace insula::stress
