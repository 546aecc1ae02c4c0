// What a person at the counter must look at, in words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "renewal/saga.hpp"

namespace madoguchi::renewal {

struct Attention {
  base::Code code = base::Code::internal;
  std::string look_ja;  // what to look at first, and what to do then
  std::string look_en;

  bool operator==(const Attention&) const = default;
};

// After a run of the sagas that ended with `fault` or at their end; nullopt when going on with the case needs
// no thought. Whatever it says, the case can be gone on with or cancelled.
std::optional<Attention> attention_after(const std::vector<Saga>& sagas,
                                         const std::optional<base::Fault>& fault);

}  // namespace madoguchi::renewal
