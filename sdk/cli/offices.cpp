// offices: when an office receives, how busy it will be, and how to reach it.
#include "offices.hpp"

#include <boost/json/array.hpp>

#include "commands.hpp"
#include "guidance.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

std::string name_of(const Context& context, const json::object& office) {
  const auto* name = object_at(office, "name");
  return name == nullptr ? text_at(office, "office") : words_at(context, *name);
}

std::string hours_in(const json::array& intervals) {
  std::string all;
  for (const auto& interval : intervals) {
    if (!interval.is_string()) continue;
    all.append(all.empty() ? "" : ", ").append(std::string_view(interval.get_string()));
  }
  return all;
}

void show_reception(const Context& context, const json::object& status) {
  const auto next = text_at(status, "next_opening");
  if (flag_at(status, "open") && flag_at(status, "in_time")) {
    context.out.say("office.open", {clock_of(text_at(status, "last_reception"))});
  } else if (flag_at(status, "open")) {
    if (next.empty()) {
      context.out.say("office.too_late");
    } else {
      context.out.say("office.too_late_until", {spoken_time(context.lang(), next)});
    }
  } else if (next.empty()) {
    context.out.say("office.closed");
  } else {
    context.out.say("office.closed_until", {spoken_time(context.lang(), next)});
  }
  if (const auto* today = array_at(status, "today")) {
    if (today->empty()) {
      context.out.say("office.no_hours");
    } else {
      context.out.say("office.hours", {hours_in(*today)});
    }
  }
}

void show_status(const Context& context, const json::object& status) {
  context.out.say("office.title", {name_of(context, status), text_at(status, "office")});
  show_reception(context, status);
  if (const auto* crowding = object_at(status, "crowding"))
    context.out.say("office.note", {words_at(context, *crowding)});
  if (const auto* unknown = object_at(status, "holidays_unknown"))
    context.out.say("office.note", {words_at(context, *unknown)});
  if (const auto* label = object_at(status, "queue_label"))
    context.out.say("office.queue", {words_at(context, *label)});
  const auto* contact = object_at(status, "contact");
  if (contact == nullptr) return;
  if (const auto phone = text_at(*contact, "phone"); !phone.empty()) context.out.say("office.phone", {phone});
  if (const auto fax = text_at(*contact, "fax"); !fax.empty()) context.out.say("office.fax", {fax});
}

// With how it stands now, as far as the service can say.
void show_office_line(const Context& context, client::Client& client, const json::object& office) {
  const auto id = text_at(office, "office");
  context.out.say("office.line", {id, name_of(context, office)});
  if (context.out.json()) return;
  const auto status = client.call("offices.status", {{"office", id}});
  if (status && status->is_object() && status->get_object().contains("open"))
    show_reception(context, status->get_object());
}

}  // namespace

std::vector<std::string> warnings_about(const Context& context, const json::object& status) {
  std::vector<std::string> warnings;
  const auto* crowding = object_at(status, "crowding");
  if (crowding != nullptr && flag_at(*crowding, "expected")) warnings.push_back(words_at(context, *crowding));
  if (const auto* unknown = object_at(status, "holidays_unknown"))
    warnings.push_back(words_at(context, *unknown));
  return warnings;
}

int show_offices(const Context& context, const OfficeOptions& options) {
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  if (options.office.empty()) {
    if (!options.at.empty()) return fail_usage(context, "missing.which_office");
    const auto listed = client->call("offices.list", {});
    if (!listed) return fail(context, listed.error());
    context.out.document(*listed);
    const auto* offices = listed->is_object() ? array_at(listed->get_object(), "offices") : nullptr;
    if (offices == nullptr) return fail(context, client::make_error(client::reasons::garbled));
    for (const auto& office : *offices) {
      if (office.is_object()) show_office_line(context, *client, office.get_object());
    }
    return finish(context);
  }
  json::object params{{"office", options.office}};
  if (!options.at.empty()) params["at"] = options.at;
  const auto status = client->call("offices.status", params);
  if (!status) {
    const int code = fail(context, status.error());
    if (status.error().reason == "not_found") Output::complain(say(context.lang(), "office.which"));
    return code;
  }
  if (!status->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  context.out.document(*status);
  show_status(context, status->get_object());
  return finish(context);
}

}  // namespace madoguchi::cli
