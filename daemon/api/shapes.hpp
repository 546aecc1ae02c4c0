// What several methods answer with, as rpc.discover describes it.
#pragma once

#include "rpc/method.hpp"

namespace madoguchi::api {

void add_shapes(rpc::MethodTable& table);

// The decision contract's documents (config/schema), as text.
extern const char* const facts_document;
extern const char* const decision_document;

}  // namespace madoguchi::api
