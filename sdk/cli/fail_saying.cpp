#include "fail_saying.hpp"

namespace madoguchi::cli {

int fail_saying(const Context& context, const char* reason, Key key, std::string_view what) {
  client::RpcError error;
  error.reason = reason;
  error.ja = say(Lang::ja, key, {what});
  error.en = say(Lang::en, key, {what});
  return fail(context, error);
}

}  // namespace madoguchi::cli
