// A result that a test cannot go on without.
#pragma once

#include <stdexcept>
#include <utility>

#include "base/result.hpp"

namespace madoguchi::counter::test {

template <class T>
T taken(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::describe(result.error()));
  return std::move(*result);
}

}  // namespace madoguchi::counter::test
