#include "base/json.hpp"
#include "base/secret.hpp"
#include "rpc/codec.hpp"

namespace madoguchi::rpc {

namespace json = boost::json;

base::Result<const json::value*> parse(std::string_view text, Scratch& memory) {
  auto& root = *new (memory.allocate(sizeof(json::value), alignof(json::value))) json::value(&memory);
  const auto wrong = base::parse_json(text, root);
  // The parser unescapes strings in a buffer of its stack frame.
  if (text.find('\\') != std::string_view::npos) base::wipe_stack();
  if (!wrong) return &root;
  return base::make_fault(base::Code::parse_error, {},
                          {{"offset", wrong->offset}, {"problem", wrong->problem}});
}

}  // namespace madoguchi::rpc
