#include "app/object_place.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "objects/directory_store.h"
#include "objects/s3_store.h"

namespace insula::app {
namespace {

std::string Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1));
}

// The part [default] of an AWS credentials file.
Result<access::ClientCredentials> ReadCredentials(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Error(ErrorCode::kInvalidArgument, fmt::format("cannot read the credentials file '{}'", path));
  access::ClientCredentials credentials;
  std::string section;
  for (std::string line; std::getline(file, line);) {
    line = Trimmed(line);
    if (line.starts_with('[')) section = line;
    const std::size_t equals = line.find('=');
    if (section != "[default]" || equals == std::string::npos) continue;
    const std::string name = Trimmed(line.substr(0, equals)), value = Trimmed(line.substr(equals + 1));
    if (name == "aws_access_key_id") credentials.access_key_id = value;
    if (name == "aws_secret_access_key") credentials.secret = value;
    if (name == "aws_session_token") credentials.session_token = value;
  }
  return credentials;
}

std::string FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Result<access::ClientCredentials> CredentialsOf(const Settings& settings) {
  access::ClientCredentials credentials;
  if (settings.objects_s3_credentials_file.empty()) {
    credentials = {FromEnvironment("AWS_ACCESS_KEY_ID"), FromEnvironment("AWS_SECRET_ACCESS_KEY"),
                   FromEnvironment("AWS_SESSION_TOKEN")};
  } else {
    INSULA_ASSIGN(credentials, ReadCredentials(settings.objects_s3_credentials_file));
  }
  if (credentials.access_key_id.empty() || credentials.secret.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 "objects.s3_endpoint needs credentials: objects.s3_credentials_file, or AWS_ACCESS_KEY_ID and "
                 "AWS_SECRET_ACCESS_KEY in the environment");
  }
  return credentials;
}

}  // namespace

Result<std::unique_ptr<objects::ObjectStore>> OpenObjectPlace(const Settings& settings,
                                                              std::shared_ptr<const std::atomic<bool>> cancelled,
                                                              Clock& clock) {
  if (!settings.objects_directory.empty()) {
    auto place = objects::OpenDirectoryStore(settings.objects_directory,
                                             static_cast<std::uint64_t>(settings.free_space_bytes_min));
    if (place.ok() || place.error().code() == ErrorCode::kStorageFull) return place;
    return Error(ErrorCode::kInvalidArgument, "objects.directory: " + place.error().message());
  }
  if (settings.objects_s3_endpoint.empty()) return std::unique_ptr<objects::ObjectStore>();
  objects::S3Options options;
  options.endpoint = settings.objects_s3_endpoint;
  options.region = settings.objects_s3_region;
  options.bucket = settings.objects_s3_bucket;
  options.prefix = settings.objects_s3_prefix;
  options.ca_file = settings.objects_s3_ca_file;
  options.cancelled = std::move(cancelled);
  INSULA_ASSIGN(options.credentials, CredentialsOf(settings));
  return objects::OpenS3Store(std::move(options), clock);
}

}  // namespace insula::app
