// queue: the waiting line as it stands, and its publication for a city's web server.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "commands.hpp"
#include "show_queue.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// A page may be so old before it is written anew although nobody moved: the estimate is of this minute.
constexpr auto at_least_every = 60s;
// Several tickets within a breath make one page.
constexpr auto at_most_every = 1s;
constexpr auto glance = 500ms;

std::string number_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? std::string() : json::serialize(*value);
}

std::string called_in(const json::object& office) {
  std::string list;
  if (const auto* called = array_at(office, "called")) {
    for (const auto& one : *called) {
      if (!one.is_object()) continue;
      list += (list.empty() ? "" : ", ") + text_at(one.get_object(), "ticket");
    }
  }
  return list.empty() ? "-" : list;
}

// Whole or not at all: a web server reads it at any moment. The reason when it cannot be.
std::string write_whole(const fs::path& file, std::string_view text) {
  auto part = file;
  part += ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) return part.string() + ": " + std::strerror(errno);
  std::error_code error;
  fs::permissions(
      part, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read | fs::perms::others_read,
      error);
  if (!error) fs::rename(part, file, error);
  return error ? file.string() + ": " + error.message() : std::string();
}

std::string publish(const fs::path& folder, json::object snapshot) {
  const auto html = whole_at(snapshot, "html");
  snapshot.erase("html");
  auto why = write_whole(folder / "queue.json", json::serialize(snapshot) + "\n");
  return why.empty() ? write_whole(folder / "queue.html", html) : why;
}

// In the words of an error of the daemon's, for those who read JSON.
int fail_writing(const Context& context, const std::string& why) {
  client::RpcError error;
  error.reason = "queue.not_written";
  error.ja = say(Lang::ja, "queue.not_written", {why});
  error.en = say(Lang::en, "queue.not_written", {why});
  return fail(context, error);
}

int publish_once(const Context& context, client::Client& client, const std::string& folder) {
  const auto snapshot = client.call("queue-board.snapshot", {});
  if (!snapshot) return fail_at_line(context, snapshot.error());
  if (!snapshot->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  if (const auto why = publish(folder, snapshot->get_object()); !why.empty())
    return fail_writing(context, why);
  return done;
}

}  // namespace

int fail_at_line(const Context& context, const client::RpcError& error) {
  const int code = fail(context, error);
  if (error.reason == "method_not_found") Output::complain(say(context.lang(), "queue.none"));
  return code;
}

void show_queue_line(const Context& context, const json::object& office) {
  const auto* name = object_at(office, "name");
  const auto called = name == nullptr ? text_at(office, "office") : words_at(context, *name);
  const auto* live = office.if_contains("live");
  const auto* words = object_at(office, "notice");
  const auto notice = words == nullptr ? std::string() : words_at(context, *words);
  if (live == nullptr || !live->is_bool() || !live->get_bool()) {
    if (notice.empty()) return context.out.say("queue.no_information", {called});
    return context.out.say("queue.notice", {called, notice});
  }
  // Reception is closed: the numbers are for those who came before.
  if (!notice.empty())
    return context.out.say("queue.line_closed",
                           {called, number_at(office, "waiting"), called_in(office), notice});
  const auto* wait = object_at(office, "wait");
  context.out.say("queue.line", {called, number_at(office, "waiting"), called_in(office),
                                 wait == nullptr ? std::string("?") : number_at(*wait, "minutes")});
}

int show_queue(const Context& context) {
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  const auto status = client->call("queue-board.status", {});
  if (!status) return fail_at_line(context, status.error());
  context.out.document(*status);
  if (const auto* offices = status->is_object() ? array_at(status->get_object(), "offices") : nullptr) {
    for (const auto& office : *offices) {
      if (office.is_object()) show_queue_line(context, office.get_object());
    }
  }
  return finish(context);
}

int publish_queue(const Context& context, const std::string& folder, bool follow) {
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  if (follow) {
    const auto subscribed = client->call("events.subscribe", {{"topics", json::array{"queue"}}});
    if (!subscribed) return fail(context, subscribed.error());
  }
  bool moved = true;
  auto written = Clock::now() - at_least_every;
  do {
    const auto since = Clock::now() - written;
    if (since >= at_least_every || (moved && since >= at_most_every)) {
      if (const int code = publish_once(context, *client, folder); code != done) return code;
      written = Clock::now();
      moved = false;
    }
    if (!follow) break;
    const auto event = client->next_event(glance);
    if (!event && event.error().reason == client::reasons::interrupted) break;
    if (!event) return fail(context, event.error());
    moved = moved || event->has_value();
  } while (!context.interrupts.pending());
  return finish(context);
}

}  // namespace madoguchi::cli
