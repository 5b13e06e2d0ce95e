// How the organization's nouns look in the admin API's answers. Internal to the room.
#pragma once

#include <string>

#include "access/credential_store.h"
#include "base/clock.h"
#include "base/error.h"
#include "federation/issuer.h"
#include "operations/api.h"
#include "tenancy/faces/organization.h"
#include "wire/json_writer.h"

namespace insula::admin {

std::string TimeText(WallTime time);  // "2026-11-23T12:00:00Z"

void Write(const tenancy::EnvironmentRecord& environment, wire::JsonWriter* json);
void Write(const tenancy::ServiceInfo& service, wire::JsonWriter* json);
void Write(const tenancy::TenantInfo& tenant, wire::JsonWriter* json);
void Write(const tenancy::PlacementInfo& placement, wire::JsonWriter* json);
void Write(const tenancy::AccountRecord& account, wire::JsonWriter* json);
// Without what isn't set; "AnyTenant":true in the place of "Tenants".
void Write(const federation::Issuer& issuer, wire::JsonWriter* json);
void WriteOwner(const ContextNames& owner, wire::JsonWriter* json);       // members Environment, Service, Tenant
void WriteMembers(const access::AccessKey& key, wire::JsonWriter* json);  // without braces, to add the secret

// {"__type":"insula#NotFoundException","message":"…"}: an operator is told everything, our own codes included.
operations::ApiResponse ErrorAnswer(const Error& error);

// {"member": {…}}
template <class Thing>
std::string Answer(std::string_view member, const Thing& thing) {
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.Key(member);
  Write(thing, &json);
  json.EndObject();
  return body;
}

// {"member": [{…}, …]}
template <class Things>
std::string ListAnswer(std::string_view member, const Things& things) {
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.Key(member);
  json.BeginArray();
  for (const auto& thing : things) Write(thing, &json);
  json.EndArray();
  json.EndObject();
  return body;
}

}  // namespace insula::admin
