// S3's protocol in memory, for tests: objects, lists, ranges and multipart uploads, behind signatures that it checks by
// its own reading of the rules. Faults can be asked for.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/md5.h"
#include "base/mutex.h"
#include "http/server.h"
#include "objects/s3_store.h"

namespace insula::objects::testing {

inline constexpr char kBucket[] = "insula-objects";
inline constexpr char kAccessKey[] = "AKIDTEST";
inline constexpr char kSecret[] = "wJalrXUtnFEMI";

class FakeS3 {
 public:
  FakeS3() {
    http::ServerOptions options;
    options.port = 0;
    options.threads = 1;
    server_ = std::make_unique<http::Server>(
        options, [this](const http::Request& request) -> Task<http::Response> { co_return Answer(request); });
    const auto started = server_->Start();
    EXPECT_TRUE(started.ok());
  }
  ~FakeS3() { server_->Stop(1000); }

  S3Options Options() const {
    S3Options options;
    options.endpoint = fmt::format("http://127.0.0.1:{}", server_->port());
    options.bucket = kBucket;
    options.credentials = {kAccessKey, kSecret, {}};
    options.part_size = 64 * 1024;
    options.retry_delay_ms_min = 1;
    return options;
  }

  // The next `count` requests are answered with `status`.
  void Fail(int count, int status) {
    const MutexLock lock(mutex_);
    failures_ = count;
    failure_status_ = status;
  }
  std::size_t requests() const { return requests_; }
  std::size_t uploads() const {
    const MutexLock lock(mutex_);
    return uploads_.size();
  }
  std::map<std::string, std::string> objects() const {
    const MutexLock lock(mutex_);
    return objects_;
  }
  void Put(const std::string& key, std::string bytes) {
    const MutexLock lock(mutex_);
    objects_[key] = std::move(bytes);
  }

 private:
  using Query = std::map<std::string, std::string>;

