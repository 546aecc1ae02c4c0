#include "world.hpp"

#include <openssl/x509.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>

#include "authority/cmp.hpp"
#include "simulated_issuer/register.hpp"
#include "taken.hpp"

namespace madoguchi::counter::test {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
namespace json = boost::json;
using base::Code;
using mynumber::CertificateName;
using mynumber::PinName;
using simulated_issuer::CaFolder;

// A CA's folder and a card of it. Keys take time, so each is made once a program and copied.
struct Made {
  TemporaryFolder folder;
  simulated_card::MadeCard card;

  Made(simulated_card::Layout layout, simulated_card::CitizenKind kind)
      : card(make(folder.path() / "ca", layout, kind)) {}

  static simulated_card::MadeCard make(const fs::path& path, simulated_card::Layout layout,
                                       simulated_card::CitizenKind kind) {
    fs::copy(fs::path(DEVELOPMENT_CA) / "ca", path);
    fs::remove(path / "ca.db");
    simulated_card::Order order;
    order.kind = kind;
    order.today = base::date_in_japan(ManualClock().now());
    order.seed = 7 + static_cast<std::uint64_t>(kind);  // somebody else
    return taken(simulated_card::make_card(taken(CaFolder::load(path)), order, layout));
  }
};

const Made& made(simulated_card::Layout layout, simulated_card::CitizenKind kind) {
  static std::map<std::pair<simulated_card::Layout, simulated_card::CitizenKind>, std::unique_ptr<Made>> all;
  auto& one = all[{layout, kind}];
  if (!one) one = std::make_unique<Made>(layout, kind);
  return *one;
}

base::Bytes file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::unique_ptr<authority::Authority> speak_to(const CaFolder& folder) {
  std::array<char, 256> name{};
  X509_NAME_oneline(X509_get_subject_name(folder.cmp().certificate.get()), name.data(), name.size());
  return taken(authority::make_cmp_authority({.body = authority::BodyType::cr,
                                              .ra_certificate = file(folder.path() / "ra.crt.pem"),
                                              .ra_key = file(folder.path() / "ra.key.pem"),
                                              .trusted = file(folder.path() / "root.crt.pem"),
                                              .expected_sender = name.data(),
                                              .recipient = {}}));
}

simulated_card::PinKind kind_of(PinName pin) {
  return simulated_card::pin_kind_named(mynumber::name(pin)).value();
}

}  // namespace

World::World(Options given) : options(std::move(given)), work_(asio::make_work_guard(loop)) {
  const auto& from = made(options.layout, options.citizen);
  fs::copy(from.folder.path() / "ca", folder.path() / "ca");
  const auto ca_folder = taken(CaFolder::load(folder.path() / "ca"));
  ca = taken(simulated_ca::Service::open(ca_folder.path(), clock));
  line = std::make_unique<TestLine>(loop, *ca);
  signature_line = std::make_unique<TestLine>(loop, *ca);
  status_line = std::make_unique<TestLine>(loop, *ca, TestLine::To::ocsp);
  protocol = std::make_unique<TimelyAuthority>(speak_to(ca_folder), clock);
  for (const auto kind : simulated_issuer::kinds) {
    issuers.push_back(simulated_issuer::to_der(ca_folder.issuing(kind).certificate.get(), i2d_X509));
  }
  terminal_ = mynumber::make_terminal_key(ca_folder.terminal_key());
  card = std::make_shared<TestCard>(from.card.image, options.keys);
  citizen = from.card.citizen;
  decide = [this](const json::object& facts, base::Instant) { return usual_decision(facts); };
  readers.add(reader_name);
  readers.add(other_reader_name);
  readers.insert(reader_name, card);
  make_desk();
}

World::~World() {
  card->disturb = nullptr;
  loop.shutdown();
  desk.reset();
}

void World::make_desk() {
  profile_ = options.layout == simulated_card::Layout::spare ? mynumber::simulated_spare()
                                                             : mynumber::simulated_single();
  profile_.certificate_size = options.certificate_size;
  admin_ = options.writable ? mynumber::make_admin_commands(profile_) : nullptr;
  authority::Transport* const status = options.offers_status ? status_line.get() : nullptr;
  inquiry_ = std::make_unique<authority::StatusInquiry>(
      authority::StatusInquiry::Sources{issuers, status, {}}, clock);
  authority_ =
      std::make_unique<AuthorityLine>(AuthorityLine{.protocol = *protocol,
                                                    .transport = *line,
                                                    .issuers = issuers,
                                                    .status = status,
                                                    .inquiry = status == nullptr ? nullptr : inquiry_.get()});
  signature_authority_ =
      std::make_unique<AuthorityLine>(AuthorityLine{.protocol = *protocol,
                                                    .transport = *signature_line,
                                                    .issuers = issuers,
                                                    .status = status,
                                                    .inquiry = status == nullptr ? nullptr : inquiry_.get()});
  desk = std::make_unique<Desk>(Parts{
      .loop = loop,
      .readers = readers,
      .store = options.store != nullptr ? *options.store : store,
      .profile = profile_,
      .admin = admin_.get(),
      .terminal = terminal_.get(),
      .authority = [this](CertificateName which) -> AuthorityLine& {
        const bool other = options.two_authorities && which == CertificateName::signature;
        return other ? *signature_authority_ : *authority_;
      },
      .decide = [this](const json::object& facts, base::Instant received) { return decide(facts, received); },
      .decide_by =
          [this](const std::string& digest, const json::object& facts, base::Instant received,
                 const policy::CaseSoFar& so_far) {
            return decide_by ? decide_by(digest, facts, received, so_far) : decide(facts, received);
          },
      .clock = clock,
      .log = log,
      .publish = [this](const storage::EventRecord& record) { published.push_back(record); },
      .plugins = options.plugins,
      .pad_use = options.pad_use,
      .hold = options.hold,
      .steady = [this] { return steady(); },
      .resume_after = options.resume_after});
}

