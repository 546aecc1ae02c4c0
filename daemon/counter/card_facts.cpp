#include "card_facts.hpp"

#include <algorithm>

namespace madoguchi::counter {
namespace {

namespace json = boost::json;

json::object& child(json::object& parent, std::string_view key) {
  auto& value = parent[key];
  if (!value.is_object()) value = json::object();
  return value.get_object();
}

const json::object* if_object(const json::object& parent, std::string_view key) {
  const auto* value = parent.if_contains(key);
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

std::string_view text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

// A card does not learn of its certificate's revocation: who knows of it knows more than the card, as long as
// it is about this certificate; and nobody knows it better than the authority.
bool known_to_be_revoked(const json::object& told, const json::object& seen) {
  const auto expires_on = text(told, "expires_on");
  return text(told, "state") == "revoked" && text(seen, "state") == "valid" &&
         (expires_on.empty() || expires_on == text(seen, "expires_on"));
}

std::string_view status_of(const json::object& seen, std::string_view certificate) {
  const auto* statuses = if_object(seen, "statuses");
  const auto* status = statuses == nullptr ? nullptr : if_object(*statuses, certificate);
  return status == nullptr ? std::string_view() : text(*status, "status");
}

void overlay_certificates(json::object& facts, const json::object& seen) {
  auto& certificates = child(facts, "certificates");
  for (const auto& [name, value] : seen.at("certificates").get_object()) {
    const auto* told = if_object(certificates, name);
    const auto status = status_of(seen, name);
    const bool revoked = status == "revoked" || (status != "good" && told != nullptr &&
                                                 known_to_be_revoked(*told, value.get_object()));
    certificates[name] = value;
    if (revoked) certificates[name].get_object()["state"] = "revoked";
  }
}

void overlay_tries(json::object& facts, const json::object& seen) {
  auto& pins = child(facts, "pins");
  for (const auto& [name, tries] : seen) {
    if (tries == 0) {
      pins[name] = "locked";
    } else if (text(pins, name) == "locked") {
      pins[name] = "unverified";
    }
  }
}

}  // namespace

json::object seen_on(const mynumber::Inspection& card, const json::object& before) {
  json::object seen;
  if (const auto* statuses = if_object(before, "statuses")) seen["statuses"] = *statuses;
  for (const auto* kept : {"replaced", "taken_to_end", "another", "told_without_card"}) {
    if (const auto* value = before.if_contains(kept)) seen[kept] = *value;
  }
  auto& about_card = child(seen, "card");
  about_card["presented"] = true;
  if (card.card_expires_on) about_card["expires_on"] = base::format_date(*card.card_expires_on);
  // One PIN that can be entered is enough to ask for PINs. Where all are locked the card does not tell: a
  // face-authentication card's may be so from the beginning.
  const bool enterable =
      std::any_of(card.tries.begin(), card.tries.end(), [](const auto& item) { return item.second > 0; });
  if (enterable || card.tries.empty()) about_card["face_authentication"] = card.tries.empty();
  see(seen, mynumber::CertificateName::authentication, card.authentication);
  // One that is there cannot be read yet.
  if (card.signature || !card.signature_present)
    see(seen, mynumber::CertificateName::signature, card.signature);
  auto& tries = child(seen, "tries");
  for (const auto& [pin, left] : card.tries) tries[mynumber::name(pin)] = left;
  return seen;
}

void see(json::object& seen, mynumber::CertificateName which,
         const std::optional<mynumber::Certificate>& certificate) {
  auto& about = child(seen, "certificates")[mynumber::name(which)];
  about = certificate
              ? json::object{{"state", "valid"}, {"expires_on", base::format_date(certificate->last_day)}}
              : json::object{{"state", "absent"}};
  auto& serials = child(seen, "serials");
  serials.erase(mynumber::name(which));
  if (certificate) serials[mynumber::name(which)] = certificate->serial;
  auto* statuses = seen.if_contains("statuses");
  if (statuses == nullptr) return;
  const auto* status = if_object(statuses->get_object(), mynumber::name(which));
  if (status != nullptr && (!certificate || text(*status, "serial") != certificate->serial)) {
    statuses->get_object().erase(mynumber::name(which));
  }
}

void see(json::object& seen, mynumber::CertificateName which, const mynumber::Certificate& certificate,
         const authority::CertificateStatus& status) {
  auto told = authority::to_json(status);
  told["serial"] = certificate.serial;
  child(seen, "statuses")[mynumber::name(which)] = std::move(told);
}

void foresee(json::object& seen, mynumber::CertificateName which, base::Date last_day) {
  const auto name = mynumber::name(which);
  child(seen, "certificates")[name] = {{"state", "valid"}, {"expires_on", base::format_date(last_day)}};
  if (if_object(seen, "statuses") != nullptr) child(seen, "statuses").erase(name);
}

void take_to_end(json::object& seen) {
  const auto& certificates = child(seen, "certificates");
  const auto* own = if_object(certificates, mynumber::name(mynumber::CertificateName::authentication));
  const auto* day = own != nullptr ? own->if_contains("expires_on") : nullptr;
  const bool unread = !certificates.contains(mynumber::name(mynumber::CertificateName::signature));
  if (unread && day != nullptr) seen["taken_to_end"] = *day;
}

void foresee_as_taken(json::object& seen) {
  const auto* day = seen.if_contains("taken_to_end");
  if (day == nullptr ||
      child(seen, "certificates").contains(mynumber::name(mynumber::CertificateName::signature)))
    return;
  if (const auto last = base::parse_date(day->as_string()))
    foresee(seen, mynumber::CertificateName::signature, *last);
}

json::object statuses_in(const json::object& seen) {
  const auto* statuses = if_object(seen, "statuses");
  return statuses == nullptr ? json::object() : *statuses;
}

void forget_good(json::object& seen) {
  auto* statuses = seen.if_contains("statuses");
  if (statuses == nullptr) return;
  for (const auto which : {mynumber::CertificateName::signature, mynumber::CertificateName::authentication}) {
    if (status_of(seen, mynumber::name(which)) == "good") statuses->get_object().erase(mynumber::name(which));
  }
}

void forget_presence(json::object& seen) {
  if (auto* card = seen.if_contains("card"); card != nullptr && card->is_object())
    card->get_object().erase("presented");
}

void see_there(json::object& seen) {
  if (auto* card = seen.if_contains("card"); card != nullptr && card->is_object())
    card->get_object()["presented"] = true;
}

void see(json::object& seen, mynumber::PinName pin, renewal::PinOutcome outcome) {
  if (outcome != renewal::PinOutcome::unverified && outcome != renewal::PinOutcome::forgotten)
    see_there(seen);
  auto& tries = child(seen, "tries");
  if (outcome == renewal::PinOutcome::locked) {
    tries[mynumber::name(pin)] = 0;
  } else if (outcome != renewal::PinOutcome::unverified && outcome != renewal::PinOutcome::forgotten) {
    tries.erase(mynumber::name(pin));  // it has some, and how many is the card's to say
  }
}

json::array told_otherwise(const json::object& facts, const json::object& seen) {
  json::array differs;
  const auto compare = [&](std::string_view part, std::string_view name) {
    const auto* told = if_object(facts, part);
    const auto* read = if_object(seen, part);
    if (!name.empty() && told != nullptr) told = if_object(*told, name);
    if (!name.empty() && read != nullptr) read = if_object(*read, name);
    if (told == nullptr || read == nullptr) return;
    const auto was = text(*told, "expires_on");
    const auto is = text(*read, "expires_on");
    if (was.empty() || is.empty() || was == is) return;
    auto pointer = "/facts/" + std::string(part);
    if (!name.empty()) pointer.append("/").append(name);
    differs.push_back(json::object{{"pointer", pointer + "/expires_on"}, {"told", was}, {"card", is}});
  };
  compare("card", {});
  compare("certificates", "authentication");
  return differs;
}

void overlay(json::object& facts, const json::object& seen) {
  if (const auto* card = if_object(seen, "card")) merge(child(facts, "card"), *card);
  if (if_object(seen, "certificates") != nullptr) overlay_certificates(facts, seen);
  if (const auto* tries = if_object(seen, "tries")) overlay_tries(facts, *tries);
}

void overlay_pin(json::object& facts, mynumber::PinName pin, renewal::PinOutcome outcome) {
  // Once it has been set anew it matches: the holder has just entered it.
  const auto word = outcome == renewal::PinOutcome::reset ? "matched" : renewal::name(outcome);
  child(facts, "pins")[mynumber::name(pin)] = word;
}

void merge(json::object& into, const json::object& from) {
  for (const auto& [key, value] : from) {
    auto* known = into.if_contains(key);
    if (known != nullptr && known->is_object() && value.is_object()) {
      merge(known->get_object(), value.get_object());
    } else {
      into[key] = value;
    }
  }
}

}  // namespace madoguchi::counter
