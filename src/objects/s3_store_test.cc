// S3's signature against Amazon's published example, and a store against an endpoint that fails.
#include "objects/s3_store.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "access/signer.h"
#include "objects/s3_xml.h"
#include "objects/testing/fake_s3.h"

namespace insula::objects {
namespace {

using testing::FakeS3;

std::unique_ptr<ObjectStore> Open(S3Options options) {
  auto opened = OpenS3Store(std::move(options), Clock::System());
  EXPECT_TRUE(opened.ok());
  return std::move(*opened);
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Example: GET Object"
TEST(S3Signature, IsAmazons) {
  access::Signer signer({"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", {}}, "us-east-1", "s3");
  const std::vector<std::pair<std::string_view, std::string_view>> headers = {
      {"Host", "examplebucket.s3.amazonaws.com"}, {"Range", "bytes=0-9"}};
  const auto added = signer.Sign("GET", "/test.txt", headers, "", WallTime(std::chrono::seconds(1369353600)));
  EXPECT_EQ(added.back().second,
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(S3Store, TriesAgainWhatMayPass) {
  FakeS3 fake;
  auto store = Open(fake.Options());
  for (const int status : {500, 503, 429}) {
    fake.Fail(4, status);
    EXPECT_TRUE(PutObject(*store, "a", "x").ok()) << status;
  }
  fake.Fail(100, 503);
  const auto failed = PutObject(*store, "a", "x");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code(), ErrorCode::kServiceUnavailable);
  EXPECT_NE(failed.error().message().find("503 (SlowDown)"), std::string::npos) << failed.error().message();
  fake.Fail(0, 0);
  const std::size_t before = fake.requests();
  fake.Fail(1, 400);
  EXPECT_EQ(PutObject(*store, "a", "x").error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(fake.requests(), before + 1) << "what can't pass is not tried again";
}

TEST(S3Store, ALargeObjectSurvivesAnyOneFailure) {
  const std::string large(300'000, 'x');
  for (int nth = 0; nth < 8; ++nth) {
    FakeS3 fake;
    auto store = Open(fake.Options());
    auto writer = store->Create("large");
    std::size_t written = 0;
    for (int step = 0; written < large.size(); ++step) {
      if (step == nth) fake.Fail(1, 500);
      ASSERT_TRUE((*writer)->Write(std::string_view(large).substr(written, 50'000)).ok());
      written += 50'000;
    }
    if (nth >= 6) fake.Fail(1, 500);
    ASSERT_TRUE((*writer)->Finish().ok());
    EXPECT_EQ(fake.objects().at("large"), large);
    EXPECT_EQ(fake.uploads(), 0u);
  }
}

TEST(S3Store, AnUploadGivenUpIsAborted) {
  FakeS3 fake;
  auto store = Open(fake.Options());
  {
    auto writer = store->Create("large");
    ASSERT_TRUE((*writer)->Write(std::string(200'000, 'x')).ok());
    EXPECT_EQ(fake.uploads(), 1u);
  }
  EXPECT_EQ(fake.uploads(), 0u);
  EXPECT_TRUE(fake.objects().empty());
}

TEST(S3Store, AnObjectThatChangesUnderTheReaderIsNoticed) {
  FakeS3 fake;
  auto store = Open(fake.Options());
  fake.Put("data", std::string(200'000, 'a'));
  auto reader = store->Open("data");
  std::string buffer(100'000, '\0');
  ASSERT_EQ((*reader)->Read(buffer).value(), 65'536u);
  fake.Put("data", std::string(200'000, 'b'));
  EXPECT_FALSE((*reader)->Read(buffer).ok());
}

TEST(S3Store, WrongCredentialsAreDeniedAndNeverTold) {
  FakeS3 fake;
  S3Options options = fake.Options();
  options.credentials.secret = "not-the-secret";
  const auto denied = Open(std::move(options))->Open("a");
  ASSERT_FALSE(denied.ok());
  EXPECT_EQ(denied.error().code(), ErrorCode::kAccessDenied);
  EXPECT_EQ(denied.error().message().find("not-the-secret"), std::string::npos);
  EXPECT_EQ(denied.error().message().find(testing::kAccessKey), std::string::npos);
}

TEST(S3Store, NobodyThereIsUnavailableAndCancellingEndsTheWait) {
  S3Options options;
  options.endpoint = "http://127.0.0.1:1";
  options.bucket = "b";
  options.tries_max = 2;
  options.retry_delay_ms_min = 1;
  EXPECT_EQ(Open(options)->Open("a").error().code(), ErrorCode::kServiceUnavailable);

  options.tries_max = 1000;
  options.retry_delay_ms_min = 10'000;
  auto cancelled = std::make_shared<std::atomic<bool>>(false);
  options.cancelled = cancelled;
  auto store = Open(options);
  const auto begin = std::chrono::steady_clock::now();
  std::thread other([&] { EXPECT_FALSE(store->Open("a").ok()); });
  cancelled->store(true);
  other.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(S3Store, RefusesWhatIsNoEndpoint) {
  for (const char* endpoint : {"", "s3.amazonaws.com", "ftp://x", "https://x/path", "file:///etc"}) {
    S3Options options;
    options.endpoint = endpoint;
    options.bucket = "b";
    EXPECT_FALSE(OpenS3Store(std::move(options), Clock::System()).ok()) << endpoint;
  }
}

TEST(S3Xml, FindsTextByName) {
  constexpr std::string_view kXml =
      "<R xmlns='x'><Keys>no</Keys><Key a='b'>1 &lt; 2 &amp;&#34;</Key><Key>two</Key><Empty/><Open>";
  EXPECT_EQ(XmlText(kXml, "Key"), "1 < 2 &\"");
  EXPECT_EQ(XmlText(kXml, "Empty"), std::nullopt);
  EXPECT_EQ(XmlText(kXml, "Open"), std::nullopt);
  EXPECT_EQ(XmlElements(kXml, "Key").size(), 2u);
  EXPECT_EQ(UrlDecoded("a%2Fb+c%"), "a/b c%");
}

}  // namespace
}  // namespace insula::objects
