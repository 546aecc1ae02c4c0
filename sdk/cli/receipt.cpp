// cases receipt: what the daemon knows, made a sheet by madoguchi-print.
#include <boost/json/serialize.hpp>
#include <system_error>

#include "beside.hpp"
#include "commands.hpp"
#include "filter_program.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

std::vector<std::string> command_for(const Context& context, const ReceiptOptions& options) {
  std::vector<std::string> command{beside({"madoguchi-print"}).string(),
                                   options.incident ? "incident" : "receipt", "--format=" + options.format,
                                   "--output=" + options.output,
                                   context.lang() == Lang::ja ? "--lang=ja" : "--lang=en"};
  if (!options.templates.empty()) command.push_back("--templates=" + options.templates);
  return command;
}

// In the words of an error of the daemon's, for those who read JSON.
int fail_printing(const Context& context, Key key, std::initializer_list<std::string_view> arguments = {}) {
  client::RpcError error;
  error.reason = "print.failed";
  error.ja = say(Lang::ja, key, arguments);
  error.en = say(Lang::en, key, arguments);
  return fail(context, error);
}

}  // namespace

int print_receipt(const Context& context, const ReceiptOptions& options) {
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  json::object params{{"case", options.id}};
  if (options.incident) params["kind"] = "incident";
  const auto sheet = client->call("cases.receipt", params);
  if (!sheet) return fail(context, sheet.error());
  const auto command = command_for(context, options);
  const auto ended = run_filter(command, json::serialize(*sheet), context.interrupts);
  switch (ended.how) {
    case Ended::How::interrupted:
      return interrupted;
    case Ended::How::not_started:
      return fail_printing(context, "receipt.no_program",
                           {command[0], std::generic_category().message(ended.status)});
    case Ended::How::killed:
      return fail_printing(context, "receipt.failed");
    case Ended::How::exited:
      break;
  }
  if (ended.status != 0) return fail_printing(context, "receipt.failed");
  context.out.document(
      json::object{{"case", options.id}, {"format", options.format}, {"output", options.output}});
  context.out.say("receipt.made", {options.output});
  return finish(context);
}

}  // namespace madoguchi::cli
