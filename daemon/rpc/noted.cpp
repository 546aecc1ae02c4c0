#include "noted.hpp"

#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "base/utf8.hpp"

namespace madoguchi::rpc {

base::Fault noted(base::Log* log, base::Fault fault, std::string_view method,
                  const std::function<bool()>& write_refusal) {
  const bool internal = fault.code == base::Code::internal;
  std::string incident;
  if (internal) {
    incident = base::to_hex(base::random_bytes(6));
    fault.details = boost::json::object{{"incident", incident}};
  }
  if (log == nullptr) return fault;
  if (internal) {
    log->write(base::Level::error, "rpc.internal",
               {{"incident", std::move(incident)}, {"method", std::string(method)}, {"inner", fault.inner}});
  } else if (!fault.inner.empty() && write_refusal()) {
    log->write(base::Level::info, "rpc.refused",
               {{"method", std::string(method)},
                {"fault", base::on_one_line(base::describe(fault), longest_refusal)}});
  }
  return fault;
}

}  // namespace madoguchi::rpc
