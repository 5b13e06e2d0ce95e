// zlib, a piece at a time.
#include <zlib.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/check.h"
#include "http/content_coding.h"

namespace insula::http {
namespace {

namespace asio = boost::asio;

// zlib's words for the frame around deflated bytes.
constexpr int kWindowBits = 15;
constexpr int kGzipFrame = 16;
constexpr int kNoFrame = -kWindowBits;

// Answers are compressed while clients wait and other requests do: the fastest level gives most of what there is.
constexpr int kLevel = 1;
constexpr int kMemoryLevel = 8;

const Bytef* In(std::string_view bytes) { return reinterpret_cast<const Bytef*>(bytes.data()); }
Bytef* Out(char* bytes) { return reinterpret_cast<Bytef*>(bytes); }

// Whether these bytes begin with zlib's two-byte header (RFC 1950). Bare deflate begins with it only where its first
// block is of a kind that no compressor writes.
bool HasZlibHeader(std::string_view bytes) {
  if (bytes.size() < 2) return false;
  const unsigned first = static_cast<unsigned char>(bytes[0]);
  const unsigned second = static_cast<unsigned char>(bytes[1]);
  return (first & 0x0F) == Z_DEFLATED && (first >> 4) <= 7 && (first * 256 + second) % 31 == 0;
}

int InflateBits(ContentCoding coding, std::string_view coded) {
  if (coding == ContentCoding::kGzip) return kWindowBits + kGzipFrame;
  return HasZlibHeader(coded) ? kWindowBits : kNoFrame;
}

Task<void> LetOthersRun() { co_await asio::post(asio::use_awaitable); }

}  // namespace

struct Inflater::State {
  z_stream stream{};
  ContentCoding coding;
  std::string_view rest;

  Error Broken(std::string_view what) const {
    return {ErrorCode::kSerialization,
            "The request body is not valid " + std::string(NameOf(coding)) + " data: " + std::string(what)};
  }
};

Inflater::Inflater(ContentCoding coding, std::string_view coded) : state_(std::make_unique<State>()) {
  INSULA_CHECK(coding != ContentCoding::kIdentity);
  state_->coding = coding;
  state_->rest = coded;
  INSULA_CHECK(::inflateInit2(&state_->stream, InflateBits(coding, coded)) == Z_OK);
}

Inflater::~Inflater() { ::inflateEnd(&state_->stream); }

Result<bool> Inflater::Step(std::string* out) {
  State& state = *state_;
  z_stream& stream = state.stream;
  const std::size_t before = out->size();
  out->resize(before + kPieceBytes);
  // Input is bounded too: much of it may yield nothing.
  const std::size_t offered = std::min(state.rest.size(), kPieceBytes);
  stream.next_in = const_cast<Bytef*>(In(state.rest));
  stream.avail_in = static_cast<uInt>(offered);
  stream.next_out = Out(out->data() + before);
  stream.avail_out = static_cast<uInt>(kPieceBytes);
  const int result = ::inflate(&stream, Z_NO_FLUSH);
  state.rest.remove_prefix(offered - stream.avail_in);
  out->resize(before + kPieceBytes - stream.avail_out);
  switch (result) {
    case Z_STREAM_END:
      if (state.rest.empty()) return false;
      if (state.coding != ContentCoding::kGzip) return state.Broken("other bytes follow it");
      INSULA_CHECK(::inflateReset(&stream) == Z_OK);
      return true;
    case Z_OK:
    case Z_BUF_ERROR:
      if (state.rest.empty() && stream.avail_out > 0) return state.Broken("it ends too early");
      return true;
    default:
      return state.Broken(stream.msg != nullptr ? stream.msg : "it is corrupt");
  }
}

Task<Result<std::string>> Decode(ContentCoding coding, std::string_view coded, std::size_t size_max,
                                 MemoryCharge* memory) {
  Inflater inflater(coding, coded);
  std::string body;
  std::size_t reserved = 0;
  for (;;) {
    // Room is asked for before it is taken, and doubles, so that a body is moved few times. While it moves it is there
    // twice.
    if (body.capacity() - body.size() < Inflater::kPieceBytes) {
      const std::size_t room =
          std::min(std::max(body.size() * 2, std::size_t{2} * Inflater::kPieceBytes), size_max + Inflater::kPieceBytes);
      if (memory != nullptr && !memory->Grow(room)) {
        co_return ServerBusy();
      }
      body.reserve(room);
      if (memory != nullptr) memory->Shrink(std::exchange(reserved, room));
    }
    INSULA_CO_ASSIGN(const bool more, inflater.Step(&body));
    if (body.size() > size_max) co_return Error(ErrorCode::kRequestTooLarge, "The request body is too large");
    if (!more) co_return body;
    co_await LetOthersRun();
  }
}

Task<std::optional<std::string>> Encode(ContentCoding coding, std::string_view body) {
  INSULA_CHECK(coding != ContentCoding::kIdentity);
  // Nobody looks further back than the body is long.
  int bits = 9;
  while (bits < kWindowBits && (std::size_t{1} << bits) < body.size()) ++bits;
  struct Deflater {
    z_stream stream{};
    ~Deflater() { ::deflateEnd(&stream); }
  } deflater;
  z_stream& stream = deflater.stream;
  INSULA_CHECK(::deflateInit2(&stream, kLevel, Z_DEFLATED, bits + (coding == ContentCoding::kGzip ? kGzipFrame : 0),
                              kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string coded(body.size(), '\0');
  stream.next_out = Out(coded.data());
  stream.avail_out = static_cast<uInt>(coded.size());
  for (std::string_view rest = body;;) {
    const std::string_view piece = rest.substr(0, Inflater::kPieceBytes);
    rest.remove_prefix(piece.size());
    stream.next_in = const_cast<Bytef*>(In(piece));
    stream.avail_in = static_cast<uInt>(piece.size());
    const int result = ::deflate(&stream, rest.empty() ? Z_FINISH : Z_NO_FLUSH);
    if (result == Z_STREAM_END) break;
    if (stream.avail_out == 0) co_return std::nullopt;
    co_await LetOthersRun();
  }
  coded.resize(coded.size() - stream.avail_out);
  coded.shrink_to_fit();
  co_return coded;
}

}  // namespace insula::http
