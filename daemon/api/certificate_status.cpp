#include "certificate_status.hpp"

#include "policy/text_json.hpp"
#include "renewal/codec.hpp"

namespace madoguchi::api {
namespace {

using authority::Doubt;
using authority::Standing;

policy::Text words_for(Doubt doubt) {
  // clang-format off
  switch (doubt) {
    case Doubt::none:
    case Doubt::not_offered:
      break;
    case Doubt::other_issuer:
      return {"設定にある認証局が発行した電子証明書ではないため、失効しているかどうか確かめられません。",
              "No authority that is configured has issued it, so whether it has been revoked cannot be found out."};
    case Doubt::unreachable:
      return {"認証局から応答がなく、失効しているかどうか分かりません。",
              "The authority did not answer, so whether it has been revoked is not known."};
    case Doubt::unbelieved:
      return {"認証局からの応答が正しいものか確かめられず、失効しているかどうか分かりません。",
              "The authority's answer could not be relied on, so whether it has been revoked is not known."};
    case Doubt::out_of_date:
      return {"手元の失効リストの期限が過ぎていて、失効しているかどうか分かりません。",
              "The list of revoked certificates is out of date, so whether it has been revoked is not known."};
    case Doubt::not_known:
      return {"認証局に記録がなく、失効しているかどうか分かりません。",
              "The authority has no record of it, so whether it has been revoked is not known."};
    case Doubt::on_hold:
      return {"認証局で一時停止(保留)となっています。有効かどうかは認証局へお問い合わせください。",
              "It is on hold at the authority; ask there whether it can be relied on."};
    case Doubt::before_it:
      return {"認証局の情報がこの電子証明書の発行より前のもので、失効しているかどうか分かりません。",
              "What the authority has published is older than the certificate, so whether it has been revoked is not known."};
    case Doubt::after_it:
      return {"有効期限が過ぎているため、失効していたかどうかは失効リストでは分かりません。",
              "It has ended, and the list of revoked certificates need not name it any more."};
  }
  return {"この窓口には失効の有無を問い合わせる先が設定されていません。",
          "This counter has nobody to ask whether it has been revoked."};
  // clang-format on
}

policy::Text words_for(const authority::CertificateStatus& status) {
  switch (status.standing) {
    case Standing::good:
      // Of one that has ended, too: it says nothing of the last day (RFC 6960, 2.2).
      return {"認証局で、失効していないことを確認できました。",
              "The authority says that it has not been revoked."};
    case Standing::revoked:
      return {"失効しています。手続きは新規発行となります。",
              "It has been revoked; a new one is to be issued."};
    case Standing::unknown:
      break;
  }
  return words_for(status.doubt);
}

// As a case keeps it. What is not understood is unknown: never good by silence.
authority::CertificateStatus kept_in(const boost::json::object& kept) {
  const auto is = [&](std::string_view key, std::string_view word) {
    const auto* value = kept.if_contains(key);
    return value != nullptr && value->is_string() && std::string_view(value->get_string()) == word;
  };
  authority::CertificateStatus status;
  for (const auto standing : {Standing::good, Standing::revoked}) {
    if (is("status", authority::name(standing))) status.standing = standing;
  }
  for (auto doubt = Doubt::none; doubt <= Doubt::after_it;
       doubt = static_cast<Doubt>(static_cast<int>(doubt) + 1)) {
    if (is("reason", authority::name(doubt))) status.doubt = doubt;
  }
  return status;
}

void add_words(boost::json::object& told, const policy::Text& words) {
  told["ja"] = words.ja;
  told["en"] = words.en;
}

}  // namespace

boost::json::object told_of(const authority::CertificateStatus& status) {
  auto told = authority::to_json(status);
  add_words(told, words_for(status));
  return told;
}

boost::json::object told_of(const renewal::Case& visit) {
  auto told = renewal::to_public(visit);
  auto* all = told.if_contains("certificate_status");
  if (all == nullptr || !all->is_object()) return told;
  for (auto& [name, status] : all->get_object()) {
    if (status.is_object()) add_words(status.get_object(), words_for(kept_in(status.get_object())));
  }
  return told;
}

rpc::Param status_param() {
  return {
      .name = "status",
      .type = rpc::Param::Type::boolean,
      .description =
          "whether the authority is asked if it stands by the certificates that are read of the card. Where "
          "one can be asked that takes two seconds at most; its word wins over the facts given. Left out: "
          "not "
          "one that has left a question unanswered in the last 45 seconds, whose word is then unknown. true: "
          "also that one. false: none"};
}

counter::AskStatus asked_status(const boost::json::object& params) {
  const auto* told = params.if_contains("status");
  if (told == nullptr) return counter::AskStatus::unless_silent;
  return told->get_bool() ? counter::AskStatus::anew : counter::AskStatus::never;
}

}  // namespace madoguchi::api
