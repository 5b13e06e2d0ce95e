#include "storage/rocks/read_scope.h"

namespace insula::storage::rocks {

thread_local constinit ReadScope* ReadScope::current_ = nullptr;

rocksdb::Status ReadScope::Interruption() const {
  if (failure_.ok()) return rocksdb::Status::Incomplete("the disk must be asked");
  return failure_;
}

void ReadScope::Failed(const rocksdb::Status& failure) {
  if (failure_.ok()) failure_ = failure;
  interrupted_ = true;
}

}  // namespace insula::storage::rocks
