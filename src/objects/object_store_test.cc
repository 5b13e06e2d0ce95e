// One suite over every store: a key means the same object in a directory and in a bucket, and no key means anything
// else.
#include "objects/object_store.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/crypto.h"
#include "objects/context_objects.h"
#include "objects/directory_store.h"
#include "objects/testing/fake_s3.h"
#include "objects/testing/get_object.h"

namespace insula::objects {
namespace {

class InDirectory {
 public:
  InDirectory() : directory_(std::filesystem::temp_directory_path() / ("insula-" + HexOf(RandomBytes(8)))) {
    auto opened = OpenDirectoryStore(directory_);
    EXPECT_TRUE(opened.ok());
    store = std::move(*opened);
  }
  ~InDirectory() { std::filesystem::remove_all(directory_); }
  std::unique_ptr<ObjectStore> store;

 private:
  std::filesystem::path directory_;
};

class InS3 {
 public:
  InS3() {
    S3Options options = fake_.Options();
    options.prefix = "below/here";
    auto opened = OpenS3Store(std::move(options), Clock::System());
    EXPECT_TRUE(opened.ok());
    store = std::move(*opened);
  }

 private:
  testing::FakeS3 fake_;

 public:
  std::unique_ptr<ObjectStore> store;
};

template <class Holder>
class ObjectStoreTest : public ::testing::Test {
 protected:
  ObjectStore& store() { return *holder_.store; }
  void Put(const std::string& key, std::string_view bytes) {
    const auto put = PutObject(store(), key, bytes);
    ASSERT_TRUE(put.ok()) << put.error().message();
    EXPECT_EQ(put->key, key);
    EXPECT_EQ(put->size, bytes.size());
    EXPECT_FALSE(put->etag.empty());
  }
  std::string Get(const std::string& key) {
    auto got = GetObject(store(), key, 10'000'000);
    return got.ok() ? *std::move(got) : std::string(TraitsOf(got.error().code()).name);
  }
  std::vector<std::string> List(std::string_view prefix, std::string_view after = {}, std::size_t limit = 1000) {
    const auto page = store().List(prefix, after, limit);
    EXPECT_TRUE(page.ok()) << page.error().message();
    std::vector<std::string> keys;
    for (const ObjectInfo& object : page->objects) keys.push_back(object.key);
    if (page->more) keys.push_back("…");
    return keys;
  }