base::Result<Decided> World::usual_decision(const json::object& facts) const {
  const auto preview = base::add_months_clamped(base::date_in_japan(clock.now()), 48);
  json::object certificates;
  const bool has_pins = options.citizen != simulated_card::CitizenKind::face_authentication;
  json::array pins;
  if (has_pins) pins.emplace_back("resident_register");
  const auto* told = facts.if_contains("wanted");
  for (const auto which : {CertificateName::signature, CertificateName::authentication}) {
    if (!options.wanted.contains(which)) continue;
    const json::value name(mynumber::name(which));
    if (told != nullptr && std::count(told->as_array().begin(), told->as_array().end(), name) == 0) continue;
    certificates[mynumber::name(which)] =
        json::object{{"action", options.action}, {"new_expires_on", base::format_date(preview)}};
    if (has_pins) pins.emplace_back(mynumber::name(mynumber::pin_of(which)));
  }
  json::object decision{{"outcome", "complete_today"},      {"certificates", std::move(certificates)},
                        {"pins_required", std::move(pins)}, {"pin_resets", json::array()},
                        {"findings", json::array()},        {"policy", json::object{{"digest", "00"}}}};
  return Decided{facts, std::move(decision)};
}

void World::until(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (!condition()) {
    loop.run_one_until(end);
    if (std::chrono::steady_clock::now() >= end) throw std::runtime_error("nothing comes of it");
  }
}

void World::resume_until(const std::function<bool()>& condition) {
  bool ended = false;
  asio::co_spawn(loop, desk->resume(), [&](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
    ended = true;
  });
  until(condition);
  desk->stop();
  until([&] { return ended; });
}

base::Result<renewal::Case> World::open(const char* reader, json::object facts) {
  return run(desk->open({std::move(facts), reader, "clerk-7", {}}));
}

PinRequest World::pin_request(const std::string& id, PinName pin, std::optional<std::string> value) const {
  PinRequest request;
  request.id = id;
  request.pin = pin;
  request.value = base::Secret(value ? *value : citizen.pins.at(kind_of(pin)));
  request.entered_by = "holder";
  request.staff = "clerk-7";
  return request;
}

base::Result<PinReply> World::verify(const std::string& id, PinName pin, std::optional<std::string> value,
                                     mynumber::VerifyGuards guards) {
  auto request = pin_request(id, pin, std::move(value));
  request.guards = guards;
  return run(desk->verify_pin(std::move(request)));
}

void World::verify_all(const std::string& id) {
  const auto plan = taken(renewal::plan_of(taken(desk->load(id)).decision));
  for (const auto pin : plan.pins_required) static_cast<void>(taken(verify(id, pin)));
}

std::string World::ready() {
  const auto id = taken(open()).id;
  verify_all(id);
  return id;
}

renewal::Case World::finish(const std::string& id) {
  put_back();
  for (int round = 0; round < 4; ++round) {
    auto done = issue(id);
    if (done) return std::move(*done);
    if (done.error().code != Code::pin_required) throw std::runtime_error(base::describe(done.error()));
    verify_all(id);
  }
  throw std::runtime_error("PINs are asked for again and again");
}

void World::pull() {
  readers.remove(reader_name);
  desk->card_gone(reader_name);
}

void World::put_back() {
  card->disturb = nullptr;
  for (const auto& status : readers.list()) {
    if (status.name == reader_name && status.presence == smartcard::Presence::empty) {
      desk->card_gone(reader_name);
      readers.insert(reader_name, card);
    }
  }
}

void World::restart() {
  desk.reset();
  loop.poll();
  make_desk();
}

void World::order(const std::string& fault) {
  const auto taken_in = ca->control(fault);
  if (!taken_in) throw std::runtime_error(base::describe(taken_in.error()));
}

void World::revoke(const std::string& serial) {
  constexpr int affiliation_changed = 3;  // CRLReason, RFC 5280 5.3.1
  auto entries = taken(simulated_issuer::Register::open(taken(CaFolder::load(folder.path() / "ca"))));
  if (!taken(entries.revoke(serial, {clock.now(), affiliation_changed}))) throw std::runtime_error("revoked");
}

void World::let_reset(PinName pin) {
  decide = [usual = decide, pin](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    decided->decision["pin_resets"] = json::array{mynumber::name(pin)};
    return decided;
  };
}

}  // namespace madoguchi::counter::test
