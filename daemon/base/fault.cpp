#include "base/fault.hpp"

#include <stdexcept>

#include "base/code_book.hpp"
#include "base/result.hpp"

namespace madoguchi::base {

Fault make_fault(Code code, std::string inner, boost::json::object details) {
  return Fault{code, std::move(inner), std::move(details)};
}

std::string describe(const Fault& fault) {
  std::string text(entry(fault.code).reason);
  if (!fault.inner.empty()) text.append(": ").append(fault.inner);
  return text;
}

void throw_exception_from_error(const Fault& fault, const boost::source_location& where) {
  throw std::logic_error("a result was read that holds a fault: " + describe(fault) + " at " +
                         where.to_string());
}

}  // namespace madoguchi::base
