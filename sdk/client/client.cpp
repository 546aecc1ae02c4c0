#include "madoguchi_client/client.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>

#include "connection.hpp"

namespace madoguchi::client {
namespace {

namespace json = boost::json;

// Events that wait for next_event() at most.
constexpr std::size_t most_events = 4096;

Clock::time_point deadline_of(std::chrono::milliseconds timeout) {
  return timeout.count() == 0 ? Clock::time_point::max() : Clock::now() + timeout;
}

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

RpcError error_of(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return make_error(reasons::garbled, "error is not an object");
  RpcError error;
  if (const auto* code = object->if_contains("code"); code != nullptr && code->is_int64()) {
    error.code = static_cast<int>(code->as_int64());
  }
  error.en = text_at(*object, "message");
  const auto* data = object->if_contains("data");
  if (data != nullptr && data->is_object()) {
    const auto& more = data->get_object();
    error.reason = text_at(more, "reason");
    error.ja = text_at(more, "ja");
    if (const auto en = text_at(more, "en"); !en.empty()) error.en = en;
    error.case_id = text_at(more, "case");
    if (const auto* retry = more.if_contains("retryable"))
      error.retryable = retry->is_bool() && retry->get_bool();
    if (const auto* details = more.if_contains("details"); details != nullptr && details->is_object()) {
      error.details = details->get_object();
    }
  }
  return error;
}

Event event_of(const json::object& params) {
  Event event;
  if (const auto* seq = params.if_contains("seq"); seq != nullptr && seq->is_int64())
    event.seq = seq->as_int64();
  event.topic = text_at(params, "topic");
  event.type = text_at(params, "type");
  event.case_id = text_at(params, "case");
  event.reader = text_at(params, "reader");
  if (const auto* data = params.if_contains("data"); data != nullptr && data->is_object()) {
    event.data = data->get_object();
  }
  event.document = params;
  return event;
}

Event overrun() {
  return event_of({{"type", "resync"}, {"data", {{"reason", "more events than were read"}}}});
}

// What a line means to us: an event, an answer to somebody, or nothing.
struct Message {
  std::optional<Event> event{};
  std::optional<std::int64_t> id{};
  std::optional<Reply> reply{};
  bool to_nobody = false;  // an error with id null: the daemon could not or would not read what we sent
};

Outcome<Message> read_message(const std::string& line) {
  json::error_code bad;
  const auto parsed = json::parse(line, bad);
  const auto* object = bad ? nullptr : parsed.if_object();
  if (object == nullptr) return make_error(reasons::garbled, "a line is not a JSON object");
  Message message;
  if (text_at(*object, "method") == "events.notify") {
    const auto* params = object->if_contains("params");
    if (params != nullptr && params->is_object()) message.event = event_of(params->get_object());
    return message;
  }
  const auto* id = object->if_contains("id");
  if (id != nullptr && id->is_int64()) message.id = id->as_int64();
  if (const auto* error = object->if_contains("error")) {
    message.reply = Reply(error_of(*error));
    message.to_nobody = id == nullptr || id->is_null();
  } else if (const auto* result = object->if_contains("result")) {
    message.reply = Reply(*result);
  }
  return message;
}

void append_escaped(std::string& line, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      line.append("\\u00").push_back(digits[byte >> 4]);
      line.push_back(digits[byte & 15]);
    } else {
      if (c == '"' || c == '\\') line.push_back('\\');
      line.push_back(c);
    }
  }
}

// A request's line, wiped when it goes. It is reserved at its full length, so that growing leaves no copy
// behind.
class RequestLine {
 public:
  RequestLine(std::int64_t id, std::string_view method, std::string_view params,
              const SecretParameter& secret) {
    constexpr std::size_t frame = 128;
    constexpr std::size_t longest_escape = 6;
    const std::size_t secret_size = secret.value != nullptr ? secret.value->reveal().size() : 0;
    text_.reserve(frame + params.size() +
                  longest_escape * (method.size() + secret.inside.size() + secret.name.size() + secret_size));
    text_.append(R"({"jsonrpc":"2.0","id":)").append(std::to_string(id)).append(R"(,"method":")");
    append_escaped(text_, method);
    text_.append(R"(","params":)").append(params);
    if (secret.value != nullptr) insert(secret);
    // Inside JSON's strings there are no raw line breaks, so this changes only the space between.
    std::replace(text_.begin(), text_.end(), '\n', ' ');
    text_.append("}\n");
  }
  RequestLine(const RequestLine&) = delete;
  RequestLine& operator=(const RequestLine&) = delete;
  ~RequestLine() { wipe(text_.data(), text_.size()); }
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  void insert(const SecretParameter& secret) {
    text_.pop_back();  // the closing brace of params
    if (text_.back() != '{') text_.push_back(',');
    if (!secret.inside.empty()) {
      text_.push_back('"');
      append_escaped(text_, secret.inside);
      text_.append("\":{");
    }
    text_.push_back('"');
    append_escaped(text_, secret.name);
    text_.append("\":\"");
    append_escaped(text_, secret.value->reveal());
    text_.append(secret.inside.empty() ? "\"}" : "\"}}");
  }

  std::string text_;
};

}  // namespace

std::string default_socket() {
  const char* given = std::getenv("MADOGUCHI_SOCKET");
  return given != nullptr && *given != '\0' ? given : "/run/madoguchi/madoguchi.sock";
}

Outcome<Client> Client::open(const Options& options) {
  auto connection = Connection::open(options);
  if (!connection) return connection.error();
  return Client(std::move(*connection));
}

Client::Client(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Reply Client::call(std::string_view method, const json::object& params, const CallOptions& options) {
  return call_text(method, json::serialize(params), options);
}

Reply Client::call_text(std::string_view method, std::string_view params, const CallOptions& options) {
  const auto id = next_id_++;
  std::optional<RpcError> failed;
  {
    const RequestLine line(id, method, params, options.secret);
    failed = connection_->send(line.text(), deadline_of(options.timeout));
  }
  // A daemon that refuses us says why and closes; its words may be there although ours found no ear.
  if (failed && failed->reason != reasons::lost) return *failed;
  auto reply = wait_for(id, options);
  if (failed && !reply && reply.error().code == 0) return *failed;
  return reply;
}

Reply Client::wait_for(std::int64_t id, const CallOptions& options) {
  const auto deadline = deadline_of(options.timeout);
  for (;;) {
    const auto line = connection_->receive(deadline);
    if (!line) return line.error();
    auto message = read_message(*line);
    if (!message) return message.error();
    if (message->event && options.on_event) {
      options.on_event(*message->event);
    } else if (message->event) {
      keep(std::move(*message->event));
    } else if (message->reply && (message->id == id || message->to_nobody)) {
      return std::move(*message->reply);
    }
  }
}

void Client::keep(Event event) {
  if (events_.size() >= most_events) {
    events_.clear();
    events_.push_back(overrun());
  }
  events_.push_back(std::move(event));
}

Outcome<std::optional<Event>> Client::next_event(std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  while (events_.empty()) {
    const auto line = connection_->receive(deadline);
    if (!line && line.error().reason == reasons::timeout) return std::optional<Event>();
    if (!line) return line.error();
    auto message = read_message(*line);
    if (!message) return message.error();
    if (message->event) keep(std::move(*message->event));
    if (message->to_nobody) return message->reply->error();
  }
  std::optional<Event> event(std::move(events_.front()));
  events_.pop_front();
  return event;
}

}  // namespace madoguchi::client
