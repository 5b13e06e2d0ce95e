#include "app/settings.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <vector>

#include "app/suggest.h"
#include "base/byte_units.h"

namespace insula::app {
namespace {

constexpr std::int64_t kMany = 1'000'000;
constexpr std::int64_t kDay = 24LL * 3600 * 1000;

using S = Settings;
using T = SettingType;

constexpr SettingRecord Text(std::string_view name, T type, std::string_view description, std::string S::* member,
                             std::string_view choices = {}) {
  return {name, type, description, member, nullptr, 0, 0, choices};
}
constexpr SettingRecord Number(std::string_view name, T type, std::string_view description, std::int64_t S::* member,
                               std::int64_t minimum, std::int64_t maximum) {
  return {name, type, description, nullptr, member, minimum, maximum, {}};
}

const std::array kSettings = {
    Text("server.listen", T::kAddress, "where applications connect; port 0 takes any free one", &S::listen),
    Text("server.admin_listen", T::kAddress,
         "where operators connect (the admin API); port 0 takes any free one, which DIR/server.json then names",
         &S::admin_listen),
    Text("server.region", T::kText, "the AWS region that requests are signed for and ARNs name", &S::region),
    Number("server.threads", T::kCount, "event loops; 0 takes one per core", &S::threads, 0, 1024),
    Number("server.shutdown_grace_ms", T::kMilliseconds, "how long SIGTERM waits for requests in flight",
           &S::shutdown_grace_ms, 0, kDay),
    Text("tls.certificate", T::kPath, "certificate chain, PEM; with tls.key it turns TLS on", &S::tls_certificate),
    Text("tls.key", T::kPath, "private key of the certificate, PEM", &S::tls_key),
    Number(
        "limits.memory_bytes_max", T::kBytes,
        "memory of the whole process, the engine's caches included; what requests may hold is the rest, and more are "
        "answered with 503; 0: half of the machine's",
        &S::memory_bytes_max, 0, 1024 * kGiB),
    Number("limits.connections_max", T::kCount,
           "open connections, as far as there are file descriptors for them; a further one takes the place of one that "
           "hasn't sent a signed request yet, or is closed at once",
           &S::connections_max, 1, kMany),
    Number("limits.connections_per_address_max", T::kCount,
           "those of one client address (of IPv6: one /64); 0: three quarters of all", &S::connections_per_address_max,
           0, kMany),
    Number("limits.header_bytes_max", T::kBytes, "size of a request's headers", &S::header_bytes_max, kKiB, kMiB),
    Number("limits.body_bytes_max", T::kBytes, "size of a request's body", &S::body_bytes_max, kKiB, 16 * kMiB),
    Number("limits.header_timeout_ms", T::kMilliseconds, "how long a client may take to send its headers",
           &S::header_timeout_ms, 10, kDay),
    Number("limits.body_timeout_ms", T::kMilliseconds, "how long a client may take to send its body",
           &S::body_timeout_ms, 10, kDay),
    Number("limits.stall_timeout_ms", T::kMilliseconds,
           "how long a client may take for the next byte of its body, or to take the next of its answer",
           &S::stall_timeout_ms, 10, kDay),
    Number("limits.idle_timeout_ms", T::kMilliseconds, "how long a connection may stay idle", &S::idle_timeout_ms, 10,
           kDay),
    Number("engine.block_cache_bytes", T::kBytes, "memory for blocks read, shared by all accounts' stores",
           &S::block_cache_bytes, kMiB, 1024 * kGiB),
    Number("engine.write_buffer_bytes", T::kBytes, "memory for writes not yet in tables, shared by all stores",
           &S::write_buffer_bytes, kMiB, 1024 * kGiB),
    Number("engine.background_bytes_per_second", T::kBytes,
           "what flushes, compactions, backups and restores write a second, together: well below what the disk can, or "
           "answers wait for them; 0: no limit",
           &S::background_bytes_per_second, 0, 1024 * kGiB),
    Number("engine.free_space_bytes_min", T::kBytes, "free disk space below which writes are refused",
           &S::free_space_bytes_min, 0, 1024 * kGiB),
    Text("engine.lost_writes", T::kChoice,
         "what to do with a store whose logs lack acknowledged writes: refuse to open it, or give_up what is missing, "
         "to "
         "be said once after a loss",
         &S::lost_writes, "refuse|give_up"),
    Number("expiry.period_ms", T::kMilliseconds, "how often tables are looked at for items whose time to live is over",
           &S::expiry_period_ms, 500, kDay / 24),
    Number("expiry.items_per_second", T::kCount,
           "how many expired items are deleted at most, over all tenants; they take turns", &S::expiry_items_per_second,
           1, kMany),
    Number("expiry.update_interval_ms", T::kMilliseconds,
           "how long after an UpdateTimeToLive the next one of the same table is refused; DynamoDB's hour unless set",
           &S::expiry_update_interval_ms, 0, kDay),
    Text("federation.private_addresses", T::kChoice,
         "whether the keys of issuers of identity tokens may come from this machine and the networks around it, and by "
         "http from there",
         &S::federation_private_addresses, "false|true"),
    Number("federation.address_attempts_per_second", T::kCount,
           "how many identity tokens one client address (of IPv6: one /64) may try; five seconds' worth at once",
           &S::federation_address_attempts_per_second, 1, kMany),
    Number("federation.issuer_attempts_per_second", T::kCount,
           "how many tokens of one issuer are looked at; five seconds' worth at once",
           &S::federation_issuer_attempts_per_second, 1, kMany),
    Text("objects.directory", T::kPath,
         "where exports go, and imports and bulk puts come from, as files; this or objects.s3_endpoint; neither: there "
         "are none",
         &S::objects_directory),
    Text("objects.s3_endpoint", T::kText, "the same in a bucket: an S3-compatible endpoint, https://HOST[:PORT]",
         &S::objects_s3_endpoint),
    Text("objects.s3_bucket", T::kText, "the bucket, addressed by path", &S::objects_s3_bucket),
    Text("objects.s3_prefix", T::kText, "what every key in it begins with", &S::objects_s3_prefix),
    Text("objects.s3_region", T::kText, "the region that its requests are signed for", &S::objects_s3_region),
    Text("objects.s3_ca_file", T::kPath, "certificates that it is trusted by, PEM; empty: the system's",
         &S::objects_s3_ca_file),
    Text("objects.s3_credentials_file", T::kPath,
         "an AWS credentials file, of which [default] counts; empty: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
         "AWS_SESSION_TOKEN in the environment",
         &S::objects_s3_credentials_file),
    Number("objects.jobs_max", T::kCount, "exports, imports and bulk puts at work at once", &S::objects_jobs_max, 1,
           64),
    Text("log.level", T::kChoice, "how much is logged", &S::log_level, "debug|info|warn|error|off"),
    Text("log.format", T::kChoice, "a line for people, or a JSON object per line", &S::log_format, "text|json"),
    Text("log.file", T::kPath, "where the log goes; empty: standard error. SIGHUP opens it again", &S::log_file),
    Text(
        "log.requests", T::kChoice,
        "which requests are logged, with tenant and request id: none, those that failed here or whose credentials were "
        "refused, or all",
        &S::log_requests, "none|refused|all"),
    Text("secrets.master_key", T::kText,
         "where the master key comes from, which secrets are sealed under: file:PATH, env:NAME or command:COMMAND; "
         "empty: "
         "file:DIR/master.key",
         &S::master_key),
    Text("names.account_template", T::kText, "physical table names in a tenant's own account", &S::account_template),
    Text("names.table_template", T::kText, "physical names of a tenant's tables in a shared account",
         &S::table_template),
    Text("names.pool_template", T::kText, "physical names of tables that tenants share", &S::pool_template),
    Text("names.service_template", T::kText, "physical names of a service's own tables", &S::service_template),
};

const SettingRecord* FindSetting(std::string_view name) {
  for (const auto& setting : kSettings)
    if (setting.name == name) return &setting;
  return nullptr;
}

Error Refuse(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

Error Unknown(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& setting : kSettings) names.push_back(setting.name);
  const std::string near = Nearest(name, names);
  return Refuse(fmt::format("there is no setting '{}'{}", name,
                            near.empty() ? std::string("; `insula serve --list-settings` lists them all")
                                         : fmt::format("; did you mean '{}'?", near)));
}

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
constexpr Unit kByteUnits[] = {{"", 1},       {"B", 1},           {"K", kKiB},     {"KB", 1000},
                               {"KiB", kKiB}, {"M", kMiB},        {"MB", 1000000}, {"MiB", kMiB},
                               {"G", kGiB},   {"GB", 1000000000}, {"GiB", kGiB}};
constexpr Unit kTimeUnits[] = {{"", 1}, {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"min", 60'000}, {"h", 3'600'000}};
constexpr Unit kNoUnits[] = {{"", 1}};

std::span<const Unit> UnitsOf(T type) {
  if (type == T::kBytes) return kByteUnits;
  if (type == T::kMilliseconds) return kTimeUnits;
  return kNoUnits;
}

std::string_view FormOf(T type) {
  switch (type) {
    case T::kBytes:
      return "a number of bytes (such as 67108864 or \"64MiB\")";
    case T::kMilliseconds:
      return "a time in milliseconds (such as 10000 or \"10s\")";
    default:
      return "a whole number";
  }
}

Result<void> SetNumber(Settings& settings, const SettingRecord& setting, std::string_view value) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  std::string_view suffix = value.substr(static_cast<std::size_t>(end - value.data()));
  while (!suffix.empty() && suffix.front() == ' ') suffix.remove_prefix(1);
  std::int64_t factor = 0;
  for (const Unit& unit : UnitsOf(setting.type))
    if (unit.name == suffix) factor = unit.factor;
  if (error != std::errc{} || factor == 0)
    return Refuse(fmt::format("{} takes {}, not '{}'", setting.name, FormOf(setting.type), value));
  if (__builtin_mul_overflow(number, factor, &number) || number < setting.minimum || number > setting.maximum)
    return Refuse(
        fmt::format("{} must be from {} to {}, not '{}'", setting.name, setting.minimum, setting.maximum, value));
  settings.*setting.number = number;
  return {};
}

Result<void> SetText(Settings& settings, const SettingRecord& setting, std::string_view value) {
  if (setting.type == T::kAddress) {
    if (auto address = ParseAddress(value); !address.ok())
      return Refuse(fmt::format("{}: {}", setting.name, address.error().message()));
  }
  if (setting.type == T::kChoice) {
    std::string_view rest = setting.choices;
    bool known = false;
    while (!rest.empty()) {
      const auto bar = rest.find('|');
      known = known || rest.substr(0, bar) == value;
      rest = bar == std::string_view::npos ? std::string_view{} : rest.substr(bar + 1);
    }
    if (!known) return Refuse(fmt::format("{} is one of {}, not '{}'", setting.name, setting.choices, value));
  }
  settings.*setting.text = std::string(value);
  return {};
}

Result<void> ReadTable(Settings& settings, const toml::table& table, const std::string& prefix,
                       const std::string& path) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    const auto where = [&, &source = node.source()] {
      return fmt::format("{}:{}:{}", path, source.begin.line, source.begin.column);
    };
    if (const auto* inner = node.as_table()) {
      INSULA_TRY(ReadTable(settings, *inner, name + ".", path));
      continue;
    }
    std::string value;
    if (const auto* text = node.as_string()) {
      value = text->get();
    } else if (const auto* number = node.as_integer()) {
      value = std::to_string(number->get());
    } else if (const auto* choice = node.as_boolean()) {
      value = choice->get() ? "true" : "false";
    } else {
      return Refuse(fmt::format("{}: {} takes text, a whole number, true or false", where(), name));
    }
    if (auto set = Set(settings, name, value); !set.ok())
      return Refuse(fmt::format("{}: {}", where(), set.error().message()));
  }
  return {};
}

}  // namespace

