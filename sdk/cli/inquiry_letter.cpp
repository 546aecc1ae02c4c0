// inquiry letter: what the daemon knows of the letter and what only the front-end knows, made paper by
// madoguchi-print. The daemon is never told the holder's name and address.
#include <array>

#include "commands.hpp"
#include "facts.hpp"
#include "print_sheet.hpp"
#include "show_inquiry.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

struct Part {
  std::string_view name;
  Key prompt;
};
constexpr std::array parts_of_holder{Part{"name", "ask.holder_name"},
                                     Part{"postal_code", "ask.holder_postal_code"},
                                     Part{"address", "ask.holder_address"}};

// Before the daemon is asked, which fixes the letter's dates: who it goes to has to be known first.
int complete_holder(const Context& context, const std::string& given, json::object& holder) {
  if (const int code = read_object(context, given, "holder.no_file", "holder.not_an_object", holder);
      code != done)
    return code;
  for (const auto& part : parts_of_holder) {
    if (holder.contains(part.name)) continue;
    const auto answer = ask_for(context, part.prompt);
    if (context.interrupts.pending()) return fail(context, client::make_error(client::reasons::interrupted));
    if (answer.empty()) return fail_usage(context, "missing.holder", {part.name});
    holder[part.name] = answer;
  }
  return done;
}

}  // namespace

int print_inquiry(const Context& context, const InquiryLetterOptions& options) {
  json::object holder;
  if (const int code = complete_holder(context, options.holder, holder); code != done) return code;
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  json::object params{{"case", options.id}, {"staff", options.staff}};
  if (!options.return_by.empty()) params["return_by"] = options.return_by;
  if (options.anew) params["anew"] = true;
  const auto made = client->call("proxy-two-visit.letter", params);
  if (!made) return fail_inquiry(context, made.error());
  const auto* told = made->is_object() ? object_at(made->get_object(), "letter") : nullptr;
  if (told == nullptr) return fail(context, client::make_error(client::reasons::garbled));

  auto letter = *told;
  letter["template_version"] = options.template_version;
  letter["holder"] = std::move(holder);
  if (!options.letter_number.empty()) letter["letter_number"] = options.letter_number;
  if (const int code = print_sheet(context, "inquiry", letter, options.sheet); code != done) {
    Output::complain(say(context.lang(), "inquiry.letter_kept"));
    return code;
  }
  const bool reprint = flag_at(made->get_object(), "reprint");
  const auto return_by = text_at(letter, "return_by");
  context.out.document(json::object{{"case", options.id},
                                    {"issued_on", text_at(letter, "issued_on")},
                                    {"return_by", return_by},
                                    {"reprint", reprint},
                                    {"format", options.sheet.format},
                                    {"output", options.sheet.output}});
  context.out.say("receipt.made", {options.sheet.output});
  context.out.say(reprint ? Key("inquiry.reprinted") : Key("inquiry.printed"), {return_by});
  context.out.say("inquiry.next.mail", {options.id});
  return finish(context);
}

}  // namespace madoguchi::cli