 private:
  Holder holder_;
};
using Stores = ::testing::Types<InDirectory, InS3>;
TYPED_TEST_SUITE(ObjectStoreTest, Stores);

using Keys = std::vector<std::string>;

TYPED_TEST(ObjectStoreTest, KeepsWhatIsPut) {
  this->Put("a/b.json", "one");
  this->Put("a/b.json", "two");
  EXPECT_EQ(this->Get("a/b.json"), "two");
  this->Put("empty", "");
  EXPECT_EQ(this->Get("empty"), "");
  EXPECT_EQ(this->Get("a/c"), "NotFoundException");
  EXPECT_EQ(this->Get("a"), "NotFoundException");
  EXPECT_EQ(this->Get("no/such/folder"), "NotFoundException");
  this->Put("höhe & <tiefe>/a b+c%20.csv", "odd");
  EXPECT_EQ(this->Get("höhe & <tiefe>/a b+c%20.csv"), "odd");
}

TYPED_TEST(ObjectStoreTest, StreamsWhatIsLargerThanABuffer) {
  std::string large;
  for (int i = 0; large.size() < 300'000; ++i) large += std::to_string(i);
  auto writer = this->store().Create("large");
  ASSERT_TRUE(writer.ok());
  for (std::size_t at = 0; at < large.size(); at += 7'001) {
    ASSERT_TRUE((*writer)->Write(std::string_view(large).substr(at, 7'001)).ok());
    EXPECT_EQ(this->Get("large"), "NotFoundException") << "visible before it is whole";
  }
  const auto finished = (*writer)->Finish();
  ASSERT_TRUE(finished.ok()) << finished.error().message();
  EXPECT_EQ(finished->size, large.size());
  EXPECT_EQ(this->Get("large"), large);
}

TYPED_TEST(ObjectStoreTest, AWriterGivenUpLeavesNothing) {
  this->Put("kept", "former");
  {
    auto writer = this->store().Create("kept");
    ASSERT_TRUE((*writer)->Write(std::string(200'000, 'x')).ok());
  }
  EXPECT_EQ(this->Get("kept"), "former");
  EXPECT_EQ(this->List(""), Keys({"kept"}));
}

TYPED_TEST(ObjectStoreTest, ListsInOrderOfKeysPageByPage) {
  for (const char* key : {"b", "a/x", "a-", "a/y/z", "a0", "a/y.json", "a", "c/d/e"}) {
    if (std::string_view(key) == "a") continue;  // a file can't be a directory as well
    this->Put(key, key);
  }
  EXPECT_EQ(this->List(""), Keys({"a-", "a/x", "a/y.json", "a/y/z", "a0", "b", "c/d/e"}));
  EXPECT_EQ(this->List("a/"), Keys({"a/x", "a/y.json", "a/y/z"}));
  EXPECT_EQ(this->List("a/y"), Keys({"a/y.json", "a/y/z"}));
  EXPECT_EQ(this->List("a"), Keys({"a-", "a/x", "a/y.json", "a/y/z", "a0"}));
  EXPECT_EQ(this->List("c/d/e"), Keys({"c/d/e"}));
  EXPECT_EQ(this->List("nothing/here"), Keys());
  EXPECT_EQ(this->List("", "", 3), Keys({"a-", "a/x", "a/y.json", "…"}));
  EXPECT_EQ(this->List("", "a/y.json", 3), Keys({"a/y/z", "a0", "b", "…"}));
  EXPECT_EQ(this->List("", "b", 3), Keys({"c/d/e"}));
}

TYPED_TEST(ObjectStoreTest, DeletesOnceOrTwice) {
  this->Put("a/b", "x");
  EXPECT_TRUE(this->store().Delete("a/b").ok());
  EXPECT_TRUE(this->store().Delete("a/b").ok());
  EXPECT_TRUE(this->store().Delete("no/such").ok());
  EXPECT_EQ(this->Get("a/b"), "NotFoundException");
}

TYPED_TEST(ObjectStoreTest, NoKeyLeavesItsPlace) {
  this->Put("a/b", "x");
  for (const std::string& key :
       {std::string(".."), std::string("../a"), std::string("a/../b"), std::string("a/.."), std::string("/etc/passwd"),
        std::string("a//b"), std::string("a/"), std::string("./a"), std::string("a\0b", 3), std::string("a\nb"),
        std::string(""), std::string("a/\xff"), std::string(".insula-new-b"), std::string("a/.insula-new-b"),
        std::string(1025, 'x')}) {
    EXPECT_EQ(this->store().Open(key).error().code(), ErrorCode::kInvalidArgument) << key;
    EXPECT_EQ(this->store().Create(key).error().code(), ErrorCode::kInvalidArgument) << key;
    EXPECT_EQ(this->store().Delete(key).error().code(), ErrorCode::kInvalidArgument) << key;
  }
  for (const std::string& prefix : {std::string(".."), std::string("../"), std::string("a/../"), std::string("/"),
                                    std::string("a//"), std::string("a\0", 2)}) {
    EXPECT_EQ(this->store().List(prefix, "", 10).error().code(), ErrorCode::kInvalidArgument) << prefix;
  }
}

// What one context stores under a bucket and key, no other finds under any.
TYPED_TEST(ObjectStoreTest, AContextSeesItsOwnBucketsAlone) {
  const ContextNames acme{EnvironmentName("prod"), ServiceName("shop"), TenantId("acme")};
  const ContextNames globex{EnvironmentName("prod"), ServiceName("shop"), TenantId("globex")};
  const AccountId one("111111111111"), two("222222222222");
  auto mine = OpenBucket(this->store(), RootOf(acme, one), "exports");
  auto theirs = OpenBucket(this->store(), RootOf(globex, two), "exports");
  ASSERT_TRUE(mine.ok() && theirs.ok());
  const auto put = PutObject(**mine, "2026/data.json", "acme's");
  ASSERT_TRUE(put.ok());
  EXPECT_EQ(put->key, "2026/data.json");
  EXPECT_EQ(GetObject(**mine, "2026/data.json", 100).value(), "acme's");
  EXPECT_EQ((*mine)->List("", "", 10)->objects.at(0).key, "2026/data.json");
  EXPECT_EQ((*mine)->List("", "2026/data.json", 10)->objects.size(), 0u);
  EXPECT_EQ(this->Get("prod/shop/111111111111/exports/2026/data.json"), "acme's");

  EXPECT_EQ((*theirs)->Open("2026/data.json").error().code(), ErrorCode::kNotFound);
  EXPECT_EQ((*theirs)->List("", "", 10)->objects.size(), 0u);
  for (const char* key : {"../../111111111111/exports/2026/data.json", "../exports/2026/data.json",
                          "/prod/shop/111111111111/exports/2026/data.json"}) {
    EXPECT_EQ((*theirs)->Open(key).error().code(), ErrorCode::kInvalidArgument) << key;
    EXPECT_EQ((*theirs)->List(key, "", 10).error().code(), ErrorCode::kInvalidArgument) << key;
  }
  for (const char* bucket :
       {"..", "../111111111111", "a/b", "", "ab", ".a.", "111111111111/exports", "a\nb", "exports/"}) {
    EXPECT_FALSE(OpenBucket(this->store(), RootOf(globex, two), bucket).ok()) << bucket;
  }
  // Another bucket of the same context, and a tenant of the same name in a later life.
  EXPECT_EQ((*OpenBucket(this->store(), RootOf(acme, one), "other"))->List("", "", 10)->objects.size(), 0u);
  EXPECT_EQ((*OpenBucket(this->store(), RootOf(acme, AccountId("333333333333")), "exports"))
                ->List("", "", 10)
                ->objects.size(),
            0u);
}

}  // namespace
}  // namespace insula::objects
