#include "checker/checker.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iterator>

#include "extension/answers.hpp"
#include "extension/probe.hpp"
#include "extension/requests.hpp"
#include "extension/signing.hpp"
#include "requests.hpp"

namespace madoguchi::checker {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using extension::Hook;
using extension::Verb;
using Clock = std::chrono::steady_clock;

constexpr std::size_t most_on_a_page = 64;
constexpr std::size_t memory_bytes = std::size_t{128} << 20;
// So much may come of pages first touched late; a leak of a few bytes a call shows over thousands of calls.
#ifdef MADOGUCHI_SANITIZED
// What was freed is kept for a while by a sanitizer, to tell of its use.
constexpr std::size_t tolerated_growth = std::size_t{32} << 20;
#else
constexpr std::size_t tolerated_growth = std::size_t{256} << 10;
#endif
// A counter gives a plugin its deadline; the check waits longer, to say how late it was.
constexpr std::chrono::milliseconds patience{5'000};

class NoLog : public base::Log {
 public:
  void write(base::Level, std::string_view, std::initializer_list<base::Field>) override {}
};

base::Result<base::Bytes> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::make_fault(base::Code::not_found, path.string() + ": cannot be read");
  return base::Bytes{std::istreambuf_iterator<char>(file), {}};
}

class Check {
 public:
  Check(const fs::path& manifest, const CheckOptions& options)
      : path_(manifest),
        options_(options),
        city_(example_city()),
        city_document_(extension::city_document(city_)) {}

  Report run() {
    if (files() && library() && start() && describe() && section()) {
      if (manifest_.hooks.has(Hook::decide)) decide();
      if (manifest_.hooks.has(Hook::schedule)) schedule();
      if (manifest_.hooks.has(Hook::advance)) advance();
      if (manifest_.hooks.has(Hook::call)) call();
      hostile();
    }
    return std::move(report_);
  }

 private:
  void passed(std::string about, std::string what = {}) {
    add(Finding::Kind::passed, std::move(about), std::move(what));
  }
  void warned(std::string about, std::string what) {
    add(Finding::Kind::warned, std::move(about), std::move(what));
  }
  bool failed(std::string about, std::string what) {
    add(Finding::Kind::failed, std::move(about), std::move(what));
    return false;
  }
  void add(Finding::Kind kind, std::string about, std::string what) {
    report_.findings.push_back({kind, std::move(about), std::move(what)});
  }
  // The fault as a failure, or a pass.
  template <class Result>
  bool expect(const std::string& about, const Result& result) {
    if (!result) return failed(about, result.error().inner);
    passed(about);
    return true;
  }

  bool files() {
    const auto text = read_file(path_);
    if (!text) return failed("the manifest can be read", text.error().inner);
    text_.assign(text->begin(), text->end());
    auto manifest = extension::parse_manifest(text_);
    if (!expect("the manifest is complete", manifest)) return false;
    manifest_ = std::move(*manifest);
    json::array hooks;
    for (const auto hook : {Hook::decide, Hook::schedule, Hook::advance, Hook::call}) {
      if (manifest_.hooks.has(hook)) hooks.emplace_back(json::string_view(extension::to_text(hook)));
    }
    report_.plugin = {{"name", manifest_.name},
                      {"version", manifest_.version},
                      {"vendor", manifest_.vendor},
                      {"sha256", manifest_.sha256},
                      {"hooks", std::move(hooks)}};
    auto library = read_file(path_.parent_path() / manifest_.library);
    if (!expect("the library stands beside the manifest", library)) return false;
    library_ = std::move(*library);
    if (path_.filename() != manifest_.name + ".json") {
      return failed("the manifest's file has the plugin's name", path_.filename().string());
    }
    signature(*text);
    return true;
  }

