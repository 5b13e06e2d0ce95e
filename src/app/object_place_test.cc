// Which place the settings name, and that its credentials are read and never told.
#include "app/object_place.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "base/crypto.h"

namespace insula::app {
namespace {

namespace fs = std::filesystem;

class ObjectPlaceTest : public ::testing::Test {
 protected:
  ObjectPlaceTest() : directory_(fs::temp_directory_path() / ("insula-" + HexOf(RandomBytes(8)))) {
    fs::create_directories(directory_);
    for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) ::unsetenv(name);
  }
  ~ObjectPlaceTest() override { fs::remove_all(directory_); }

  Result<std::unique_ptr<objects::ObjectStore>> Open() { return OpenObjectPlace(settings, nullptr, Clock::System()); }
  std::string WriteCredentials(std::string_view text) {
    std::ofstream(directory_ / "credentials") << text;
    return (directory_ / "credentials").string();
  }

  const fs::path directory_;
  Settings settings;
};

TEST_F(ObjectPlaceTest, NoneIsNone) {
  const auto place = Open();
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(*place, nullptr);
}

TEST_F(ObjectPlaceTest, ADirectoryIsMade) {
  settings.objects_directory = (directory_ / "deep" / "objects").string();
  const auto place = Open();
  ASSERT_TRUE(place.ok()) << place.error().message();
  EXPECT_TRUE(objects::PutObject(**place, "a/b", "x").ok());
  EXPECT_TRUE(fs::exists(directory_ / "deep" / "objects" / "a" / "b"));
}

TEST_F(ObjectPlaceTest, ABucketNeedsCredentials) {
  settings.objects_s3_endpoint = "https://s3.example.com";
  settings.objects_s3_bucket = "bucket";
  auto place = Open();
  ASSERT_FALSE(place.ok());
  EXPECT_NE(place.error().message().find("objects.s3_credentials_file"), std::string::npos);

  ::setenv("AWS_ACCESS_KEY_ID", "AKID", 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", "from-the-environment", 1);
  EXPECT_TRUE(Open().ok());
  settings.objects_s3_credentials_file = (directory_ / "none").string();
  EXPECT_FALSE(Open().ok()) << "a file that is named counts alone";
  settings.objects_s3_credentials_file = WriteCredentials(
      "[other]\naws_access_key_id = no\naws_secret_access_key = no\n"
      "[default]\r\naws_access_key_id = AKID\r\naws_secret_access_key=the=secret \n");
  EXPECT_TRUE(Open().ok());
  settings.objects_s3_credentials_file = WriteCredentials("[default]\naws_secret_access_key = never-told\n");
  place = Open();
  ASSERT_FALSE(place.ok());
  EXPECT_EQ(place.error().message().find("never-told"), std::string::npos);
}

TEST_F(ObjectPlaceTest, SettingsThatContradictEachOtherAreRefused) {
  settings.objects_s3_endpoint = "https://s3.example.com";
  EXPECT_FALSE(Validate(settings).ok());
  settings.objects_s3_bucket = "bucket";
  EXPECT_TRUE(Validate(settings).ok());
  settings.objects_directory = directory_.string();
  EXPECT_FALSE(Validate(settings).ok());
}

}  // namespace
}  // namespace insula::app
