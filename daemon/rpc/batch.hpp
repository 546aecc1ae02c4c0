// The replies to one batch, which are sent together.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace madoguchi::rpc {

struct Batch {
  std::vector<std::string> replies;  // in the batch's order; empty for a notification
  std::size_t open = 1;              // still to come; the one is for the reading of the batch itself
};

// Of the replies so far.
std::size_t size(const Batch& batch);
// As one line; nothing for a batch of notifications only.
void append_replies(std::string& out, const Batch& batch);

}  // namespace madoguchi::rpc