  void signature(base::ByteView manifest) {
    constexpr auto about = "it is signed as a counter wants it";
    const fs::path path = path_.string() + ".p7s";
    if (!fs::exists(path)) return warned(about, "not yet: madoguchi plugin sign");
    const auto bytes = read_file(path);
    const auto signer = bytes ? extension::signer_of(manifest, *bytes, manifest_.vendor)
                              : base::Result<std::string>(bytes.error());
    if (!signer) return void(failed(about, signer.error().inner));
    passed(about, "by " + *signer + "; whether a city trusts that is the city's to say");
  }

  bool library() {
    if (base::to_hex(base::sha256(library_)) != manifest_.sha256) {
      return failed("the manifest names this library", "its SHA-256 is another: build both together");
    }
    passed("the manifest names this library");
    if (auto why = extension::library_objection(library_); !why.empty())
      return failed("the library can be loaded", why);
    passed("the library can be loaded");
    const auto names = extension::exported_symbols(library_);
    std::string others;
    for (const auto& name : names) {
      if (name != "madoguchi_plugin_query" && others.size() < 200)
        others.append(others.empty() ? "" : ", ").append(name);
    }
    if (!others.empty()) warned("only madoguchi_plugin_query is exported", "also " + others);
    if (others.empty()) passed("only madoguchi_plugin_query is exported");
    return true;
  }

  bool start() {
    auto running = extension::start_probe(text_, library_, options_.host_program, memory_bytes, log_);
    if (!running) return failed("it starts in a process of its own, and its ABI fits", running.error().inner);
    running_ = std::move(*running);
    return true;
  }

  // A new process, with an instance.
  bool again() {
    running_.reset();
    auto running = extension::start_probe(text_, library_, options_.host_program, memory_bytes, log_);
    if (!running || !(*running)->ask(Verb::create, creation_, patience)) return false;
    running_ = std::move(*running);
    return true;
  }

  bool describe() {
    passed("it starts in a process of its own, and its ABI fits");
    const auto first = running_->ask(Verb::describe, {}, patience);
    if (!first) return failed("describe: answers", first.error().inner);
    auto description = extension::parse_description(*first, manifest_.name);
    if (!expect("describe: codes, texts and schema are as they should be", description)) return false;
    description_ = std::move(*description);
    if (description_.methods.empty() == manifest_.hooks.has(Hook::call))
      return failed("describe: methods go with the hook call", "one is there without the other");
    const auto second = running_->ask(Verb::describe, {}, patience);
    if (!second || *second != *first) return failed("describe: the same answer twice", "it differed");
    return true;
  }

  bool section() {
    creation_ = extension::creation_request(options_.section, city_document_);
    const auto answer = running_->ask(Verb::check, creation_, patience);
    if (!answer) return failed("check: answers", answer.error().inner);
    const auto checked = extension::parse_check(*answer);
    if (!expect("check: its answer is as it should be", checked)) return false;
    if (!checked->complaints.empty()) {
      const auto& first = checked->complaints.front();
      return failed("check: accepts the section that it was given", first.pointer + ": " + first.message);
    }
    passed("check: accepts the section that it was given");
    unknown_key();
    return expect("create: makes an instance", running_->ask(Verb::create, creation_, patience));
  }

  // A misspelt key that is silently ignored is a rule that nobody applies.
  void unknown_key() {
    auto section = options_.section;
    section["no_such_key_in_any_plugin"] = true;
    const auto answer =
        running_->ask(Verb::check, extension::creation_request(section, city_document_), patience);
    const auto checked =
        answer ? extension::parse_check(*answer) : base::Result<extension::CheckAnswer>(answer.error());
    if (!checked) {
      failed("check: complains about an unknown key", checked.error().inner);
    } else if (checked->complaints.empty()) {
      warned("check: complains about an unknown key", "it did not: a misspelt key would be ignored");
    } else {
      passed("check: complains about an unknown key");
    }
  }

