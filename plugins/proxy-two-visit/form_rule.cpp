#include "form_rule.hpp"

#include <algorithm>
#include <array>

namespace proxy_two_visit {
namespace {

// The last day of the certificates that the visit is about, as far as it is told: the notice's form was sent
// for that day, whatever has become of a certificate since.
std::optional<Date> certificates_end(const Visit& visit) {
  std::optional<Date> first;
  for (const auto* wanted : {&visit.authentication, &visit.signature}) {
    if (!wanted->wanted) continue;
    const auto& taken = wanted->state == CertificateState::unknown ? visit.authentication : *wanted;
    const auto& ends = taken.expires_on;
    if (ends && (!first || *ends < *first)) first = ends;
  }
  return first;
}

}  // namespace

FormRule FormRule::read(Section& section, const City& city, bool inquiry) {
  FormRule rule;
  rule.required_ = section.flag("required", true);
  const auto document_in = [&](std::string_view key, std::string& into) {
    const auto document = section.text(key);
    if (!document) return;
    into = *document;
    if (!city.has_document(*document))
      section.complain(key, "no document type \"" + *document + "\" in this policy");
  };
  document_in("document", rule.document_);
  document_in("waived_for_household_with", rule.waived_with_);
  rule.sealed_ = section.flag("sealed", true);
  rule.notice_ends_with_certificate_ = section.flag("notice_ends_with_certificate", true);
  const auto days = section.integer("city_valid_days", 1, 730, 0);
  if (days > 0) rule.city_valid_days_ = static_cast<int>(days);
  rule.read_sources(section);
  constexpr std::array<std::string_view, 2> ends{"as_printed", "never"};
  rule.endless_ = section.word<int>("ends", ends, 0) == 1;
  if (rule.endless_ && rule.city_valid_days_)
    section.complain("city_valid_days", "contradicts `ends: never`");
  if (!section.has("document") && (rule.required_ || inquiry)) {
    section.complain("", rule.required_ ? "missing: document"
                                        : "missing: document; a PIN is initialised by it, unless "
                                          "`pin_reset_needs_inquiry: false`");
  }
  if (!rule.required_ && section.has("waived_for_household_with"))
    section.complain("waived_for_household_with", "no form is required of anybody");
  return rule;
}

void FormRule::read_sources(Section& section) {
  section.not_empty("sources");
  if (!section.has("sources")) return;
  from_notice_ = from_city_ = false;
  section.texts("sources", [&](const std::string& text, const std::string& place) {
    if (text == "notice") {
      from_notice_ = true;
    } else if (text == "city") {
      from_city_ = true;
    } else {
      section.complain_at(place, "expected one of notice, city, found \"" + text + "\"");
    }
  });
  if (!from_notice_ && section.has("notice_ends_with_certificate"))
    section.complain("notice_ends_with_certificate", "the notice's form does not count here (`sources`)");
}

bool FormRule::from_city(const Visit& visit, const Document& form) {
  return form.source.empty() ? visit.number == 2 : form.source == "city";
}

std::optional<Date> FormRule::term_from(Date issued_on) const {
  return city_valid_days_ ? std::optional(add_days(issued_on, *city_valid_days_)) : std::nullopt;
}

// Its last day; nothing when that cannot be known. What is printed on the city's form is what the holder was
// promised, whatever the rules have come to say since.
std::optional<Date> FormRule::last_day(const Visit& visit, const Document& form) const {
  auto last = form.expires_on;
  if (from_city(visit, form)) {
    if (!last && form.issued_on) last = term_from(*form.issued_on);
  } else if (notice_ends_with_certificate_) {
    const auto ends = certificates_end(visit);
    if (ends && (!last || *ends < *last)) last = ends;
  }
  return last;
}

// A form of the notice's bears no day of its own as a rule: until its certificate has been read, nothing says
// that it has ended.
bool FormRule::end_unread(const Visit& visit, const Document& form) const {
  if (from_city(visit, form) || !notice_ends_with_certificate_) return false;
  const bool by_authentication =
      visit.authentication.wanted || visit.signature.state == CertificateState::unknown;
  return by_authentication && visit.authentication.state == CertificateState::unknown;
}

Flaws FormRule::flaws(const Visit& visit, const Document& form) const {
  const auto last = last_day(visit, form);
  return {.expired = last ? *last < visit.day : !endless_ && !end_unread(visit, form),
          .unsealed = sealed_ && !form.sealed.value_or(false)};
}

template <class Counts>
std::optional<Flaws> FormRule::best_where(const Visit& visit, const Counts& counts) const {
  std::optional<Flaws> best;
  for (const auto& document : visit.documents) {
    if (document.type != document_ || !counts(document)) continue;
    const auto found = flaws(visit, document);
    if (!best || found.count() < best->count()) best = found;
  }
  return best;
}

std::optional<Flaws> FormRule::best(const Visit& visit) const {
  return best_where(visit,
                    [&](const Document& form) { return from_city(visit, form) ? from_city_ : from_notice_; });
}

std::optional<Flaws> FormRule::best_of_city(const Visit& visit) const {
  return best_where(visit, [&](const Document& form) { return from_city(visit, form); });
}

std::vector<Document> FormRule::answers(const Visit& visit) const {
  std::vector<Document> good;
  for (const auto& document : visit.documents) {
    if (document.type == document_ && from_city(visit, document) && flaws(visit, document).count() == 0)
      good.push_back(document);
  }
  return good;
}

bool FormRule::of_notice(const Visit& visit) const {
  const auto found =
      best_where(visit, [&](const Document& form) { return from_notice_ && !from_city(visit, form); });
  return found && found->count() == 0;
}

bool FormRule::waived(const Visit& visit) const {
  return !waived_with_.empty() && visit.visitor.same_household &&
         std::any_of(visit.documents.begin(), visit.documents.end(),
                     [&](const Document& document) { return document.type == waived_with_; });
}

std::vector<Document> FormRule::shown(const Visit& visit) const {
  std::vector<Document> forms;
  for (const auto& document : visit.documents) {
    if (document.type == document_) forms.push_back(document);
  }
  return forms;
}

json::array FormRule::shown(const json::object& facts) const {
  json::array forms;
  for (const auto& document : facts.at("documents").as_array()) {
    if (document.at("type").as_string() == document_) forms.push_back(document);
  }
  return forms;
}

}  // namespace proxy_two_visit
