#include "api/api.hpp"

#include "families.hpp"
#include "shapes.hpp"

namespace madoguchi::api {

void add_methods(rpc::MethodTable& table, Parts& parts) {
  add_shapes(table);
  add_system(table, parts);
  add_readers(table, parts);
  add_cases(table, parts);
  add_receipt(table, parts);
  add_pins(table, parts);
  add_policy(table, parts);
  add_offices(table, parts);
  add_plugins(table, parts);
  add_events(table, parts);
  add_audit(table, parts);
  add_privacy(table, parts);
}

}  // namespace madoguchi::api