  // Every request twice, then all of them again and again for time and memory. `read` says whether an answer
  // fits.
  template <class Read>
  void drive(Verb verb, const std::vector<std::string>& requests, const Read& read) {
    const std::string hook(extension::to_text(verb));
    bool same = true;
    for (const auto& request : requests) {
      const auto first = running_->ask(verb, request, patience);
      if (!first) return void(failed(hook + ": answers every good request", first.error().inner));
      const auto fits = read(*first);
      if (!fits) return void(failed(hook + ": its answers are as they should be", fits.error().inner));
      const auto second = running_->ask(verb, request, patience);
      same = same && second && *second == *first;
    }
    passed(hook + ": answers " + std::to_string(requests.size()) + " requests as it should");
    if (!same) failed(hook + ": the same answer twice", "it differed: a hook has to be a pure function");
    if (same) passed(hook + ": the same answer twice");
    repeat(verb, hook, requests);
  }

  void repeat(Verb verb, const std::string& hook, const std::vector<std::string>& requests) {
    std::vector<std::int64_t> times;
    std::size_t before = 0;
    for (int i = 0; i < options_.calls; ++i) {
      // What is taken once, in the first half, is no leak.
      if (i == options_.calls / 2) before = running_->resident_bytes().value_or(0);
      const auto begun = Clock::now();
      const auto answer =
          running_->ask(verb, requests.at(static_cast<std::size_t>(i) % requests.size()), patience);
      times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun).count());
      if (!answer) return void(failed(hook + ": goes on answering", answer.error().inner));
    }
    std::sort(times.begin(), times.end());
    const auto median = std::to_string(times.at(times.size() / 2));
    const auto longest = std::chrono::microseconds(times.back());
    const auto seen = "median " + median + " us, longest " + std::to_string(longest.count()) + " us";
    if (longest > options_.deadline) failed(hook + ": within the deadline", seen);
    if (longest <= options_.deadline) passed(hook + ": within the deadline", seen);
    const auto after = running_->resident_bytes().value_or(0);
    const auto growth = after > before ? after - before : 0;
    const auto grown =
        std::to_string(growth / 1'024) + " KiB more after " + std::to_string(options_.calls / 2) + " calls";
    if (growth > tolerated_growth) failed(hook + ": keeps no memory", grown);
    if (growth <= tolerated_growth) passed(hook + ": keeps no memory", grown);
  }

  void decide() {
    std::vector<std::string> requests;
    for (const auto& visit : example_visits()) {
      requests.push_back(extension::decide_request(city_, visit, policy::decide(city_, visit)));
    }
    drive(Verb::decide, requests, [&](const std::string& answer) {
      return extension::parse_contribution(answer, manifest_.name, description_, {});
    });
  }

  void schedule() {
    const auto year = [](int y) {
      return extension::Asked{"city-hall", std::chrono::year(y) / 1 / 1, std::chrono::year(y + 1) / 12 / 31};
    };
    std::vector<std::string> requests;
    for (int y = 2024; y <= 2036; y += 2) requests.push_back(extension::schedule_request(year(y)));
    int asked = 2022;
    drive(Verb::schedule, requests, [&](const std::string& answer) {
      asked += 2;
      return extension::parse_schedule(answer, manifest_.name, year(asked));
    });
  }

  static json::value state_of(const policy::PluginStep& step) {
    return step.state ? json::value(*step.state) : json::value();
  }

  // Cases from their first event to their last, each state from the answer before.
  void advance() {
    std::vector<std::string> requests;
    for (const auto& visit : example_cases()) {
      json::value state;
      for (const auto& event : example_events()) {
        requests.push_back(extension::advance_request(visit, state, event));
        const auto answer = running_->ask(Verb::advance, requests.back(), patience);
        const auto step =
            answer ? extension::parse_advance(*answer) : base::Result<policy::PluginStep>(answer.error());
        if (!step) return void(failed("advance: its answers are as they should be", step.error().inner));
        state = state_of(*step);
        if (step->state) kept_.push_back(*step->state);
      }
    }
    drive(Verb::advance, requests, extension::parse_advance);
  }

