// The fields of tables and of backups of tables. Both hold a Table, of which the reference and the definition are
// stored; its ARN follows from them. Internal to the room.
#pragma once

#include "tenancy/codec/record_fields.h"
#include "tenancy/state/backup_records.h"

namespace insula::tenancy {

// What is stored of a reference: the schema is the definition's, the pooled tenant the owner.
struct StoredRef {
  StoreId store;
  TableNumber table;
  TenantNumber tenant;
  Incarnation incarnation;
  std::string physical_name;
};

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, RestoreSource> source) {
  codec.Field("backup", source.backup_arn);
  codec.Field("table", source.table_arn);
  codec.Field("time", source.time);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, TableRecord> r, Fielded<Codec, StoredRef> ref,
            Fielded<Codec, TableDefinition> definition) {
  Fields(codec, r.owner);
  codec.Field("model", r.model);
  codec.Field("account", r.account);
  codec.Field("physical_name", ref.physical_name);
  codec.Field("store", ref.store);
  codec.Field("table", ref.table);
  codec.Field("tenant_number", ref.tenant);
  codec.Field("incarnation", ref.incarnation);
  codec.Field("next_index_id", r.next_index_id);
  codec.Field("shared", r.shared);
  codec.Field("from_template", r.from_template);
  codec.FieldIf(r.importing, "importing", r.importing);
  codec.Field("restoring_from", r.restoring_from);
  codec.Field("point_in_time_since", r.point_in_time_since);
  codec.Field("restored_from", r.restored_from);
  codec.Field("definition", definition);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, BackupRecord> r, Fielded<Codec, StoredRef> ref,
            Fielded<Codec, TableDefinition> definition) {
  Fields(codec, r.owner);
  codec.Field("id", r.id);
  codec.Field("name", r.name);
  codec.Field("kind", r.kind);
  codec.Field("status", r.status);
  codec.Field("created_at", r.created_at);
  codec.Field("expires_at", r.expires_at);
  codec.Field("as_of", r.as_of);
  codec.Field("items", r.items);
  codec.Field("bytes", r.bytes);
  codec.Field("stored_bytes", r.stored_bytes);
  codec.Field("store", ref.store);
  codec.Field("table", ref.table);
  codec.Field("tenant_number", ref.tenant);
  codec.Field("physical_name", ref.physical_name);
  codec.Field("incarnation", ref.incarnation);
  codec.Field("definition", definition);
}

}  // namespace insula::tenancy
