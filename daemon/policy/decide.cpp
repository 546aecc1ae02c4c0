// The rules, one function each, in the order in which they are asked.
#include <algorithm>

#include "conclude.hpp"
#include "deciding.hpp"

namespace madoguchi::policy {
namespace {

using Pointers = std::array<std::string_view, 4>;

bool among(const std::vector<Channel>& accepted, Channel channel) {
  return std::find(accepted.begin(), accepted.end(), channel) != accepted.end();
}

int minute_of_day(base::Instant at) {
  const auto since = at - base::start_of_day_in_japan(base::date_in_japan(at));
  return static_cast<int>(std::chrono::floor<std::chrono::minutes>(since).count());
}

}  // namespace

struct Deciding::Step {
  std::string_view name;
  std::string_view key;
  Pointers facts;  // empty ones at the end do not count
  void (Deciding::*ask)();
};

// All of them always speak; later ones build on what earlier ones worked out.
const std::array<Deciding::Step, 21> Deciding::steps{{
    {"channel", "channels", {"/channel", "/visitor/role", "/visit"}, &Deciding::channel},
    {"residence", "residence", {"/holder/resident"}, &Deciding::residence},
    {"expiry_check", "expiry_check", {"/purpose", "/visitor/role"}, &Deciding::expiry_check},
    {"certificate_states", "validity", {"/at", "/wanted", "/certificates"}, &Deciding::certificate_states},
    {"actions", "window", {"/purpose", "/wanted", "/certificates", "/holder"}, &Deciding::actions},
    {"window", "window", {"/at", "/certificates"}, &Deciding::window},
    {"new_issuance", "new_issuance", {"/channel", "/certificates"}, &Deciding::new_issuance},
    {"nothing_to_do", "window", {"/purpose", "/wanted", "/certificates", "/card"}, &Deciding::nothing_to_do},
    {"previews", "validity", {"/holder/birth_date", "/card/expires_on"}, &Deciding::previews},
    {"cap", "validity", {"/wanted", "/certificates"}, &Deciding::cap},
    {"card", "validity.card_renewal_when_equal", {"/card/expires_on", "/certificates"}, &Deciding::card},
    {"pins", "pins", {"/pins", "/visitor/role", "/card/face_authentication"}, &Deciding::pins},
    {"identity", "documents", {"/card/presented", "/visitor/role", "/documents"}, &Deciding::identity},
    {"notice", "notice", {"/purpose", "/documents", "/certificates", "/pins"}, &Deciding::notice},
    {"opening", "offices", {"/at", "/office"}, &Deciding::opening},
    {"services", "offices", {"/office", "/purpose", "/visitor/role"}, &Deciding::services},
    {"limits", "reception", {"/at", "/office"}, &Deciding::limits},
    {"reservation", "offices", {"/at", "/office", "/purpose"}, &Deciding::reservation},
    {"crowding", "crowding", {"/at"}, &Deciding::crowding},
    {"holidays", "calendar.holidays", {"/at", "/office"}, &Deciding::holidays},
    {"fee", "fees", {"/certificates", "/wanted"}, &Deciding::fee},
}};

Deciding::Deciding(const Policy& policy, const Facts& facts, const Schedule& changes, const Outlook& outlook)
    : policy_(policy),
      facts_(facts),
      changes_(changes),
      outlook_{outlook.rules, [this](const Office& office) { return offers_all(office); }},
      office_(policy.office(facts.office)),
      day_(base::date_in_japan(facts.at)),
      minute_(minute_of_day(facts.at)),
      acting_(acting_role(policy, facts)) {}

Decision Deciding::run(Tracer* tracer) {
  decision_.policy = {policy_.municipality.id, policy_.version, policy_.digest};
  for (const auto& step : steps) {
    const auto before = decision_.findings.size();
    if (tracer != nullptr) {
      const auto end = std::find(step.facts.begin(), step.facts.end(), std::string_view());
      tracer->asked({step.name, step.key, {step.facts.begin(), end}});
    }
    (this->*step.ask)();
    if (tracer == nullptr) continue;
    std::vector<std::string> said;
    for (auto i = before; i < decision_.findings.size(); ++i) said.push_back(decision_.findings[i].code);
    tracer->answered(said);
  }
  conclude(policy_, decision_);
  return std::move(decision_);
}

bool needs_representative(const Policy& policy, const Facts& facts) {
  const auto day = base::date_in_japan(facts.at);
  return facts.holder.adult_ward || base::age_on(facts.holder.birth_date, day) < policy.age_of_capacity;
}

Role acting_role(const Policy& policy, const Facts& facts) {
  const auto& rule = policy.representation;
  if (facts.visitor.role != Role::legal_representative || needs_representative(policy, facts))
    return facts.visitor.role;
  const bool minor = base::age_on(facts.holder.birth_date, base::date_in_japan(facts.at)) < rule.minors_below;
  const bool listed =
      facts.visitor.relationship == Relationship::guardian &&
      std::any_of(facts.documents.begin(), facts.documents.end(),
                  [&](const Document& document) { return document.type == rule.limited_guardian_with; });
  return minor || listed ? Role::legal_representative : Role::proxy;
}

bool Deciding::lacks_capacity() const {
  return needs_representative(policy_, facts_);
}

bool Deciding::passed(const std::optional<base::Date>& last_day) const {
  return last_day && *last_day < day_;
}

Finding& Deciding::say(std::string_view code, std::string_view key, std::initializer_list<Param> params) {
  return decision_.findings.emplace_back(make_finding(policy_, code, key, params));
}

void Deciding::channel() {
  if (among(policy_.channels, facts_.channel)) return;
  if (only_applying()) {
    say("channel.application_only", "application_channels", {param("channel", facts_.channel)});
  } else {
    say("channel.counter_only", "channels", {param("channel", facts_.channel)});
  }
}

// The first of a proxy's two visits, by a way by which nothing else can be done.
bool Deciding::only_applying() const {
  return acting_ == Role::proxy && facts_.visit == 1 && !among(policy_.channels, facts_.channel) &&
         among(policy_.application_channels, facts_.channel);
}

void Deciding::new_issuance() {
  const auto& accepted = policy_.new_issuance_channels;
  if (!issuing() || accepted.empty() || among(accepted, facts_.channel)) return;
  if (among(policy_.channels, facts_.channel))
    say("channel.new_issuance", "new_issuance.channels",
        {param("channel", facts_.channel), instead(accepted)});
}

// The keys are made on the equipment of the municipality of registration (公的個人認証法 art. 3, 22).
void Deciding::residence() {
  if (policy_.residence_required && !facts_.holder.resident) {
    say("residence.not_registered_here", "residence.required");
  }
}

bool Deciding::not_told() const {
  return facts_.purpose == Purpose::expiry_check && policy_.expiry_check_holder_only &&
         facts_.visitor.role != Role::holder;
}

void Deciding::expiry_check() {
  if (not_told()) say("expiry_check.holder_only", "expiry_check.holder_only");
}

Decision decide(const Policy& policy, const Facts& facts, const Schedule& changes, Tracer* tracer,
                const Outlook& outlook) {
  return Deciding(policy, facts, changes, outlook).run(tracer);
}

}  // namespace madoguchi::policy