  // Each method with the least that it takes, without state and with the one that comes of that; one that
  // reads states with those that came of `advance`.
  void call() {
    const auto at = base::parse_time("2026-02-12T10:00:00+09:00").value();
    const auto visit = example_cases().front();
    std::vector<std::string> requests;
    struct Asked {
      const extension::DeclaredMethod* method;
      json::value before;
    };
    std::vector<Asked> asked;
    const auto pages = pages_of(kept_, most_on_a_page);
    const auto city = example_city();
    const auto offices = extension::offices_document(city, {}, at);
    for (const auto& method : description_.methods) {
      json::value state;
      const auto params = method.params.example().as_object();
      const auto rounds = method.states ? pages.size() : std::size_t{3};
      for (std::size_t round = 0; round < rounds; ++round) {
        const bool about_case = method.touches == extension::Touches::visit;
        // A daemon that knows no hours leaves the offices out.
        const bool knows_hours = !about_case && round > 0;
        requests.push_back(extension::call_request(
            {method.verb, params, state, at, about_case ? &visit : nullptr,
             method.states ? &pages.at(round) : nullptr, knows_hours ? &offices : nullptr}));
        asked.push_back({&method, state});
        const auto answer = running_->ask(Verb::call, requests.back(), patience);
        const auto called = answer ? extension::parse_call(*answer, method, state)
                                   : base::Result<extension::Called>(answer.error());
        if (!called) return void(failed("call: its answers are as they should be", called.error().inner));
        state = called->refused ? state : state_of(called->step);
      }
    }
    std::size_t next = 0;
    drive(Verb::call, requests, [&](const std::string& answer) {
      const auto& one = asked.at(next++);
      return extension::parse_call(answer, *one.method, one.before);
    });
  }

  // Whatever it says to nonsense, it has to say something, in time.
  void hostile() {
    for (const auto verb : {Verb::check, Verb::decide, Verb::schedule, Verb::advance, Verb::call}) {
      const auto hook = static_cast<int>(verb) - static_cast<int>(Verb::decide);
      if (verb != Verb::check && !manifest_.hooks.has(static_cast<Hook>(hook))) continue;
      const std::string about = std::string(extension::to_text(verb)) + ": survives hostile requests";
      std::string died;
      for (const auto& request : hostile_requests()) {
        const auto answer = running_->ask(verb, request, patience);
        // It is alive when it still describes itself.
        if (answer || running_->ask(Verb::describe, {}, patience)) continue;
        died = answer.error().inner + " on " + request.substr(0, 60);
        if (!again()) return void(failed(about, died));
      }
      if (died.empty()) passed(about);
      if (!died.empty()) failed(about, died);
    }
  }

  fs::path path_;
  const CheckOptions& options_;
  policy::Policy city_;
  json::object city_document_;
  NoLog log_;
  Report report_;
  std::string text_;
  extension::Manifest manifest_;
  base::Bytes library_;
  extension::Description description_;
  std::string creation_;
  std::vector<json::object> kept_;  // what it has kept about cases
  std::unique_ptr<extension::Running> running_;
};

std::string_view mark(Finding::Kind kind) {
  switch (kind) {
    case Finding::Kind::passed:
      return "passed";
    case Finding::Kind::warned:
      return "warned";
    case Finding::Kind::failed:
      break;
  }
  return "failed";
}

}  // namespace

bool Report::good() const {
  return std::none_of(findings.begin(), findings.end(),
                      [](const Finding& f) { return f.kind == Finding::Kind::failed; });
}

json::object to_json(const Report& report) {
  json::array findings;
  for (const auto& finding : report.findings) {
    findings.push_back(
        json::object{{"result", mark(finding.kind)}, {"about", finding.about}, {"what", finding.what}});
  }
  return {{"plugin", report.plugin}, {"good", report.good()}, {"findings", std::move(findings)}};
}

std::string to_text(const Report& report) {
  std::string text;
  for (const auto& finding : report.findings) {
    text.append(mark(finding.kind)).append("  ").append(finding.about);
    if (!finding.what.empty()) text.append(": ").append(finding.what);
    text.append("\n");
  }
  return text.append(report.good() ? "good\n" : "not good\n");
}

Report check(const fs::path& manifest, const CheckOptions& options) {
  return Check(manifest, options).run();
}

}  // namespace madoguchi::checker
