#include <boost/json/array.hpp>

#include "commands.hpp"
#include "show.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

// Recorded events follow each other without a pause; this long without one, there are no more.
constexpr auto quiet = 500ms;
// While nothing happens, how often to look whether anybody still reads what we write.
constexpr auto glance = 1s;

// What a window, a display or a ticket machine would say of it.
std::string in_line(const Context& context, const json::object& data) {
  const auto ticket = text_at(data, "ticket");
  const auto window = text_at(data, "window");
  const auto waiting = std::to_string(number_at(data, "waiting", 0));
  if (ticket.empty()) return say(context.lang(), "event.waiting", {waiting});
  if (window.empty()) return say(context.lang(), "event.ticket", {ticket, waiting});
  return say(context.lang(), "queue.called", {ticket, window, waiting});
}

std::string described(const Context& context, const client::Event& event) {
  if (event.type == "case.progress") return progress_text(context, event);
  if (event.type.starts_with("queue-board.")) return in_line(context, event.data);
  if (event.type == "plugin.called") {
    return say(context.lang(), "event.call",
               {text_at(event.data, "plugin"), text_at(event.data, "method"), text_at(event.data, "staff")});
  }
  auto text = words_at(context, event.data);
  if (text.empty()) text = text_at(event.data, "state");
  if (text.empty()) text = text_at(event.data, "reason");
  return text;
}

void show_event(const Context& context, const client::Event& event) {
  context.out.document(event.document);
  auto about = event.case_id.empty() ? event.reader : event.case_id;
  if (about.empty()) about = text_at(event.data, "office");
  context.out.say("event.line",
                  {std::to_string(event.seq), time_at(event.document, "at"),
                   word(context.lang(), "event", event.type), about, described(context, event)});
}

void say_how_to_follow_on(const Context& context, std::int64_t last) {
  Output::complain(say(context.lang(), "events.go_on", {std::to_string(last)}));
}

}  // namespace

int show_events(const Context& context, const EventOptions& options) {
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  json::object params;
  if (!options.topics.empty()) params["topics"] = json::array(options.topics.begin(), options.topics.end());
  if (options.since >= 0 || !options.follow) params["since"] = std::max<std::int64_t>(options.since, 0);
  const auto subscribed = client->call("events.subscribe", params);
  if (!subscribed) return fail(context, subscribed.error());

  auto last = std::max<std::int64_t>(options.since, 0);
  while (!context.out.closed()) {
    const auto event = client->next_event(options.follow ? std::chrono::milliseconds(glance) : quiet);
    if (!event && event.error().reason == client::reasons::interrupted) break;
    if (!event) {
      const int code = fail(context, event.error());
      say_how_to_follow_on(context, last);
      return code;
    }
    if (*event) {
      last = (*event)->seq;
      show_event(context, **event);
    } else if (!options.follow) {
      break;
    }
    context.out.look_whether_read();
  }
  if (options.follow && last != 0) say_how_to_follow_on(context, last);
  return finish(context, context.interrupts.pending() ? interrupted : done);
}

}  // namespace madoguchi::cli
