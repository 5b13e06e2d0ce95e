// A server that starts with a setting misread is worse than one that doesn't start: every way to say one wrong is
// refused, with where and why.
#include "app/settings.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

namespace insula::app {
namespace {

class SettingsFile : public ::testing::Test {
 protected:
  void Write(std::string_view text) { std::ofstream(path_) << text; }
  void TearDown() override { std::filesystem::remove(path_); }
  std::string Refusal() {
    auto read = ReadFile(settings_, path_);
    return read.ok() ? "" : read.error().message().substr(path_.size());
  }
  std::string path_ =
      std::filesystem::temp_directory_path() / ("insula_settings_" + std::to_string(::getpid()) + ".toml");
  Settings settings_;
};

TEST_F(SettingsFile, SetsWhatItNamesAndLeavesTheRest) {
  Write(
      "[server]\nlisten = \"0.0.0.0:9000\"\n[limits]\nconnections_max = 5\nbody_bytes_max = \"1MiB\"\nidle_timeout_ms "
      "= \"2s\"\n");
  EXPECT_EQ("", Refusal());
  EXPECT_EQ("0.0.0.0:9000", settings_.listen);
  EXPECT_EQ(5, settings_.connections_max);
  EXPECT_EQ(1024 * 1024, settings_.body_bytes_max);
  EXPECT_EQ(2000, settings_.idle_timeout_ms);
  EXPECT_EQ("us-east-1", settings_.region);
}

TEST_F(SettingsFile, TrueAndFalseAreTomlsOwn) {
  Write("[federation]\nprivate_addresses = true\n");
  EXPECT_EQ("", Refusal());
  EXPECT_EQ("true", settings_.federation_private_addresses);
}

TEST_F(SettingsFile, ASettingThatDoesNotExistIsRefusedWithTheNearest) {
  Write("[server]\nlisen = \"x\"\n");
  EXPECT_EQ(":2:9: there is no setting 'server.lisen'; did you mean 'server.listen'?", Refusal());
}

TEST_F(SettingsFile, WrongValuesSayWhatTheSettingTakes) {
  Write("[limits]\nconnections_max = \"many\"\n");
  EXPECT_EQ(":2:19: limits.connections_max takes a whole number, not 'many'", Refusal());
  Write("[limits]\nbody_bytes_max = \"5 parsecs\"\n");
  EXPECT_EQ(":2:18: limits.body_bytes_max takes a number of bytes (such as 67108864 or \"64MiB\"), not '5 parsecs'",
            Refusal());
  Write("[limits]\nconnections_max = 0\n");
  EXPECT_EQ(":2:19: limits.connections_max must be from 1 to 1000000, not '0'", Refusal());
  Write("[log]\nlevel = \"loud\"\n");
  EXPECT_EQ(":2:9: log.level is one of debug|info|warn|error|off, not 'loud'", Refusal());
  Write("[federation]\nprivate_addresses = \"no\"\n");
  EXPECT_EQ(":2:21: federation.private_addresses is one of false|true, not 'no'", Refusal());
  Write("[limits]\nconnections_max = true\n");
  EXPECT_EQ(":2:19: limits.connections_max takes a whole number, not 'true'", Refusal());
  Write("[server]\nlisten = 1.5\n");
  EXPECT_EQ(":2:10: server.listen takes text, a whole number, true or false", Refusal());
}

TEST_F(SettingsFile, BrokenTomlSaysWhere) {
  Write("[server\nlisten = 1\n");
  EXPECT_EQ(":1:8:", Refusal().substr(0, 5));
}

TEST_F(SettingsFile, AMissingFileIsNoEmptyFile) { EXPECT_NE("", Refusal()); }

TEST(Settings, TheEnvironmentOverridesAndItsMistakesNameTheVariable) {
  Settings settings;
  ::setenv("INSULA_SERVER_REGION", "eu-west-1", 1);
  ::setenv("INSULA_LIMITS_CONNECTIONS_MAX", "12x", 1);
  auto read = ReadEnvironment(settings);
  ::unsetenv("INSULA_SERVER_REGION");
  ::unsetenv("INSULA_LIMITS_CONNECTIONS_MAX");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(
      "environment variable INSULA_LIMITS_CONNECTIONS_MAX: limits.connections_max takes a whole number, not '12x'",
      read.error().message());
  EXPECT_EQ("eu-west-1", settings.region);
}

TEST(Settings, EverySettingHasANameOfItsOwnAndADefaultItTakes) {
  std::set<std::string_view> names;
  for (const auto& setting : AllSettings()) {
    EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
    EXPECT_FALSE(setting.description.empty()) << setting.name;
    Settings settings;
    const auto set = Set(settings, setting.name, ValueOf(setting, Settings{}));
    EXPECT_TRUE(set.ok()) << setting.name;
  }
}

TEST(Settings, HalfOfTlsIsNone) {
  Settings settings;
  EXPECT_TRUE(Validate(settings).ok());
  settings.tls_certificate = "a.pem";
  EXPECT_FALSE(Validate(settings).ok());
}

TEST(ParseAddress, AcceptsTheUsualForms) {
  const auto of = [](std::string_view text) {
    auto address = ParseAddress(text);
    return address.ok() ? address->host + "|" + std::to_string(address->port) : "refused";
  };
  EXPECT_EQ("127.0.0.1|8000", of("127.0.0.1:8000"));
  EXPECT_EQ("127.0.0.1|8000", of("localhost:8000"));
  EXPECT_EQ("127.0.0.1|8000", of("8000"));
  EXPECT_EQ("0.0.0.0|8000", of(":8000"));
  EXPECT_EQ("::1|8000", of("[::1]:8000"));
  for (const auto bad : {"", "host", "host:", "host:99999", "::1:80", "[::1]", "1:2:3", "host:80x"})
    EXPECT_EQ("refused", of(bad));
}

}  // namespace
}  // namespace insula::app
