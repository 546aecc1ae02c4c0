// Every way to fail by its contract's name, over the methods; that each is declared by its row is checked
// with each call.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "base/code_book.hpp"
#include "support.hpp"

namespace madoguchi::api::test {
namespace {

namespace json = boost::json;
using counter::test::other_reader_name;
using counter::test::reader_name;
using simulated_card::CitizenKind;

json::object issue_params(const std::string& id) {
  return {{"case", id}, {"staff", "clerk-7"}};
}

Options of(CitizenKind kind) {
  Options options;
  options.citizen = kind;
  return options;
}

TEST(Errors, a_case_that_there_is_not) {
  Counter counter;
  for (const auto& row : counter.table.rows()) {
    bool about_a_case = false;
    for (const auto& param : row.params) about_a_case = about_a_case || param.name == "case";
    // The audit log may know of a case that is no longer there, and of none is an answer, too; that nothing
    // is held about one is another.
    if (!about_a_case || row.name == "audit.query" || row.name == "privacy.report") continue;
    auto params = json::parse(row.example).as_object();
    params["case"] = "no-such-case";
    EXPECT_EQ(counter.reason(row.name, params), "not_found") << row.name;
  }
  EXPECT_EQ(counter.reason("events.unsubscribe", {{"subscription", 77}}), "not_found");
}

TEST(Errors, readers_and_cards) {
  Counter counter;
  for (const auto* method : {"card.inspect", "card.check_expiry"}) {
    EXPECT_EQ(counter.reason(method, {{"reader", "elsewhere"}}), "reader.gone");
    EXPECT_EQ(counter.reason(method, {{"reader", other_reader_name}}), "card.absent");
  }
  EXPECT_EQ(counter.reason("cases.open", counter.open_params("elsewhere")), "reader.gone");
  EXPECT_EQ(counter.reason("cases.open", counter.open_params(other_reader_name)), "card.absent");
  const auto id = counter.ready();
  EXPECT_EQ(counter.reason("card.inspect", {{"reader", reader_name}}), "reader.busy");
  EXPECT_EQ(counter.reason("cases.open", counter.open_params()), "reader.busy");
  EXPECT_EQ(
      counter.reason("cases.update", {{"case", id}, {"reader", other_reader_name}, {"staff", "clerk-7"}}),
      "card.absent");

  World other(of(CitizenKind::leap_day));
  counter.world.readers.insert(other_reader_name, other.card);
  EXPECT_EQ(
      counter.reason("cases.update", {{"case", id}, {"reader", other_reader_name}, {"staff", "clerk-7"}}),
      "card.different");
  counter.world.readers.insert(reader_name, other.card);
  counter.world.desk->card_gone(reader_name);
  EXPECT_EQ(counter.reason("cases.verify_pin", counter.pin_params(id, "signature")), "card.different");
  EXPECT_EQ(counter.reason("cases.issue", issue_params(id)), "card.different");
  counter.world.pull();
  EXPECT_EQ(counter.reason("cases.verify_pin", counter.pin_params(id, "signature")), "card.absent");
  EXPECT_EQ(counter.reason("cases.issue", issue_params(id)), "card.absent");
  counter.world.put_back();
  counter.world.card->disturb = [](int) { return counter::test::Act::gone_before; };
  EXPECT_EQ(counter.reason("cases.verify_pin", counter.pin_params(id, "signature")), "card.removed");
}

TEST(Errors, pins) {
  Counter counter(of(CitizenKind::one_try_left));
  const auto id = counter.open();
  auto params = counter.pin_params(id, "authentication");
  EXPECT_EQ(counter.reason("cases.verify_pin", params), "pin.last_try");
  params["expected_tries_left"] = 3;
  EXPECT_EQ(counter.reason("cases.verify_pin", params), "pin.tries_changed");
  params.erase("expected_tries_left");
  params["value"] = "12";
  EXPECT_EQ(counter.reason("cases.verify_pin", params), "pin.malformed");
  params["value"] = "9081";
  params["accept_last_try"] = true;
  EXPECT_EQ(counter.reason("cases.verify_pin", params), "pin.locked");
  EXPECT_EQ(counter.reason("cases.verify_pin", counter.pin_params(id, "authentication")), "pin.locked");
  auto resident = counter.pin_params(id, "resident_register");
  resident["value"] = "9081";
  const auto wrong = counter.error("cases.verify_pin", resident);
  EXPECT_EQ(wrong.at("reason"), "pin.wrong");
  EXPECT_EQ(wrong.at("details").at("tries_left"), 2);
  EXPECT_EQ(counter.reason("cases.reset_pin", counter.pin_params(id, "authentication")), "conflict")
      << "the decision does not ask for it";
  EXPECT_EQ(counter.reason(
                "card.check_expiry",
                {{"reader", reader_name}, {"pins", json::object{{"signature", "x"}}}, {"staff", "clerk-7"}}),
            "reader.busy");
}

TEST(Errors, a_session_that_began_anew) {
  Counter counter;
  const auto id = counter.ready();
  counter.world.pull();
  counter.world.put_back();
  const auto error = counter.error("cases.issue", issue_params(id));
  EXPECT_EQ(error.at("reason"), "pin.required");
  EXPECT_EQ(error.at("retryable"), true);
}

TEST(Errors, states_that_do_not_allow_the_step) {
  Counter counter;
  const auto id = counter.open();
  EXPECT_EQ(counter.reason("cases.issue", issue_params(id)), "conflict");
  EXPECT_EQ(counter.reason("cases.update", {{"case", id}, {"revision", 9}, {"staff", "clerk-7"}}),
            "conflict");
  counter.result("cases.cancel", {{"case", id}, {"reason", "the holder left"}, {"staff", "clerk-7"}});
  EXPECT_EQ(counter.reason("cases.cancel", {{"case", id}, {"reason", "-"}, {"staff", "clerk-7"}}),
            "conflict");
  EXPECT_EQ(counter.reason("cases.verify_pin", counter.pin_params(id, "signature")), "conflict");
  EXPECT_EQ(counter.reason("cases.update", {{"case", id}, {"staff", "clerk-7"}}), "conflict");
}

TEST(Errors, the_rules) {
  Counter counter;
  counter.world.decide = [usual = counter.world.decide](const json::object& facts, base::Instant at) {
    auto decided = usual(facts, at);
    decided->decision["outcome"] = "not_today";
    decided->decision["findings"] = json::array{json::object{{"code", "x"}, {"severity", "block"}}};
    return decided;
  };
  const auto error = counter.error("cases.open", counter.open_params());
  EXPECT_EQ(error.at("reason"), "policy.blocked");
  EXPECT_EQ(error.at("details").at("decision").at("outcome"), "not_today");
}

TEST(Errors, the_authority) {
  struct Trouble {
    const char* order;
    const char* reason;
  };
  for (const auto& [order, reason] :
       {Trouble{R"({"fault": "http_500", "body": "cr"})", "authority.unreachable"},
        Trouble{R"({"fault": "http_500", "body": "genm"})", "authority.unreachable"},
        Trouble{R"({"fault": "reject", "body": "cr", "failure": "badPOP"})", "authority.rejected"},
        Trouble{R"({"fault": "wrong_subject", "body": "cr"})", "authority.mismatch"},
        Trouble{R"({"fault": "garbage", "body": "cr", "count": 9})", "authority.mismatch"},
        Trouble{R"({"fault": "waiting", "body": "cr", "check_after": 3600})", "authority.waiting"}}) {
    SCOPED_TRACE(order);
    Options options;
    options.wanted = {mynumber::CertificateName::authentication};
    Counter counter(options);
    const auto id = counter.ready();
    counter.world.order(order);
    const auto error = counter.error("cases.issue", issue_params(id));
    EXPECT_EQ(error.at("reason"), reason);
    EXPECT_EQ(error.at("case").as_string(), id);
  }
}

TEST(Errors, the_disk) {
  Counter counter;
  const auto full = [&](std::string_view method, json::object params) {
    counter.world.store.refused_at = counter.world.store.commits + 1;
    EXPECT_EQ(counter.reason(method, std::move(params)), "storage.full") << method;
  };
  full("cases.open", counter.open_params());
  const auto id = counter.open();
  full("cases.update", {{"case", id}, {"staff", "clerk-7"}});
  full("cases.cancel", {{"case", id}, {"reason", "-"}, {"staff", "clerk-7"}});
  full("cases.verify_pin", counter.pin_params(id, "authentication"));
  const auto visit = counter.result("cases.get", {{"case", id}});
  for (const auto& pin : visit.at("decision").at("pins_required").as_array()) {
    counter.result("cases.verify_pin", counter.pin_params(id, std::string_view(pin.as_string())));
  }
  full("cases.issue", issue_params(id));
}

}  // namespace
}  // namespace madoguchi::api::test
