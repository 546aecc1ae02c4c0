#include "world.hpp"

#include <gtest/gtest.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>

#include "authority/cmp.hpp"
#include "simulated_issuer/register.hpp"

namespace madoguchi::counter::test {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
namespace json = boost::json;
using base::Code;
using base::make_fault;
using mynumber::CertificateName;
using mynumber::PinName;
using simulated_issuer::CaFolder;

template <class T>
T taken(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::describe(result.error()));
  return std::move(*result);
}

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

simulated_issuer::Kind kind_of(CertificateName which) {
  return which == CertificateName::signature ? simulated_issuer::Kind::signature
                                             : simulated_issuer::Kind::authentication;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  auto pattern = (fs::temp_directory_path() / "madoguchi-counter-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void TestLine::post(base::Bytes message, std::chrono::milliseconds, Done done) {
  const int number = ++posts;
  auto go = [this, message = std::move(message), done = std::move(done), number] {
    const auto ordered = fate ? fate(number) : Fate::delivered;
    asio::post(loop_, [done, answered = answer(message, ordered)] { done(answered); });
  };
  if (held) {
    waiting_.push_back(std::move(go));
  } else {
    go();
  }
}

void TestLine::cancel() {
  down = true;
  release();
}

void TestLine::release() {
  held = false;
  for (auto& go : std::exchange(waiting_, {})) go();
}

base::Result<base::Bytes> TestLine::answer(const base::Bytes& message, Fate ordered) {
  const auto nobody = make_fault(Code::authority_unreachable, "no answer");
  if (down || ordered == Fate::lost_before) return nobody;
  if (to_ == To::ocsp) {
    auto status = taken(ca_.ocsp(message));
    if (ordered == Fate::lost_after) return nobody;
    if (ordered == Fate::spoilt) status.resize(status.size() / 2);
    return status;
  }
  auto answer = ca_.cmp(message);
  if (answer.delivery != simulated_ca::Delivery::answer || answer.status != 200) return nobody;
  if (ordered == Fate::lost_after) return nobody;
  if (ordered == Fate::spoilt) answer.body.resize(answer.body.size() / 2);
  return answer.body;
}

base::Result<authority::Next> TimelyAuthority::preflight(const authority::Conversation& conversation,
                                                         base::Instant now) const {
  auto next = real_->preflight(conversation, now);
  auto* finished = next ? std::get_if<authority::Finished>(&*next) : nullptr;
  if (finished == nullptr || !finished->told_at) return next;
  *finished->told_at += clock_.advanced() + ahead;
  if (!tells_time) finished->told_at.reset();
  return next;
}

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
    issuers_.push_back(simulated_issuer::to_der(ca_folder.issuing(kind).certificate.get(), i2d_X509));
  }
  terminal_ = mynumber::make_terminal_key(ca_folder.terminal_key());
  card = std::make_shared<TestCard>(from.card.image);
  citizen = from.card.citizen;
  decide = [this](const json::object& facts, base::Instant) { return usual_decision(facts); };
  readers.add(reader_name);
  readers.add(other_reader_name);
  readers.insert(reader_name, card);
  make_desk();
}

World::~World() {
  card->disturb = nullptr;
  desk.reset();
}

void World::make_desk() {
  profile_ = options.layout == simulated_card::Layout::spare ? mynumber::simulated_spare()
                                                             : mynumber::simulated_single();
  profile_.certificate_size = options.certificate_size;
  admin_ = options.writable ? mynumber::make_admin_commands(profile_) : nullptr;
  authority::Transport* const status = options.offers_status ? status_line.get() : nullptr;
  authority_ = std::make_unique<AuthorityLine>(
      AuthorityLine{.protocol = *protocol, .transport = *line, .issuers = issuers_, .status = status});
  signature_authority_ = std::make_unique<AuthorityLine>(AuthorityLine{
      .protocol = *protocol, .transport = *signature_line, .issuers = issuers_, .status = status});
  desk = std::make_unique<Desk>(Parts{
      .loop = loop,
      .readers = readers,
      .store = store,
      .profile = profile_,
      .admin = admin_.get(),
      .terminal = terminal_.get(),
      .authority = [this](CertificateName which) -> AuthorityLine& {
        const bool other = options.two_authorities && which == CertificateName::signature;
        return other ? *signature_authority_ : *authority_;
      },
      .decide = [this](const json::object& facts, base::Instant received) { return decide(facts, received); },
      .decide_by =
          [this](const std::string& digest, const json::object& facts, base::Instant received) {
            return decide_by ? decide_by(digest, facts, received) : decide(facts, received);
          },
      .clock = clock,
      .log = log,
      .publish = [this](const storage::EventRecord& record) { published.push_back(record); },
      .plugins = options.plugins,
      .hold = options.hold,
      .resume_after = options.resume_after});
}

