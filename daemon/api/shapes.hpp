// What several methods answer with, as rpc.discover describes it.
#pragma once

#include <string>
#include <string_view>

#include "rpc/method.hpp"

namespace madoguchi::api {

void add_shapes(rpc::MethodTable& table);
// `schema`: as text, with ".Name" as a reference to another shape.
void define_shape(rpc::MethodTable& table, std::string_view name, std::string schema);
// error_details.cpp: what an error may tell beside its reason, as shapes `Details.<reason>`.
void add_error_details(rpc::MethodTable& table);

// The decision contract's documents (config/schema), as text.
extern const char* const facts_document;
extern const char* const decision_document;

}  // namespace madoguchi::api
