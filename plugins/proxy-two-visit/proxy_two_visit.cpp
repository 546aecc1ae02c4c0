// A proxy needs the holder's reply form, sealed, in date and with PINs that match; otherwise the city asks
// the holder by post and the proxy comes a second time.
#include <madoguchi/plugin.hpp>

#include <array>
#include <optional>

namespace {

using namespace madoguchi::plugin;

struct Flaws {
  bool expired = false;
  bool unsealed = false;
  [[nodiscard]] int count() const { return int{expired} + int{unsealed}; }
};

class ProxyTwoVisit {
 public:
  static constexpr const char* name = MADOGUCHI_PLUGIN_NAME;
  static constexpr const char* version = MADOGUCHI_PLUGIN_VERSION;
  static constexpr const char* vendor = MADOGUCHI_PLUGIN_VENDOR;

  static constexpr std::array codes{
      Code{
          "proxy.reply_form_missing", Severity::second_visit,
          "本人が記入した照会書兼回答書がないため、本日は申請のみ受け付けます。後日、本人あてに照会書兼回答書"
          "を郵送しますので、本人が記入・"
          "封入したものを持って、もう一度お越しください。",
          "Without the reply form filled in by the holder only an application is received today. A form "
          "will be posted "
          "to the holder; come again with it, filled in and sealed by the holder."},
      Code{"proxy.reply_form_expired", Severity::second_visit,
           "照会書兼回答書の有効期限が過ぎている(または確認できない)"
           "ため、本日は申請のみ受け付けます。後日、本人あてに新しい照会書兼回答書を"
           "郵送しますので、それを持ってもう一度お越しください。",
           "The reply form has ended, or its last day is not known, so only an application is received "
           "today. A new form "
           "will be posted to the holder; come again with it."},
      Code{
          "proxy.reply_form_not_sealed", Severity::second_visit,
          "照会書兼回答書が封入封かんされていないため、本日は申請のみ受け付けます。後日、本人あてに照会書兼回"
          "答書を郵送しますので、本人が記入・"
          "封入したものを持って、もう一度お越しください。",
          "The reply form is not in an envelope sealed by the holder, so only an application is received "
          "today. A form "
          "will be posted to the holder; come again with it, filled in and sealed by the holder."},
      Code{
          "proxy.pin_mismatch", Severity::second_visit,
          "{pins}"
          "が照合できません。代理人の場合は本日初期化できないため、申請のみ受け付けます。後日、本人あてに照会"
          "書兼回答書を郵送しますので、"
          "それを持ってもう一度お越しください。",
          "Could not be verified: {pins}. For a proxy it cannot be initialised today, so only an "
          "application is received. A "
          "form will be posted to the holder; come again with it."},
      Code{
          "proxy.pin_reset_needs_inquiry", Severity::second_visit,
          "代理人による暗証番号の初期化には、本人への文書照会が必要です。本日は申請のみ受け付け、後日、本人あ"
          "てに照会書兼回答書を郵送します。"
          "本人が記入・封入したものを持って、もう一度お越しください。",
          "Before a proxy can have a PIN initialised the holder is asked by post. Only an application is "
          "received today; "
          "come again with the form that will be posted to the holder, filled in and sealed."},
  };

