// cases: list, show, timeline, cancel. Going on with a case is in renew.cpp.
#include <boost/json/array.hpp>

#include "call_and_show.hpp"
#include "commands.hpp"
#include "show.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

void show_page(const Context& context, const json::object& page) {
  const auto* visits = array_at(page, "cases");
  if (visits == nullptr || visits->empty()) {
    context.out.say("cases.none");
    return;
  }
  for (const auto& item : *visits) {
    if (item.is_object()) show_case_line(context, item.get_object());
  }
  if (const auto next = text_at(page, "next"); !next.empty()) context.out.say("cases.more", {next});
}

}  // namespace

int list_cases(const Context& context, const ListOptions& options) {
  json::object params{{"limit", options.limit}};
  if (!options.states.empty()) params["states"] = json::array(options.states.begin(), options.states.end());
  if (!options.card.empty()) params["card"] = options.card;
  if (!options.cursor.empty()) params["cursor"] = options.cursor;
  return call_and_show(context, "cases.list", params,
                       [&](const json::object& page) { show_page(context, page); });
}

int show_one_case(const Context& context, const std::string& id) {
  return call_and_show(
      context, "cases.get", {{"case", id}}, [&](const json::object& visit) { show_case(context, visit); },
      fail_about_case);
}

int show_timeline(const Context& context, const std::string& id) {
  return call_and_show(
      context, "cases.timeline", {{"case", id}},
      [&](const json::object& timeline) {
        const auto* entries = array_at(timeline, "entries");
        if (entries == nullptr) return;
        for (const auto& item : *entries) {
          if (!item.is_object()) continue;
          const auto& entry = item.get_object();
          const auto text = words_at(context, entry);
          context.out.say("timeline.line",
                          {time_at(entry, "at"), text.empty() ? text_at(entry, "kind") : text});
        }
      },
      fail_about_case);
}

int cancel_case(const Context& context, const std::string& id, const std::string& reason,
                const std::string& staff, bool card_gone) {
  json::object params{{"case", id}, {"reason", reason}, {"staff", staff}};
  if (card_gone) params["card_gone"] = true;
  return call_and_show(
      context, "cases.cancel", params, [&](const json::object& visit) { show_case_line(context, visit); },
      fail_about_case);
}

}  // namespace madoguchi::cli
