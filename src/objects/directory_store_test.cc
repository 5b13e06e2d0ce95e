// What a directory has and a bucket hasn't: links, other kinds of files, what a crash leaves behind.
#include "objects/directory_store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/crypto.h"
#include "objects/testing/get_object.h"

namespace insula::objects {
namespace {

namespace fs = std::filesystem;

class DirectoryStoreTest : public ::testing::Test {
 protected:
  DirectoryStoreTest() : base_(fs::temp_directory_path() / ("insula-" + HexOf(RandomBytes(8)))) {
    store = std::move(*OpenDirectoryStore(root()));
    fs::create_directories(base_ / "outside");
    Write(base_ / "outside" / "secret", "another's");
  }
  ~DirectoryStoreTest() override { fs::remove_all(base_); }
  fs::path root() const { return base_ / "objects"; }
  static void Write(const fs::path& path, std::string_view text) { std::ofstream(path) << text; }
  static std::string Read(const fs::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::vector<std::string> Keys() {
    std::vector<std::string> keys;
    const auto page = store->List("", "", 100);
    for (const ObjectInfo& object : page->objects) keys.push_back(object.key);
    return keys;
  }

  const fs::path base_;
  std::unique_ptr<ObjectStore> store;
};

TEST_F(DirectoryStoreTest, FollowsNoLink) {
  fs::create_directory(root() / "a");
  fs::create_symlink(base_ / "outside", root() / "a" / "folder");
  fs::create_symlink(base_ / "outside" / "secret", root() / "a" / "file");
  EXPECT_FALSE(store->Open("a/file").ok());
  EXPECT_FALSE(store->Open("a/folder/secret").ok());
  EXPECT_FALSE(store->Create("a/folder/new").ok());
  EXPECT_FALSE(store->Delete("a/folder/secret").ok());
  EXPECT_FALSE(store->List("a/folder/", "", 10).ok());
  EXPECT_TRUE(Keys().empty());
  // A put takes the link's place and leaves what it pointed to alone.
  EXPECT_TRUE(PutObject(*store, "a/file", "mine").ok());
  EXPECT_EQ(Read(base_ / "outside" / "secret"), "another's");
  EXPECT_EQ(GetObject(*store, "a/file", 100).value(), "mine");
  EXPECT_TRUE(fs::exists(base_ / "outside" / "secret"));
}

TEST_F(DirectoryStoreTest, OnlyFilesAreObjects) {
  ASSERT_EQ(::mkfifo((root() / "pipe").c_str(), 0600), 0);
  fs::create_directory(root() / "folder");
  EXPECT_EQ(store->Open("folder").error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(store->Open("pipe").error().code(), ErrorCode::kNotFound);
  EXPECT_TRUE(Keys().empty());
}

TEST_F(DirectoryStoreTest, WhatACrashLeftIsUnseenAndOverwritten) {
  Write(root() / ".insula-new-data.json", "half");
  EXPECT_TRUE(Keys().empty());
  EXPECT_TRUE(PutObject(*store, "data.json", "whole").ok());
  EXPECT_EQ(Keys(), std::vector<std::string>({"data.json"}));
  EXPECT_FALSE(fs::exists(root() / ".insula-new-data.json"));
}

TEST_F(DirectoryStoreTest, IsItsOwnersAlone) {
  EXPECT_TRUE(PutObject(*store, "a/data.json", "x").ok());
  EXPECT_EQ(fs::status(root()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(root() / "a").permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(root() / "a/data.json").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

// A directory for each of a key's levels, all open at once, was most of a small limit for one import.
TEST_F(DirectoryStoreTest, DeepKeysTakeFewDescriptors) {
  std::string deep;
  for (int level = 0; level < 400; ++level) deep += "d/";
  std::vector<std::string> keys = {deep + "a", deep + "b", "d/d/side", "d/z"};
  std::string middle;
  for (int level = 0; level < 200; ++level) middle += "d/";
  keys.push_back(middle + "e");
  for (const std::string& key : keys) ASSERT_TRUE(PutObject(*store, key, "x").ok());
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  few.rlim_cur = static_cast<rlim_t>(std::distance(fs::directory_iterator("/proc/self/fd"), {})) + 30;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  const auto whole = store->List("", "", 100);
  const auto rest = store->List("", deep + "a", 100);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  std::ranges::sort(keys);
  ASSERT_TRUE(whole.ok()) << whole.error().message();
  ASSERT_EQ(whole->objects.size(), keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(whole->objects[i].key, keys[i]);
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(rest->objects.size(), keys.size() - 1);
}

TEST_F(DirectoryStoreTest, LeavesRoomOnItsDisk) {
  EXPECT_TRUE(PutObject(*store, "data.json", "x").ok());
  store = std::move(*OpenDirectoryStore(root(), 1ull << 60));
  EXPECT_EQ(PutObject(*store, "more.json", "x").error().code(), ErrorCode::kStorageFull);
  EXPECT_EQ(GetObject(*store, "data.json", 10).value(), "x");
  EXPECT_TRUE(store->Delete("data.json").ok());
  EXPECT_TRUE(Keys().empty());
}

TEST_F(DirectoryStoreTest, ReopenedItHasTheSame) {
  EXPECT_TRUE(PutObject(*store, "a/data.json", "x").ok());
  store = std::move(*OpenDirectoryStore(root()));
  EXPECT_EQ(GetObject(*store, "a/data.json", 10).value(), "x");
  EXPECT_EQ(GetObject(*store, "a/data.json", 0).error().code(), ErrorCode::kStorageFull);
}

}  // namespace
}  // namespace insula::objects
