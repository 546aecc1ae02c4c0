// Facts from JSON: defaults, and a pointer to whatever is wrong.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

json::object parse(std::string_view text) {
  return json::parse(text).as_object();
}

json::object least() {
  return parse(R"({"office": "citizens-division", "holder": {"birth_date": "1980-04-10"},
                   "card": {"expires_on": "2031-04-10"},
                   "certificates": {"authentication": {"state": "valid", "expires_on": "2026-04-10"}}})");
}

const auto now = time("2026-02-12 10:00");

TEST(FactsJson, the_least_that_must_be_told) {
  const auto facts = parse_facts(least(), now).value();
  EXPECT_EQ(facts.at, now);
  EXPECT_EQ(facts.channel, Channel::counter);
  EXPECT_EQ(facts.purpose, Purpose::renewal);
  EXPECT_EQ(facts.wanted, (Wanted{true, true}));
  EXPECT_TRUE(facts.holder.resident);
  EXPECT_TRUE(facts.holder.present);
  EXPECT_EQ(facts.visitor.role, Role::holder);
  EXPECT_TRUE(facts.card.presented);
  EXPECT_EQ(facts.signature.state, CertificateState::unknown);
  EXPECT_EQ(facts.pins, PinFacts{});
  EXPECT_EQ(facts.visit, 1);
}

TEST(FactsJson, the_holder_is_absent_when_another_comes) {
  auto json = least();
  json["visitor"] = {{"role", "proxy"}};
  EXPECT_FALSE(parse_facts(json, now).value().holder.present);
}

TEST(FactsJson, a_card_that_is_not_there_needs_no_dates) {
  const auto facts = parse_facts(
      parse(R"({"office": "x", "holder": {"birth_date": "1980-04-10"}, "card": {"presented": false}})"), now);
  EXPECT_EQ(facts.value().authentication.state, CertificateState::unknown);
  EXPECT_EQ(parse_facts(to_json(*facts), now).value(), *facts);
}

TEST(FactsJson, everything_comes_back_as_it_was) {
  const auto json = parse(R"({
    "at": "2026-04-07T10:00:00+09:00", "office": "branch-offices", "channel": "phone", "purpose": "pin_reset",
    "wanted": ["signature"],
    "holder": {"birth_date": "2015-06-01", "resident": false, "adult_ward": true, "domicile_in_city": true,
               "present": true},
    "visitor": {"role": "legal_representative", "relationship": "guardian", "same_household": true},
    "card": {"presented": true, "expires_on": "2031-07-07", "face_authentication": true},
    "certificates": {"signature": {"state": "absent"}, "authentication": {"state": "revoked", "expires_on": "2026-07-07"}},
    "pins": {"signature": "matched", "authentication": "mismatched", "resident_register": "locked"},
    "documents": [{"type": "reply_form", "of": "holder", "issued_on": "2026-01-01", "expires_on": "2026-07-07",
                   "original": false, "sealed": true, "source": "city"}],
    "visit": 2, "first_visit_on": "2026-03-01"})");
  const auto facts = parse_facts(json, now).value();
  EXPECT_EQ(to_json(facts), json);
  EXPECT_EQ(parse_facts(to_json(facts), time("2020-01-01 00:00")).value(), facts);
}

struct Wrong {
  const char* where;  // the object to change, a pointer
  const char* member;
  const char* value;    // JSON; empty: take the member away
  const char* pointer;  // that must be named
  const char* expected;
};

class FactsWrong : public testing::TestWithParam<Wrong> {};

