// cases.receipt: what a front-end prints.
#include "renewal/receipt.hpp"

#include "answer.hpp"
#include "families.hpp"
#include "timeline.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;
using base::Code;

Reply sheet(Parts& parts, const json::object& params) {
  const auto id = text(params, "case");
  const auto visit = parts.desk.load(id);
  if (!visit) return visit.error();
  const auto now = parts.clock.now();
  if (text(params, "kind") != "incident") {
    auto receipt = renewal::receipt_of(*visit, now);
    if (!receipt) return receipt.error();
    return json::value(std::move(*receipt));
  }
  auto slip = renewal::incident_slip_of(*visit, now);
  if (!slip) return slip.error();
  auto entries = timeline_of(parts, id);
  if (!entries) return entries.error();
  (*slip)["timeline"] = std::move(*entries);
  return json::value(std::move(*slip));
}

}  // namespace

void add_receipt(rpc::MethodTable& table, Parts& parts) {
  table.add(
      {.name = "cases.receipt",
       .summary = "The printable sheet of what a case has completed, or the incident slip of one that needs "
                  "a person.",
       .roles = counter_staff,
       .params =
           {{.name = "case", .required = true, .description = "a case's id", .minimum = 1, .maximum = 64},
            {.name = "kind",
             .description = "which sheet; `completed` unless told",
             .values = {"completed", "incident"}}},
       .result = R"({"type":"object","required":["kind","case","title","printed_at","certificates"]})",
       .faults = {Code::not_found, Code::conflict},
       .example = R"({"case":"261123-7K3F92QD"})",
       .handler = [&parts](const rpc::Caller&, const json::object& params,
                           rpc::Responder respond) { respond(sheet(parts, params)); },
       .reads = true});
}

}  // namespace madoguchi::api
