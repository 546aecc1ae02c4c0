#include "timeline_words.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

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
constexpr std::array words{
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
    Word{"pin", "matched", "一致しました", "it was right"},
    Word{"pin", "mismatched", "一致しませんでした", "it was wrong"},
    Word{"pin", "locked", "ロックされています", "it is locked"},
    Word{"pin", "forgotten", "お忘れになっています", "it is forgotten"},
    Word{"pin", "reset", "再設定しました", "a new one was set"},
};
constexpr std::array titles{
    Word{"state", "", "状態", "state"},     Word{"outcome", "", "判定", "decision"},
    Word{"purpose", "", "目的", "purpose"}, Word{"office", "", "窓口", "office"},
    Word{"visit", "", "来庁", "visit"},     Word{"reader", "", "カードリーダー", "reader"},
};

Text shown(std::string_view key, const json::value& value, const policy::Policy* policy) {
  if (value.is_null()) return {"なし", "none"};
  if (value.is_int64()) {
    const auto number = std::to_string(value.get_int64());
    return {number + "回目", number};
  }
  const std::string id(value.is_string() ? std::string_view(value.get_string()) : std::string_view());
  const auto* office = key == "office" && policy != nullptr ? policy->office(id) : nullptr;
  if (office != nullptr) return office->name;
  const auto* found =
      std::find_if(words.begin(), words.end(), [&](const Word& w) { return w.key == key && w.value == id; });
  return found == words.end() ? Text{id, id} : Text{std::string(found->ja), std::string(found->en)};
}

void add(Text& all, const Text& more) {
  all.ja.append(all.ja.empty() ? "" : "、").append(more.ja);
  all.en.append(all.en.empty() ? "" : ", ").append(more.en);
}

Text documents_in(const json::array& types, const policy::Policy* policy) {
  Text names;
  for (const auto& each : types) {
    const std::string type(each.as_string());
    add(names, policy == nullptr ? Text{type, type} : policy->documents.name(type));
  }
  return names;
}

}  // namespace

Text words_of_outcome(const json::object& body) {
  const auto* outcome = body.if_contains("outcome");
  return outcome == nullptr ? Text() : shown("pin", *outcome, nullptr);
}

Text words_of_change(const json::object& body, const policy::Policy* policy) {
  Text all;
  const auto* changed = body.if_contains("changed");
  const auto* what = changed == nullptr ? nullptr : changed->if_object();
  for (const auto& title : titles) {
    const auto* one = what == nullptr ? nullptr : what->if_contains(title.key);
    if (one == nullptr) continue;
    const auto from = shown(title.key, one->at("from"), policy);
    const auto to = shown(title.key, one->at("to"), policy);
    add(all, {std::string(title.ja) + "(" + from.ja + "→" + to.ja + ")",
              std::string(title.en) + " (" + from.en + " → " + to.en + ")"});
  }
  if (const auto* documents = what == nullptr ? nullptr : what->if_contains("documents")) {
    const auto names = documents_in(documents->as_array(), policy);
    add(all, {"書類の追加(" + names.ja + ")", "documents added (" + names.en + ")"});
  }
  if (const auto* reason = body.if_contains("override_reason"); reason != nullptr && reason->is_string()) {
    const std::string typed(reason->get_string());
    add(all, {"職員が続けた理由(" + typed + ")", "the clerk's reason for going on (" + typed + ")"});
  }
  return all;
}

}  // namespace madoguchi::api