TEST_P(FactsWrong, is_refused_with_its_pointer) {
  json::value whole = least();
  whole.as_object()["documents"] = json::parse(R"([{"type": "passport"}])");
  whole.as_object()["visitor"] = json::object{};
  whole.as_object()["pins"] = json::object{};
  auto& target = whole.at_pointer(GetParam().where).as_object();
  if (*GetParam().value == '\0') {
    target.erase(GetParam().member);
  } else {
    target[GetParam().member] = json::parse(GetParam().value);
  }
  const auto facts = parse_facts(whole.as_object(), now);
  ASSERT_FALSE(facts.has_value());
  EXPECT_EQ(facts.error().code, base::Code::invalid_params);
  EXPECT_EQ(facts.error().details.at("pointer"), GetParam().pointer);
  EXPECT_THAT(std::string(facts.error().details.at("expected").as_string()), HasSubstr(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    Table, FactsWrong,
    testing::Values(
        Wrong{"", "colour", "1", "/colour", "no such field"},
        Wrong{"", "a/b~c", "1", "/a~1b~0c", "no such field"},
        Wrong{"", "at", "\"2026-04-07 10:00\"", "/at", "RFC 3339"},
        Wrong{"", "at", "\"2026-04-07T10:00:00\"", "/at", "offset"},
        Wrong{"", "at", "\"9999-06-01T10:00:00+09:00\"", "/at", "2000 to 2199"},
        Wrong{"", "office", "", "/office", "required"}, Wrong{"", "office", "7", "/office", "text"},
        Wrong{"", "office", "\"\"", "/office", "text"},
        Wrong{"", "channel", "\"fax\"", "/channel", "counter, online"},
        Wrong{"", "purpose", "null", "/purpose", "renewal"},
        Wrong{"", "wanted", "\"signature\"", "/wanted", "list"},
        Wrong{"", "wanted", "[\"signature\", \"phone\"]", "/wanted/1", "one of"},
        Wrong{"", "wanted", "[\"signature\", \"signature\"]", "/wanted/1", "twice"},
        Wrong{"", "holder", "", "/holder/birth_date", "required"},
        Wrong{"", "holder", "[]", "/holder", "object"},
        Wrong{"/holder", "birth_date", "", "/holder/birth_date", "required"},
        Wrong{"/holder", "birth_date", "\"2026-02-29\"", "/holder/birth_date", "a date that exists"},
        Wrong{"/holder", "birth_date", "19800410", "/holder/birth_date", "YYYY-MM-DD"},
        Wrong{"/holder", "birth_date", "\"2026-02-13\"", "/holder/birth_date", "no day after"},
        Wrong{"/holder", "resident", "\"true\"", "/holder/resident", "true or false"},
        Wrong{"/holder", "present", "false", "/holder/present", "the visitor is the holder"},
        Wrong{"/holder", "name", "\"x\"", "/holder/name", "no such field"},
        Wrong{"/visitor", "role", "\"friend\"", "/visitor/role", "legal_representative"},
        Wrong{"/visitor", "relationship", "\"aunt\"", "/visitor/relationship", "guardian"},
        Wrong{"/card", "expires_on", "", "/card/expires_on", "required"},
        Wrong{"/card", "presented", "1", "/card/presented", "true or false"},
        Wrong{"", "certificates", "", "/certificates/authentication", "required"},
        Wrong{"/certificates", "signature", "{}", "/certificates/signature/state", "required"},
        Wrong{"/certificates", "signature", "{\"state\": \"valid\"}", "/certificates/signature/expires_on",
              "required"},
        Wrong{"/certificates", "signature", "{\"state\": \"expired\"}", "/certificates/signature/state",
              "revoked"},
        Wrong{"/certificates/authentication", "expires_on", "\"2026-13-01\"",
              "/certificates/authentication/expires_on", "exists"},
        Wrong{"/pins", "signature", "\"1234\"", "/pins/signature", "unverified"},
        Wrong{"/pins", "card_surface", "\"matched\"", "/pins/card_surface", "no such field"},
        Wrong{"", "documents", "{}", "/documents", "list"},
        Wrong{"", "documents", "[1]", "/documents/0", "object"},
        Wrong{"/documents/0", "type", "", "/documents/0/type", "required"},
        Wrong{"/documents/0", "of", "\"nobody\"", "/documents/0/of", "visitor"},
        Wrong{"/documents/0", "source", "\"web\"", "/documents/0/source", "notice"},
        Wrong{"/documents/0", "number", "1", "/documents/0/number", "no such field"},
        Wrong{"", "visit", "3", "/visit", "1 to 2"}, Wrong{"", "visit", "1.5", "/visit", "integer"},
        Wrong{"", "first_visit_on", "\"2026-01-01\"", "/first_visit_on", "first visit"}));

TEST(FactsJson, office_and_document_types_are_held_against_the_policy) {
  auto json = least();
  EXPECT_TRUE(parse_facts(json, now, city()).has_value());
  json["office"] = "moon-base";
  const auto office = parse_facts(json, now, city());
  EXPECT_EQ(office.error().details.at("pointer"), "/office");
  EXPECT_EQ(office.error().details.at("expected"), "one of citizens-division");

  json["office"] = "citizens-division";
  json["documents"] = json::parse(R"([{"type": "passport"}, {"type": "library_card"}])");
  EXPECT_EQ(parse_facts(json, now, city()).error().details.at("pointer"), "/documents/1/type");
  auto policy = city();
  policy.documents.own_types = {"library_card"};
  EXPECT_TRUE(parse_facts(json, now, policy).has_value());
}

// The log has the inner text, and what stands where a name belongs may be a PIN.
TEST(FactsJson, an_unknown_name_is_told_to_whoever_sent_it_and_to_nobody_else) {
  auto json = least();
  json["QZ7X0739"] = 1;
  json["holder"].as_object()["QZ7Y"] = 1;
  const auto fault = parse_facts(json, now).error();
  EXPECT_THAT(std::string(fault.details.at("pointer").as_string()),
              testing::AnyOf("/QZ7X0739", "/holder/QZ7Y"));
  EXPECT_EQ(fault.inner.find("QZ7"), std::string::npos) << fault.inner;
  EXPECT_THAT(fault.inner, HasSubstr("/(a name of 8 bytes): expected no such field"));
  EXPECT_THAT(fault.inner, HasSubstr("/holder/(a name of 4 bytes)"));
}

TEST(FactsJson, the_first_visit_was_not_after_the_second) {
  auto json = least();
  json["visit"] = 2;
  json["first_visit_on"] = "2026-02-12";
  EXPECT_TRUE(parse_facts(json, now).has_value());
  json["first_visit_on"] = "2024-02-11";
  EXPECT_EQ(parse_facts(json, now).error().details.at("pointer"), "/first_visit_on")
      << "no form lasts so long";
  json["first_visit_on"] = "2026-02-13";
  EXPECT_EQ(parse_facts(json, now).error().details.at("pointer"), "/first_visit_on");
}

TEST(FactsJson, too_many_documents_are_refused) {
  auto json = least();
  json["documents"] = json::array(65, json::parse(R"({"type": "passport"})"));
  EXPECT_EQ(parse_facts(json, now).error().details.at("pointer"), "/documents");
}

}  // namespace
}  // namespace madoguchi::policy
