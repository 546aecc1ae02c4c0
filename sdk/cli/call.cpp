// call METHOD JSON: any method of the socket as it is.
#include <unistd.h>

#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <cerrno>

#include "commands.hpp"
#include "core_dump.hpp"
#include "shown.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// Checks the form and keeps nothing, since the text may hold PINs.
struct Checker {
  constexpr static std::size_t max_array_size = static_cast<std::size_t>(-1);
  constexpr static std::size_t max_object_size = static_cast<std::size_t>(-1);
  constexpr static std::size_t max_string_size = static_cast<std::size_t>(-1);
  constexpr static std::size_t max_key_size = static_cast<std::size_t>(-1);
  int depth = 0;
  bool is_object = false;

  bool outermost(bool object) {
    if (depth == 0) is_object = object;
    return true;
  }
  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_array_begin(json::error_code&) {
    outermost(false);
    ++depth;
    return true;
  }
  bool on_array_end(std::size_t, json::error_code&) {
    --depth;
    return true;
  }
  bool on_object_begin(json::error_code&) {
    outermost(true);
    ++depth;
    return true;
  }
  bool on_object_end(std::size_t, json::error_code&) {
    --depth;
    return true;
  }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_key_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_key(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
  bool on_double(double, json::string_view, json::error_code&) { return true; }
  bool on_bool(bool, json::error_code&) { return true; }
  bool on_null(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
};

bool is_one_object(std::string_view text) {
  json::basic_parser<Checker> parser{json::parse_options{}};
  json::error_code bad;
  const auto used = parser.write_some(false, text.data(), text.size(), bad);
  return !bad && parser.done() && parser.handler().is_object &&
         text.find_first_not_of(" \t\r\n", used) == std::string_view::npos;
}

// What was read, never moved to a larger place without wiping the old one.
class WipedText {
 public:
  WipedText() = default;
  WipedText(const WipedText&) = delete;
  WipedText& operator=(const WipedText&) = delete;
  ~WipedText() { client::wipe(text_.data(), text_.size()); }
  [[nodiscard]] std::string_view view() const { return text_; }
  void append(std::string_view more) {
    if (text_.size() + more.size() > text_.capacity()) {
      std::string larger;
      larger.reserve(2 * (text_.size() + more.size()));
      larger.append(text_);
      client::wipe(text_.data(), text_.size());
      text_.swap(larger);
    }
    text_.append(more);
  }

 private:
  std::string text_;
};

// False: interrupted.
bool read_all(int fd, const Interrupts& interrupts, WipedText& into) {
  std::array<char, 4096> chunk;
  for (;;) {
    if (!wait_readable(fd, interrupts)) return false;
    const auto got = ::read(fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    into.append({chunk.data(), static_cast<std::size_t>(got)});
  }
  client::wipe(chunk.data(), chunk.size());
  return true;
}

// Arguments can be read by every user of the machine (ps), so methods that take a PIN take it from standard
// input.
bool takes_pins(std::string_view method) {
  return method == "cases.verify_pin" || method == "cases.reset_pin" || method == "card.check_expiry";
}

int call_with(const Context& context, const std::string& method, std::string_view params) {
  if (!is_one_object(params)) return fail_usage(context, "call.not_an_object");
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  const auto result = client->call_text(method, params);
  if (!result) return fail(context, result.error());
  context.out.raw(as_json(*result) + "\n");
  return finish(context);
}

}  // namespace

int call_method(const Context& context, const std::string& method, const std::string& params) {
  if (params != "-") {
    if (takes_pins(method) && params != "{}") return fail_usage(context, "call.pin_in_arguments", {method});
    return call_with(context, method, params);
  }
  forbid_core_dump();
  WipedText text;
  if (!read_all(STDIN_FILENO, context.interrupts, text)) {
    return fail(context, client::make_error(client::reasons::interrupted));
  }
  return call_with(context, method, text.view());
}

}  // namespace madoguchi::cli
