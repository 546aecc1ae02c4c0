// Rules about days, documents, PINs and fees.
#include <algorithm>

#include "policy_reader.hpp"

namespace madoguchi::settings {
namespace {

using policy::names;
using policy::Policy;

void read_dates(Section& root, Policy& policy) {
  root.section("window", Need::required, [&](Section& s) {
    s.integer("months", policy.window.months, 1, 12, Need::required);
    s.word("month_end_rule", policy.window.month_end_rule, names<policy::MonthEndRule>(), Need::required);
    s.word("opens", policy.window.opens, names<policy::WindowOpens>(), Need::optional);
  });
  root.section("validity", Need::required, [&](Section& s) {
    s.integer("renewal_birthdays", policy.validity.renewal_birthdays, 1, 20, Need::required);
    s.integer("new_issuance_birthdays", policy.validity.new_issuance_birthdays, 1, 20, Need::required);
    s.flag("card_renewal_when_equal", policy.validity.card_renewal_when_equal, Need::required);
  });
  root.section("notice", Need::required, [&](Section& s) {
    s.integer("from_months_before", policy.notice.from_months_before, 1, 12, Need::required);
    s.integer("to_months_before", policy.notice.to_months_before, 0, 12, Need::required);
    if (policy.notice.to_months_before > policy.notice.from_months_before) {
      s.complain("to_months_before", "expected no more than from_months_before (" +
                                         std::to_string(policy.notice.from_months_before) + ")");
    }
  });
}

std::vector<std::string_view> known_types(const Policy& policy) {
  const auto all = policy::document_types();
  std::vector<std::string_view> types(all.begin(), all.end());
  types.insert(types.end(), policy.documents.own_types.begin(), policy.documents.own_types.end());
  return types;
}

void read_accepted(Section& section, std::string_view key, const Policy& policy,
                   std::vector<policy::AcceptedDocument>& into) {
  const auto types = known_types(policy);
  section.each(key, Need::required, [&](Section& s) {
    policy::AcceptedDocument accepted;
    if (const auto type = s.word("type", types, Need::required)) accepted.type = types[*type];
    s.date("until", accepted.until, Need::optional);
    const auto twice = [&](const policy::AcceptedDocument& a) { return a.type == accepted.type; };
    if (!accepted.type.empty() && std::any_of(into.begin(), into.end(), twice)) {
      s.complain("type", "\"" + accepted.type + "\" stands here a second time");
    }
    into.push_back(std::move(accepted));
  });
}

constexpr std::size_t longest_type = 64;  // as the answers of plugins, which may name it, take it

void read_documents(Section& root, Policy& policy) {
  auto& documents = policy.documents;
  root.section("documents", Need::required, [&](Section& s) {
    s.word("holder_identity_when", documents.holder_identity_when, names<policy::IdentityWhen>(),
           Need::required);
    s.integer("holder_identity_count", documents.holder_identity_count, 1, 3, Need::optional);
    s.integer("instead_of_photo", documents.instead_of_photo, 0, 3, Need::optional);
    s.flag("holder_photo_suffices", documents.holder_photo_suffices, Need::optional);
    s.integer("holder_identity_with_proxy", documents.holder_identity_with_proxy, 0, 3, Need::optional);
    const auto all = policy::document_types();
    const auto named_type = [&](Section& own) {
      std::string type;
      policy::Text name;
      own.text("type", type, Need::required, longest_type);
      own.words_in_both("name", name, Need::required);
      if (!name.ja.empty()) documents.own_names.emplace(type, std::move(name));
      return type;
    };
    for (auto& own : s.texts("own_types", Need::optional, named_type)) {
      if (std::find(all.begin(), all.end(), own.text) != all.end()) {
        s.report().complain(own.at, own.key, "\"" + own.text + "\" is known everywhere; take it out");
      }
      documents.own_types.push_back(std::move(own.text));
    }
    s.not_empty("holder_also_brings");
    const auto types = known_types(policy);
    for (auto& type : s.texts("holder_also_brings", Need::optional)) {
      if (std::find(types.begin(), types.end(), type.text) == types.end())
        s.report().complain(type.at, type.key, "no document type \"" + type.text + "\" in this policy");
      documents.holder_also_brings.push_back(std::move(type.text));
    }
    read_accepted(s, "identity", policy, documents.identity);
    read_accepted(s, "photo_identity", policy, documents.photo_identity);
  });
}

void read_pin(Section& section, std::string_view key, policy::PinRule& rule) {
  constexpr int longest = 16;     // JPKI's longest PIN
  constexpr int most_tries = 15;  // a card answers 63Cx
  section.section(key, Need::required, [&](Section& s) {
    s.integer("min_length", rule.min_length, 1, longest, Need::required);
    s.integer("max_length", rule.max_length, 1, longest, Need::required);
    s.word("characters", rule.characters, names<policy::PinCharacters>(), Need::required);
    s.integer("tries", rule.tries, 1, most_tries, Need::required);
    if (rule.max_length < rule.min_length) {
      s.complain("max_length", "expected no less than min_length (" + std::to_string(rule.min_length) + ")");
    }
  });
}

void read_pins(Section& root, Policy& policy) {
  root.section("pins", Need::required, [&](Section& s) {
    read_pin(s, "signature", policy.pins.signature);
    read_pin(s, "authentication", policy.pins.authentication);
    read_pin(s, "resident_register", policy.pins.resident_register);
    s.integer("warn_at_tries_left", policy.pins.warn_at_tries_left, 1, 14, Need::required);
  });
}

void read_fees(Section& root, Policy& policy) {
  constexpr int most = 100'000;
  root.section("fees", Need::required, [&](Section& s) {
    s.integer("renewal_yen", policy.fees.renewal_yen, 0, most, Need::required);
    s.integer("new_issuance_yen", policy.fees.new_issuance_yen, 0, most, Need::required);
    s.maybe_integer("after_loss_yen", policy.fees.after_loss_yen, 0, most);
    s.maybe_integer("card_reissue_yen", policy.fees.card_reissue_yen, 0, most);
  });
}

void read_representation(Section& root, Policy& policy) {
  constexpr int oldest = 25;
  root.section("representation", Need::optional, [&](Section& s) {
    auto& rule = policy.representation;
    s.integer("minors_below", rule.minors_below, 1, oldest, Need::optional);
    if (s.has("minors_below") && rule.minors_below <= policy.age_of_capacity) {
      s.complain("minors_below", "expected more than age_of_capacity (" +
                                     std::to_string(policy.age_of_capacity) +
                                     "), below which they are represented anyway");
    }
    const auto types = known_types(policy);
    if (const auto type = s.word("limited_guardian_with", types, Need::optional))
      rule.limited_guardian_with = types[*type];
  });
}

}  // namespace

void read_rules(Section& root, Policy& policy) {
  root.section("residence", Need::required,
               [&](Section& s) { s.flag("required", policy.residence_required, Need::required); });
  root.section("expiry_check", Need::required,
               [&](Section& s) { s.flag("holder_only", policy.expiry_check_holder_only, Need::required); });
  root.integer("age_of_capacity", policy.age_of_capacity, 0, 25, Need::required);
  read_dates(root, policy);
  read_documents(root, policy);
  read_representation(root, policy);
  read_pins(root, policy);
  read_fees(root, policy);
}

}  // namespace madoguchi::settings
