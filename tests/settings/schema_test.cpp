// The schemas that ship agree with what the code reads and writes.
#include "schema.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <regex>

#include "policy/contribution.hpp"
#include "policy/facts.hpp"
#include "settings/policy_file.hpp"
#include "support.hpp"
#include "to_json.hpp"

namespace madoguchi::settings {
namespace {

namespace json = boost::json;

const base::Instant now = *base::parse_time("2026-02-12T10:00:00+09:00");

json::value full_facts() {
  return json::parse(R"({
    "at": "2026-02-12T10:00:00+09:00", "office": "citizens-division", "channel": "counter", "purpose": "renewal",
    "wanted": ["signature", "authentication"],
    "holder": {"birth_date": "1980-04-10", "resident": true, "adult_ward": false, "domicile_in_city": false,
               "present": true},
    "visitor": {"role": "holder", "relationship": "other", "same_household": false},
    "card": {"presented": true, "expires_on": "2031-04-10", "face_authentication": false},
    "certificates": {"signature": {"state": "valid", "expires_on": "2026-04-10"},
                     "authentication": {"state": "valid", "expires_on": "2026-04-10"}},
    "pins": {"signature": "matched", "authentication": "matched", "resident_register": "matched"},
    "documents": [{"type": "reply_form", "of": "holder", "issued_on": "2026-01-01", "expires_on": "2026-04-10",
                   "original": true, "sealed": true, "source": "notice"}],
    "visit": 2, "first_visit_on": "2026-02-01"})");
}

// Every place in a document, as a pointer.
void places(const json::value& value, const std::string& pointer, std::vector<std::string>& all) {
  all.push_back(pointer);
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) places(member.value(), pointer + "/" + std::string(member.key()), all);
  } else if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i)
      places((*array)[i], pointer + "/" + std::to_string(i), all);
  }
}

std::vector<std::string> places(const json::value& value) {
  std::vector<std::string> all;
  places(value, "", all);
  return all;
}

// The schema and the reader must be of one mind; dates that look like dates are left out, since a schema
// cannot know the calendar.
void expect_one_mind(const json::value& facts) {
  const auto complaint = violation("facts", facts);
  const auto read = policy::parse_facts(facts.as_object(), now);
  EXPECT_EQ(complaint.empty(), read.has_value())
      << json::serialize(facts) << "\nschema: " << complaint
      << "\nreader: " << (read ? "" : std::string(read.error().details.at("pointer").as_string()));
}

TEST(FactsSchema, accepts_what_the_reader_accepts) {
  expect_one_mind(full_facts());
  EXPECT_EQ(violation("facts", full_facts()), "");
  const auto written = policy::to_json(*policy::parse_facts(full_facts().as_object(), now));
  EXPECT_EQ(violation("facts", written), "");
}

TEST(FactsSchema, agrees_about_every_place_changed_taken_away_or_added_to) {
  const auto good = full_facts();
  const std::vector<json::value> values{
      nullptr, true, 1, 7, 1.5, "x", "", "absent", "2026-01-01", json::array{}, json::object{}};
  int changes = 0;
  for (const auto& place : places(good)) {
    if (place.empty()) continue;
    for (const auto& value : values) {
      auto facts = good;
      facts.at_pointer(place) = value;
      expect_one_mind(facts);
      ++changes;
    }
    const auto slash = place.rfind('/');
    auto less = good;
    auto& around = less.at_pointer(place.substr(0, slash));
    if (around.is_object()) around.get_object().erase(place.substr(slash + 1));
    expect_one_mind(less);
    auto more = good;
    if (auto* object = more.at_pointer(place).if_object()) (*object)["added"] = 1;
    expect_one_mind(more);
  }
  EXPECT_GT(changes, 300);
}

TEST(FactsSchema, agrees_about_cards_that_are_not_there) {
  for (const auto* text :
       {R"({"office": "x", "holder": {"birth_date": "1980-04-10"}, "card": {"presented": false}})",
        R"({"office": "x", "holder": {"birth_date": "1980-04-10"}})",
        R"({"office": "x", "holder": {"birth_date": "1980-04-10"}, "card": {"presented": true}})",
        R"({"office": "x", "holder": {"birth_date": "1980-04-10"}, "card": {"expires_on": "2031-04-10"},
                               "certificates": {"authentication": {"state": "absent"}}})"}) {
    expect_one_mind(json::parse(text));
  }
}

template <class Word>
void expect_words(const json::value& list) {
  std::vector<std::string> words;
  for (const auto word : policy::names<Word>()) words.emplace_back(word);
  std::vector<std::string> listed;
  for (const auto& word : list.as_array()) listed.emplace_back(word.as_string());
  EXPECT_EQ(listed, words);
}

