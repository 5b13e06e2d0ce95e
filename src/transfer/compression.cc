#include "transfer/compression.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>

#include "base/check.h"
#include "base/crypto.h"
#include "base/md5.h"
#include "wire/base64.h"

namespace insula::transfer {
namespace {

constexpr std::size_t kBufferSize = 128 * 1024;
constexpr int kWindowBitsGzip = 15 + 16;  // the largest window, and gzip's header instead of zlib's
constexpr int kZstdWindowLogMax = 27;
constexpr std::size_t kZstdBlockHeader = 3;

Error Damaged(std::string_view format) {
  return {ErrorCode::kCorruption, "The object's " + std::string(format) + " data is damaged"};
}
Error EndsEarly(std::string_view format) {
  return {ErrorCode::kCorruption, "The object's " + std::string(format) + " data ends early"};
}

// The packed bytes, a buffer at a time.
class CompressedInput {
 public:
  explicit CompressedInput(std::unique_ptr<objects::ObjectReader> reader) : reader_(std::move(reader)) {}
  // Reads on until there are `count` bytes (at most a buffer), or all that is left. False: at the end.
  Result<bool> Fill(std::size_t count = 1) {
    count = std::min(count, buffer_.size());
    if (size() < count) {
      std::memmove(buffer_.data(), data(), size());
      size_ -= std::exchange(at_, 0);
    }
    while (size() < count) {
      INSULA_ASSIGN(const std::size_t read, reader_->Read(std::span(buffer_).subspan(size_)));
      if (read == 0) break;
      size_ += read;
    }
    return size() > 0;
  }
  char* data() { return buffer_.data() + at_; }
  std::size_t size() const { return size_ - at_; }
  void Take(std::size_t count) { at_ += count; }

 private:
  std::unique_ptr<objects::ObjectReader> reader_;
  std::string buffer_ = std::string(kBufferSize, '\0');
  std::size_t at_ = 0, size_ = 0;
};

// Both readers give out all that stands before a damaged place, however the bytes arrive: whoever counts records finds
// as many each time.

class GunzipReader : public objects::ObjectReader {
 public:
  explicit GunzipReader(std::unique_ptr<objects::ObjectReader> packed) : input_(std::move(packed)) {
    INSULA_CHECK(inflateInit2(&stream_, kWindowBitsGzip) == Z_OK);
  }
  ~GunzipReader() override { inflateEnd(&stream_); }

  Result<std::size_t> Read(std::span<char> buffer) override {
    while (!buffer.empty()) {
      if (damaged_) return Damaged("gzip");
      INSULA_ASSIGN(const bool more, input_.Fill());
      if (!more) {
        if (in_member_) return EndsEarly("gzip");
        return std::size_t{0};
      }
      in_member_ = true;
      stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
      stream_.avail_in = static_cast<uInt>(input_.size());
      stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(buffer.size(), 1u << 30));
      const uInt room = stream_.avail_out;
      const int result = inflate(&stream_, Z_NO_FLUSH);
      input_.Take(input_.size() - stream_.avail_in);
      if (result == Z_STREAM_END) {
        in_member_ = false;
        INSULA_CHECK(inflateReset(&stream_) == Z_OK);
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        damaged_ = true;
      }
      if (stream_.avail_out < room) return room - stream_.avail_out;
    }
    return std::size_t{0};
  }

 private:
  CompressedInput input_;
  z_stream stream_{};
  bool in_member_ = false;
  bool damaged_ = false;  // behind what was given out
};

// Whether a frame may begin so: zstd's own or a skippable one. The library would also take formats of before its first
// release, which it reads differently as the bytes arrive. https://www.rfc-editor.org/rfc/rfc8878#section-3.1
class ZstdMagic {
 public:
  // `frame` is what comes next of the frame.
  bool Admits(std::string_view frame) const {
    std::array<unsigned char, 4> magic = magic_;
    for (std::size_t i = 0; i < frame.size() && seen_ + i < magic.size(); ++i) {
      magic[seen_ + i] = static_cast<unsigned char>(frame[i]);
      const bool skippable = (magic[0] & 0xF0u) == 0x50;
      const auto& expected = skippable ? kSkippable : kFrame;
      if (magic[seen_ + i] != expected[seen_ + i] && !(skippable && seen_ + i == 0)) return false;
    }
    return true;
  }
  void Take(std::string_view frame) {
    for (const char byte : frame) {
      if (seen_ == magic_.size()) return;
      magic_[seen_++] = static_cast<unsigned char>(byte);
    }
  }
  void Restart() { seen_ = 0; }

 private:
  static constexpr std::array<unsigned char, 4> kFrame = {0x28, 0xB5, 0x2F, 0xFD};
  static constexpr std::array<unsigned char, 4> kSkippable = {0x50, 0x2A, 0x4D, 0x18};

