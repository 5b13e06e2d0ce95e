#include "objects/s3_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "access/canonical_request.h"
#include "objects/s3_connection.h"
#include "objects/s3_xml.h"

namespace insula::objects {
namespace {

constexpr std::size_t kListMax = 1000;                   // S3's own, of one answer
constexpr std::size_t kListAnswerMax = 8 * 1024 * 1024;  // 1,000 keys of 1,024 bytes, each escaped
constexpr std::size_t kPartsMax = 10'000;
constexpr std::size_t kErrorAnswerMax = 64 * 1024;  // what an error says goes where the object would

std::string Encoded(std::string_view text) {
  std::string encoded;
  access::AppendUriEncoded(text, &encoded);
  return encoded;
}

// "/bucket/a%20key/with/slashes"
std::string PathOf(const S3Options& options, std::string_view key) {
  std::string path = "/" + Encoded(options.bucket);
  const std::string whole = options.prefix + std::string(key);
  std::string_view rest = whole;
  while (!rest.empty()) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    path += "/" + Encoded(rest.substr(0, slash));
    rest.remove_prefix(std::min(rest.size(), slash + 1));
  }
  return path;
}

class RangeReader : public ObjectReader {
 public:
  RangeReader(S3Connection& connection, std::string key) : connection_(connection), key_(std::move(key)) {}

  // The first range tells size and version.
  Result<void> Begin() { return Fetch(); }

  Result<std::size_t> Read(std::span<char> buffer) override {
    if (at_ == range_.size() && next_ < size_) INSULA_TRY(Fetch());
    const std::size_t count = std::min(buffer.size(), range_.size() - at_);
    std::copy_n(range_.data() + at_, count, buffer.data());
    at_ += count;
    return count;
  }

 private:
  Result<void> Fetch() {
    const std::size_t part = connection_.options().part_size;
    S3Request request{"GET", PathOf(connection_.options(), key_), {}, {}, part + kErrorAnswerMax};
    request.headers.emplace_back("Range", fmt::format("bytes={}-{}", next_, next_ + part - 1));
    if (!etag_.empty()) request.headers.emplace_back("If-Match", "\"" + etag_ + "\"");
    auto sent = connection_.Send(request);
    if (!sent.ok()) {
      // An empty object has no range.
      const bool unsatisfiable = sent.error().message().find("answered 416") != std::string::npos;
      if (unsatisfiable && next_ == 0) return {};
      return std::move(sent).error();
    }
    S3Answer answer = std::move(*sent);
    if (answer.status == 200) answer.whole = answer.body.size();  // small, or an endpoint that knows no ranges
    if (next_ == 0) {
      size_ = answer.whole;
      etag_ = answer.etag;
    }
    const std::uint64_t expected = std::min<std::uint64_t>(part, size_ - next_);
    if (answer.whole != size_ || (answer.status == 206 && answer.body.size() != expected)) {
      return Error(ErrorCode::kIo, fmt::format("The object {} changed while it was read", key_));
    }
    next_ += answer.body.size();
    range_ = std::move(answer.body);
    at_ = 0;
    return {};
  }

  S3Connection& connection_;
  const std::string key_;
  std::string etag_;
  std::uint64_t size_ = 0, next_ = 0;  // of the object; of what is asked for next
  std::string range_;
  std::size_t at_ = 0;
};

class PartWriter : public ObjectWriter {
 public:
  PartWriter(S3Connection& connection, std::string key)
      : connection_(connection), key_(std::move(key)), path_(PathOf(connection.options(), key_)) {}
  ~PartWriter() override {
    if (upload_.empty() || finished_) return;
    // What isn't aborted stays, unseen, until the bucket's own rules remove it.
    (void)connection_.Send({"DELETE", path_ + "?uploadId=" + Encoded(upload_), {}, {}});
  }

  Result<void> Write(std::string_view bytes) override {
    size_ += bytes.size();
    const std::size_t part = connection_.options().part_size;
    while (!bytes.empty()) {
      const std::size_t taken = std::min(bytes.size(), part - pending_.size());
      pending_.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      if (pending_.size() == part) INSULA_TRY(SendPart());
    }
    return {};
  }

  Result<ObjectInfo> Finish() override {
    if (upload_.empty()) {
      INSULA_ASSIGN(const S3Answer answer, connection_.Send({"PUT", path_, {}, pending_}));
      finished_ = true;
      return ObjectInfo{key_, size_, answer.etag};
    }
    if (!pending_.empty()) INSULA_TRY(SendPart());
    std::string body = "<CompleteMultipartUpload>";
    for (std::size_t i = 0; i < etags_.size(); ++i) {
      body += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>&quot;{}&quot;</ETag></Part>", i + 1, etags_[i]);
    }
    body += "</CompleteMultipartUpload>";
    INSULA_ASSIGN(const S3Answer answer, connection_.Send({"POST", path_ + "?uploadId=" + Encoded(upload_), {}, body}));
    // S3 begins its answer with 200 before it knows how this ends.
    std::optional<std::string> etag = XmlText(answer.body, "ETag");
    if (!etag) return Error(ErrorCode::kServiceUnavailable, fmt::format("S3 did not complete the upload of {}", key_));
    finished_ = true;
    std::erase(*etag, '"');
    return ObjectInfo{key_, size_, *std::move(etag)};
  }

