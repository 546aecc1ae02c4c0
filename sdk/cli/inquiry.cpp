// inquiry: the back office's list of inquiries by post, where one stands, and what was done about it.
#include <boost/json/array.hpp>

#include "call_and_show.hpp"
#include "commands.hpp"
#include "show_inquiry.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// A week is what a letter needs to be sent and answered once more.
constexpr int soon = 7;

struct Question {
  std::string method;
  json::object params;
};

Question question_of(const InquiryListOptions& options) {
  Question question{"proxy-two-visit.list", {}};
  if (!options.office.empty()) question.params["office"] = options.office;
  if (options.phase == "lapsing" || (options.phase.empty() && options.within_days >= 0)) {
    question.method = "proxy-two-visit.lapsing";
    question.params["within_days"] = options.within_days < 0 ? soon : options.within_days;
  } else if (options.phase == "overdue") {
    question.method = "proxy-two-visit.overdue";
  } else if (!options.phase.empty()) {
    question.params["phase"] = options.phase;
  }
  return question;
}

}  // namespace

int list_inquiries(const Context& context, const InquiryListOptions& options) {
  if (options.within_days >= 0 && !options.phase.empty() && options.phase != "lapsing")
    return fail_usage(context, "inquiry.within_days");
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  auto [method, params] = question_of(options);
  json::array all;
  for (;;) {
    const auto page = client->call(method, params);
    if (!page) return fail_inquiry(context, page.error());
    const auto* items = page->is_object() ? array_at(page->get_object(), "items") : nullptr;
    if (items == nullptr) return fail(context, client::make_error(client::reasons::garbled));
    all.insert(all.end(), items->begin(), items->end());
    const auto* next = page->get_object().if_contains("next");
    if (next == nullptr) break;
    params["cursor"] = *next;
  }
  if (all.empty()) context.out.say("inquiry.no_cases");
  for (const auto& item : all) {
    if (item.is_object()) show_inquiry_line(context, item.get_object());
  }
  context.out.document(json::object{{"items", std::move(all)}});
  return finish(context);
}

int show_one_inquiry(const Context& context, const std::string& id) {
  return call_and_show(
      context, "proxy-two-visit.status", {{"case", id}},
      [&](const json::object& inquiry) { show_inquiry(context, inquiry); }, fail_inquiry);
}

int record_inquiry(const Context& context, std::string_view verb, const InquiryStepOptions& options) {
  json::object params{{"case", options.id}, {"staff", options.staff}};
  if (!options.on.empty()) params["on"] = options.on;
  if (!options.return_by.empty()) params["return_by"] = options.return_by;
  if (options.again) params["again"] = true;
  return call_and_show(
      context, std::string("proxy-two-visit.").append(verb), params,
      [&](const json::object& inquiry) { show_inquiry(context, inquiry); }, fail_inquiry);
}

}  // namespace madoguchi::cli
