// What `insula serve` can be told, and from where: built-in defaults, then the configuration file (TOML), then
// INSULA_… environment variables, then flags; the later one wins. One record per setting is the only list: the
// file's keys, the variables' names, --help and docs/operations.md are made from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace insula::app {

struct Settings {
  // [server]
  std::string listen = "127.0.0.1:8000";
  std::string admin_listen = "127.0.0.1:0";
  std::string region = "us-east-1";
  std::int64_t threads = 0;
  std::int64_t shutdown_grace_ms = 10'000;
  // [tls]
  std::string tls_certificate;
  std::string tls_key;
  // [limits]
  std::int64_t memory_bytes_max = 0;
  std::int64_t connections_max = 10'000;
  std::int64_t connections_per_address_max = 0;
  std::int64_t header_bytes_max = 32 * 1024;
  std::int64_t body_bytes_max = 16 * 1024 * 1024;
  std::int64_t header_timeout_ms = 10'000;
  std::int64_t body_timeout_ms = 30'000;
  std::int64_t stall_timeout_ms = 10'000;
  std::int64_t idle_timeout_ms = 120'000;
  // [engine]
  std::int64_t block_cache_bytes = 256 * 1024 * 1024;
  std::int64_t write_buffer_bytes = 128 * 1024 * 1024;
  std::int64_t background_bytes_per_second = 256 * 1024 * 1024;
  std::int64_t free_space_bytes_min = 256 * 1024 * 1024;
  std::string lost_writes = "refuse";
  // [expiry]
  std::int64_t expiry_period_ms = 10'000;
  std::int64_t expiry_items_per_second = 2'000;
  std::int64_t expiry_update_interval_ms = 3'600'000;
  // [federation]
  std::string federation_private_addresses = "false";
  std::int64_t federation_address_attempts_per_second = 20;
  std::int64_t federation_issuer_attempts_per_second = 500;
  // [objects]
  std::string objects_directory;
  std::string objects_s3_endpoint;
  std::string objects_s3_bucket;
  std::string objects_s3_prefix;
  std::string objects_s3_region = "us-east-1";
  std::string objects_s3_ca_file;
  std::string objects_s3_credentials_file;
  std::int64_t objects_jobs_max = 2;
  // [log]
  std::string log_level = "info";
  std::string log_format = "text";
  std::string log_file;
  std::string log_requests = "refused";
  // [secrets]
  std::string master_key;
  // [names]
  std::string account_template = "{environment}.{service}.{table}";
  std::string table_template = "{environment}.{service}.{tenant}.{table}";
  std::string pool_template = "{environment}.{service}._pool.{table}";
  std::string service_template = "{environment}.{service}._service.{table}";
};

enum class SettingType : std::uint8_t { kText, kAddress, kPath, kCount, kBytes, kMilliseconds, kChoice };
std::string_view NameOf(SettingType type);

struct SettingRecord {
  std::string_view
      name;  // "limits.connections_max": [limits] connections_max in the file, INSULA_LIMITS_CONNECTIONS_MAX
  SettingType type;
  std::string_view description;
  std::string Settings::* text;  // one of the two is set
  std::int64_t Settings::* number;
  std::int64_t minimum = 0;  // numbers
  std::int64_t maximum = 0;
  std::string_view choices = {};  // kChoice: "debug|info|warn"
};

std::span<const SettingRecord> AllSettings();
std::string EnvironmentVariableOf(const SettingRecord& setting);
std::string ValueOf(const SettingRecord& setting, const Settings& settings);  // as the file would say it

// Sets one by name from text: bytes take a unit ("64MiB"), milliseconds too ("10s"). InvalidArgument names the setting,
// what it takes and what it got.
Result<void> Set(Settings& settings, std::string_view name, std::string_view value);

// The file's settings over `settings`. InvalidArgument with file, line and column; unknown keys are refused, with the
// nearest known one.
Result<void> ReadFile(Settings& settings, const std::string& path);
Result<void> ReadEnvironment(Settings& settings);

// What can only be judged together: one half of TLS, an admin listener open to the world.
Result<void> Validate(const Settings& settings);

struct Address {
  std::string host;
  std::uint16_t port = 0;
};
// "127.0.0.1:8000", "[::1]:8000", ":8000" (all interfaces), "8000" (loopback).
Result<Address> ParseAddress(std::string_view text);
bool IsLoopback(std::string_view host);

}  // namespace insula::app
