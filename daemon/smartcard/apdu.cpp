#include "smartcard/apdu.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace madoguchi::smartcard {
namespace {

constexpr std::size_t header_size = 4;
constexpr std::uint32_t max_short_expected = 256;
constexpr std::uint32_t max_expected = 65536;

bool extended(std::size_t data, std::optional<std::uint32_t> expected) {
  return data > Command::max_short_data || expected.value_or(0) > max_short_expected;
}

std::size_t be16(base::ByteView bytes) {
  return static_cast<std::size_t>(bytes[0]) << 8 | bytes[1];
}

// Le as it travels: the largest count is written as zero.
std::uint32_t expected_from(std::size_t le, std::uint32_t largest) {
  return le == 0 ? largest : static_cast<std::uint32_t>(le);
}

std::optional<ReceivedCommand> parse_short(ReceivedCommand command, base::ByteView body) {
  const std::size_t lc = body[0];
  if (body.size() != 1 + lc && body.size() != 2 + lc) return std::nullopt;
  command.data.assign(body.begin() + 1, body.begin() + 1 + static_cast<std::ptrdiff_t>(lc));
  if (body.size() == 2 + lc) command.expected = expected_from(body[1 + lc], max_short_expected);
  return command;
}

std::optional<ReceivedCommand> parse_extended(ReceivedCommand command, base::ByteView body) {
  if (body.size() < 3) return std::nullopt;
  const std::size_t length = be16(body.subspan(1));
  if (body.size() == 3) {
    command.expected = expected_from(length, max_expected);
    return command;
  }
  if (length == 0 || (body.size() != 3 + length && body.size() != 5 + length)) return std::nullopt;
  command.data.assign(body.begin() + 3, body.begin() + 3 + static_cast<std::ptrdiff_t>(length));
  if (body.size() == 5 + length)
    command.expected = expected_from(be16(body.subspan(3 + length)), max_expected);
  return command;
}

}  // namespace

std::string to_string(StatusWord status) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string text;
  for (int shift = 12; shift >= 0; shift -= 4) text.push_back(digits[status.value >> shift & 0x0F]);
  return text;
}

Command::Command(Header header, base::Bytes data, std::optional<std::uint32_t> expected)
    : header_(header), data_(std::move(data)), expected_(expected) {
  check();
}

void Command::check() const {
  if (data_.size() > 65535) throw std::invalid_argument("a command carries at most 65535 bytes");
  // Without data VERIFY asks for the counter instead of checking a PIN, which no caller with a secret can
  // mean (C3).
  if (secret_used_ && secret_.empty()) throw std::invalid_argument("a command's secret is empty or overlong");
  if (expected_ && (*expected_ == 0 || *expected_ > max_expected)) {
    throw std::invalid_argument("Ne is 1 to 65536");
  }
}

Command Command::with_expected(std::uint32_t expected) const {
  if (secret_used_) return Command(header_, secret_.duplicate(), expected);
  return Command(header_, data_, expected);
}

std::size_t Command::encoded_size() const {
  const std::size_t data = secret_used_ ? secret_.size() : data_.size();
  const bool is_extended = extended(data, expected_);
  std::size_t size = header_size + data;
  if (data > 0) size += is_extended ? 3 : 1;
  if (expected_) size += !is_extended ? 1 : data > 0 ? 2 : 3;
  return size;
}

std::size_t Command::encode(std::span<std::uint8_t> out) const {
  const std::size_t size = encoded_size();
  if (out.size() < size) throw std::invalid_argument("no room for the command");
  const base::ByteView data = secret_used_ ? secret_.reveal() : base::ByteView(data_);
  const bool is_extended = extended(data.size(), expected_);
  auto at = out.begin();
  const auto put = [&at](std::size_t value) { *at++ = static_cast<std::uint8_t>(value & 0xFF); };
  const std::array<std::uint8_t, header_size> head = {header_.cla, header_.ins, header_.p1, header_.p2};
  at = std::copy(head.begin(), head.end(), at);
  // The zero that announces the extended form stands before whichever length comes first.
  if (is_extended) put(0);
  if (!data.empty()) {
    if (is_extended) put(data.size() >> 8);
    put(data.size());
    at = std::copy(data.begin(), data.end(), at);
  }
  if (expected_) {
    if (is_extended) put(*expected_ >> 8);
    put(*expected_);
  }
  return size;
}

std::string Command::describe() const {
  const std::array<std::uint8_t, header_size> head = {header_.cla, header_.ins, header_.p1, header_.p2};
  std::string text = base::to_hex(head);
  if (secret_used_) {
    text.append(" secret");  // not even its length: a PIN's length is half of a guess
  } else if (!data_.empty()) {
    text.append(" Lc=").append(std::to_string(data_.size())).append(" ").append(base::to_hex(data_));
  }
  if (expected_) text.append(" Ne=").append(std::to_string(*expected_));
  return text;
}

base::Result<Response> parse_response(base::ByteView bytes) {
  if (bytes.size() < 2) {
    return base::make_fault(base::Code::card_removed,
                            "the answer has " + std::to_string(bytes.size()) + " bytes, so no status word");
  }
  const base::ByteView data = bytes.first(bytes.size() - 2);
  return Response{.data = base::Bytes(data.begin(), data.end()),
                  .status = {static_cast<std::uint16_t>(be16(bytes.last(2)))}};
}

std::optional<ReceivedCommand> parse_command(base::ByteView bytes) {
  if (bytes.size() < header_size) return std::nullopt;
  ReceivedCommand command{.header = {bytes[0], bytes[1], bytes[2], bytes[3]}, .data = {}, .expected = {}};
  const base::ByteView body = bytes.subspan(header_size);
  if (body.empty()) return command;
  if (body.size() == 1) {
    command.expected = expected_from(body[0], max_short_expected);
    return command;
  }
  return body[0] != 0 ? parse_short(std::move(command), body) : parse_extended(std::move(command), body);
}

}  // namespace madoguchi::smartcard
