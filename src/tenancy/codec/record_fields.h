// The fields of the catalog's records, but for those of tables, backups and transfers. Internal to the room.
#pragma once

#include "records/field_codec.h"
#include "tenancy/codec/definition_fields.h"
#include "tenancy/state/records.h"

namespace insula::tenancy {

using records::Fielded;

// Part of whatever has an owner.
template <class Codec>
void Fields(Codec& codec, Fielded<Codec, ContextNames> names) {
  codec.Field("environment", names.environment);
  codec.Field("service", names.service);
  codec.Tenant("tenant", names.tenant);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, OrganizationRecord> r) {
  codec.Field("payer", r.payer);
  codec.Field("created_at", r.created_at);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, Counters> r) {
  codec.Field("incarnation", r.incarnation);
  codec.Field("table", r.table);
  codec.Field("tenant", r.tenant);
  codec.Field("store", r.store);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, EnvironmentRecord> r) {
  codec.Field("name", r.name);
  codec.Field("shared_account", r.shared_account);
  codec.Field("created_at", r.created_at);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, ServiceRecord> r) {
  codec.Field("environment", r.environment);
  codec.Field("name", r.name);
  codec.Field("model", r.model);
  codec.Field("tenant_defined_tables", r.tenant_defined_tables);
  codec.Field("template_version", r.template_version);
  codec.Field("created_at", r.created_at);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, TemplateTableRecord> r) {
  codec.Field("environment", r.environment);
  codec.Field("service", r.service);
  codec.Field("changed_at_version", r.changed_at_version);
  codec.Field("definition", r.definition);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, TenantRecord> r) {
  codec.Field("id", r.id);
  codec.Field("number", r.number);
  codec.Field("tier", r.tier);
  codec.Field("status", r.status);
  codec.Field("created_at", r.created_at);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, AccountRecord> r) {
  codec.Field("id", r.id);
  codec.Field("kind", r.kind);
  codec.Field("environment", r.environment);
  codec.Tenant("tenant", r.tenant);
  codec.Field("store", r.store);
  codec.FieldIf(!r.engine.empty(), "engine", r.engine);
  codec.Field("closed", r.closed);
  codec.Field("created_at", r.created_at);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, PlacementRecord> r) {
  Fields(codec, r.names);
  codec.Field("model", r.model);
  codec.Field("account", r.account);
  codec.Field("engine", r.engine);
  codec.Field("template_version", r.template_version);
  codec.Field("suspended", r.suspended);
  codec.Field("created_at", r.created_at);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, PoolRecord> r) {
  codec.Field("environment", r.environment);
  codec.Field("service", r.service);
  codec.Field("table", r.table);
  codec.Field("account", r.account);
  codec.Field("physical_name", r.physical_name);
  codec.Field("id", r.id);
  codec.Field("number", r.number);
  codec.Field("created_at", r.created_at);
}

}  // namespace insula::tenancy
