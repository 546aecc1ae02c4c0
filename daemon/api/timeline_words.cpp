#include "timeline_words.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "renewal/words.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;
using policy::Text;

struct Word {
  std::string_view key;
  std::string_view value;
  std::string_view ja;
  std::string_view en;
};
constexpr std::array timeline_words{
    Word{"state", "open", "受付中", "open"},
    Word{"state", "waiting", "待機中", "waiting"},
    Word{"state", "ready", "発行できます", "ready"},
    Word{"state", "issuing", "発行中", "issuing"},
    Word{"state", "attention", "要確認", "needs a person"},
    Word{"state", "partly_completed", "一部完了", "partly completed"},
    Word{"state", "completed", "完了", "completed"},
    Word{"state", "cancelled", "取消し", "cancelled"},
    Word{"outcome", "complete_today", "本日手続きできます", "can be done today"},
    Word{"outcome", "two_visits", "来庁が2回必要です", "takes two visits"},
    Word{"outcome", "not_today", "本日は手続きできません", "not today"},
    Word{"outcome", "other_procedure", "ほかの手続きが先です", "another procedure first"},
    Word{"purpose", "renewal", "電子証明書の更新", "renewal of certificates"},
    Word{"purpose", "pin_reset", "暗証番号の再設定", "setting PINs anew"},
    Word{"purpose", "expiry_check", "有効期限の確認", "looking up the last day"},
    Word{"visitor", "holder", "本人", "the holder"},
    Word{"visitor", "proxy", "代理人", "a proxy"},
    Word{"visitor", "legal_representative", "法定代理人", "a legal representative"},
    Word{"pin", "unverified", "未照合です", "it is not checked"},
    Word{"pin", "matched", "一致しました", "it was right"},
    Word{"pin", "mismatched", "一致しませんでした", "it was wrong"},
    Word{"pin", "locked", "ロックされています", "it is locked"},
    Word{"pin", "forgotten", "お忘れになっています", "it is forgotten"},
    Word{"pin", "reset", "再設定しました", "a new one was set"},
};
constexpr std::array titles{
    Word{"state", "", "状態", "state"},       Word{"outcome", "", "判定", "decision"},
    Word{"purpose", "", "目的", "purpose"},   Word{"office", "", "窓口", "office"},
    Word{"visit", "", "来庁", "visit"},       Word{"reader", "", "カードリーダー", "reader"},
    Word{"visitor", "", "来庁者", "visitor"}, Word{"adult_ward", "", "成年被後見人", "adult ward"},
    Word{"wanted", "", "対象", "wanted"},
};

void add(Text& all, const Text& more) {
  all.ja.append(all.ja.empty() ? "" : "、").append(more.ja);
  all.en.append(all.en.empty() ? "" : ", ").append(more.en);
}

Text certificates_in(const json::array& names) {
  Text all;
  for (const auto& name : names) {
    if (const auto which = mynumber::certificate_named(std::string_view(name.as_string()))) {
      const auto title = renewal::title(*which);
      add(all, {std::string(title.ja), std::string(title.en)});
    }
  }
  return all;
}

Text shown(std::string_view key, const json::value& value, const policy::Policy* policy) {
  if (value.is_null() || (value.is_array() && value.get_array().empty())) return {"なし", "none"};
  if (value.is_array()) return certificates_in(value.get_array());
  if (value.is_bool()) return value.get_bool() ? Text{"はい", "yes"} : Text{"いいえ", "no"};
  if (value.is_int64()) {
    const auto number = std::to_string(value.get_int64());
    return {number + "回目", number};
  }
  const std::string id(value.is_string() ? std::string_view(value.get_string()) : std::string_view());
  const auto* office = key == "office" && policy != nullptr ? policy->office(id) : nullptr;
  if (office != nullptr) return office->name;
  const auto* found = std::find_if(timeline_words.begin(), timeline_words.end(),
                                   [&](const Word& w) { return w.key == key && w.value == id; });
  return found == timeline_words.end() ? Text{id, id} : Text{std::string(found->ja), std::string(found->en)};
}

Text documents_in(const json::array& types, const policy::Policy* policy) {
  Text names;
  for (const auto& each : types) {
    const std::string type(each.as_string());
    add(names, policy == nullptr ? Text{type, type} : policy->documents.name(type));
  }
  return names;
}

void add_from_to(std::string_view key, const Text& title, const json::value& one,
                 const policy::Policy* policy, Text& all) {
  const auto from = shown(key, one.at("from"), policy);
  const auto to = shown(key, one.at("to"), policy);
  add(all, {title.ja + "(" + from.ja + "→" + to.ja + ")", title.en + " (" + from.en + " → " + to.en + ")"});
}

void add_changed(const json::object& what, const policy::Policy* policy, Text& all) {
  for (const auto& title : titles) {
    if (const auto* one = what.if_contains(title.key))
      add_from_to(title.key, {std::string(title.ja), std::string(title.en)}, *one, policy, all);
  }
  if (const auto* pins = what.if_contains("pins")) {
    for (const auto& [name, one] : pins->as_object()) {
      const auto pin = mynumber::pin_named(name);
      if (!pin) continue;
      const auto title = renewal::title(*pin);
      add_from_to("pin", {std::string(title.ja), std::string(title.en)}, one, policy, all);
    }
  }
  if (const auto* documents = what.if_contains("documents")) {
    const auto names = documents_in(documents->as_array(), policy);
    add(all, {"書類の追加(" + names.ja + ")", "documents added (" + names.en + ")"});
  }
  if (const auto* documents = what.if_contains("documents_gone")) {
    const auto names = documents_in(documents->as_array(), policy);
    add(all, {"書類の取消し(" + names.ja + ")", "documents there no more (" + names.en + ")"});
  }
}

Text words_of_outcome(const json::object& body) {
  const auto* outcome = body.if_contains("outcome");
  return outcome == nullptr ? Text() : shown("pin", *outcome, nullptr);
}

Text words_of_change(const json::object& body, const policy::Policy* policy) {
  Text all;
  const auto* changed = body.if_contains("changed");
  if (const auto* what = changed == nullptr ? nullptr : changed->if_object()) add_changed(*what, policy, all);
  if (body.contains("card_changed")) add(all, {"別のカードに替わりました", "another card than before"});
  if (const auto* reason = body.if_contains("override_reason"); reason != nullptr && reason->is_string()) {
    const std::string typed(reason->get_string());
    add(all, {"職員が続けた理由(" + typed + ")", "the clerk's reason for going on (" + typed + ")"});
  }
  return all;
}

// The member of a record that says why a clerk has done it, in the clerk's own words.
std::string_view reason_of(std::string_view record) {
  if (record == "case.cancelled" || record == "case.given_up") return "reason";
  return record == "terminal.accepted" ? "accepted_because" : "";
}

}  // namespace

Text words_of_record(std::string_view record, const json::object& body, const policy::Policy* policy) {
  if (record == "pin.recorded") return words_of_outcome(body);
  auto all = words_of_change(body, policy);
  if (const auto* role = record == "case.opened" ? body.if_contains("visitor") : nullptr) {
    const auto who = shown("visitor", *role, policy);
    add(all, {"来庁者(" + who.ja + ")", "visitor (" + who.en + ")"});
  }
  if (const auto* reason = body.if_contains(reason_of(record)); reason != nullptr && reason->is_string()) {
    const std::string typed(reason->get_string());
    add(all, {"理由(" + typed + ")", "reason (" + typed + ")"});
  }
  return all;
}

}  // namespace madoguchi::api
