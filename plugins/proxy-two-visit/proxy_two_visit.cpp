// A proxy needs the holder's reply form, sealed, in date and with PINs that match; otherwise the city asks
// the holder by post and the proxy comes a second time.
#include <madoguchi/plugin.hpp>

#include <algorithm>
#include <array>
#include <optional>

#include "barred.hpp"
#include "codes.hpp"
#include "follow.hpp"
#include "follows.hpp"
#include "granted.hpp"
#include "methods.hpp"
#include "opened.hpp"

namespace {

using namespace madoguchi::plugin;
using proxy_two_visit::Flaws;
using proxy_two_visit::follows;
using proxy_two_visit::FormRule;
using proxy_two_visit::is_received;
using proxy_two_visit::not_needed;
using proxy_two_visit::nothing_to_do;
using proxy_two_visit::Prospect;
using proxy_two_visit::Rules;

class ProxyTwoVisit {
 public:
  static constexpr const char* name = MADOGUCHI_PLUGIN_NAME;
  static constexpr const char* version = MADOGUCHI_PLUGIN_VERSION;
  static constexpr const char* vendor = MADOGUCHI_PLUGIN_VENDOR;

  static constexpr const auto& codes = proxy_two_visit::codes;

  static constexpr std::string_view section_schema = R"({
    "type": "object",
    "additionalProperties": false,
    "required": ["reply_form"],
    "properties": {
      "reply_form": {
        "type": "object", "additionalProperties": false,
        "properties": {
          "required": {"description": "false: a proxy renews without any form", "type": "boolean", "default": true},
          "document": {"description": "the document type of the form; may be left out where none is asked for", "type": "string"},
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
          },
          "sources": {
            "description": "which forms count: the one that came with the national notice, one that the city posted",
            "type": "array", "minItems": 1, "uniqueItems": true, "items": {"enum": ["notice", "city"]},
            "default": ["notice", "city"]
          },
          "ends": {
            "description": "never: a form on which no day is printed has no last day; as_printed: its last day is then not known, so it does not count",
            "enum": ["as_printed", "never"], "default": "as_printed"
          }
        }
      },
      "inquiry": {
        "type": "object", "additionalProperties": false,
        "properties": {
          "likely_days": {
            "description": "from the first visit to the likely second one, as visitors are told; absent: they are told that nothing is known",
            "type": "integer", "minimum": 1, "maximum": 365
          }
        }
      },
      "also_bring": {
        "description": "document types that a proxy brings beside the form, e.g. expiry_notice",
        "type": "array", "minItems": 1, "uniqueItems": true, "items": {"type": "string"}
      },
      "pins_must_match": {
        "description": "a PIN that cannot be verified makes it two visits", "type": "boolean", "default": true
      },
      "pin_reset_needs_inquiry": {
        "description": "a proxy who wants a PIN initialised has to come twice", "type": "boolean", "default": true
      },
      "pin_reset_by_holder_only": {
        "description": "no PIN is initialised for a proxy, however often they come", "type": "boolean", "default": false
      }
    }
  })";

  static constexpr const std::string_view& methods = proxy_two_visit::methods;

  static ProxyTwoVisit read(Section& section, const City& city) {
    ProxyTwoVisit plugin;
    auto& rules = plugin.rules_;
    rules.pins_must_match = section.flag("pins_must_match", true);
    rules.pin_reset_needs_inquiry = section.flag("pin_reset_needs_inquiry", true);
    rules.pin_reset_by_holder_only = section.flag("pin_reset_by_holder_only", false);
    if (rules.pin_reset_by_holder_only && section.has("pin_reset_needs_inquiry"))
      section.complain("pin_reset_needs_inquiry",
                       "no PIN is initialised for a proxy (`pin_reset_by_holder_only`)");
    section.not_empty("also_bring");
    section.texts("also_bring", [&](const std::string& type, const std::string& place) {
      if (!city.has_document(type))
        section.complain_at(place, "no document type \"" + type + "\" in this policy");
      rules.also_bring.push_back(type);
    });
    if (!section.has("reply_form")) section.complain("", "missing: reply_form");
    section.section("reply_form",
                    [&](Section& s) { rules.form = FormRule::read(s, city, rules.pin_reset_needs_inquiry); });
    section.section("inquiry", [&](Section& s) {
      const auto days = s.integer("likely_days", 1, 365, 0);
      if (days > 0) rules.likely_days = static_cast<int>(days);
      if (rules.form_ends_too_soon())
        s.notice(s.place("likely_days"),
                 "the form that the city posts is valid for " + std::to_string(*rules.form.term_days()) +
                     " days (`reply_form.city_valid_days`), less than the likely " + std::to_string(days) +
                     " until the second visit: it may have ended by then");
    });
    rules.city = city;
    return plugin;
  }

  void decide(const Visit& visit, Answer& answer) const {
    if (visit.acting_as != Role::proxy) return;
    const auto granted = proxy_two_visit::granted_resets(rules_, visit);
    const auto unmatched = unmatched_pins(visit, granted.resets);
    const auto prospect = Prospect::of(rules_, visit, !unmatched.ja.empty(), asks_about_a_reset(visit));
    if (nothing_to_do(visit)) {
      if (visit.kept.contains(not_needed))
        return answer.say("proxy.inquiry_not_needed", "/reply_form/document");
      // It may be another's card, laid down by mistake: the inquiry goes on, and the form is not asked for.
      if (prospect.asks()) return;
    }
    bool good = true;
    bool form_good = false;
    switch (visit.purpose) {
      case Purpose::renewal:
        bring(visit, answer);
        form_good = form(visit, prospect, answer);
        good = pins(visit, unmatched, prospect, answer) && form_good;
        for (const auto pin : granted.resets) answer.reset_pin(pin);
        if (!granted.untold.empty())
          answer.say("proxy.pin_reset_answered", "/reply_form", {named(granted.untold)});
        break;
      case Purpose::pin_reset:
        good = pin_reset(visit, prospect, answer);
        break;
      case Purpose::expiry_check:
        break;
    }
    if (!good && posts_a_letter(visit, form_good, prospect)) say_days(visit, prospect, answer);
  }

  [[nodiscard]] Step advance(const Case& about, const Event& event, json::object state) const {
    return proxy_two_visit::follow(rules_, about, event, std::move(state));
  }

  [[nodiscard]] Step call(const Call& call, json::object state) const {
    return proxy_two_visit::answer(rules_, call, std::move(state));
  }

 private:
  void bring(const Visit& visit, Answer& answer) const {
    for (const auto& type : rules_.also_bring) {
      const bool brought = std::any_of(visit.documents.begin(), visit.documents.end(),
                                       [&](const Document& document) { return document.type == type; });
      if (!brought) answer.miss(type);
    }
  }

  bool good(const Visit& visit, const Flaws& flaws, const Prospect& prospect, Answer& answer) const {
    const auto next = follows(visit, rules_.form.best_of_city(visit).has_value(), prospect, rules_.form);
    if (flaws.expired) answer.say("proxy.reply_form_expired", "/reply_form", {next});
    if (flaws.unsealed) answer.say("proxy.reply_form_not_sealed", "/reply_form/sealed", {next});
    return flaws.count() == 0;
  }

  // The earliest last day of what would have been renewed today.
  static std::optional<Date> renewable_until(const Visit& visit) {
    std::optional<Date> first;
    for (const auto* certificate : {&visit.authentication, &visit.signature}) {
      if (certificate->action != Action::renew || !certificate->expires_on) continue;
      if (!first || *certificate->expires_on < *first) first = certificate->expires_on;
    }
    return first;
  }

  // The visitor plans the next visit by it, so what nobody has said is not guessed.
  void say_days(const Visit& visit, const Prospect& prospect, Answer& answer) const {
    const bool first = visit.number == 1 && !prospect.failed;
    const json::value days = rules_.likely_days ? json::value(*rules_.likely_days) : json::value();
    const auto since = first ? std::nullopt : std::optional(visit.day);
    answer.say("proxy.inquiry_days", "/inquiry/likely_days",
               {{"days", days, rules_.likely_ja(since), rules_.likely_en(since)},
                {"visit", nullptr, first ? "2回目" : "次", first ? "second" : "next"}});
    if (!rules_.likely_days) return;
    const auto likely_on = add_days(visit.day, *rules_.likely_days);
    if (const auto until = renewable_until(visit); until && *until < likely_on)
      answer.say("proxy.certificate_ends_first", "/inquiry/likely_days",
                 {param("ends_on", *until), param("likely_on", likely_on)});
    if (!rules_.form_ends_too_soon()) return;
    answer.say("proxy.inquiry_term", "/reply_form/city_valid_days",
               {param("term", std::int64_t{*rules_.form.term_days()}),
                param("days", std::int64_t{*rules_.likely_days})});
  }

  // The same as what follows() says: at a second visit it is the form that came back, or its PINs, that will
  // not do.
  [[nodiscard]] bool posts_a_letter(const Visit& visit, bool form_good, const Prospect& prospect) const {
    if (!is_received(visit) || prospect.waits()) return false;
    return prospect.failed || visit.number == 1 || form_good || rules_.form.best_of_city(visit).has_value();
  }

  // Whether the proxy may go on today, as far as the form is concerned.
  bool form(const Visit& visit, const Prospect& prospect, Answer& answer) const {
    if (!rules_.form.required() || rules_.form.waived(visit)) return true;
    const auto found = rules_.form.best(visit);
    if (found) return good(visit, *found, prospect, answer);
    answer.say("proxy.reply_form_missing", "/reply_form/document",
               {follows(visit, false, prospect, rules_.form)});
    return false;
  }

  // The parameter `pins`, each once.
  static Param named(const std::vector<Pin>& pins) {
    constexpr std::array<std::string_view, 3> in_japanese{
        "署名用電子証明書の暗証番号", "利用者証明用電子証明書の暗証番号", "住民基本台帳用の暗証番号"};
    constexpr std::array<std::string_view, 3> in_english{"PIN of the signature certificate",
                                                         "PIN of the user authentication certificate",
                                                         "PIN of the resident register"};
    Param all{"pins", json::array(), {}, {}};
    auto& names = all.value.get_array();
    for (const auto pin : pins) {
      const auto i = static_cast<std::size_t>(pin);
      const json::value name(pin_names.at(i));
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      names.push_back(name);
      all.ja.append(all.ja.empty() ? "" : "、").append(in_japanese.at(i));
      all.en.append(all.en.empty() ? "" : ", ").append(in_english.at(i));
    }
    return all;
  }

  // The parameter `pins`; without words where each has matched, or may, or is set anew with the holder's
  // word.
  [[nodiscard]] Param unmatched_pins(const Visit& visit, const std::vector<Pin>& granted) const {
    std::vector<Pin> unmatched;
    if (visit.purpose != Purpose::renewal || !rules_.pins_must_match) return named(unmatched);
    for (const auto pin : visit.pins_required) {
      const auto state = visit.pin(pin);
      if (state == PinState::matched || state == PinState::unverified) continue;
      if (std::find(granted.begin(), granted.end(), pin) != granted.end()) continue;
      unmatched.push_back(pin);
    }
    for (const auto& pin : opened_in_vain(rules_.form, visit)) {
      const auto found = std::find(pin_names.begin(), pin_names.end(), std::string_view(pin.as_string()));
      unmatched.push_back(static_cast<Pin>(found - pin_names.begin()));
    }
    return named(unmatched);
  }

  bool pins(const Visit& visit, const Param& unmatched, const Prospect& prospect, Answer& answer) const {
    if (unmatched.ja.empty()) return true;
    answer.say("proxy.pin_mismatch", "/pins_must_match",
               {unmatched, follows(visit, true, prospect, rules_.form)});
    return false;
  }

  // The holder is to be asked, and what a second visit brings does not say that they were.
  [[nodiscard]] bool asks_about_a_reset(const Visit& visit) const {
    if (visit.purpose != Purpose::pin_reset || !rules_.pin_reset_needs_inquiry) return false;
    return visit.number == 1 || !rules_.form.best_of_city(visit);
  }

  // What the holder answered to the city's inquiry is what a second visit brings.
  bool answered(const Visit& visit, const Prospect& prospect, Answer& answer) const {
    if (!rules_.pin_reset_needs_inquiry) return form(visit, prospect, answer);
    const auto found = rules_.form.best_of_city(visit);
    if (!asks_about_a_reset(visit)) return good(visit, *found, prospect, answer);
    answer.say("proxy.pin_reset_needs_inquiry", "/pin_reset_needs_inquiry",
               {follows(visit, found.has_value(), prospect, rules_.form)});
    return false;
  }

  // With the holder's answer a PIN is initialised for a proxy as it is for the holder.
  bool pin_reset(const Visit& visit, const Prospect& prospect, Answer& answer) const {
    if (rules_.pin_reset_by_holder_only) {
      answer.say("proxy.pin_reset_by_holder", "/pin_reset_by_holder_only");
      return true;  // nothing is posted
    }
    if (!answered(visit, prospect, answer)) return false;
    if (visit.needs_representative || visit.card.face_authentication) return true;
    const auto reset = [&](Pin pin) {
      const auto state = visit.pin(pin);
      if (state == PinState::forgotten || state == PinState::locked) answer.reset_pin(pin);
    };
    reset(Pin::resident_register);
    const auto there = [](const Certificate& certificate) {
      return certificate.wanted && certificate.state != CertificateState::absent;
    };
    if (there(visit.authentication)) reset(Pin::authentication);
    if (there(visit.signature)) reset(Pin::signature);
    return true;
  }

  Rules rules_;
};

}  // namespace

MADOGUCHI_PLUGIN(ProxyTwoVisit)
