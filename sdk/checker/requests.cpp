#include "requests.hpp"

#include "extension/requests.hpp"
#include "policy/decision.hpp"

namespace madoguchi::checker {
namespace {

namespace json = boost::json;
using policy::Facts;

policy::Facts base_visit() {
  Facts facts;
  facts.at = base::parse_time("2026-02-12T10:00:00+09:00").value();
  facts.office = "city-hall";
  facts.holder.birth_date = base::parse_date("1980-04-10").value();
  facts.card.expires_on = base::parse_date("2031-04-10");
  facts.signature = {policy::CertificateState::valid, base::parse_date("2026-04-10")};
  facts.authentication = facts.signature;
  return facts;
}

policy::Document paper(std::string type) {
  policy::Document document;
  document.type = std::move(type);
  return document;
}

template <class Word, class Change>
void each(std::vector<Facts>& visits, const Change& change) {
  for (std::size_t i = 0; i < policy::names<Word>().size(); ++i) {
    visits.push_back(base_visit());
    change(visits.back(), static_cast<Word>(i));
  }
}

}  // namespace

policy::Policy example_city() {
  policy::Policy city;
  city.municipality.id = "example";
  city.municipality.name = {"見本市", "Example City"};
  city.version = "1";
  city.digest = std::string(64, '0');
  policy::Office office;
  office.id = "city-hall";
  office.name = {"市役所", "City Hall"};
  city.offices.push_back(std::move(office));
  return city;
}

std::vector<Facts> example_visits() {
  std::vector<Facts> visits{base_visit()};
  each<policy::Role>(visits, [](Facts& f, policy::Role role) {
    f.visitor.role = role;
    f.holder.present = role == policy::Role::holder;
  });
  each<policy::Purpose>(visits, [](Facts& f, policy::Purpose purpose) { f.purpose = purpose; });
  each<policy::Channel>(visits, [](Facts& f, policy::Channel channel) { f.channel = channel; });
  each<policy::Relationship>(visits, [](Facts& f, policy::Relationship relationship) {
    f.visitor = {policy::Role::legal_representative, relationship, true};
    f.holder.birth_date = base::parse_date("2015-06-01").value();
  });
  each<policy::CertificateState>(visits, [](Facts& f, policy::CertificateState state) {
    f.signature.state = state;
    if (state != policy::CertificateState::valid) f.signature.expires_on.reset();
  });
  each<policy::PinState>(visits, [](Facts& f, policy::PinState state) {
    f.visitor.role = policy::Role::proxy;
    f.pins = {state, state, state};
  });
  auto& papers = visits.emplace_back(base_visit());
  for (const auto type : policy::document_types()) papers.documents.push_back(paper(std::string(type)));
  auto& ward = visits.emplace_back(base_visit());
  ward.holder.adult_ward = true;
  ward.card.face_authentication = true;
  auto& without_card = visits.emplace_back(base_visit());
  without_card.card = {.presented = false, .expires_on = std::nullopt, .face_authentication = false};
  without_card.signature = {};
  without_card.authentication = {};
  auto& second = visits.emplace_back(base_visit());
  second.visit = 2;
  second.first_visit_on = base::parse_date("2026-01-20");
  return visits;
}

std::vector<json::object> example_cases() {
  const auto city = example_city();
  std::vector<json::object> cases;
  for (const auto& visit : example_visits()) {
    cases.push_back({{"id", "260212-ABCDEFGH"},
                     {"state", "open"},
                     {"opened_at", base::format_time(visit.at)},
                     {"facts", policy::to_json(visit)},
                     {"decision", policy::to_json(policy::decide(city, visit))},
                     {"pins", json::object{{"authentication", "matched"}}},
                     {"context", extension::people_document(city, visit)}});
  }
  return cases;
}

std::vector<json::object> example_events() {
  std::vector<json::object> events;
  for (const auto* type : {"case.opened", "case.updated", "pin.mismatched", "pin.locked", "pin.reset",
                           "pin.matched", "case.redecided", "issue.begun", "case.stopped", "case.completed",
                           "case.given_up", "case.cancelled", "some.other"}) {
    json::object event{{"type", type}, {"at", "2026-02-12T10:05:00+09:00"}};
    if (std::string_view(type).starts_with("pin.")) event["pin"] = "signature";
    if (std::string_view(type) == "case.stopped") event["reason"] = "card.removed";
    events.push_back(std::move(event));
  }
  return events;
}

std::vector<json::object> pages_of(const std::vector<json::object>& states, std::size_t by) {
  std::vector<json::object> pages;
  json::array items;
  for (const auto& state : states) {
    const auto id = "260212-" + std::to_string(10'000'000 + pages.size() * by + items.size());
    items.push_back(json::object{{"case", id}, {"state", state}});
    if (items.size() < by) continue;
    pages.push_back({{"items", std::move(items)}, {"next", id}});
    items = json::array();
  }
  pages.push_back({{"items", std::move(items)}, {"next", nullptr}});
  return pages;
}

std::vector<std::string> hostile_requests() {
  constexpr std::size_t deep = 100'000;
  constexpr std::size_t much = std::size_t{4} << 20;
  return {
      "",
      "{",
      "null",
      "[]",
      "{}",
      R"({"section":[],"city":0})",
      R"({"section":{},"city":{"offices":"all","document_types":[1,2]}})",
      R"({"facts":{},"decision":{},"context":{}})",
      R"({"facts":null,"decision":null,"context":{"day":"2026-02-30","needs_representative":"yes","acting_as":"nobody"}})",
      R"({"office":"city-hall","from":"2026-12-31","to":"2026-01-01"})",
      R"({"case":{},"state":[],"event":null})",
      R"({"case":{"id":7},"state":{"count":"x"},"event":{"type":1,"at":null}})",
      R"({"method":"no_such_verb","params":{},"state":null,"at":"2026-01-01T00:00:00Z"})",
      R"({"method":7,"params":[],"state":"x","at":7})",
      R"({"method":"x","params":{},"state":null,"at":"2026-01-01T00:00:00Z","states":{"items":[7],"next":[]}})",
      R"({"method":"x","params":{},"state":null,"at":"2026-01-01T00:00:00Z","offices":[{"id":7,"open":"yes"}]})",
      R"({"office":7,"from":"yesterday","to":null})",
      R"({"office":"city-hall","from":"0001-01-01","to":"9999-12-31x"})",
      "{\"office\":\"\xff\xfe\",\"from\":\"2026-01-01\",\"to\":\"2026-12-31\"}",
      std::string("{\"a\":\0}", 7),
      std::string(deep, '['),
      "{\"facts\":\"" + std::string(much, 'x') + "\"}"};
}

}  // namespace madoguchi::checker
