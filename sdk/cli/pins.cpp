#include "pins.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace madoguchi::cli {
namespace {

constexpr std::array<std::string_view, 6> names{"authentication",    "signature",
                                                "resident_register", "new.authentication",
                                                "new.signature",     "new.resident_register"};

bool known(std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Takes the bytes of lines apart, keeping values only in secrets.
class LineReader {
 public:
  explicit LineReader(std::map<std::string, client::Secret, std::less<>>& into) : into_(into) {}
  ~LineReader() { client::wipe(name_.data(), name_.size()); }
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // False: the line is not NAME=VALUE.
  bool take(char c) {
    if (c == '\r') return true;
    if (c == '\n') return end_line();
    begun_ = true;
    if (in_value_) {
      value_.append(c);
    } else if (c == '=') {
      in_value_ = true;
    } else if (name_.size() < name_.capacity()) {
      name_.push_back(c);  // within its capacity, so that a PIN in the wrong place is wiped with it
    } else {
      return false;
    }
    return true;
  }
  bool end_line() {
    if (!begun_) return true;
    const bool good = in_value_ && known(name_) && !into_.contains(name_);
    if (good) into_.emplace(name_, std::move(value_));
    client::wipe(name_.data(), name_.size());
    name_.clear();
    value_.clear();
    begun_ = in_value_ = false;
    return good;
  }

 private:
  static std::string reserved() {
    std::string text;
    text.reserve(64);
    return text;
  }

  std::map<std::string, client::Secret, std::less<>>& into_;
  std::string name_ = reserved();
  client::Secret value_;
  bool begun_ = false;
  bool in_value_ = false;
};

}  // namespace

GivenPins::Outcome GivenPins::read(int fd, const Interrupts& interrupts) {
  GivenPins pins;
  LineReader reader(pins.pins_);
  int line = 1;
  for (;;) {
    if (!wait_readable(fd, interrupts)) return {};
    char c = 0;
    const auto got = ::read(fd, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    const bool good = reader.take(c);
    const bool ended = c == '\n';
    client::wipe(&c, 1);
    if (!good) return {std::nullopt, line};
    if (ended) ++line;
  }
  if (!reader.end_line()) return {std::nullopt, line};
  return {std::move(pins), 0};
}

std::optional<client::Secret> GivenPins::take(std::string_view name) {
  const auto found = pins_.find(name);
  if (found == pins_.end()) return std::nullopt;
  client::Secret secret = std::move(found->second);
  pins_.erase(found);
  return secret;
}

void GivenPins::give_back(std::string_view name, client::Secret pin) {
  pins_.insert_or_assign(std::string(name), std::move(pin));
}

}  // namespace madoguchi::cli