TEST(FactsSchema, lists_the_same_words) {
  const auto facts = schema("facts");
  expect_words<policy::Channel>(facts.at_pointer("/properties/channel/enum"));
  expect_words<policy::Purpose>(facts.at_pointer("/properties/purpose/enum"));
  expect_words<policy::Certificate>(facts.at_pointer("/properties/wanted/items/enum"));
  expect_words<policy::Role>(facts.at_pointer("/properties/visitor/properties/role/enum"));
  expect_words<policy::Relationship>(facts.at_pointer("/properties/visitor/properties/relationship/enum"));
  expect_words<policy::CertificateState>(facts.at_pointer("/definitions/certificate/properties/state/enum"));
  expect_words<policy::PinState>(facts.at_pointer("/definitions/pin/enum"));
  expect_words<policy::Person>(facts.at_pointer("/definitions/document/properties/of/enum"));
  expect_words<policy::FormSource>(facts.at_pointer("/definitions/document/properties/source/enum"));
}

TEST(DecisionSchema, lists_the_same_words) {
  const auto decision = schema("decision");
  expect_words<policy::Outcome>(decision.at_pointer("/properties/outcome/enum"));
  expect_words<policy::Action>(decision.at_pointer("/definitions/certificate/properties/action/enum"));
  expect_words<policy::Pin>(decision.at_pointer("/properties/pins_required/items/enum"));
  expect_words<policy::Severity>(decision.at_pointer("/definitions/finding/properties/severity/enum"));
}

TEST(DecisionSchema, accepts_decisions_by_the_shipped_policy) {
  const auto policy = *load_shipped("policy/utsunomiya/policy.yaml").value;
  auto facts = *policy::parse_facts(full_facts().as_object(), now);
  const std::vector contributions{policy::Contribution{"vendor", {}, {"family_register"}, {}, {}}};
  for (const auto* when : {"2025-11-01", "2026-02-12", "2026-05-01", "2031-05-01"}) {
    facts.at = base::start_of_day_in_japan(*base::parse_date(when));
    facts.signature.state = policy::CertificateState::valid;
    EXPECT_EQ(violation("decision", to_json(decide(policy, facts))), "") << when;
    facts.signature.state = policy::CertificateState::unknown;
    EXPECT_EQ(violation("decision", to_json(merge(policy, facts, decide(policy, facts), contributions))), "")
        << when;
  }
}

// A file as the schemas see it: YAML's own types where there are any.
json::value as_json(const std::string& text) {
  const auto tree = read_tree(text, "f");
  return to_json(*tree.root, "",
                 {[](const std::string&, Position) {},
                  [](const std::string& pointer, Position, const std::string& problem) {
                    ADD_FAILURE() << pointer << problem;
                  }});
}

TEST(ConfigurationSchemas, accept_what_ships) {
  EXPECT_EQ(violation("policy", as_json(shipped("policy/utsunomiya/policy.yaml"))), "");
  const auto begun = std::regex_replace(shipped("policy/new-city.yaml"), std::regex("\\{ID\\}"), "example");
  EXPECT_EQ(violation("policy", as_json(begun)), "");
  EXPECT_EQ(violation("madoguchid", as_json(shipped("madoguchid.yaml"))), "");
  EXPECT_EQ(violation("holidays", as_json(shipped("holidays/japan.yaml"))), "");
  for (const auto& entry : std::filesystem::directory_iterator(CONFIG_DIR "/policy/examples")) {
    const auto name = "policy/examples/" + entry.path().filename().string() + "/policy.yaml";
    EXPECT_EQ(violation("policy", as_json(shipped(name))), "") << name;
  }
  for (const auto& entry : std::filesystem::directory_iterator(CONFIG_DIR "/policy/utsunomiya/tests")) {
    const auto name = "policy/utsunomiya/tests/" + entry.path().filename().string();
    EXPECT_EQ(violation("policy-test", as_json(shipped(name))), "") << name;
  }
}

TEST(ConfigurationSchemas, know_that_a_responder_needs_its_issuers) {
  auto config = as_json(shipped("madoguchid.yaml"));
  auto& authority = config.at("authorities").at(0).as_object();
  authority["ocsp_url"] = "http://127.0.0.1:8829/ocsp";
  EXPECT_EQ(violation("madoguchid", config), "");
  const auto issuers = authority.at("issuers");
  authority.erase("issuers");
  EXPECT_NE(violation("madoguchid", config), "");
  authority.erase("ocsp_url");
  authority["crl_urls"] = json::array{"http://127.0.0.1:8829/crl/signature"};
  EXPECT_NE(violation("madoguchid", config), "");
  authority["issuers"] = issuers;
  EXPECT_EQ(violation("madoguchid", config), "");
}

