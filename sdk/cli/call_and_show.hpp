// The shape of most commands: one method is called and its result put into words.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "context.hpp"

namespace madoguchi::cli {

using Failing = int (*)(const Context& context, const client::RpcError& error);

template <class Show>
int call_and_show(
    const Context& context, std::string_view method, const boost::json::object& params, Show show,
    Failing failing = [](const Context& context, const client::RpcError& error) {
      return fail(context, error);
    }) {
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  const auto result = client->call(method, params);
  if (!result) return failing(context, result.error());
  context.out.document(*result);
  if (result->is_object()) show(result->get_object());
  return finish(context);
}

}  // namespace madoguchi::cli