  static constexpr std::string_view section_schema = R"({
    "type": "object",
    "additionalProperties": false,
    "required": ["reply_form"],
    "properties": {
      "reply_form": {
        "type": "object", "additionalProperties": false, "required": ["document"],
        "properties": {
          "document": {"description": "the document type of the form", "type": "string"},
          "sealed": {"description": "it counts only in an envelope that the holder has sealed", "type": "boolean", "default": true},
          "notice_ends_with_certificate": {
            "description": "the form that came with the national notice lapses with the certificate",
            "type": "boolean", "default": true
          },
          "waived_for_household_with": {
            "description": "a document type, e.g. a move report made together: with it somebody of the same household needs no form",
            "type": "string"
          },
          "city_valid_days": {
            "description": "how many days after its issue a form that the city posted is valid; absent: until the day printed on it",
            "type": "integer", "minimum": 1, "maximum": 730
          }
        }
      },
      "pins_must_match": {
        "description": "a PIN that cannot be verified makes it two visits", "type": "boolean", "default": true
      },
      "pin_reset_needs_inquiry": {
        "description": "a proxy who wants a PIN initialised has to come twice", "type": "boolean", "default": true
      }
    }
  })";

  static ProxyTwoVisit read(Section& section, const City& city) {
    ProxyTwoVisit rules;
    if (!section.has("reply_form")) section.complain("", "missing: reply_form");
    section.section("reply_form", [&](Section& s) {
      if (!s.has("document")) s.complain("", "missing: document");
      if (const auto document = s.text("document")) {
        rules.form_ = *document;
        if (!city.has_document(*document))
          s.complain("document", "no document type \"" + *document + "\" in this policy");
      }
      if (const auto document = s.text("waived_for_household_with")) {
        rules.waived_with_ = *document;
        if (!city.has_document(*document)) {
          s.complain("waived_for_household_with", "no document type \"" + *document + "\" in this policy");
        }
      }
      rules.sealed_ = s.flag("sealed", true);
      rules.notice_ends_with_certificate_ = s.flag("notice_ends_with_certificate", true);
      const auto days = s.integer("city_valid_days", 1, 730, 0);
      if (days > 0) rules.city_valid_days_ = static_cast<int>(days);
    });
    rules.pins_must_match_ = section.flag("pins_must_match", true);
    rules.pin_reset_needs_inquiry_ = section.flag("pin_reset_needs_inquiry", true);
    return rules;
  }

  void decide(const Visit& visit, Answer& answer) const {
    if (visit.acting_as != Role::proxy) return;
    switch (visit.purpose) {
      case Purpose::renewal:
        form(visit, answer);
        pins(visit, answer);
        return;
      case Purpose::pin_reset:
        pin_reset(visit, answer);
        return;
      case Purpose::expiry_check:
        return;
    }
  }

 private:
  // A form of which nobody said where it came from: at a second visit it is the one that the city posted
  // after the first.
  static bool from_city(const Visit& visit, const Document& form) {
    return form.source.empty() ? visit.number == 2 : form.source == "city";
  }

  // The last day on which all certificates that the visit is about are in force, as far as it is known. One
  // that was revoked has no end left that a form could have been sent for.
  static std::optional<Date> certificates_end(const Visit& visit) {
    std::optional<Date> first;
    for (const auto* wanted : {&visit.authentication, &visit.signature}) {
      if (!wanted->wanted) continue;
      const auto& taken = wanted->state == CertificateState::unknown ? visit.authentication : *wanted;
      const auto& ends = taken.expires_on;
      if (taken.state == CertificateState::valid && ends && (!first || *ends < *first)) first = ends;
    }
    return first;
  }

  // Its last day; nothing when that cannot be known.
  [[nodiscard]] std::optional<Date> last_day(const Visit& visit, const Document& form) const {
    auto last = form.expires_on;
    const auto sooner = [&](const std::optional<Date>& other) {
      if (other && (!last || *other < *last)) last = other;
    };
    if (from_city(visit, form)) {
      if (city_valid_days_ && form.issued_on) sooner(add_days(*form.issued_on, *city_valid_days_));
    } else if (notice_ends_with_certificate_) {
      sooner(certificates_end(visit));
    }
    return last;
  }

  // A form of the notice's bears no day of its own as a rule: until its certificate has been read, nothing
  // says that it has ended.
  [[nodiscard]] bool end_unread(const Visit& visit, const Document& form) const {
    if (from_city(visit, form) || !notice_ends_with_certificate_) return false;
    const bool by_authentication =
        visit.authentication.wanted || visit.signature.state == CertificateState::unknown;
    return by_authentication && visit.authentication.state == CertificateState::unknown;
  }

  [[nodiscard]] Flaws flaws(const Visit& visit, const Document& form) const {
    const auto last = last_day(visit, form);
    return {.expired = last ? *last < visit.day : !end_unread(visit, form),
            .unsealed = sealed_ && !form.sealed.value_or(false)};
  }

  // The form with the fewest flaws, among those that `counts`.
  template <class Counts>
  [[nodiscard]] std::optional<Flaws> best(const Visit& visit, const Counts& counts) const {
    std::optional<Flaws> best;
    for (const auto& document : visit.documents) {
      if (document.type != form_ || !counts(document)) continue;
      const auto found = flaws(visit, document);
      if (!best || found.count() < best->count()) best = found;
    }
    return best;
  }

  // 公的個人認証法施行規則 art. 5 (2): who reports a move for their household needs no answer of the
  // holder's.
  [[nodiscard]] bool waived(const Visit& visit) const {
    return !waived_with_.empty() && visit.visitor.same_household &&
           std::any_of(visit.documents.begin(), visit.documents.end(),
                       [&](const Document& document) { return document.type == waived_with_; });
  }

  static void tell(const Flaws& flaws, Answer& answer) {
    if (flaws.expired) answer.say("proxy.reply_form_expired", "/reply_form");
    if (flaws.unsealed) answer.say("proxy.reply_form_not_sealed", "/reply_form/sealed");
  }

  // Whether the proxy may go on today, as far as the form is concerned.
  bool form(const Visit& visit, Answer& answer) const {
    if (waived(visit)) return true;
    const auto found = best(visit, [](const Document&) { return true; });
    if (found) {
      tell(*found, answer);
    } else {
      answer.say("proxy.reply_form_missing", "/reply_form/document");
    }
    return found && found->count() == 0;
  }

  void pins(const Visit& visit, Answer& answer) const {
    if (!pins_must_match_) return;
    constexpr std::array<std::string_view, 3> in_japanese{
        "署名用電子証明書の暗証番号", "利用者証明用電子証明書の暗証番号", "住民基本台帳用の暗証番号"};
    constexpr std::array<std::string_view, 3> in_english{"PIN of the signature certificate",
                                                         "PIN of the user authentication certificate",
                                                         "PIN of the resident register"};
    Param unmatched{"pins", json::array(), {}, {}};
    for (const auto pin : visit.pins_required) {
      const auto state = visit.pin(pin);
      if (state == PinState::matched || state == PinState::unverified) continue;
      const auto i = static_cast<std::size_t>(pin);
      unmatched.value.get_array().emplace_back(json::string_view(pin_names[i]));
      unmatched.ja.append(unmatched.ja.empty() ? "" : "、").append(in_japanese[i]);
      unmatched.en.append(unmatched.en.empty() ? "" : ", ").append(in_english[i]);
    }
    if (!unmatched.ja.empty()) answer.say("proxy.pin_mismatch", "/pins_must_match", {unmatched});
  }

  // What the holder answered to the city's inquiry is what a second visit brings.
  bool answered(const Visit& visit, Answer& answer) const {
    if (!pin_reset_needs_inquiry_) return form(visit, answer);
    const auto found = best(visit, [&](const Document& form) { return from_city(visit, form); });
    if (visit.number == 1 || !found) {
      answer.say("proxy.pin_reset_needs_inquiry", "/pin_reset_needs_inquiry");
      return false;
    }
    tell(*found, answer);
    return found->count() == 0;
  }

  // With the holder's answer a PIN is initialised for a proxy as it is for the holder.
  void pin_reset(const Visit& visit, Answer& answer) const {
    if (!answered(visit, answer) || visit.needs_representative || visit.card.face_authentication) return;
    const auto reset = [&](Pin pin) {
      const auto state = visit.pin(pin);
      if (state == PinState::forgotten || state == PinState::locked) answer.reset_pin(pin);
    };
    reset(Pin::resident_register);
    if (visit.authentication.wanted) reset(Pin::authentication);
    if (visit.signature.wanted) reset(Pin::signature);
  }

  std::string form_;
  std::string waived_with_;
  bool sealed_ = true;
  bool notice_ends_with_certificate_ = true;
  std::optional<int> city_valid_days_;
  bool pins_must_match_ = true;
  bool pin_reset_needs_inquiry_ = true;
};

}  // namespace

MADOGUCHI_PLUGIN(ProxyTwoVisit)
