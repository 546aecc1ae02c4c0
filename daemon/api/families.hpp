// The families of methods, each adding its rows.
#pragma once

#include "api/api.hpp"

namespace madoguchi::api {

void add_system(rpc::MethodTable& table, Parts& parts);
void add_readers(rpc::MethodTable& table, Parts& parts);
void add_cases(rpc::MethodTable& table, Parts& parts);
void add_receipt(rpc::MethodTable& table, Parts& parts);
void add_pins(rpc::MethodTable& table, Parts& parts);
void add_policy(rpc::MethodTable& table, Parts& parts);
void add_offices(rpc::MethodTable& table, Parts& parts);
void add_plugins(rpc::MethodTable& table, Parts& parts);
void add_events(rpc::MethodTable& table, Parts& parts);
void add_audit(rpc::MethodTable& table, Parts& parts);
void add_privacy(rpc::MethodTable& table, Parts& parts);

// Who works at the counter: the clerk, whoever supervises the clerk, and the administrator.
constexpr rpc::Roles counter_staff{static_cast<std::uint8_t>(rpc::Role::clerk) |
                                   static_cast<std::uint8_t>(rpc::Role::supervisor) |
                                   static_cast<std::uint8_t>(rpc::Role::admin)};

// The result of whatever answers with the case itself.
constexpr std::string_view case_schema = R"({"$ref":"#/components/schemas/Case"})";

}  // namespace madoguchi::api
