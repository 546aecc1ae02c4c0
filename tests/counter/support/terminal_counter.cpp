#include "terminal_counter.hpp"

#include <algorithm>

#include "simulated_issuer/ca_folder.hpp"
#include "taken.hpp"

namespace madoguchi::counter::test {

namespace json = boost::json;

TerminalCounter::TerminalCounter(Options options)
    : TerminalCounter(std::make_unique<World>(std::move(options))) {}

TerminalCounter::TerminalCounter(std::unique_ptr<World> own) : TerminalCounter(*own) {
  own_ = std::move(own);
}

TerminalCounter::TerminalCounter(World& given) : world(given), profile_(mynumber::simulated_single()) {
  key_ = mynumber::make_terminal_key(
      taken(simulated_issuer::CaFolder::load(world.folder.path() / "ca")).terminal_key());
  admin_ = mynumber::make_admin_commands(profile_);
  line_ =
      std::make_unique<AuthorityLine>(AuthorityLine{.protocol = *world.protocol, .transport = *world.line});
  restart();
}

TerminalCounter::~TerminalCounter() {
  official_.reset();
}

void TerminalCounter::restart(renewal::Channel channel) {
  world.desk.reset();
  world.loop.poll();
  world.desk = std::make_unique<Desk>(
      Parts{.loop = world.loop,
            .readers = world.readers,
            .store = world.options.store != nullptr ? *world.options.store : world.store,
            .profile = mynumber::genuine(),
            .authority = [](mynumber::CertificateName) -> AuthorityLine& {
              throw std::logic_error("an authority is asked for");
            },
            .decide = [this](const json::object& facts,
                             base::Instant received) { return world.decide(facts, received); },
            .clock = world.clock,
            .log = world.log,
            .publish = [this](const storage::EventRecord& record) { world.published.push_back(record); },
            .plugins = world.options.plugins,
            .hold = world.options.hold,
            .resume_after = world.options.resume_after,
            .channel = channel});
}

base::Result<renewal::Case> TerminalCounter::record(const std::string& id, mynumber::PinName pin,
                                                    renewal::PinOutcome outcome) {
  return world.run(world.desk->record_pin({id, pin, outcome, "holder", "clerk-7"}));
}

std::string TerminalCounter::ready() {
  const auto id = taken(world.open()).id;
  const auto plan = taken(renewal::plan_of(taken(world.desk->load(id)).decision));
  for (const auto pin : plan.pins_required) static_cast<void>(taken(record(id, pin)));
  return id;
}

std::string TerminalCounter::handed_over() {
  const auto id = ready();
  static_cast<void>(taken(issue(id)));
  return id;
}

base::Result<renewal::Case> TerminalCounter::issue(const std::string& id, Acceptance accepted) {
  return world.run(world.desk->issue(id, "clerk-7", {}, std::move(accepted)));
}

void TerminalCounter::work_there(const Wanted& wanted, int days) {
  json::array names;
  for (const auto which : wanted) names.emplace_back(mynumber::name(which));
  const auto decide = [decided = world.decide, days](const json::object& facts, base::Instant received) {
    auto made = taken(decided(facts, received));
    for (auto& [name, about] : made.decision["certificates"].as_object()) {
      auto& day = about.as_object()["new_expires_on"];
      const auto told = *base::parse_date(std::string_view(day.as_string()));
      day = base::format_date(base::add_days(told, days));
    }
    return base::Result<Decided>(std::move(made));
  };
  official_ = std::make_unique<Desk>(
      Parts{.loop = world.loop,
            .readers = world.readers,
            .store = theirs_,
            .profile = profile_,
            .admin = admin_.get(),
            .terminal = key_.get(),
            .authority = [this](mynumber::CertificateName) -> AuthorityLine& { return *line_; },
            .decide = decide,
            .clock = world.clock,
            .log = world.log,
            .publish = [](const storage::EventRecord&) {}});
  const auto visit =
      taken(world.run(official_->open({{{"wanted", std::move(names)}}, reader_name, "operator-1", {}})));
  for (const auto pin : taken(renewal::plan_of(visit.decision)).pins_required) {
    static_cast<void>(taken(world.run(official_->verify_pin(world.pin_request(visit.id, pin)))));
  }
  const auto done = taken(world.run(official_->issue(visit.id, "operator-1")));
  if (done.state != renewal::State::completed) throw std::runtime_error("the terminal has not done it");
  official_->release_all();
}

std::size_t TerminalCounter::count(const std::string& id, std::string_view kind) const {
  const auto kinds = world.store.kinds(id);
  return static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), kind));
}

}  // namespace madoguchi::counter::test