base::Result<Decided> World::usual_decision(const json::object& facts) const {
  const auto preview = base::add_months_clamped(base::date_in_japan(clock.now()), 48);
  json::object certificates;
  const bool has_pins = options.citizen != simulated_card::CitizenKind::face_authentication;
  json::array pins;
  if (has_pins) pins.emplace_back("resident_register");
  for (const auto which : {CertificateName::signature, CertificateName::authentication}) {
    if (!options.wanted.contains(which)) continue;
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
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
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

int World::pins_sent() const {
  int sent = 0;
  for (std::size_t i = 0; i < card->executed.size(); ++i) {
    if (card->executed[i].ins == instruction::verify && card->with_data[i]) ++sent;
  }
  return sent;
}

int World::tries_left(PinName pin) const {
  const auto& image = card->card.image();
  namespace layout = simulated_card::layout;
  switch (pin) {
    case PinName::signature:
      return image.find(layout::jpki)->pins.at(layout::signature_pin).tries;
    case PinName::authentication:
      return image.find(layout::jpki)->pins.at(layout::authentication_pin).tries;
    case PinName::resident_register:
      return image.find(layout::resident_register)->pins.at(layout::resident_pin).tries;
  }
  return -1;
}

std::vector<simulated_issuer::Entry> World::issued(CertificateName which) const {
  const auto entries = taken(simulated_issuer::Register::open(taken(CaFolder::load(folder.path() / "ca"))));
  std::vector<simulated_issuer::Entry> of_kind;
  for (auto& entry : taken(entries.all())) {
    if (entry.kind == kind_of(which) && !entry.registration.predecessor.empty())
      of_kind.push_back(std::move(entry));
  }
  return of_kind;
}

base::Bytes World::on_card(CertificateName which) const {
  const auto& files = card->card.image().find(simulated_card::layout::jpki)->files;
  const auto id = which == CertificateName::signature ? simulated_card::layout::signature_certificate
                                                      : simulated_card::layout::authentication_certificate;
  const auto& content = files.at(id).content;
  const std::size_t size = std::size_t{4} + content.at(2) * std::size_t{256} + content.at(3);
  return {content.begin(), content.begin() + static_cast<std::ptrdiff_t>(std::min(size, content.size()))};
}

void World::expect_renewed(const renewal::Case& visit, std::size_t refused) const {
  EXPECT_EQ(visit.state, renewal::State::completed);
  EXPECT_EQ(visit.sagas.size(), options.wanted.size());
  const auto register_of_ca =
      taken(simulated_issuer::Register::open(taken(CaFolder::load(folder.path() / "ca"))));
  std::size_t extra = 0;
  for (const auto& saga : visit.sagas) {
    SCOPED_TRACE(mynumber::name(saga.certificate));
    EXPECT_EQ(saga.phase, renewal::Phase::done);
    EXPECT_EQ(on_card(saga.certificate), saga.new_certificate);
    const auto entries = issued(saga.certificate);
    std::size_t good = 0;
    for (const auto& entry : entries) {
      if (entry.revocation) {
        ++extra;
        continue;
      }
      ++good;
      EXPECT_EQ(entry.certificate, saga.new_certificate);
      EXPECT_TRUE(entry.registration.confirmed);
    }
    EXPECT_EQ(good, 1u) << "one serial";
    const auto old = taken(mynumber::parse_certificate(saga.old_certificate));
    const auto entry = taken(register_of_ca.find(old.serial));
    ASSERT_TRUE(entry);
    EXPECT_TRUE(entry->revocation) << "the old one is revoked";
  }
  EXPECT_EQ(extra, refused);
  EXPECT_EQ(card->count(instruction::generate) > 0, true);
}

}  // namespace madoguchi::counter::test