std::string_view NameOf(SettingType type) {
  switch (type) {
    case T::kText:
      return "text";
    case T::kAddress:
      return "address";
    case T::kPath:
      return "path";
    case T::kCount:
      return "count";
    case T::kBytes:
      return "bytes";
    case T::kMilliseconds:
      return "milliseconds";
    case T::kChoice:
      return "choice";
  }
  return "";
}

std::span<const SettingRecord> AllSettings() { return kSettings; }

std::string EnvironmentVariableOf(const SettingRecord& setting) {
  std::string name = "INSULA_";
  for (const char c : setting.name)
    name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::string ValueOf(const SettingRecord& setting, const Settings& settings) {
  return setting.text != nullptr ? settings.*setting.text : std::to_string(settings.*setting.number);
}

Result<void> Set(Settings& settings, std::string_view name, std::string_view value) {
  const SettingRecord* setting = FindSetting(name);
  if (setting == nullptr) return Unknown(name);
  return setting->text != nullptr ? SetText(settings, *setting, value) : SetNumber(settings, *setting, value);
}

Result<void> ReadFile(Settings& settings, const std::string& path) {
  // tomlplusplus is built with exceptions here: caught at the call.
  try {
    return ReadTable(settings, toml::parse_file(path), "", path);
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    if (at.line == 0) return Refuse(fmt::format("{}: {}", path, error.description()));
    return Refuse(fmt::format("{}:{}:{}: {}", path, at.line, at.column, error.description()));
  }
}

Result<void> ReadEnvironment(Settings& settings) {
  for (const auto& setting : kSettings) {
    const std::string name = EnvironmentVariableOf(setting);
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) continue;
    if (auto set = Set(settings, setting.name, value); !set.ok())
      return Refuse(fmt::format("environment variable {}: {}", name, set.error().message()));
  }
  return {};
}