  std::array<unsigned char, 4> magic_{};
  std::size_t seen_ = 0;
};

class UnzstdReader : public objects::ObjectReader {
 public:
  explicit UnzstdReader(std::unique_ptr<objects::ObjectReader> packed)
      : input_(std::move(packed)), stream_(ZSTD_createDCtx(), ZSTD_freeDCtx) {
    INSULA_CHECK(stream_ != nullptr);
    INSULA_CHECK(!ZSTD_isError(ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, kZstdWindowLogMax)));
    start_ = wanted_ = ZSTD_initDStream(stream_.get());
    INSULA_CHECK(!ZSTD_isError(start_));
  }

  Result<std::size_t> Read(std::span<char> buffer) override {
    while (!buffer.empty()) {
      // A block at a time, without the next one's header, which the decoder would take along: what a call has unpacked
      // is lost if it comes upon damage afterwards. And never a part of one, of which it would give out what it has.
      const std::size_t step = wanted_ > kZstdBlockHeader ? wanted_ - kZstdBlockHeader : wanted_;
      // At the end, too, there is a call: what a full buffer left behind inside comes first.
      INSULA_ASSIGN(const bool more, input_.Fill(step));
      ZSTD_inBuffer in{input_.data(), more ? std::min(input_.size(), step) : 0, 0};
      const std::string_view given(input_.data(), in.size);
      if (!magic_.Admits(given)) return Damaged("zstd");
      ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
      const std::size_t hint = ZSTD_decompressStream(stream_.get(), &out, &in);
      if (ZSTD_isError(hint)) return Damaged("zstd");
      magic_.Take(given.substr(0, in.pos));
      input_.Take(in.pos);
      if (in.pos > 0 || out.pos > 0) in_frame_ = hint != 0;
      if (hint == 0) magic_.Restart();
      wanted_ = hint != 0 ? hint : start_;
      if (out.pos > 0) return out.pos;
      if (!more) {
        if (in_frame_) return EndsEarly("zstd");
        return std::size_t{0};
      }
    }
    return std::size_t{0};
  }

 private:
  CompressedInput input_;
  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> stream_;
  ZstdMagic magic_;                     // of the frame that comes or has begun
  std::size_t start_ = 0, wanted_ = 0;  // bytes that the decoder asks for: at a frame's start, and next
  bool in_frame_ = false;
};

}  // namespace

std::optional<Compression> CompressionOf(std::string_view name) {
  if (name == "NONE") return Compression::kNone;
  if (name == "GZIP") return Compression::kGzip;
  if (name == "ZSTD") return Compression::kZstd;
  return std::nullopt;
}

std::unique_ptr<objects::ObjectReader> Unpacked(std::unique_ptr<objects::ObjectReader> packed,
                                                Compression compression) {
  switch (compression) {
    case Compression::kNone:
      break;
    case Compression::kGzip:
      return std::make_unique<GunzipReader>(std::move(packed));
    case Compression::kZstd:
      return std::make_unique<UnzstdReader>(std::move(packed));
  }
  return packed;
}

struct GzipWriter::State {
  std::unique_ptr<objects::ObjectWriter> object;
  z_stream stream{};
  Md5 md5;
  std::array<char, kBufferSize> packed;

  Result<void> Pack(std::string_view text, int flush) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    int result = Z_OK;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(packed.data());
      stream.avail_out = static_cast<uInt>(packed.size());
      result = deflate(&stream, flush);
      INSULA_CHECK(result != Z_STREAM_ERROR);
      const std::string_view made(packed.data(), packed.size() - stream.avail_out);
      md5.Update(made);
      if (!made.empty()) INSULA_TRY(object->Write(made));
    } while (stream.avail_out == 0 || (flush == Z_FINISH && result != Z_STREAM_END));
    return {};
  }
};

GzipWriter::GzipWriter(std::unique_ptr<objects::ObjectWriter> object) : state_(std::make_unique<State>()) {
  state_->object = std::move(object);
  // Exports are limited by what packing costs; the fastest level halves JSON's size and more all the same.
  INSULA_CHECK(deflateInit2(&state_->stream, Z_BEST_SPEED, Z_DEFLATED, kWindowBitsGzip, 8, Z_DEFAULT_STRATEGY) == Z_OK);
}
GzipWriter::~GzipWriter() { deflateEnd(&state_->stream); }

Result<void> GzipWriter::Write(std::string_view text) { return state_->Pack(text, Z_NO_FLUSH); }

Result<PackedFile> GzipWriter::Finish() {
  INSULA_TRY(state_->Pack({}, Z_FINISH));
  PackedFile file;
  INSULA_ASSIGN(file.object, state_->object->Finish());
  wire::AppendBase64(AsText(state_->md5.Finish()), &file.md5);
  return file;
}

}  // namespace insula::transfer
