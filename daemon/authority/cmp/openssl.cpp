#include "cmp/openssl.hpp"

#include <array>

namespace madoguchi::authority {

LibraryErrors take_errors() {
  LibraryErrors errors;
  const char* data = nullptr;
  int flags = 0;
  while (const unsigned long error = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
    std::array<char, 256> text{};
    ERR_error_string_n(error, text.data(), text.size());
    if (!errors.text.empty()) errors.text += "; ";
    errors.text += text.data();
    if ((flags & ERR_TXT_STRING) != 0 && data != nullptr) errors.text.append(" (").append(data).append(")");
    if (ERR_GET_LIB(error) == ERR_LIB_CMP) errors.cmp_reasons.push_back(ERR_GET_REASON(error));
  }
  return errors;
}

base::Fault library_fault(base::Code code, std::string what, boost::json::object details) {
  const auto errors = take_errors();
  if (!errors.text.empty()) what.append(": ").append(errors.text);
  return base::make_fault(code, std::move(what), std::move(details));
}

}  // namespace madoguchi::authority
