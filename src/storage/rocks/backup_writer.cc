#include "storage/rocks/backup_writer.h"

#include "model/encoded_item.h"

namespace insula::storage::rocks {

Result<void> BackupWriter::Begin() {
  if (std::exchange(begun_, true)) return {};
  return files_->Begin(place_, id_);
}

Result<bool> BackupWriter::Step() {
  INSULA_TRY(Begin());
  bool full = false;
  bool more = true;
  while (!full && more) {
    INSULA_ASSIGN(more, rows_->Next());
    if (!more) break;
    std::string_view size = rows_->item().substr(1);
    manifest_.bytes += ConsumeVarint(&size);
    ++manifest_.items;
    full = builder_.Add(rows_->key(), rows_->item());
  }
  if (!builder_.empty()) {
    ChunkRef written;
    INSULA_TRY(files_->PutChunk(place_, builder_.Finish(), &written));
    manifest_.chunks.push_back(written);
  }
  if (!more) INSULA_TRY(files_->Finish(place_, id_, manifest_));
  return more;
}

Result<void> BackupWriter::FinishAs(const BackupManifest& same) {
  INSULA_TRY(Begin());
  manifest_.items = same.items;
  manifest_.bytes = same.bytes;
  manifest_.chunks = same.chunks;
  return files_->Finish(place_, id_, manifest_);
}

}  // namespace insula::storage::rocks
