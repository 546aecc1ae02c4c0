#include "reception.hpp"

#include <utility>

#include "visit.hpp"

namespace madoguchi::cli {

namespace json = boost::json;

int judge_by_ticket(const Context& context, client::Client& client, const std::string& ticket,
                    const std::string& office, json::object& facts) {
  if (ticket.empty() || facts.contains("at")) return done;
  const auto found = client.call("queue-board.ticket", {{"office", office}, {"ticket", ticket}});
  if (!found) {
    const int code = fail(context, found.error());
    if (found.error().reason == "method_not_found") Output::complain(say(context.lang(), "queue.no_plugin"));
    return code;
  }
  if (!found->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  facts["at"] = text_at(found->get_object(), "taken_at");
  return done;
}

int carry_out(const Context& context, client::Client& client, const json::object& visit,
              const std::string& staff, const PinOptions& options, std::optional<GivenPins> pins,
              const json::object* tries) {
  Visit flow(context, client, visit, staff);
  flow.set_options(options);
  if (tries != nullptr) flow.set_tries(*tries);
  if (pins) {
    flow.entry().use_given(std::move(*pins));
  } else {
    flow.entry().use_terminal();
  }
  return flow.carry_out();
}

}  // namespace madoguchi::cli
