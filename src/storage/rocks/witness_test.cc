// What the witness says, and what is read off the logs that it speaks of.
#include "storage/rocks/witness.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include "storage/rocks/log_scan.h"

namespace insula::storage::rocks {
namespace {

TEST(Witness, IsOneSectorAndSaysWhatItWasTold) {
  const Promise promise{4711, {{5, 1234}, {9, 77}}, {{12, 1ull << 40}, {14, 0}}};
  const std::string bytes = EncodePromise(promise);
  EXPECT_EQ(bytes.size(), 512u);
  EXPECT_EQ(DecodePromise(bytes), promise);
  EXPECT_EQ(DecodePromise(EncodePromise({})), Promise{});
}

TEST(Witness, DamageIsNoticed) {
  const std::string bytes = EncodePromise({4711, {{5, 1234}}, {{12, 99}}});
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_FALSE(DecodePromise(damaged)) << at;
    EXPECT_FALSE(DecodePromise(bytes.substr(0, at))) << at;
  }
}

TEST(Witness, OfManyLogsTheNewestAreNamed) {
  Promise promise{1, {{3, 10}}, {}};
  for (std::uint64_t number = 100; number < 200; ++number) promise.logs[number] = number;
  const Promise named = DecodePromise(EncodePromise(promise)).value();
  EXPECT_EQ(named.manifests, promise.manifests);
  EXPECT_EQ(named.logs.size(), 29u);
  EXPECT_EQ(named.logs.begin()->first, 171u);
  EXPECT_EQ(named.logs.rbegin()->first, 199u);
}

class WitnessFile : public ::testing::Test {
 protected:
  WitnessFile() : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())), files_(*env_->GetFileSystem()) {
    EXPECT_TRUE(env_->CreateDirIfMissing("/s").ok());
  }
  Promise OnDisk() { return Witness::Read(files_, "/s").value(); }
  std::unique_ptr<rocksdb::Env> env_;
  rocksdb::FileSystem& files_;
};

TEST_F(WitnessFile, ALogIsPromisedByTheAcknowledgementOfWhatIsInIt) {
  EXPECT_EQ(Witness::Read(files_, "/s").error().code(), ErrorCode::kNotFound);
  const auto witness = Witness::Begin(files_, "/s", {}, [](std::string_view) {}).value();
  EXPECT_EQ(OnDisk(), Promise{});
  witness->ManifestSynced(4, 100);
  witness->LogSynced(5, 1000);
  EXPECT_EQ(OnDisk(), (Promise{0, {{4, 100}}, {}}));
  witness->Acknowledge(7);
  EXPECT_EQ(OnDisk(), (Promise{7, {{4, 100}}, {{5, 1000}}}));
  witness->LogSynced(5, 2000);
  witness->LogSynced(6, 10);
  witness->Acknowledge(6);  // of another thread, a little late
  EXPECT_EQ(OnDisk(), (Promise{7, {{4, 100}}, {{5, 2000}, {6, 10}}}));
  EXPECT_TRUE(witness->ForgetLog(5).ok());
  EXPECT_TRUE(witness->ForgetLog(5).ok());
  EXPECT_TRUE(witness->ForgetManifest(4).ok());
  EXPECT_EQ(OnDisk(), (Promise{7, {}, {{6, 10}}}));
}

TEST(Crc32c, IsTheOneOfTheStandard) {
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aau);
}