TEST(ConfigurationSchemas, know_that_the_key_is_in_one_place) {
  auto config = as_json(shipped("madoguchid.yaml"));
  auto& authority = config.at("authorities").at(0).as_object();
  const json::object store{{"uri", "pkcs11:token=ra;object=ra"}, {"providers", json::array{"pkcs11"}}};
  authority["ra_key_store"] = store;
  EXPECT_NE(violation("madoguchid", config), "") << "two keys";
  const auto key = authority.at("ra_key");
  authority.erase("ra_key");
  EXPECT_EQ(violation("madoguchid", config), "");
  for (const auto* uri : {"/etc/ra.key", "file:/etc/ra.key", "File:ra.key", "pkcs11:object=ra?pin-value=1",
                          "pkcs11:a?pin-source=b"}) {
    authority.at("ra_key_store").as_object()["uri"] = uri;
    EXPECT_NE(violation("madoguchid", config), "") << uri;
  }
  authority["ra_key_store"] = store;
  authority.at("ra_key_store").as_object()["providers"] = json::array{"/opt/hsm.so"};
  EXPECT_NE(violation("madoguchid", config), "");
  authority.erase("ra_key_store");
  EXPECT_NE(violation("madoguchid", config), "") << "no key";
  authority["ra_key"] = key;
  EXPECT_EQ(violation("madoguchid", config), "");
}

TEST(ConfigurationSchemas, know_that_the_official_terminal_takes_the_authorities_place) {
  auto config = as_json(shipped("madoguchid.yaml")).as_object();
  config["channel"] = "terminal";
  EXPECT_NE(violation("madoguchid", config), "") << "authorities beside it";
  const auto authorities = config.at("authorities");
  config.erase("authorities");
  EXPECT_NE(violation("madoguchid", config), "") << "with simulated cards";
  config.at("readers").as_object()["profile"] = "genuine";
  EXPECT_EQ(violation("madoguchid", config), "");
  config["channel"] = "cmp";
  EXPECT_NE(violation("madoguchid", config), "") << "nobody issues";
  config["authorities"] = authorities;
  EXPECT_EQ(violation("madoguchid", config), "");
}

TEST(ConfigurationSchemas, every_shipped_file_names_its_schema) {
  for (const auto* name : {"policy/utsunomiya/policy.yaml", "policy/new-city.yaml", "madoguchid.yaml",
                           "holidays/japan.yaml", "policy/utsunomiya/tests/dates.yaml"}) {
    EXPECT_TRUE(shipped(name).starts_with("# yaml-language-server: $schema=")) << name;
  }
}

// Whatever the schema knows by itself, the reader must refuse too, and the other way round; what only the
// reader can know (days that exist, times in order, names that belong together) is not among the changes.
TEST(ConfigurationSchemas, agree_with_the_policy_reader_about_every_value_changed_or_taken_away) {
  const auto file = std::string("policy/utsunomiya/policy.yaml");
  const auto good = as_json(shipped(file));
  int changes = 0;
  for (const auto& place : places(good)) {
    if (place.empty() || place.starts_with("/plugins/")) continue;
    // Of what stands in a list, the first stands for all.
    static const std::regex later("/(offices|services|identity|photo_identity)/[1-9]");
    if (std::regex_search(place, later)) continue;
    for (const json::value& value : {json::value(json::object{{"added", 1}}), json::value(99999999)}) {
      auto changed = good;
      changed.at_pointer(place) = value;
      const auto text = json::serialize(changed);  // JSON is YAML
      const auto loaded = load_policy(text, "config/" + file,
                                      [](const std::string&) { return shipped("holidays/japan.yaml"); });
      const bool text_place = place.ends_with("/ja") || place.ends_with("/en") || place == "/version" ||
                              place == "/source" || place.ends_with("/phone") || place.ends_with("/fax") ||
                              place.ends_with("/holidays") || place.ends_with("/id") ||
                              place.ends_with("/code");
      if (value.is_int64() && text_place) continue;  // a text may look like a number in YAML
      EXPECT_EQ(violation("policy", changed).empty(), loaded.value.has_value())
          << place << " = " << json::serialize(value) << "\n"
          << violation("policy", changed)
          << (loaded.complaints.empty() ? "" : "\n" + to_text(loaded.complaints.front()));
      ++changes;
    }
  }
  EXPECT_GT(changes, 150);
}

TEST(DecisionSchema, refuses_what_is_no_decision) {
  EXPECT_NE(violation("decision", json::object{}), "");
}

}  // namespace
}  // namespace madoguchi::settings
