#include "print_sheet.hpp"

#include <boost/json/serialize.hpp>
#include <system_error>

#include "beside.hpp"
#include "filter_program.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// In the words of an error of the daemon's, for those who read JSON.
int fail_printing(const Context& context, Key key, std::initializer_list<std::string_view> arguments = {}) {
  client::RpcError error;
  error.reason = "print.failed";
  error.ja = say(Lang::ja, key, arguments);
  error.en = say(Lang::en, key, arguments);
  return fail(context, error);
}

}  // namespace

int print_sheet(const Context& context, std::string_view sheet, const json::object& document,
                const SheetOptions& options) {
  std::vector<std::string> command{beside({"madoguchi-print"}).string(), std::string(sheet),
                                   "--format=" + options.format, "--output=" + options.output,
                                   context.lang() == Lang::ja ? "--lang=ja" : "--lang=en"};
  if (!options.templates.empty()) command.push_back("--templates=" + options.templates);
  const auto ended = run_filter(command, json::serialize(document), context.interrupts);
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
  return ended.status == 0 ? done : fail_printing(context, "receipt.failed");
}

}  // namespace madoguchi::cli
