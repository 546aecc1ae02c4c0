#include "counter/each_case.hpp"

#include <boost/json/parse.hpp>

#include "renewal/codec.hpp"
#include "renewal/pieces.hpp"

namespace madoguchi::counter {
namespace {

constexpr int page_size = 100;

}  // namespace

base::Result<renewal::Case> read_case(const storage::CaseRecord& record) {
  boost::system::error_code error;
  auto body = boost::json::parse(record.body, error);
  if (error || !body.is_object())
    return base::make_fault(base::Code::internal, "the stored case " + record.id + " is not JSON");
  const auto whole = renewal::put_together(std::move(body.get_object()), record.parts);
  if (!whole) return whole.error();
  auto visit = renewal::from_stored(*whole);
  if (visit) visit->revision = record.revision;
  return visit;
}

base::Result<void> each_case(storage::CaseStore& store, std::span<const renewal::State> states,
                             const std::string& card,
                             const std::function<void(const storage::CaseRecord&)>& take) {
  storage::ListQuery query;
  query.limit = page_size;
  query.card = card;
  for (const auto state : states) query.states.emplace_back(renewal::name(state));
  do {
    const auto page = store.list(query);
    if (!page) return page.error();
    for (const auto& record : page->records) take(record);
    query.cursor = page->next;
  } while (!query.cursor.empty());
  return {};
}

}  // namespace madoguchi::counter
