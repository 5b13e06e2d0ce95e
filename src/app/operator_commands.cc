#include "app/operator_commands.h"

#include <array>

namespace insula::app {
namespace {

using K = ArgumentKind;

constexpr ArgumentSpec kEnvironment{K::kText, "--environment", "Environment", "the environment, such as prod", true};
constexpr ArgumentSpec kAnyEnvironment{K::kText, "--environment", "Environment", "only this environment", false};
constexpr ArgumentSpec kService{K::kText, "--service", "Service", "the service", true};
constexpr ArgumentSpec kAnyService{K::kText, "--service", "Service", "only this service", false};
constexpr ArgumentSpec kAnyTenant{K::kText, "--tenant", "Tenant", "only this tenant", false};
constexpr ArgumentSpec kTenantName{K::kPosition, "TENANT", "Tenant", "the tenant's id: [a-z0-9][a-z0-9-]{0,62}", true};
constexpr ArgumentSpec kServiceName{K::kPosition, "SERVICE", "Service", "the service's name", true};
constexpr ArgumentSpec kKeyId{K::kPosition, "ACCESS_KEY_ID", "AccessKeyId", "the access key's id, AKIA…", true};
constexpr std::string_view kModelHelp =
    "partition model: account (an account of its own), table (tables of its own), index (a part of shared tables)";

constexpr std::array kEnvironmentCreate = {
    ArgumentSpec{K::kPosition, "ENVIRONMENT", "Environment", "its name: letters, digits, '-' and '_'; no dot", true}};
constexpr std::array kServiceCreate = {
    kServiceName, kEnvironment, ArgumentSpec{K::kText, "--model", "PartitionModel", kModelHelp, true},
    ArgumentSpec{K::kSwitch, "--tenant-defined-tables", "TenantDefinedTables",
                 "tenants may create and delete tables themselves", false},
    ArgumentSpec{K::kJsonFile, "--template", "Template",
                 "file with the tables every tenant gets: a JSON list of CreateTable requests", false}};
constexpr std::array kServiceList = {kAnyEnvironment};
constexpr std::array kServiceShow = {kServiceName, kEnvironment};
constexpr std::array kServiceTemplate = {
    kServiceName, kEnvironment,
    ArgumentSpec{K::kJsonFile, "--set", "Template",
                 "put the tables of this file (a JSON list of CreateTable requests, - "
                 "for standard input) in the template; every tenant gets those it lacks",
                 false},
    ArgumentSpec{K::kText, "--remove", "Remove", "take this table out of the template; tenants keep theirs", false}};
constexpr std::array kServiceShare = {
    kServiceName, kEnvironment, ArgumentSpec{K::kText, "--table", "Table", "a table of the service's own", true},
    ArgumentSpec{K::kSwitch, "--off", "Off", "no longer readable by its tenants", false}};
constexpr std::array kTenantCreate = {
    kTenantName, ArgumentSpec{K::kText, "--tier", "Tier", "the tier, such as standard or premium", false}};
constexpr std::array kTenantPlace = {
    kTenantName, kEnvironment, kService,
    ArgumentSpec{K::kText, "--model", "PartitionModel", "another model than the service's, for this tenant", false}};
constexpr std::array kTenantList = {kAnyEnvironment, kAnyService};
constexpr std::array kTenantShow = {kTenantName};
constexpr std::array kCredentialsCreate = {
    ArgumentSpec{K::kText, "--environment", "Environment", "the context's environment", false},
    ArgumentSpec{K::kText, "--service", "Service", "the context's service", false},
    ArgumentSpec{K::kText, "--tenant", "Tenant", "the context's tenant; without it the key is the service's own",
                 false},
    ArgumentSpec{K::kSwitch, "--act-for-tenants", "ActForTenants",
                 "a service's key that may name any of its tenants in a signed x-insula-tenant header", false},
    ArgumentSpec{K::kText, "--account", "Account",
                 "instead of a context: an operator's key, which sees this account's "
                 "physical tables",
                 false},
    ArgumentSpec{K::kSwitch, "--admin", "Admin", "an operator's key that may call the admin API", false},
    ArgumentSpec{K::kText, "--description", "Description", "your own words about it", false}};
constexpr std::array kCredentialsList = {kAnyEnvironment, kAnyService, kAnyTenant};
constexpr std::array kCredentialsOne = {kKeyId};
constexpr ArgumentSpec kIssuer{K::kPosition, "ISSUER", "Issuer", "the issuer: its tokens' claim iss, a URL", true};
constexpr std::string_view kAudienceHelp = "whom its tokens are for: their claim azp or aud";
constexpr ArgumentSpec kEnvironmentClaim{K::kText, "--environment-claim", "EnvironmentClaim",
                                         "the claim that names the environment", false};
constexpr ArgumentSpec kServiceClaim{K::kText, "--service-claim", "ServiceClaim", "the claim that names the service",
                                     false};
constexpr ArgumentSpec kTenantClaim{K::kText, "--tenant-claim", "TenantClaim", "the claim that names the tenant",
                                    false};
constexpr ArgumentSpec kItsTenants{K::kTexts, "--tenant", "Tenants",
                                   "a tenant that its tokens may name; without any they may name all", false};
constexpr ArgumentSpec kAlgorithms{K::kTexts, "--algorithm", "Algorithms",
                                   "an algorithm that it signs by: RS256 unless said, RS384, RS512, PS256, PS384, "
                                   "PS512, ES256, ES384, ES512",
                                   false};
constexpr ArgumentSpec kIssuerKeys{K::kText, "--keys", "Keys",
                                   "where its public keys are, a JWK set: file:/PATH on the server or https://…; "
                                   "unless said found by OpenID discovery",
                                   false};
constexpr std::array kIssuerCreate = {
    kIssuer,       ArgumentSpec{K::kTexts, "--audience", "Audiences", kAudienceHelp, true},
    kTenantClaim,  kEnvironmentClaim,
    kServiceClaim, kItsTenants,
    kAlgorithms,   kIssuerKeys};
constexpr std::array kIssuerUpdate = {
    kIssuer,
    ArgumentSpec{K::kTexts, "--audience", "Audiences", kAudienceHelp, false},
    kTenantClaim,
    kEnvironmentClaim,
    kServiceClaim,
    kItsTenants,
    kAlgorithms,
    kIssuerKeys,
    ArgumentSpec{K::kTexts, "--unset", "Unset",
                 "what is to be as if it had not been said: TenantClaim, EnvironmentClaim, ServiceClaim, Tenants, "
                 "Algorithms or Keys",
                 false}};
constexpr std::array kIssuerOne = {kIssuer};
constexpr std::array kTableList = {
    kAnyEnvironment, kAnyService, kAnyTenant,
    ArgumentSpec{K::kText, "--account", "Account", "only this account's physical tables", false},
    ArgumentSpec{K::kSwitch, "--physical", "Physical", "physical tables, as the engine has them", false}};
constexpr std::array kTableShow = {
    ArgumentSpec{K::kPosition, "TABLE", "Table",
                 "logical name (with --environment, --service and --tenant) or physical name "
                 "(with --account)",
                 true},
    ArgumentSpec{K::kText, "--environment", "Environment", "the environment", false},
    ArgumentSpec{K::kText, "--service", "Service", "the service", false},
    ArgumentSpec{K::kText, "--tenant", "Tenant", "the tenant; without it the service's own table", false},
    ArgumentSpec{K::kText, "--account", "Account", "the account of a physical table", false}};
constexpr std::array kTableContributors = {
    ArgumentSpec{K::kPosition, "TABLE", "Table", "the table's logical name", true}, kEnvironment, kService,
    ArgumentSpec{K::kText, "--tenant", "Tenant", "the tenant; without it the service's own table", false},
    ArgumentSpec{K::kText, "--index", "Index", "a global index of the table, instead of the table itself", false}};
constexpr std::array kAccountList = {kAnyEnvironment};
constexpr std::array kUsageShown = {kAnyEnvironment, kAnyService, kAnyTenant};
constexpr std::array kVerify = {kAnyEnvironment, kAnyService, kAnyTenant};
constexpr ArgumentSpec kOfTenant{K::kText, "--tenant", "Tenant", "the tenant; without it the service's own tables",
                                 false};
constexpr ArgumentSpec kBackup{K::kPosition, "BACKUP", "Backup", "the backup's id or ARN", true};
constexpr std::array kBackupCreate = {
    ArgumentSpec{K::kPosition, "TABLE", "Table", "the table's name", true}, kEnvironment, kService, kOfTenant,
    ArgumentSpec{K::kText, "--name", "Name", "the backup's name; without it the table's", false}};
constexpr std::array kBackupList = {kAnyEnvironment, kAnyService, kAnyTenant,
                                    ArgumentSpec{K::kText, "--table", "Table", "only this table", false}};
constexpr std::array kBackupDelete = {kBackup, kEnvironment, kService, kOfTenant};
constexpr std::array kBackupRestore = {
    kBackup, kEnvironment, kService, kOfTenant,
    ArgumentSpec{K::kText, "--to", "Target", "name of the table to make of it", true}};
constexpr std::array kBackupRestores = {kAnyEnvironment, kAnyService, kAnyTenant};
constexpr ArgumentSpec kPrefix{K::kText, "--prefix", "Prefix", "only those whose key begins with this", false};
constexpr std::array kObjectList = {
    kEnvironment,
    kService,
    kOfTenant,
    ArgumentSpec{K::kText, "--bucket", "Bucket", "only this bucket", false},
    kPrefix,
    ArgumentSpec{K::kText, "--after", "StartAfter",
                 "where a list of 1,000 ended: the last bucket/key, with --bucket the last key", false}};
constexpr std::array kObjectDelete = {kEnvironment, kService, kOfTenant,
                                      ArgumentSpec{K::kText, "--bucket", "Bucket", "the bucket", true}, kPrefix};
constexpr std::array kTenantRestore = {
    kTenantName,
    kEnvironment,
    kService,
    ArgumentSpec{K::kText, "--table", "Table", "only this table; without it all of the tenant's in the service", false},
    ArgumentSpec{K::kText, "--at", "Time",
                 "as it was then, such as 2026-11-23T12:00:00Z, where point-in-time recovery is on; without it from "
                 "each table's newest backup",
                 false},
    ArgumentSpec{K::kText, "--suffix", "Suffix", "what the new tables are called after the old ones: -restored",
                 false}};

constexpr std::array kCommands = {
    CommandSpec{"environment", "create", "CreateEnvironment", "make an environment",
                "insula environment create prod --data ./data", kEnvironmentCreate},
    CommandSpec{
        "environment", "list", "ListEnvironments", "list environments", "insula environment list --data ./data", {}},
    CommandSpec{"service", "create", "CreateService", "make a service in an environment",
                "insula service create catalog --environment prod --model index --tenant-defined-tables --data ./data",
                kServiceCreate},
    CommandSpec{"service", "list", "ListServices", "list services",
                "insula service list --environment prod --data ./data", kServiceList},
    CommandSpec{"service", "show", "DescribeService", "show one service, its template and its own tables",
                "insula service show catalog --environment prod --data ./data", kServiceShow},
    CommandSpec{"service", "template", "ServiceTemplate", "show or change the tables that a service's tenants get",
                "insula service template catalog --environment prod --set tables.json --data ./data", kServiceTemplate},
    CommandSpec{"service", "share", "ShareServiceTable", "let a service's tenants read one of its own tables",
                "insula service share catalog --environment prod --table Currencies --data ./data", kServiceShare},
    CommandSpec{"tenant", "create", "CreateTenant", "make a tenant",
                "insula tenant create acme --tier premium --data ./data", kTenantCreate},
    CommandSpec{"tenant", "place", "PlaceTenant", "give a tenant its place in a service",
                "insula tenant place acme --environment prod --service catalog --model account --data ./data",
                kTenantPlace},
    CommandSpec{"tenant", "list", "ListTenants", "list tenants", "insula tenant list --data ./data", kTenantList},
    CommandSpec{"tenant", "show", "DescribeTenant", "show one tenant, its placements and tables",
                "insula tenant show acme --data ./data", kTenantShow},
    CommandSpec{"tenant", "suspend", "SuspendTenant", "refuse a tenant's requests; its data stays",
                "insula tenant suspend acme --data ./data", kTenantShow},
    CommandSpec{"tenant", "resume", "ResumeTenant", "serve a suspended tenant again",
                "insula tenant resume acme --data ./data", kTenantShow},
    CommandSpec{"tenant", "delete", "DeleteTenant", "delete a tenant, its data and its access keys, for good",
                "insula tenant delete acme --yes --data ./data", kTenantShow, true},
    CommandSpec{
        "tenant", "restore", "RestoreTenant",
        "make new tables of a tenant's, as they were or from backups; nothing else is touched",
        "insula tenant restore acme --environment prod --service catalog --at 2026-11-23T12:00:00Z --data ./data",
        kTenantRestore, false, true},
    CommandSpec{"backup", "create", "CreateBackup", "back up one table",
                "insula backup create Products --environment prod --service catalog --tenant acme --data ./data",
                kBackupCreate},
    CommandSpec{"backup", "list", "ListBackups", "list backups", "insula backup list --tenant acme --data ./data",
                kBackupList},
    CommandSpec{"backup", "restore", "RestoreBackup", "make a table of a backup",
                "insula backup restore 01764072000000-5d1f6c2a --environment prod --service catalog --tenant acme "
                "--to Products-restored --data ./data",
                kBackupRestore, false, true},
    CommandSpec{"backup", "restores", "ListRestores", "list restored tables, and how far those under way are",
                "insula backup restores --tenant acme --data ./data", kBackupRestores},
    CommandSpec{"backup", "delete", "DeleteBackup", "delete a backup, for good",
                "insula backup delete 01764072000000-5d1f6c2a --environment prod --service catalog --tenant acme --yes "
                "--data ./data",
                kBackupDelete, true},
    CommandSpec{"object", "list", "ListObjects", "list objects: what exports wrote, and what imports read",
                "insula object list --environment prod --service catalog --tenant acme --data ./data", kObjectList},
    CommandSpec{
        "object", "delete", "DeleteObjects", "delete objects of one bucket, for good",
        "insula object delete --environment prod --service catalog --tenant acme --bucket exports --prefix 2026/ "
        "--yes --data ./data",
        kObjectDelete, true},
    CommandSpec{"credentials", "create", "CreateCredentials", "make an access key; its secret is shown this once",
                "insula credentials create --environment prod --service catalog --tenant acme --data ./data",
                kCredentialsCreate},
    CommandSpec{"credentials", "list", "ListCredentials", "list access keys, without secrets",
                "insula credentials list --tenant acme --data ./data", kCredentialsList},
    CommandSpec{"credentials", "activate", "ActivateCredentials", "let a deactivated access key sign again",
                "insula credentials activate AKIA… --data ./data", kCredentialsOne},
    CommandSpec{"credentials", "deactivate", "DeactivateCredentials", "refuse an access key, at once",
                "insula credentials deactivate AKIA… --data ./data", kCredentialsOne},
    CommandSpec{"credentials", "delete", "DeleteCredentials", "delete an access key, at once",
                "insula credentials delete AKIA… --data ./data", kCredentialsOne},
    CommandSpec{"issuer", "create", "CreateIdentityIssuer", "trust an issuer of identity tokens",
                "insula issuer create https://login.example.com/saas --audience saas-web --tenant-claim tenant --data "
                "./data",
                kIssuerCreate},
    CommandSpec{"issuer", "update", "UpdateIdentityIssuer",
                "change what is said; a list takes the place of the one before, the rest stays",
                "insula issuer update https://login.example.com/saas --tenant acme --tenant globex --data ./data",
                kIssuerUpdate},
    CommandSpec{"issuer", "show", "DescribeIdentityIssuer", "show one issuer",
                "insula issuer show https://login.example.com/saas --data ./data", kIssuerOne},
    CommandSpec{"issuer", "list", "ListIdentityIssuers", "list issuers", "insula issuer list --data ./data", {}},
    CommandSpec{"issuer", "delete", "DeleteIdentityIssuer",
                "trust an issuer's tokens no longer; sessions that came of them go on until they end",
                "insula issuer delete https://login.example.com/saas --data ./data", kIssuerOne},
    CommandSpec{"table", "list", "ListTables", "list tables: logical ones of a context, or physical ones",
                "insula table list --environment prod --service catalog --tenant acme --data ./data", kTableList},
    CommandSpec{"table", "show", "DescribeTable", "show one table, and where its items are",
                "insula table show Products --environment prod --service catalog --tenant acme --data ./data",
                kTableShow},
    CommandSpec{"table", "contributors", "ListContributors",
                "show the keys that are accessed and throttled most, where contributor insights are enabled",
                "insula table contributors Products --environment prod --service catalog --tenant acme --data ./data",
                kTableContributors},
    CommandSpec{"account", "list", "ListAccounts", "list accounts: the payer's, the shared ones, the tenants' own",
                "insula account list --data ./data", kAccountList},
    CommandSpec{"", "usage", "GetUsage", "consumed capacity and stored bytes by tenant and table",
                "insula usage --environment prod --data ./data", kUsageShown},
    CommandSpec{"", "verify", "VerifyTables", "read everything, and compare what is there with what was counted",
                "insula verify --data ./data", kVerify},
};

struct Group {
  std::string_view name;
  std::string_view help;
};
constexpr Group kGroups[] = {
    {"environment", "environments: dev, qa, prod …; nothing crosses from one to another"},
    {"service", "services: each owns its tables and picks a partition model"},
    {"tenant", "tenants: the customers, and where each one's data lives"},
    {"backup", "backups of tables, and tables made of them"},
    {"object", "objects of tenants and services: exports, and files to import"},
    {"credentials", "access keys of tenants, services and operators"},
    {"issuer", "issuers of identity tokens, which roles are assumed with"},
    {"table", "tables, logical and physical"},
    {"account", "accounts: namespaces of physical tables"},
};

}  // namespace

std::span<const CommandSpec> OperatorCommands() { return kCommands; }

std::string_view HelpOfGroup(std::string_view group) {
  for (const auto& [name, help] : kGroups)
    if (name == group) return help;
  return "";
}

}  // namespace insula::app
