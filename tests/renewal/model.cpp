#include "model.hpp"

#include <filesystem>
#include <stdexcept>

#include "../temporary_folder.hpp"
#include "renewal/judgement.hpp"

namespace madoguchi::renewal::model {
namespace {

namespace issuer = simulated_issuer;

template <class T>
T taken(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::describe(result.error()));
  return std::move(*result);
}

base::Bytes text(std::string_view words) {
  return {words.begin(), words.end()};
}

// What the counter makes of the authority's certificate.
Event judged(const World& world, const Saga& saga) {
  if (world.ca.burnt.contains(saga.key)) {
    return {Happening::rejected, {}, {}, Failure{base::Code::authority_rejected, "certRevoked"}};
  }
  const auto& certificate = world.ca.issued.at(saga.key);
  if (const auto fits = check_issued(saga, certificate, {world.now}); !fits) {
    return {Happening::certificate_refused,
            {},
            {},
            Failure{fits.error().code, fits.error().inner, Remedy::another_key}};
  }
  return {Happening::certificate_issued, certificate, {}, {}};
}

Event converse(World& world, const Saga& saga, Converse::About about) {
  const auto& conversation = about == Converse::About::revocation ? saga.revocation : saga.enrolment;
  const std::string_view topic = about == Converse::About::enrolment      ? "enrol"
                                 : about == Converse::About::confirmation ? "confirm"
                                 : about == Converse::About::refusal      ? "refuse"
                                                                          : "revoke";
  const bool begun = !conversation.exchanges.empty() && conversation.exchanges.back().request == text(topic);
  if (!begun) return {Happening::message_outgoing, text(topic), text("a transaction"), {}};
  if (conversation.exchanges.back().response.empty()) {
    if (about == Converse::About::enrolment) {
      ++world.ca.enrolments_seen;
      if (!world.ca.issued.contains(saga.key)) {
        const bool spoil = world.ca.to_spoil > 0;
        if (spoil) --world.ca.to_spoil;
        world.ca.issued[saga.key] =
            certificate_for(saga.key, saga.preview, world.now, spoil ? "SOMEBODY" : "CN-1");
      }
    }
    if (about == Converse::About::refusal) {
      world.ca.burnt.insert(saga.key);
      world.ca.issued.erase(saga.key);
    }
    if (about == Converse::About::confirmation) world.ca.confirmed.insert(saga.new_certificate);
    if (about == Converse::About::revocation) world.ca.revoked.insert(saga.old_certificate);
    return {Happening::message_incoming, text("answered"), {}, {}, world.now};
  }
  switch (about) {
    case Converse::About::enrolment:
      return judged(world, saga);
    case Converse::About::confirmation:
      return {Happening::confirmed, {}, {}, {}};
    case Converse::About::revocation:
      return {Happening::revoked, {}, {}, {}};
    case Converse::About::refusal:
      return {Happening::refusal_told, {}, {}, {}};
  }
  return {Happening::confirmed, {}, {}, {}};
}

std::optional<base::Bytes> key_in(const Card& card, Slot slot) {
  const auto found = card.key.find(slot);
  if (found == card.key.end()) return std::nullopt;
  return found->second;
}

}  // namespace

const issuer::CaFolder& ca() {
  static const issuer::CaFolder folder = [] {
    const tests::TemporaryFolder temporary;
    return taken(issuer::CaFolder::create(temporary / "ca"));
  }();
  return folder;
}

const std::vector<base::Bytes>& keys() {
  static const std::vector<base::Bytes> made = [] {
    std::vector<base::Bytes> all;
    for (int i = 0; i < 6; ++i) {
      const auto key = issuer::make_rsa_key();
      all.push_back(issuer::to_der(key.get(), i2d_PUBKEY));
    }
    return all;
  }();
  return made;
}

base::Bytes certificate_for(const base::Bytes& key, base::Date last_day, base::Instant not_before,
                            std::string_view name) {
  issuer::IssueRequest request;
  request.spki = key;
  request.subject_der =
      issuer::make_subject(issuer::Kind::authentication, {"Tochigi-ken", "Utsunomiya-shi"}, name);
  request.not_before = not_before;
  request.last_day = last_day;
  return taken(issuer::issue(ca(), issuer::Kind::authentication, request));
}

base::Instant at(std::string_view time) {
  return base::parse_time(time).value();
}

Saga saga_for_the_card_as_it_is(const World& world, bool spare) {
  Saga saga;
  saga.slot = spare ? Slot::spare : Slot::active;
  saga.preview = base::parse_date("2031-04-10").value();
  saga.old_certificate = world.card.certificate.at(Slot::active);
  saga.subject_der = taken(mynumber::parse_certificate(saga.old_certificate)).subject_der;
  return saga;
}

Saga fresh_saga(World& world, bool spare, std::string_view old_ends) {
  world.now = at("2026-02-12T10:00:00+09:00");
  const auto old =
      certificate_for(keys()[0], base::parse_date(old_ends).value(), at("2021-04-11T10:00:00+09:00"));
  world.card.key[Slot::active] = keys()[0];
  world.card.certificate[Slot::active] = old;
  return saga_for_the_card_as_it_is(world, spare);
}

Event act(World& world, const Saga& saga, const Step& step) {
  auto& card = world.card;
  if (const auto slot = looks_at(saga, step)) {
    const Sight sight{card.certificate[Slot::active], key_in(card, *slot)};
    if (std::holds_alternative<ReadKey>(step)) return judge_key(saga, sight);
    if (!still_ours(saga, sight)) return key_lost(saga, sight);
  }
  if (std::holds_alternative<AskAuthority>(step)) {
    return {Happening::authority_answered, {}, {}, {}, world.now};
  }
  if (std::holds_alternative<GenerateKey>(step)) {
    card.key[saga.slot] = keys().at(++card.generated);
    return {Happening::key_generated, card.key[saga.slot], {}, {}};
  }
  if (std::holds_alternative<SignRequest>(step)) {
    const Sight sight{card.certificate[Slot::active], key_in(card, saga.slot)};
    if (const auto other = judge_signer(saga, sight, true)) return *other;
    return {Happening::request_signed, text("body"), text("id"), {}};
  }
  if (std::holds_alternative<WriteCertificate>(step)) {
    card.certificate[saga.slot] = saga.new_certificate;
    return {Happening::certificate_written, {}, {}, {}};
  }
  if (std::holds_alternative<ReadBackAndProve>(step)) {
    if (auto torn = judge_written(saga, card.certificate[saga.slot])) return *std::move(torn);
    return {saga.slot == Slot::spare ? Happening::proved_in_spare : Happening::proved_in_place, {}, {}, {}};
  }
  if (std::holds_alternative<Activate>(step)) {
    std::swap(card.key[Slot::active], card.key[Slot::spare]);
    std::swap(card.certificate[Slot::active], card.certificate[Slot::spare]);
    return {Happening::activated, {}, {}, {}};
  }
  if (const auto* skip = std::get_if<SkipRevocation>(&step)) {
    return {skip->withheld ? Happening::revocation_withheld : Happening::revocation_needless, {}, {}, {}};
  }
  return converse(world, saga, std::get<Converse>(step).about);
}

}  // namespace madoguchi::renewal::model
