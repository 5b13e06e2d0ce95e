#include "transfer/input.h"

#include <fmt/format.h>

#include <utility>

namespace insula::transfer {
namespace {

constexpr std::size_t kListPage = 1000;

}  // namespace

// Counts what is read of an object.
class Input::Counted : public objects::ObjectReader {
 public:
  Counted(std::unique_ptr<objects::ObjectReader> object, std::shared_ptr<std::uint64_t> bytes)
      : object_(std::move(object)), bytes_(std::move(bytes)) {}
  Result<std::size_t> Read(std::span<char> buffer) override {
    Result<std::size_t> read = object_->Read(buffer);
    if (read.ok()) *bytes_ += *read;
    return read;
  }

 private:
  const std::unique_ptr<objects::ObjectReader> object_;
  const std::shared_ptr<std::uint64_t> bytes_;
};

Result<void> Input::List() {
  std::string after;
  for (bool more = true; more;) {
    INSULA_ASSIGN(objects::ObjectPage page, source_.bucket->List(source_.prefix, after, kListPage));
    more = page.more && !page.objects.empty();
    if (more) after = page.objects.back().key;
    for (objects::ObjectInfo& object : page.objects) {
      if (!source_.left_out.empty() && object.key.starts_with(source_.left_out)) continue;
      if (object.size > services_.limits.object_bytes_max) {
        return JobFailed({"S3ObjectTooLarge", fmt::format("The object {} has more than {} bytes", object.key,
                                                          services_.limits.object_bytes_max)});
      }
      total_bytes_ += object.size;
      objects_.push_back(std::move(object));
    }
    if (objects_.size() > services_.limits.objects_max) {
      return JobFailed({"S3TooManyObjects", fmt::format("At most {} objects are read", services_.limits.objects_max)});
    }
  }
  if (objects_.empty()) INSULA_TRY(CheckMayBeEmpty());
  while (next_ < objects_.size() && objects_[next_].key < cursor_.object) bytes_before_ += objects_[next_++].size;
  return {};
}

Result<void> Input::CheckMayBeEmpty() const {
  if (!source_.may_be_empty) return JobFailed({"S3NoSuchKey", "There is no object under the given bucket and prefix"});
  // A bucket is a folder, and there as soon as anything is in it.
  INSULA_ASSIGN(const objects::ObjectPage any, source_.bucket->List("", "", 1));
  if (any.objects.empty()) return JobFailed({"S3NoSuchBucket", "The specified bucket does not exist"});
  return {};
}

std::uint64_t Input::read_bytes() const { return bytes_before_ + (object_bytes_ ? *object_bytes_ : 0); }

// False if there is none.
Result<bool> Input::OpenNext() {
  if (next_ == objects_.size()) return false;
  const std::string& key = objects_[next_].key;
  const std::uint64_t skipped = key == cursor_.object ? cursor_.records : 0;
  cursor_ = {key, 0};
  INSULA_ASSIGN(auto object, source_.bucket->Open(key));
  object_bytes_ = std::make_shared<std::uint64_t>(0);
  object = std::make_unique<Counted>(std::move(object), object_bytes_);
  records_ = OpenRecords(std::move(object), source_.format, source_.table->definition,
                         {.size_max = services_.limits.record_bytes_max, .with_conditions = source_.with_conditions});
  for (; cursor_.records < skipped; ++cursor_.records) {
    INSULA_TRY(services_.CheckGoingOn());
    const Result<bool> there = records_->Skip();
    if (!there.ok() || !*there) break;
  }
  counted_ = records_->bytes();
  return true;
}

// The object is done.
void Input::Close() {
  bytes_before_ += objects_[next_++].size;
  object_bytes_.reset();
  records_.reset();
  // Behind this key and before any other: no key has such a character.
  cursor_.object.push_back('\0');
  cursor_.records = 0;
}

Result<std::optional<InputRecord>> Input::Next() {
  for (;;) {
    if (!records_) {
      INSULA_ASSIGN(const bool any, OpenNext());
      if (!any) return std::optional<InputRecord>();
    }
    Result<std::optional<Result<Record>>> next = records_->Next();
    unpacked_bytes_ += records_->bytes() - std::exchange(counted_, records_->bytes());
    if (next.ok() && next->has_value()) {
      return std::optional(InputRecord{cursor_.object, cursor_.records++, *std::move(*next)});
    }
    if (!next.ok()) {
      const ErrorCode code = next.error().code();
      if (code != ErrorCode::kCorruption && code != ErrorCode::kValidation) return std::move(next).error();
      InputRecord last{cursor_.object, cursor_.records, std::move(next).error()};
      Close();
      return std::optional(std::move(last));
    }
    Close();
  }
}

}  // namespace insula::transfer
