// What the tester and the server under test say to each other over a socket pair: frames of a length and fields.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace insula::stress {

enum class Command : std::uint8_t {
  kOpen,      // the Setup; answered once everything is open: 1, or 0 and why not
  kCalls,     // requests that run at once; one answer each, as they end
  kAdvance,   // the clock, by microseconds
  kSettle,    // waits until the control plane's work is done
  kExpire,    // a round of the expirer
  kTrim,      // a round of the trimmer of change logs
  kArm,       // the disk fails (Fault)
  kPowerOff,  // takes from the disk what a power loss would, and ends
  kStop,      // a clean stop; answered once it is done
};

// Fields one after the other: numbers of eight bytes, texts with their length in front.
class FieldWriter {
 public:
  FieldWriter& Number(std::uint64_t number) {
    char bytes[8];
    std::memcpy(bytes, &number, 8);
    out_.append(bytes, 8);
    return *this;
  }
  FieldWriter& Text(std::string_view text) {
    Number(text.size());
    out_.append(text);
    return *this;
  }
  const std::string& bytes() const { return out_; }

 private:
  std::string out_;
};

class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t Number() {
    std::uint64_t number = 0;
    std::memcpy(&number, rest_.data(), 8);
    rest_.remove_prefix(8);
    return number;
  }
  std::string Text() {
    const std::uint64_t size = Number();
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }

 private:
  std::string_view rest_;
};

// False once the other side is gone.
bool SendFrame(int fd, std::string_view payload);
// Nothing once the other side is gone, or after `timeout_ms` (-1: never).
std::optional<std::string> ReceiveFrame(int fd, int timeout_ms = -1);

}  // namespace insula::stress
