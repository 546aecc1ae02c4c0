// A citizen's visit over the methods, and what a client reads of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "support.hpp"

namespace madoguchi::api::test {
namespace {

namespace json = boost::json;
using counter::test::reader_name;

TEST(Journey, from_the_reader_to_the_receipt_of_the_outcome) {
  Counter counter;
  const auto readers = counter.result("readers.list").at("readers").as_array();
  ASSERT_EQ(readers.size(), 2u);
  EXPECT_EQ(readers[0].at("state"), "present");
  EXPECT_EQ(readers[1].at("state"), "empty");
  const auto card = counter.result("card.inspect", {{"reader", reader_name}});
  EXPECT_EQ(card.at("identity").as_string(), counter.world.citizen.card_number);
  EXPECT_EQ(card.at("tries_left").at("signature"), 5);
  EXPECT_EQ(card.at("certificates").at("signature").at("readable"), false);
  EXPECT_EQ(counter.result("readers.list").at("readers").at(0).at("card"), card.at("kind"));
  const auto expiry = counter.result("card.check_expiry", {{"reader", reader_name}}).at("certificates");
  EXPECT_EQ(expiry.at("authentication").at("expires_on").as_string(),
            base::format_date(counter.world.citizen.expires_on));
  EXPECT_EQ(expiry.at("signature").at("unknown"), true);

  const auto id = counter.open();
  EXPECT_EQ(counter.result("cases.get", {{"case", id}}).at("state"), "open");
  for (const auto* pin : {"resident_register", "signature", "authentication"}) {
    const auto checked = counter.result("cases.verify_pin", counter.pin_params(id, pin));
    EXPECT_EQ(checked.at("tries_left"), std::string_view(pin) == "signature" ? 5 : 3);
    EXPECT_EQ(checked.at("case").at("pins").at(pin), "matched");
  }
  EXPECT_EQ(counter.result("readers.list").at("readers").at(0).at("state"), "busy");
  const auto done = counter.result("cases.issue", {{"case", id}, {"staff", "clerk-7"}});
  EXPECT_EQ(done.at("state"), "completed");
  for (const auto* name : {"authentication", "signature"}) {
    const auto& certificate = done.at("certificates").at(name);
    EXPECT_EQ(certificate.at("phase"), "done");
    EXPECT_NE(certificate.at("old").at("serial"), certificate.at("new").at("serial"));
    EXPECT_EQ(certificate.at("new").at("expires_on"), certificate.at("preview_expires_on"));
  }
  EXPECT_EQ(counter.result("cases.get", {{"case", id}}), done);
  const auto receipt = counter.result("cases.receipt", {{"case", id}});
  ASSERT_EQ(receipt.at("certificates").as_array().size(), 2u);
  EXPECT_EQ(receipt.at("certificates").at(1).at("serial"),
            done.at("certificates").at("signature").at("new").at("serial"));
  EXPECT_EQ(counter.reason("cases.receipt", {{"case", id}, {"kind", "incident"}}), "conflict");
}

// The office that has no number of its own is reached through the main one.
TEST(Journey, a_receipt_names_whom_to_ask_and_a_part_how_to_finish) {
  Options options;
  options.two_authorities = true;
  Counter counter(std::move(options));
  auto told = std::make_shared<policy::Policy>(*counter.policy);
  auto main = told->offices.front();
  main.id = "main";
  main.kind = policy::OfficeKind::main;
  main.contact.phone = "000-111-2222";
  told->offices.push_back(main);
  counter.policy = told;
  const auto id = counter.ready();
  counter.world.signature_line->down = true;
  EXPECT_EQ(counter.reason("cases.issue", {{"case", id}, {"staff", "clerk-7"}}), "authority.unreachable");
  ASSERT_EQ(counter.result("cases.get", {{"case", id}}).at("state"), "partly_completed");
  const auto part = counter.result("cases.receipt", {{"case", id}});
  EXPECT_EQ(part.at("kind"), "completed");
  EXPECT_EQ(part.at("certificates").at(0).at("done"), true);
  EXPECT_EQ(part.at("certificates").at(1).at("done"), false);
  EXPECT_THAT(std::string(part.at("remaining").at("ja").as_string()),
              testing::HasSubstr("手続きはまだ終わっていません"));
  EXPECT_EQ(part.at("contact").at("phone"), "000-111-2222");
  EXPECT_EQ(counter.result("offices.list").at("offices").at(0).at("contact").at("phone"), "000-111-2222");
  // A city that wants everybody to call one number.
  auto central = std::make_shared<policy::Policy>(*told);
  central->municipality.contact.phone = "000-333-4444";
  counter.policy = central;
  EXPECT_EQ(counter.result("cases.receipt", {{"case", id}}).at("contact").at("phone"), "000-333-4444");
  const auto offices = counter.result("offices.list").at("offices").as_array();
  EXPECT_EQ(offices.at(0).at("contact").at("phone"), "000-333-4444");
  EXPECT_EQ(offices.at(1).at("contact").at("phone"), "000-111-2222") << "its own";
}

TEST(Journey, a_certificate_that_the_authority_has_revoked_is_one_to_issue_anew) {
  Options options;
  options.offers_status = true;
  Counter counter(std::move(options));
  auto& world = counter.world;
  const auto serial =
      mynumber::parse_certificate(world.on_card(mynumber::CertificateName::authentication)).value().serial;
  world.revoke(serial);
  EXPECT_FALSE(counter.result("card.inspect", {{"reader", reader_name}})
                   .at("certificates")
                   .at("authentication")
                   .as_object()
                   .contains("status"));
  EXPECT_EQ(world.status_line->posts, 0) << "who does not ask does not wait";
  const auto inspected = counter.result("card.inspect", {{"reader", reader_name}, {"status", true}});
  EXPECT_EQ(inspected.at("certificates").at("authentication").at("status").at("status"), "revoked");
  EXPECT_EQ(inspected.at("certificates").at("authentication").at("status").at("source"), "ocsp");

  auto params = counter.open_params();
  params["status"] = false;
  const auto unasked = counter.result("cases.open", params);
  EXPECT_EQ(unasked.at("facts").at("certificates").at("authentication").at("state"), "valid");
  counter.result("cases.cancel", {{"case", unasked.at("id")}, {"reason", "again"}, {"staff", "clerk-7"}});
  const auto opened = counter.result("cases.open", counter.open_params());
  EXPECT_EQ(opened.at("facts").at("certificates").at("authentication").at("state"), "revoked");
  const auto& standing = opened.at("certificate_status").at("authentication");
  EXPECT_EQ(standing.at("status"), "revoked");
  EXPECT_EQ(standing.at("en"), "It has been revoked; a new one is to be issued.");
  EXPECT_EQ(standing.at("ja"), "失効しています。手続きは新規発行となります。");
}

TEST(Journey, a_pin_whose_client_has_given_up_is_not_sent) {
  Counter counter;
  const auto id = counter.open();
  counter.peer->left = true;
  EXPECT_EQ(counter.reason("cases.verify_pin", counter.pin_params(id, "authentication")), "conflict");
  const json::object pins{{"signature", "ABC123"}};
  EXPECT_EQ(
      counter.reason("card.check_expiry", {{"reader", reader_name}, {"pins", pins}, {"staff", "clerk-7"}}),
      "conflict");
  EXPECT_EQ(counter.world.pins_sent(), 0);
  counter.peer->left = false;
  counter.result("cases.verify_pin", counter.pin_params(id, "authentication"));
}

TEST(Journey, the_timeline_is_in_words_and_shows_no_message) {
  Counter counter;
  const auto id = counter.ready();
  counter.result("cases.issue", {{"case", id}, {"staff", "clerk-7"}});
  const auto timeline = counter.result("cases.timeline", {{"case", id}});
  const auto& entries = timeline.at("entries").as_array();
  ASSERT_GT(entries.size(), 30u);
  for (const auto& entry : entries) {
    EXPECT_NE(entry.at("en"), entry.at("kind")) << "a record without words";
    EXPECT_FALSE(entry.at("ja").as_string().empty());
    if (entry.at("kind") == "pin.matched") {
      EXPECT_THAT(std::string(entry.at("en").as_string()), testing::HasSubstr("PIN: ")) << "which one";
    }
  }
  EXPECT_EQ(json::serialize(timeline).find("\"message\""), std::string::npos);
  EXPECT_EQ(entries.front().at("kind"), "case.opened");
  EXPECT_EQ(entries.back().at("kind"), "case.completed");
}

TEST(Journey, the_timeline_says_what_a_clerk_has_changed_and_why) {
  Counter counter;
  const auto id = counter.ready();
  counter.result("cases.update",
                 {{"case", id},
                  {"facts", {{"purpose", "pin_reset"}, {"documents", {{{"type", "passport"}}}}}},
                  {"override_reason", "責任者の確認済み"},
                  {"staff", "clerk-7"}});
  const auto timeline = counter.result("cases.timeline", {{"case", id}});
  const auto& last = timeline.at("entries").as_array().back();
  EXPECT_EQ(last.at("kind"), "case.updated");
  const std::string ja(last.at("ja").as_string());
  const std::string en(last.at("en").as_string());
  for (const auto* told : {"暗証番号の再設定", "書類の追加(", "責任者の確認済み"})
    EXPECT_THAT(ja, testing::HasSubstr(told));
  for (const auto* told : {"setting PINs anew", "documents added (", "責任者の確認済み"})
    EXPECT_THAT(en, testing::HasSubstr(told));
}

// That a method was called is in the journal and the audit log.
TEST(Journey, the_timeline_says_what_came_of_a_plugin_s_method_and_by_whom) {
  Counter counter;
  const auto id = counter.open();
  storage::Change change;
  change.record = counter.world.store.load(id).value();
  const auto add = [&](const char* kind, const json::object& body) {
    change.journal.push_back({0, counter.world.clock.now(), kind, json::serialize(body)});
  };
  const json::object call{{"plugin", "visits"}, {"method", "mailed"}, {"staff", "clerk-8"}};
  add("plugin.called", call);
  add("plugin.note", {{"plugin", "visits"}, {"ja", "郵送しました"}, {"en", "Posted"}});
  add("plugin.called", call);
  add("case.policy_changed", {});
  add("plugin.note", {{"plugin", "visits"}, {"ja", "届きました"}, {"en", "Returned"}});
  ASSERT_TRUE(counter.world.store.commit(change));
  const auto timeline = counter.result("cases.timeline", {{"case", id}});
  std::vector<std::string> said;
  for (const auto& entry : timeline.at("entries").as_array()) {
    const auto* details = entry.as_object().if_contains("details");
    const bool named = details != nullptr && details->as_object().contains("method");
    said.push_back(std::string(entry.at("en").as_string()) +
                   (named ? " by " + std::string(details->at("staff").as_string()) : ""));
  }
  EXPECT_THAT(said,
              testing::ElementsAre(testing::_, "Note: Posted by clerk-8", testing::_, "Note: Returned"));
}

TEST(Journey, the_timeline_says_who_came_what_was_told_and_why_it_ended) {
  Counter counter;
  const auto id = counter.open();
  counter.result("cases.update", {{"case", id},
                                  {"facts",
                                   {{"visitor", {{"role", "proxy"}}},
                                    {"wanted", {"authentication"}},
                                    {"pins", {{"authentication", "forgotten"}}},
                                    {"documents", {{{"type", "drivers_licence"}}}}}},
                                  {"staff", "clerk-7"}});
  counter.result("cases.update",
                 {{"case", id}, {"facts", {{"documents", json::array()}}}, {"staff", "clerk-7"}});
  counter.result("cases.cancel", {{"case", id}, {"reason", "本人の申出"}, {"staff", "clerk-7"}});
  const auto timeline = counter.result("cases.timeline", {{"case", id}});
  std::string ja;
  for (const auto& entry : timeline.at("entries").as_array())
    ja.append(entry.at("ja").as_string()).append("\n");
  for (const auto* told : {"来庁者(本人)", "来庁者(本人→代理人)",
                           "対象(署名用電子証明書、利用者証明用電子証明書→利用者証明用電子証明書)",
                           "お忘れになっています", "書類の取消し(", "理由(本人の申出)"})
    EXPECT_THAT(ja, testing::HasSubstr(told));
}

TEST(Journey, the_timeline_says_what_came_of_a_pin_at_the_terminal) {
  Counter counter;
  const auto id = counter.open();
  for (const auto* outcome : {"matched", "mismatched", "locked", "forgotten", "reset"}) {
    storage::Change change;
    change.record = counter.world.store.load(id).value();
    const json::object body{{"pin", "signature"}, {"outcome", outcome}, {"entered_by", "holder"}};
    change.journal.push_back({0, counter.world.clock.now(), "pin.recorded", json::serialize(body)});
    ASSERT_TRUE(counter.world.store.commit(change));
  }
  const auto timeline = counter.result("cases.timeline", {{"case", id}});
  std::vector<std::string> said;
  for (const auto& entry : timeline.at("entries").as_array()) {
    const std::string en(entry.at("en").as_string());
    if (entry.at("kind") == "pin.recorded") said.push_back(en.substr(en.rfind(": ")));
  }
  EXPECT_THAT(said, testing::ElementsAre(": it was right", ": it was wrong", ": it is locked",
                                         ": it is forgotten", ": a new one was set"));
}

TEST(Journey, the_timeline_tells_of_an_answer_that_was_set_aside) {
  Counter counter;
  const auto id = counter.ready();
  counter.world.order(R"({"fault": "garbage", "body": "certConf", "mode": "protection"})");
  counter.result("cases.issue", {{"case", id}, {"staff", "clerk-7"}});
  const auto timeline = counter.result("cases.timeline", {{"case", id}});
  const json::object* told = nullptr;
  for (const auto& entry : timeline.at("entries").as_array()) {
    if (entry.at("kind") == "message.set_aside") told = &entry.as_object();
  }
  ASSERT_NE(told, nullptr);
  EXPECT_THAT(std::string(told->at("ja").as_string()),
              testing::HasSubstr("証明書:認証局からの回答が正しくない"));
  EXPECT_THAT(std::string(told->at("en").as_string()), testing::HasSubstr("kept as evidence"));
  const auto& details = told->at("details").as_object();
  EXPECT_EQ(details.at("reason"), "authority.mismatch");
  EXPECT_FALSE(details.contains("message") || details.contains("why"));
}

TEST(Journey, lists_are_by_state_and_card) {
  Counter counter;
  const auto one = counter.open();
  const auto two = counter.open();
  counter.result("cases.cancel", {{"case", two}, {"reason", "twice"}, {"staff", "clerk-7"}});
  const auto ids = [&](json::object params) {
    std::vector<std::string> found;
    const auto page = counter.result("cases.list", std::move(params));
    for (const auto& visit : page.at("cases").as_array()) found.emplace_back(visit.at("id").as_string());
    return found;
  };
  EXPECT_THAT(ids({}), testing::UnorderedElementsAre(one, two));
  EXPECT_THAT(ids({{"states", json::array{"open"}}}), testing::ElementsAre(one));
  EXPECT_THAT(ids({{"states", json::array{"cancelled", "completed"}}}), testing::ElementsAre(two));
  EXPECT_THAT(ids({{"card", counter.world.citizen.card_number}}), testing::UnorderedElementsAre(one, two));
  EXPECT_THAT(ids({{"card", "000000000000000"}}), testing::IsEmpty());
}

TEST(Journey, a_case_that_cannot_be_read_hides_no_other) {
  Counter counter;
  const auto sound = counter.open();
  const auto damaged = counter.open();
  counter.world.store.damage(damaged);
  const auto cases = counter.result("cases.list").at("cases").as_array();
  ASSERT_EQ(cases.size(), 2u);
  for (const auto& visit : cases) {
    EXPECT_EQ(visit.at("state"), "open");
    EXPECT_TRUE(visit.at("opened_at").is_string());
    if (visit.at("id").as_string() == sound) {
      EXPECT_FALSE(visit.as_object().contains("unreadable"));
      EXPECT_TRUE(visit.as_object().contains("decision"));
    } else {
      EXPECT_EQ(visit.at("id").as_string(), damaged);
      EXPECT_EQ(visit.at("unreadable"), true);
      EXPECT_EQ(visit.at("card").as_string(), counter.world.citizen.card_number);
    }
  }
  EXPECT_THAT(counter.world.log.text, testing::HasSubstr("case.unreadable " + damaged));
  EXPECT_EQ(counter.reason("cases.get", {{"case", damaged}}), "internal");
}

TEST(Journey, facts_that_turn_up_are_decided_anew) {
  Counter counter;
  const auto id = counter.open();
  const auto revision = counter.result("cases.get", {{"case", id}}).at("revision").as_int64();
  const json::object facts{{"documents", json::array{json::object{{"type", "expiry_notice"}}}}};
  const auto updated = counter.result(
      "cases.update", {{"case", id}, {"revision", revision}, {"facts", facts}, {"staff", "clerk-7"}});
  EXPECT_EQ(updated.at("revision"), revision + 1);
  EXPECT_EQ(updated.at("facts").at("documents"), facts.at("documents"));
  EXPECT_EQ(updated.at("facts").at("office"), "citizens-division");
}

TEST(Journey, what_the_card_says_wins_over_what_was_typed) {
  Counter counter;
  auto params = counter.open_params();
  params["facts"].as_object()["card"] = json::object{{"expires_on", "1999-01-01"}};
  const auto visit = counter.result("cases.open", params);
  EXPECT_EQ(visit.at("facts").at("card").at("expires_on").as_string(),
            base::format_date(counter.world.citizen.card_expires_on));
}

TEST(Journey, the_system_tells_how_it_is) {
  Counter counter;
  const auto info = counter.result("system.info");
  EXPECT_EQ(info.at("policy").at("municipality"), "kakuu");
  const auto health = counter.result("system.health");
  EXPECT_EQ(health.at("state"), "ok");
  EXPECT_EQ(health.at("parts").at("readers").at("readers"), 2);
  EXPECT_EQ(counter.result("policy.info").at("digest"), "00");
}

TEST(Journey, the_system_tells_what_is_in_force_now) {
  Counter counter;
  const auto told = [](std::string_view state) {
    return json::array{json::object{{"name", "first"}, {"state", state}}};
  };
  counter.plugins.push_back({{"name", "first"}, {"state", "ready"}, {"last_failure", "what it said"}});
  EXPECT_EQ(counter.result("system.info").at("plugins"), told("ready")) << "the rest is for plugins.list";
  counter.plugins[0].as_object()["state"] = "waiting";
  ++counter.plugins_revision;
  EXPECT_EQ(counter.result("system.info").at("plugins"), told("waiting"));
  auto other = std::make_shared<policy::Policy>(*counter.policy);
  other->digest = "11";
  counter.policy = other;
  counter.plugins.clear();
  const auto info = counter.result("system.info");
  EXPECT_EQ(info.at("policy").at("digest"), "11");
  EXPECT_EQ(info.at("plugins"), counter.plugins);
  counter.world.clock.advance(std::chrono::seconds(90));
  EXPECT_EQ(counter.result("system.info").at("uptime_seconds").as_int64(),
            info.at("uptime_seconds").as_int64() + 90);
}

TEST(Journey, a_subscription_is_given_and_ended) {
  Counter counter;
  const auto given = counter.result("events.subscribe", {{"topics", json::array{"cases"}}});
  counter.result("events.unsubscribe", {{"subscription", given.at("subscription")}});
  EXPECT_EQ(counter.reason("events.unsubscribe", {{"subscription", given.at("subscription")}}), "not_found");
  counter.caller.roles = rpc::only(rpc::Role::display);
  EXPECT_EQ(counter.reason("events.subscribe", {{"topics", json::array{"cases"}}}), "forbidden");
  counter.result("events.subscribe", {{"topics", json::array{"queue"}}});
}

}  // namespace
}  // namespace madoguchi::api::test