  static std::string Unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%') {
        plain.push_back(static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
        i += 2;
      } else {
        plain.push_back(text[i]);
      }
    }
    return plain;
  }
  static std::string Between(std::string_view text, std::string_view begin, std::string_view end) {
    const std::size_t from = text.find(begin);
    if (from == std::string_view::npos) return {};
    const std::size_t start = from + begin.size();
    return std::string(text.substr(start, text.find(end, start) - start));
  }
  static std::string EtagOf(std::string_view bytes) { return HexOf(AsText(Md5::Of(bytes))); }
  static http::Response Refuse(int status, std::string_view code) {
    return {status, {}, fmt::format("<Error><Code>{}</Code></Error>", code)};
  }

  // Targets come from the store with escaped, sorted queries: the canonical form is the form as sent.
  bool SignatureHolds(const http::Request& request) const {
    const std::string authorization(request.Header("authorization"));
    const std::string date(request.Header("x-amz-date"));
    const std::string names = Between(authorization, "SignedHeaders=", ",");
    const std::string body_hash(HexOf(AsText(Sha256::Of(request.body))));
    if (request.Header("x-amz-content-sha256") != body_hash) return false;
    const std::size_t mark = std::min(request.target.find('?'), request.target.size());
    std::string canonical = fmt::format("{}\n{}\n{}\n", request.method, request.target.substr(0, mark),
                                        mark < request.target.size() ? request.target.substr(mark + 1) : "");
    std::size_t count = 0;
    for (std::size_t at = 0; at < names.size(); ++count) {
      const std::size_t end = std::min(names.find(';', at), names.size());
      const std::string name = names.substr(at, end - at);
      canonical += fmt::format("{}:{}\n", name, request.Header(name));
      at = end + 1;
    }
    canonical += fmt::format("\n{}\n{}", names, body_hash);
    const std::string scope = fmt::format("{}/us-east-1/s3/aws4_request", date.substr(0, 8));
    const std::string to_sign =
        fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", date, scope, HexOf(AsText(Sha256::Of(canonical))));
    std::string key = std::string("AWS4") + kSecret;
    for (const std::string& part :
         {date.substr(0, 8), std::string("us-east-1"), std::string("s3"), std::string("aws4_request"), to_sign}) {
      key = std::string(AsText(HmacSha256Key(key).Sign(part)));
    }
    return count >= 3 && authorization.find(fmt::format("Credential={}/{}", kAccessKey, scope)) != std::string::npos &&
           authorization.ends_with("Signature=" + HexOf(key));
  }

  http::Response Answer(const http::Request& request) {
    const MutexLock lock(mutex_);
    ++requests_;
    if (!SignatureHolds(request)) return Refuse(403, "SignatureDoesNotMatch");
    if (failures_ > 0) {
      --failures_;
      return Refuse(failure_status_, "SlowDown");
    }
    const std::size_t mark = std::min(request.target.find('?'), request.target.size());
    const std::string path = Unescaped(request.target.substr(0, mark));
    Query query;
    for (std::size_t at = mark + 1; at < request.target.size();) {
      const std::size_t end = std::min(request.target.find('&', at), request.target.size());
      const std::string_view pair = request.target.substr(at, end - at);
      const std::size_t equal = std::min(pair.find('='), pair.size());
      query[Unescaped(pair.substr(0, equal))] = equal < pair.size() ? Unescaped(pair.substr(equal + 1)) : "";
      at = end + 1;
    }
    const std::string root = fmt::format("/{}", kBucket);
    if (path == root) return List(query);
    if (!path.starts_with(root + "/")) return Refuse(404, "NoSuchBucket");
    const std::string key = path.substr(root.size() + 1);
    if (request.method == "GET") return Get(key, request);
    if (request.method == "PUT") return PutOf(key, query, std::string(request.body));
    if (request.method == "POST") return Upload(key, query, request.body);
    if (query.contains("uploadId")) {
      uploads_.erase(query["uploadId"]);
    } else {
      objects_.erase(key);
    }
    return {204, {}, {}};
  }

  http::Response List(const Query& query) const INSULA_REQUIRES(mutex_) {
    const auto start = query.find("start-after");
    std::string contents;
    std::size_t count = 0, limit = std::stoul(query.at("max-keys"));
    bool more = false;
    for (const auto& [key, bytes] : objects_) {
      if (!key.starts_with(query.at("prefix"))) continue;
      if (start != query.end() && key <= start->second) continue;
      if (count++ == limit) {
        more = true;
        break;
      }
      std::string escaped;
      for (const char c : key) escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
      contents += fmt::format("<Contents><Key>{}</Key><Size>{}</Size></Contents>", escaped, bytes.size());
    }
    return {
        200, {}, fmt::format("<ListBucketResult><IsTruncated>{}</IsTruncated>{}</ListBucketResult>", more, contents)};
  }
  http::Response Get(const std::string& key, const http::Request& request) const INSULA_REQUIRES(mutex_) {
    const auto found = objects_.find(key);
    if (found == objects_.end()) return Refuse(404, "NoSuchKey");
    const std::string etag = "\"" + EtagOf(found->second) + "\"";
    if (const auto match = request.Header("if-match"); !match.empty() && match != etag) {
      return Refuse(412, "PreconditionFailed");
    }
    const std::string range(request.Header("range"));
    const std::size_t first = std::stoul(Between(range, "=", "-")),
                      last = std::stoul(range.substr(range.find('-') + 1));
    if (first >= found->second.size()) return Refuse(416, "InvalidRange");
    std::string part = found->second.substr(first, last - first + 1);
    http::Response response{206, {{"ETag", etag}}, std::move(part)};
    response.headers.emplace_back(
        "Content-Range", fmt::format("bytes {}-{}/{}", first, first + response.body.size() - 1, found->second.size()));
    return response;
  }
  http::Response PutOf(const std::string& key, const Query& query, std::string body) INSULA_REQUIRES(mutex_) {
    const std::string etag = EtagOf(body);
    if (const auto upload = query.find("uploadId"); upload != query.end()) {
      uploads_.at(upload->second)[std::stoi(query.at("partNumber"))] = std::move(body);
    } else {
      objects_[key] = std::move(body);
    }
    return {200, {{"ETag", "\"" + etag + "\""}}, {}};
  }
  http::Response Upload(const std::string& key, const Query& query, std::string_view body) INSULA_REQUIRES(mutex_) {
    if (query.contains("uploads")) {
      const std::string id = fmt::format("upload+{}/", next_upload_++);
      uploads_[id];
      return {
          200,
          {},
          fmt::format("<InitiateMultipartUploadResult><UploadId>{}</UploadId></InitiateMultipartUploadResult>", id)};
    }
    const auto upload = uploads_.find(query.at("uploadId"));
    if (upload == uploads_.end()) return Refuse(404, "NoSuchUpload");
    std::string whole;
    for (const auto& [number, part] : upload->second) {
      if (body.find(EtagOf(part)) == std::string_view::npos) return Refuse(400, "InvalidPart");
      whole += part;
    }
    const std::size_t parts = upload->second.size();
    uploads_.erase(upload);
    objects_[key] = std::move(whole);
    return {200,
            {},
            fmt::format("<CompleteMultipartUploadResult><ETag>&quot;{}-{}&quot;</ETag></CompleteMultipartUploadResult>",
                        EtagOf(objects_[key]), parts)};
  }

  mutable Mutex mutex_;
  std::map<std::string, std::string> objects_ INSULA_GUARDED_BY(mutex_);
  std::map<std::string, std::map<int, std::string>> uploads_ INSULA_GUARDED_BY(mutex_);
  int next_upload_ INSULA_GUARDED_BY(mutex_) = 1;
  int failures_ INSULA_GUARDED_BY(mutex_) = 0;
  int failure_status_ INSULA_GUARDED_BY(mutex_) = 0;
  std::atomic<std::size_t> requests_ = 0;
  std::unique_ptr<http::Server> server_;
};

}  // namespace insula::objects::testing