 private:
  Result<void> SendPart() {
    if (upload_.empty()) {
      INSULA_ASSIGN(const S3Answer begun, connection_.Send({"POST", path_ + "?uploads=", {}, {}}));
      std::optional<std::string> id = XmlText(begun.body, "UploadId");
      if (!id || id->empty()) return Error(ErrorCode::kIo, "S3 began an upload without telling its id");
      upload_ = *std::move(id);
    }
    if (etags_.size() == kPartsMax) {
      return Error(ErrorCode::kStorageFull, fmt::format("The object {} has more than {} parts", key_, kPartsMax));
    }
    const std::string target = fmt::format("{}?partNumber={}&uploadId={}", path_, etags_.size() + 1, Encoded(upload_));
    INSULA_ASSIGN(S3Answer answer, connection_.Send({"PUT", target, {}, pending_}));
    etags_.push_back(std::move(answer.etag));
    pending_.clear();
    return {};
  }

  S3Connection& connection_;
  const std::string key_, path_;
  std::string pending_;
  std::string upload_;  // empty until the first part is full
  std::vector<std::string> etags_;
  std::uint64_t size_ = 0;
  bool finished_ = false;
};

class S3Store : public ObjectStore {
 public:
  S3Store(S3Options options, Clock& clock) : connection_(std::move(options), clock) {}

  Result<ObjectPage> List(std::string_view prefix, std::string_view after, std::size_t limit) override {
    INSULA_TRY(CheckPrefix(prefix));
    const S3Options& options = connection_.options();
    ObjectPage page;
    std::string start(after);
    while (page.objects.size() < limit) {
      const std::size_t count = std::min(kListMax, limit - page.objects.size());
      // In order of name, as the signature has them.
      std::string target = fmt::format("/{}?encoding-type=url&list-type=2&max-keys={}&prefix={}",
                                       Encoded(options.bucket), count, Encoded(options.prefix + std::string(prefix)));
      if (!start.empty()) target += "&start-after=" + Encoded(options.prefix + start);
      INSULA_ASSIGN(const S3Answer answer, connection_.Send({"GET", std::move(target), {}, {}, kListAnswerMax}));
      const std::vector<std::string_view> elements = XmlElements(answer.body, "Contents");
      for (const std::string_view element : elements) {
        INSULA_ASSIGN(ObjectInfo object, ReadEntry(element));
        start = object.key;
        // What others put there (a "folder" of the console's, say) is no object of ours.
        if (CheckKey(object.key).ok()) page.objects.push_back(std::move(object));
      }
      page.more = XmlText(answer.body, "IsTruncated").value_or("false") == "true";
      if (!page.more) break;
      if (elements.empty()) return Error(ErrorCode::kIo, "S3 says that its list goes on, but not with what");
    }
    return page;
  }

  Result<std::unique_ptr<ObjectReader>> Open(std::string_view key) override {
    INSULA_TRY(CheckKey(key));
    auto reader = std::make_unique<RangeReader>(connection_, std::string(key));
    INSULA_TRY(reader->Begin());
    return std::unique_ptr<ObjectReader>(std::move(reader));
  }

  Result<std::unique_ptr<ObjectWriter>> Create(std::string_view key) override {
    INSULA_TRY(CheckKey(key));
    return std::unique_ptr<ObjectWriter>(new PartWriter(connection_, std::string(key)));
  }

  Result<void> Delete(std::string_view key) override {
    INSULA_TRY(CheckKey(key));
    const auto sent = connection_.Send({"DELETE", PathOf(connection_.options(), key), {}, {}});
    if (!sent.ok() && sent.error().code() != ErrorCode::kNotFound) return sent.error();
    return {};
  }

 private:
  Result<ObjectInfo> ReadEntry(std::string_view element) const {
    const std::optional<std::string> key = XmlText(element, "Key"), size = XmlText(element, "Size");
    ObjectInfo object;
    if (key) object.key = UrlDecoded(*key);
    const std::string& prefix = connection_.options().prefix;
    if (!key || !size || !object.key.starts_with(prefix)) {
      return Error(ErrorCode::kIo, "S3 answered a list that is none");
    }
    object.key.erase(0, prefix.size());
    std::from_chars(size->data(), size->data() + size->size(), object.size);
    return object;
  }

  S3Connection connection_;
};

}  // namespace

Result<std::unique_ptr<ObjectStore>> OpenS3Store(S3Options options, Clock& clock) {
  while (options.endpoint.ends_with('/')) options.endpoint.pop_back();
  if (!options.endpoint.starts_with("http://") && !options.endpoint.starts_with("https://")) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("'{}' is no endpoint of S3: http://… or https://…", options.endpoint));
  }
  if (options.endpoint.find('/', options.endpoint.find("://") + 3) != std::string::npos) {
    return Error(ErrorCode::kInvalidArgument, fmt::format("An endpoint of S3 has no path: '{}'", options.endpoint));
  }
  if (options.bucket.empty()) return Error(ErrorCode::kInvalidArgument, "S3 needs a bucket");
  if (!options.prefix.empty() && !options.prefix.ends_with('/')) options.prefix.push_back('/');
  INSULA_TRY(CheckPrefix(options.prefix));
  return std::unique_ptr<ObjectStore>(new S3Store(std::move(options), clock));
}

}  // namespace insula::objects
