#include "another_clerk.hpp"

#include <boost/asio/post.hpp>
#include <boost/json/object.hpp>

namespace madoguchi::faults {
namespace {

namespace json = boost::json;
using counter::test::reader_name;
using mynumber::PinName;

constexpr auto colleague = "clerk-8";

}  // namespace

template <class T>
void AnotherClerk::start(counter::Later<T> work, std::function<void(T&)> then) {
  boost::asio::co_spawn(
      stage_.world->loop, std::move(work),
      [this, then = std::move(then)](const std::exception_ptr& thrown, base::Result<T> result) {
        ++answered_;
        if (thrown) {
          violations_.emplace_back("thrown at another clerk");
        } else if (result) {
          then(*result);
        } else if (result.error().code == base::Code::internal) {
          violations_.push_back("internal: " + base::describe(result.error()));
        }
      });
}

bool AnotherClerk::has_pins() const {
  return stage_.episode.options.citizen != simulated_card::CitizenKind::face_authentication;
}

void AnotherClerk::ask(Other what, const std::string& case_id, int which) {
  const bool needs_case =
      what != Other::open && what != Other::inspect && what != Other::look_up && what != Other::take_number;
  if (needs_case && case_id.empty()) return;
  if ((what == Other::pin || what == Other::wrong_pin) && !has_pins()) return;
  ++asked_;
  boost::asio::post(stage_.world->loop, [this, what, case_id, which] { begin(what, case_id, which); });
}

void AnotherClerk::begin(Other what, const std::string& case_id, int which) {
  auto& desk = *stage_.world->desk;
  const auto pin =
      which % 2 == 0 || !stage_.episode.options.wanted.contains(mynumber::CertificateName::signature)
          ? PinName::authentication
          : PinName::signature;
  const std::function<void(renewal::Case&)> told = [this](renewal::Case& visit) { told_(visit); };
  switch (what) {
    case Other::open:
      return start<renewal::Case>(desk.open({{}, reader_name, colleague, {}}), told);
    case Other::update: {
      counter::UpdateRequest request;
      request.id = case_id;
      request.facts = json::object{};
      request.reader = reader_name;
      request.staff = colleague;
      return start<renewal::Case>(desk.update(std::move(request)), told);
    }
    case Other::cancel:
      return start<renewal::Case>(desk.cancel({case_id, "asked for at another window", colleague}), told);
    case Other::pin:
    case Other::wrong_pin:
      return enter_pin(case_id, pin, what == Other::wrong_pin);
    case Other::issue:
      return start<renewal::Case>(desk.issue(case_id, colleague), told);
    case Other::inspect:
      return start<mynumber::Inspection>(desk.inspect(reader_name), [](auto&) {});
    case Other::look_up: {
      std::vector<counter::PinRequest> pins;
      if (has_pins()) pins.push_back(stage_.world->pin_request({}, PinName::authentication));
      pins_asked_ += static_cast<int>(pins.size());
      looked_up_ += static_cast<int>(pins.size());
      return start<counter::Expiry>(desk.check_expiry(reader_name, std::move(pins)), [](auto&) {});
    }
    case Other::hold: {
      counter::PluginCall call;
      call.plugin = plugin_name;
      call.verb = "hold";
      call.params = {{"held", true}};
      call.case_id = case_id;
      call.staff = colleague;
      return start<json::value>(desk.call(std::move(call)), [](auto&) {});
    }
    case Other::take_number:
      return take_number();
  }
}

void AnotherClerk::enter_pin(const std::string& case_id, PinName pin, bool wrong) {
  const auto value = wrong ? std::optional<std::string>(wrong_value(pin)) : std::nullopt;
  auto request = stage_.world->pin_request(case_id, pin, value);
  ++pins_asked_;
  if (wrong) ++mistyped_[pin];
  start<counter::PinReply>(stage_.world->desk->verify_pin(std::move(request)),
                           [this, wrong](counter::PinReply& reply) {
                             if (wrong) violations_.emplace_back("a wrong PIN was taken from another clerk");
                             told_(reply.visit);
                           });
}

void AnotherClerk::take_number() {
  counter::PluginCall call;
  call.plugin = plugin_name;
  call.verb = "take";
  call.params = {{"office", "citizens-division"}};
  call.staff = colleague;
  call.keeps = true;
  start<json::value>(stage_.world->desk->call(std::move(call)), [this](json::value& reply) {
    const auto number = reply.at("number").as_int64();
    if (!numbers_.insert(number).second)
      violations_.push_back("number " + std::to_string(number) + " was given out twice");
  });
}

void AnotherClerk::finish() {
  stage_.world->until([this] { return !asks(); });
}

void AnotherClerk::take_last_number() {
  if (numbers_.empty()) return;
  ask(Other::take_number, {}, 0);
  finish();
}

}  // namespace madoguchi::faults
