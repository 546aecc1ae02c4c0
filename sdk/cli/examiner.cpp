#include "examiner.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <chrono>
#include <map>
#include <string_view>
#include <system_error>

#include "beside.hpp"
#include "captured_program.hpp"
#include "doctor/finding.hpp"
#include "doctor/parts.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using doctor::Finding;
using doctor::State;
using How = Captured::How;
using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

// With the seconds that the service itself has to answer in, less than a minute.
constexpr seconds brisk_in_all{40};
constexpr seconds brisk_part{10};
constexpr seconds thorough_part{600};

// How long a part may say nothing.
seconds patience_with(std::string_view part, Pace pace) {
  // Every page and every signature is gone through; each plugin, and each authority, has 5 s.
  static const std::map<std::string_view, seconds> longer{
      {"store", seconds(20)}, {"policy", seconds(15)}, {"authorities", seconds(15)}};
  if (pace == Pace::thorough) return thorough_part;
  const auto found = longer.find(part);
  return found != longer.end() ? found->second : brisk_part;
}

class Examiner {
 public:
  Examiner(const Context& context, const std::string& config, Pace pace, const TellFinding& tell)
      : context_(context),
        pace_(pace),
        tell_(tell),
        command_{beside({"madoguchid", "../sbin/madoguchid"}).string(), "--config", config, "--examine"},
        end_(Clock::now() + (pace == Pace::brisk ? brisk_in_all : thorough_part)) {}

  Examined run(std::vector<std::string> parts) {
    bool going_on = true;
    while (going_on && !parts.empty() && Clock::now() < end_) {
      going_on = look_at(parts);
      // Behind what hangs, or has brought it down, everything else can still be looked at.
      const auto last = std::find(parts.begin(), parts.end(), lines_.last_part);
      going_on = going_on && last != parts.end();
      if (going_on) parts.erase(parts.begin(), last + 1);
    }
    if (going_on && !parts.empty()) add(State::attention, "examiner.not_reached", {{"parts", listed(parts)}});
    if (!interrupted_) add_silent();
    sort_by_gravity(lines_.findings);
    return {std::move(lines_.findings), interrupted_, lines_.as_service};
  }

 private:
  static std::string listed(const std::vector<std::string>& parts) {
    std::string list;
    for (const auto& part : parts) list.append(list.empty() ? "" : ", ").append(part);
    return list;
  }

  std::chrono::milliseconds patience() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now());
    const auto own = std::chrono::milliseconds(patience_with(lines_.last_part, pace_));
    return std::max(std::min(left, own), std::chrono::milliseconds(1));
  }

  // Whether what stands behind its last part is still to be looked at.
  bool look_at(const std::vector<std::string>& parts) {
    auto command = command_;
    for (const auto& part : parts) command.insert(command.end(), {"--part", part});
    lines_.last_part.clear();
    const auto done =
        capture_lines(command, patience(), context_.interrupts, [this](const std::string& line) {
          const auto before = lines_.findings.size();
          lines_.read(line);
          for (auto i = before; i < lines_.findings.size() && tell_; ++i)
            tell_(lines_.findings[i].as_object());
          return patience();
        });
    return conclude(done);
  }

  bool conclude(const Captured& done) {
    switch (done.how) {
      case How::interrupted:
        interrupted_ = true;
        return false;
      case How::not_started:
        add(State::wrong, "examiner.missing",
            {{"path", command_.front()}, {"why", std::generic_category().message(done.status)}});
        return false;
      case How::overdue:
        end_of_part(lines_.last_part == "readers" ? "pcscd.stuck" : "examiner.stuck", {});
        return true;
      case How::killed:
        end_of_part("examiner.ended", "signal " + std::to_string(done.status));
        return true;
      case How::exited:
        // 0 to 2 are its own words.
        if (done.status > 2 || (lines_.findings.empty() && lines_.silent.empty()))
          end_of_part("examiner.ended", "status " + std::to_string(done.status));
        return false;
    }
    return false;
  }

  // What keeps a part from its end stands for what it has not said.
  void end_of_part(const char* id, const std::string& why) {
    const auto part = lines_.last_part.empty() ? std::string("config") : lines_.last_part;
    std::erase(lines_.silent, part);
    json::object facts{{"part", part}};
    if (!why.empty()) facts["why"] = why;
    add(State::wrong, id, std::move(facts));
  }

  // One that says nothing of how it is passes for one that is well.
  void add_silent() {
    for (auto& part : std::exchange(lines_.silent, {}))
      add(State::wrong, "examiner.ended", {{"part", std::move(part)}, {"why", "no finding"}});
  }

  void add(State state, const char* id, json::object facts) {
    lines_.findings.push_back(doctor::to_json(Finding{state, id, std::move(facts)}));
    if (tell_) tell_(lines_.findings.back().as_object());
  }

  const Context& context_;
  Pace pace_;
  const TellFinding& tell_;
  std::vector<std::string> command_;
  Clock::time_point end_;
  ExaminerLines lines_;
  bool interrupted_ = false;
};

}  // namespace

int gravity(const json::value& finding) {
  const auto state = text_at(finding.as_object(), "state");
  return state == "wrong" ? 0 : state == "attention" ? 1 : 2;
}

void sort_by_gravity(json::array& findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const json::value& a, const json::value& b) { return gravity(a) < gravity(b); });
}

void ExaminerLines::read(const std::string& line) {
  boost::system::error_code error;
  const auto parsed = json::parse(line, error);
  const auto* object = error ? nullptr : parsed.if_object();
  const auto* finding = object != nullptr ? object_at(*object, "finding") : nullptr;
  const auto* whose = object != nullptr ? object->if_contains("as_service") : nullptr;
  if (whose != nullptr && whose->is_bool()) {
    as_service = whose->get_bool();
    return;
  }
  auto part = object != nullptr ? text_at(*object, "begin") : std::string();
  if (!part.empty()) {
    last_part = part;
    silent.push_back(std::move(part));
    garbled = false;
    return;
  }
  // That a part has a line, legible or not, is known; each illegible part is told of once.
  if (!silent.empty() && silent.back() == last_part) silent.pop_back();
  if (finding != nullptr) findings.emplace_back(*finding);
  if (finding == nullptr && !garbled)
    findings.push_back(doctor::to_json(Finding{State::wrong, "examiner.garbled", {{"part", last_part}}}));
  garbled = garbled || finding == nullptr;
}

Examined examine_parts(const Context& context, const std::string& config,
                       const std::vector<std::string>& parts, Pace pace, const TellFinding& tell) {
  const std::vector<std::string> all(doctor::parts.begin(), doctor::parts.end());
  return Examiner(context, config, pace, tell).run(parts.empty() ? all : parts);
}

}  // namespace madoguchi::cli
