#include "sqlite/parts.hpp"

#include <vector>

namespace madoguchi::storage {
namespace {

struct Difference {
  std::vector<Parts::const_pointer> to_write;
  std::vector<std::string> to_remove;
};

// Both sides are in the order of their names' bytes.
base::Result<Difference> compare(Statement& load, const std::string& case_id, const Parts& parts) {
  Difference found;
  Query rows(load);
  rows.bind(case_id);
  auto wanted = parts.begin();
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) break;
    const auto name = rows.view(0);
    for (; wanted != parts.end() && wanted->first < name; ++wanted) found.to_write.push_back(&*wanted);
    if (wanted == parts.end() || wanted->first != name) {
      found.to_remove.emplace_back(name);
      continue;
    }
    if (wanted->second != rows.view(1)) found.to_write.push_back(&*wanted);
    ++wanted;
  }
  for (; wanted != parts.end(); ++wanted) found.to_write.push_back(&*wanted);
  return found;
}

}  // namespace

base::Result<Parts> read_parts(std::array<Statement, sql_count>& prepared, const std::string& case_id) {
  Query rows(prepared[load_parts]);
  rows.bind(case_id);
  Parts parts;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return parts;
    parts.emplace_hint(parts.end(), rows.text(0), rows.text(1));
  }
}

base::Result<void> write_parts(std::array<Statement, sql_count>& prepared, const std::string& case_id,
                               const Parts& parts) {
  const auto found = compare(prepared[load_parts], case_id, parts);
  if (!found) return found.error();
  for (const auto& name : found->to_remove) {
    Query remove(prepared[remove_part]);
    remove.bind(case_id).bind(name);
    if (auto done = remove.run(); !done) return done;
  }
  for (const auto* part : found->to_write) {
    Query write(prepared[write_part]);
    write.bind(case_id).bind(part->first).bind(part->second);
    if (auto done = write.run(); !done) return done;
  }
  return {};
}

}  // namespace madoguchi::storage
