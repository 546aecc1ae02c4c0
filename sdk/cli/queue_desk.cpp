// queue: tickets, and who is called to which window.
#include <boost/json/array.hpp>
#include <utility>

#include "commands.hpp"
#include "show_queue.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// At the office; what is empty is not told.
template <class Show>
int at_office(const Context& context, const QueueOptions& options, std::string_view verb, json::object params,
              Show show) {
  if (options.office.empty()) return fail_usage(context, "missing.office");
  params["office"] = options.office;
  params["staff"] = options.staff;
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  const auto reply = client->call("queue-board." + std::string(verb), params);
  if (!reply) return fail_at_line(context, reply.error());
  context.out.document(*reply);
  if (reply->is_object()) show(reply->get_object());
  return finish(context);
}

void show_taken(const Context& context, const json::object& ticket) {
  const auto number = text_at(ticket, "ticket");
  const auto* wait = object_at(ticket, "wait");
  context.out.say("queue.taken",
                  {number, std::to_string(number_at(ticket, "ahead", 0)),
                   wait == nullptr ? std::string("?") : std::to_string(number_at(*wait, "minutes", 0))});
  context.out.say("queue.begin", {number});
}

void show_called(const Context& context, const json::object& called) {
  const auto number = text_at(called, "ticket");
  if (number.empty()) return context.out.say("queue.nobody");
  context.out.say("queue.called",
                  {number, text_at(called, "window"), std::to_string(number_at(called, "waiting", 0))});
  context.out.say("queue.begin", {number});
  context.out.say("queue.not_there", {number});
}

}  // namespace

int take_ticket(const Context& context, const QueueOptions& options) {
  json::object params{{"procedure", options.procedure}};
  if (options.priority) params["priority"] = true;
  if (options.accept_closed) params["accept_closed"] = true;
  return at_office(context, options, "take", std::move(params),
                   [&](const json::object& ticket) { show_taken(context, ticket); });
}

int call_next(const Context& context, const QueueOptions& options) {
  json::object params{{"window", options.window}};
  if (!options.only.empty()) params["procedures"] = json::array(options.only.begin(), options.only.end());
  return at_office(context, options, "call_next", std::move(params),
                   [&](const json::object& called) { show_called(context, called); });
}

int move_ticket(const Context& context, std::string_view verb, const QueueOptions& options) {
  json::object params{{"ticket", options.ticket}};
  if (!options.window.empty()) params["window"] = options.window;
  return at_office(context, options, verb, std::move(params),
                   [&](const json::object& line) { show_queue_line(context, line); });
}

}  // namespace madoguchi::cli