Result<void> Validate(const Settings& settings) {
  const std::string& key = settings.master_key;
  if (!key.empty() && !key.starts_with("file:") && !key.starts_with("env:") && !key.starts_with("command:"))
    return Refuse("secrets.master_key is file:PATH, env:NAME or command:COMMAND");
  if (settings.tls_certificate.empty() != settings.tls_key.empty())
    return Refuse("tls.certificate and tls.key must be set together");
  if (!settings.objects_directory.empty() && !settings.objects_s3_endpoint.empty())
    return Refuse("objects.directory and objects.s3_endpoint exclude each other");
  if (settings.objects_s3_endpoint.empty() != settings.objects_s3_bucket.empty())
    return Refuse("objects.s3_endpoint and objects.s3_bucket must be set together");
  return {};
}

Result<Address> ParseAddress(std::string_view text) {
  const auto refuse = [&] {
    return Refuse(fmt::format("'{}' is no address; expected HOST:PORT, such as 127.0.0.1:8000 or [::1]:8000", text));
  };
  Address address;
  std::string_view port = text;
  if (!text.empty() && text.front() == '[') {
    const auto close = text.find("]:");
    if (close == std::string_view::npos) return refuse();
    address.host = std::string(text.substr(1, close - 1));
    port = text.substr(close + 2);
  } else if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
    if (text.find(':') != colon) return refuse();  // an IPv6 address without brackets
    address.host = colon == 0 ? "0.0.0.0" : std::string(text.substr(0, colon));
    port = text.substr(colon + 1);
  } else {
    address.host = "127.0.0.1";
  }
  if (address.host == "localhost") address.host = "127.0.0.1";
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (port.empty() || error != std::errc{} || end != port.data() + port.size()) return refuse();
  return address;
}

bool IsLoopback(std::string_view host) { return host.starts_with("127.") || host == "::1"; }

}  // namespace insula::app
