#include <array>

#include "madoguchi_client/client.hpp"

namespace madoguchi::client {
namespace {

struct Text {
  std::string_view reason;
  bool retryable;
  std::string_view en;
  std::string_view ja;
};

constexpr std::array texts{
    Text{reasons::no_daemon, true, "The counter service (madoguchid) cannot be reached; is it running?",
         "窓口サービス(madoguchid)に接続できません。動いているか確認してください。"},
    Text{reasons::no_permission, false,
         "You may not use the counter service's socket; ask the administrator for its group (madoguchi), "
         "then log "
         "in again.",
         "窓口サービスのソケットを使う権限がありません。管理者にグループ(madoguchi)"
         "への追加を依頼し、ログインし直し"
         "てください。"},
    Text{reasons::lost, true,
         "The connection to the counter service was lost; what was asked for may have been done. Look before "
         "trying "
         "again.",
         "窓口サービスとの接続が切れました。処理が済んでいることもあります。状態を確かめてからやり直してくだ"
         "さい。"},
    Text{reasons::timeout, true,
         "The counter service did not answer in time; what was asked for may have been done. Look before "
         "trying "
         "again.",
         "窓口サービスの応答がありません。処理が済んでいることもあります。状態を確かめてからやり直してくださ"
         "い。"},
    Text{reasons::interrupted, true, "Interrupted; what was asked for may have been done.",
         "中断しました。処理が済んでいることもあります。"},
    Text{reasons::garbled, false, "The answer could not be understood; is this socket madoguchid's?",
         "応答を解釈できません。接続先が窓口サービスか確認してください。"},
};

}  // namespace

RpcError make_error(std::string_view reason, const std::string& inner) {
  RpcError error;
  error.reason = reason;
  for (const auto& text : texts) {
    if (text.reason != reason) continue;
    error.retryable = text.retryable;
    error.en = text.en;
    error.ja = text.ja;
  }
  if (!inner.empty()) error.details["inner"] = inner;
  return error;
}

}  // namespace madoguchi::client