// RocksDB's own logs, whole, cut and damaged at any place.
class LogScanning : public ::testing::Test {
 protected:
  LogScanning() : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    rocksdb::Options options;
    options.env = env_.get();
    options.create_if_missing = true;
    rocksdb::DB* raw = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open(options, "/db", &raw).ok());
    const std::unique_ptr<rocksdb::DB> db(raw);
    rocksdb::WriteOptions synced;
    synced.sync = true;
    for (int i = 0; i < 40; ++i) {
      rocksdb::WriteBatch batch;
      // Some records end near a block's end, some are larger than one.
      for (int j = 0; j <= i % 3; ++j) {
        EXPECT_TRUE(batch.Put(std::to_string(i * 3 + j), std::string(i % 5 == 4 ? 40'000 : 990 * (i % 7), 'v')).ok());
      }
      EXPECT_TRUE(db->Write(synced, &batch).ok());
      const LogScan scan = Scan(Log());
      EXPECT_EQ(scan.whole_bytes, scan.bytes);
      EXPECT_EQ(scan.damage, "");
      EXPECT_EQ(scan.first_sequence, 1u);
      EXPECT_EQ(scan.last_sequence, db->GetLatestSequenceNumber());
      ends_.push_back(scan.bytes);
    }
    EXPECT_TRUE(rocksdb::ReadFileToString(env_.get(), Log(), &content_).ok());
  }
  std::string Log() {
    std::vector<std::string> names;
    EXPECT_TRUE(env_->GetChildren("/db", &names).ok());
    for (const std::string& name : names) {
      if (name.ends_with(".log")) return "/db/" + name;
    }
    return "";
  }
  LogScan Scan(const std::string& path) { return ScanLog(*env_->GetFileSystem(), path).value(); }
  LogScan ScanText(const std::string& content) {
    EXPECT_TRUE(rocksdb::WriteStringToFile(env_.get(), content, "/db/scanned").ok());
    return Scan("/db/scanned");
  }
  // Where the last record before `at` ends.
  std::uint64_t EndBefore(std::uint64_t at) {
    std::uint64_t end = 0;
    for (const std::uint64_t e : ends_) end = e <= at ? e : end;
    return end;
  }
  std::unique_ptr<rocksdb::Env> env_;
  std::vector<std::uint64_t> ends_;
  std::string content_;
};

TEST_F(LogScanning, OfACutLogTheWholeRecordsCount) {
  for (std::size_t at = 0; at < content_.size(); at += 997) {
    const LogScan scan = ScanText(content_.substr(0, at));
    EXPECT_EQ(scan.whole_bytes, EndBefore(at)) << at;
    EXPECT_EQ(scan.damage, "") << at;
  }
}

TEST_F(LogScanning, ADamagedByteIsNamed) {
  for (std::size_t at = 0; at < content_.size(); at += 9973) {
    std::string damaged = content_;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    const LogScan scan = ScanText(damaged);
    EXPECT_LE(scan.whole_bytes, at) << at;
    EXPECT_GE(scan.whole_bytes, EndBefore(at)) << at;
    EXPECT_NE(scan.damage, "") << at;
  }
}

TEST_F(LogScanning, ZerosEndALogButNotInItsMiddle) {
  EXPECT_EQ(ScanText(content_ + std::string(100'000, '\0')).whole_bytes, content_.size());
  EXPECT_EQ(ScanText(content_ + std::string(100'000, '\0')).damage, "");
  const std::uint64_t middle = ends_[20];
  std::string holed = content_;
  std::fill_n(holed.begin() + static_cast<std::ptrdiff_t>(middle), 40'000, '\0');
  const LogScan scan = ScanText(holed);
  EXPECT_EQ(scan.whole_bytes, middle);
  EXPECT_NE(scan.damage, "");
}

TEST_F(LogScanning, WhetherRecordsFollowTheDamageIsTold) {
  for (std::size_t record = 0; record + 1 < ends_.size(); ++record) {
    for (const std::size_t into : {std::size_t{0}, std::size_t{4}, std::size_t{9}}) {
      std::string damaged = content_;
      const std::size_t at = ends_[record] + into;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
      const LogScan scan = ScanText(damaged);
      EXPECT_EQ(scan.whole_bytes, ends_[record]) << record;
      if (record + 2 == ends_.size()) {
        EXPECT_FALSE(scan.goes_on) << "the last record was damaged at its byte " << into;
      } else if (record + 10 < ends_.size()) {
        EXPECT_TRUE(scan.goes_on) << record << " was damaged at its byte " << into;
      }
    }
  }
}

TEST_F(LogScanning, AManifestHasTheSameForm) {
  std::string current;
  ASSERT_TRUE(rocksdb::ReadFileToString(env_.get(), "/db/CURRENT", &current).ok());
  current.pop_back();
  const LogScan scan = Scan("/db/" + current);
  EXPECT_GT(scan.bytes, 0u);
  EXPECT_EQ(scan.whole_bytes, scan.bytes);
}

}  // namespace
}  // namespace insula::storage::rocks
