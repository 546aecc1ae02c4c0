// cases receipt: what the daemon knows, made a sheet by madoguchi-print.
#include "commands.hpp"
#include "print_sheet.hpp"

namespace madoguchi::cli {

namespace json = boost::json;

int print_receipt(const Context& context, const ReceiptOptions& options) {
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  json::object params{{"case", options.id}};
  if (options.incident) params["kind"] = "incident";
  const auto sheet = client->call("cases.receipt", params);
  if (!sheet) return fail_about_case(context, sheet.error());
  if (!sheet->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  const auto* name = options.incident ? "incident" : "receipt";
  if (const int code = print_sheet(context, name, sheet->get_object(), options.sheet); code != done)
    return code;
  context.out.document(
      json::object{{"case", options.id}, {"format", options.sheet.format}, {"output", options.sheet.output}});
  context.out.say("receipt.made", {options.sheet.output});
  return finish(context);
}

}  // namespace madoguchi::cli
