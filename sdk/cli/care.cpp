#include "care.hpp"

#include <boost/json/array.hpp>

#include "examination.hpp"
#include "messages/book.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

json::object document_of(const messages::Message& message) {
  json::object told{{"id", message.id},
                    {"origin", message.origin == messages::Origin::log ? "log" : "doctor"},
                    {"ja", message.ja},
                    {"en", message.en}};
  if (!message.do_en.empty()) told["do"] = {{"ja", message.do_ja}, {"en", message.do_en}};
  return told;
}

void show_message(const Context& context, const messages::Message& message) {
  const bool ja = context.lang() == Lang::ja;
  context.out.line(std::string(message.id) + ": " + std::string(ja ? message.ja : message.en));
  const auto to_do = ja ? message.do_ja : message.do_en;
  if (!to_do.empty()) context.out.say("doctor.do", {to_do});
}

}  // namespace

int show_doctor(const Context& asked, const std::string& config) {
  const auto context = at_service_of(asked, config);
  return conclude(context, examine(context, config,
                                   [&](const json::object& finding) { show_finding(context, finding); }));
}

int show_messages(const Context& context, const std::string& id) {
  if (!id.empty()) {
    const auto* message = messages::find(id);
    if (message == nullptr) return fail_usage(context, "messages.unknown", {id});
    context.out.document(document_of(*message));
    show_message(context, *message);
    return finish(context);
  }
  json::array all;
  for (const auto* message : messages::book()) {
    all.push_back(document_of(*message));
    show_message(context, *message);
  }
  context.out.document(json::object{{"messages", std::move(all)}});
  return finish(context);
}

}  // namespace madoguchi::cli
