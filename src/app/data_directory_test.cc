// What can be wrong with a directory is told apart before anything is opened in it.
#include "app/data_directory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace insula::app {
namespace {

class DataDirectoryTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(path_); }
  std::string Refusal() {
    auto check = directory_.Check();
    return check.ok() ? "" : check.error().message().substr(check.error().message().find(' '));
  }
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("insula_directory_" + std::to_string(::getpid()));
  DataDirectory directory_{path_};
};

TEST_F(DataDirectoryTest, MustExistAndBeInitialized) {
  EXPECT_FALSE(directory_.Check().ok());
  ASSERT_TRUE(directory_.Create().ok());
  EXPECT_NE(std::string::npos, directory_.Check().error().message().find("holds no organization yet"));
  ASSERT_TRUE(directory_.MarkInitialized().ok());
  EXPECT_TRUE(directory_.Check().ok());
  EXPECT_EQ(ErrorCode::kAlreadyExists, directory_.Create().error().code());
}

TEST_F(DataDirectoryTest, ANewerFormatIsRefused) {
  ASSERT_TRUE(directory_.Create().ok());
  ASSERT_TRUE(WriteFileAtomically(path_ / "format", R"({"v":2,"program":"9.9"})", 0644).ok());
  EXPECT_NE(std::string::npos,
            directory_.Check().error().message().find("has format version 2, written by insula 9.9"));
}

TEST_F(DataDirectoryTest, SomebodyElsesFilesAreLeftAlone) {
  std::filesystem::create_directories(path_);
  ASSERT_TRUE(WriteFileAtomically(path_ / "thesis.txt", "x", 0644).ok());
  EXPECT_EQ(ErrorCode::kFailedPrecondition, directory_.Create().error().code());
}

TEST_F(DataDirectoryTest, IsLockedByOneProcessAtATime) {
  ASSERT_TRUE(directory_.Create().ok());
  auto first = DirectoryLock::Take(directory_);
  ASSERT_TRUE(first.ok());
  auto second = DirectoryLock::Take(directory_);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(std::string::npos, second.error().message().find("in use by another process (pid "));
}

TEST_F(DataDirectoryTest, TheOperatorsKeyIsForItsOwnerOnly) {
  ASSERT_TRUE(directory_.Create().ok());
  ASSERT_TRUE(directory_.WriteOperatorKey({"AKIA", "secret", "us-east-1"}).ok());
  struct stat status{};
  ASSERT_EQ(0, ::stat((path_ / "operator.json").c_str(), &status));
  EXPECT_EQ(0600U, status.st_mode & 0777U);
  EXPECT_EQ("secret", directory_.ReadOperatorKey()->secret_access_key);
}

TEST_F(DataDirectoryTest, AServerThatIsGoneIsNoServer) {
  ASSERT_TRUE(directory_.Create().ok());
  EXPECT_FALSE(directory_.ReadServer().has_value());
  ASSERT_TRUE(directory_.WriteServer({"http://127.0.0.1:1", "http://127.0.0.1:2", ::getpid()}).ok());
  EXPECT_EQ("http://127.0.0.1:2", directory_.ReadServer()->admin_endpoint);
  ASSERT_TRUE(directory_.WriteServer({"http://127.0.0.1:1", "http://127.0.0.1:2", 999'999'999}).ok());
  EXPECT_FALSE(directory_.ReadServer().has_value());
}

TEST_F(DataDirectoryTest, AServerThatStartsIsWaitedFor) {
  ASSERT_TRUE(directory_.Create().ok());
  EXPECT_FALSE(directory_.AwaitServer([] {}).has_value()) << "nobody has begun to";
  auto lock = DirectoryLock::Take(directory_);
  ASSERT_TRUE(lock.ok());
  bool waited = false;
  std::thread serve([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
    ASSERT_TRUE(directory_.WriteServer({"http://127.0.0.1:1", "http://127.0.0.1:2", ::getpid()}).ok());
  });
  const auto server = directory_.AwaitServer([&] { waited = true; });
  serve.join();
  ASSERT_TRUE(server.has_value());
  EXPECT_EQ("http://127.0.0.1:2", server->admin_endpoint);
  EXPECT_TRUE(waited);
}

}  // namespace
}  // namespace insula::app
