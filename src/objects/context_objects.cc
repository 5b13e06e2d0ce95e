#include "objects/context_objects.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"

namespace insula::objects {
namespace {

constexpr std::size_t kBucketNameMin = 3;
constexpr std::size_t kBucketNameMax = 240;

bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

class Narrowed : public ObjectStore {
 public:
  Narrowed(ObjectStore& store, std::string root) : store_(store), root_(std::move(root)) {}

  Result<ObjectPage> List(std::string_view prefix, std::string_view after, std::size_t limit) override {
    INSULA_TRY(CheckPrefix(prefix));
    INSULA_ASSIGN(ObjectPage page,
                  store_.List(root_ + std::string(prefix), after.empty() ? "" : root_ + std::string(after), limit));
    for (ObjectInfo& object : page.objects) Strip(&object);
    return page;
  }
  Result<std::unique_ptr<ObjectReader>> Open(std::string_view key) override {
    INSULA_TRY(CheckKey(key));
    return store_.Open(root_ + std::string(key));
  }
  Result<std::unique_ptr<ObjectWriter>> Create(std::string_view key) override {
    INSULA_TRY(CheckKey(key));
    INSULA_ASSIGN(auto writer, store_.Create(root_ + std::string(key)));
    return std::unique_ptr<ObjectWriter>(new Writer(std::move(writer), *this));
  }
  Result<void> Delete(std::string_view key) override {
    INSULA_TRY(CheckKey(key));
    return store_.Delete(root_ + std::string(key));
  }

 private:
  class Writer : public ObjectWriter {
   public:
    Writer(std::unique_ptr<ObjectWriter> writer, const Narrowed& owner) : writer_(std::move(writer)), owner_(owner) {}
    Result<void> Write(std::string_view bytes) override { return writer_->Write(bytes); }
    Result<ObjectInfo> Finish() override {
      INSULA_ASSIGN(ObjectInfo info, writer_->Finish());
      owner_.Strip(&info);
      return info;
    }

   private:
    std::unique_ptr<ObjectWriter> writer_;
    const Narrowed& owner_;
  };

  void Strip(ObjectInfo* object) const {
    INSULA_CHECK(object->key.starts_with(root_));
    object->key.erase(0, root_.size());
  }

  ObjectStore& store_;
  const std::string root_;  // ends in a slash
};

}  // namespace

bool IsBucketName(std::string_view name) {
  return name.size() >= kBucketNameMin && name.size() <= kBucketNameMax && IsLetterOrDigit(name.front()) &&
         IsLetterOrDigit(name.back()) &&
         std::ranges::all_of(name, [](char c) { return IsLetterOrDigit(c) || c == '.' || c == '-' || c == '_'; });
}

std::string RootOf(const ContextNames& names, const AccountId& account) {
  INSULA_CHECK(!names.environment.value().empty() && !names.service.value().empty() && !account.value().empty());
  return fmt::format("{}/{}/{}/", names.environment.value(), names.service.value(), account.value());
}

Result<std::unique_ptr<ObjectStore>> OpenBucket(ObjectStore& store, std::string_view root, std::string_view bucket) {
  if (!IsBucketName(bucket)) {
    return Error(ErrorCode::kInvalidArgument, fmt::format("'{}' is no bucket's name", bucket));
  }
  return std::unique_ptr<ObjectStore>(new Narrowed(store, fmt::format("{}{}/", root, bucket)));
}

}  // namespace insula::objects
