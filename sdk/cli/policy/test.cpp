#include <algorithm>
#include <set>

#include "coverage.hpp"
#include "policy/facts.hpp"
#include "settings/policy_test.hpp"
#include "test_report.hpp"
#include "workbench.hpp"

namespace madoguchi::policy_tools {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// A folder's own `tests` if it has one.
std::vector<std::string> test_files(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  const auto own = fs::path(path) / "tests";
  std::vector<std::string> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::is_directory(own, error) ? own : fs::path(path), error)) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() == ".yaml" && !name.starts_with("policy"))
      files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool holds_policy(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with("policy") && name.ends_with(".yaml")) return true;
  }
  return false;
}

// The nearest folder around the test file that holds a policy; empty if there is none.
std::string policy_around(const std::string& file) {
  std::error_code error;
  for (auto folder = fs::absolute(file, error).parent_path();; folder = folder.parent_path()) {
    if (holds_policy(folder)) return fs::relative(folder, error).string();
    if (folder == folder.parent_path()) return {};
  }
}

// Runs cases against one policy; rules are made once a version, and anew for a case with changes of its own.
class Bench {
 public:
  Bench(const Setting& setting, Opened opened, Coverage& coverage)
      : setting_(setting),
        opened_(std::move(opened)),
        coverage_(coverage),
        rules_(setting, *opened_.book.value) {}

  TestResult run(const settings::PolicyTest& test) {
    TestResult result;
    for (const auto& complaint : test.complaints) result.differences.push_back(to_text(complaint));
    if (!result.differences.empty()) return result;
    const auto at = time_of(test.facts);
    const auto chosen = opened_.book.value->on(base::date_in_japan(at));
    if (!chosen) {
      result.differences.push_back(chosen.error().inner);
      return result;
    }
    const auto& version = *chosen;
    if (test.overlay) {
      const auto own = changed(*version, *test.overlay, result);
      if (!own) return result;
      Rules rules(setting_, *own);
      return judge(test, at, *own, rules, *version);
    }
    auto& rules = rules_.of(*version);
    if (seen_.insert(version.get()).second) {
      say(setting_.err, rules.complaints(), "error");
      coverage_.expect(*version, rules.codes());
    }
    if (!rules.complaints().empty()) {
      result.differences.emplace_back("the policy is not valid");
      return result;
    }
    return judge(test, at, *version, rules, *version);
  }

 private:
  [[nodiscard]] base::Instant time_of(const json::object& facts) const {
    const auto* at = facts.if_contains("at");
    const auto time = at != nullptr && at->is_string() ? base::parse_time(std::string_view(at->get_string()))
                                                       : std::nullopt;
    return time.value_or(setting_.now);
  }

  std::shared_ptr<const policy::Policy> changed(const policy::Policy& version, const settings::Value& overlay,
                                                TestResult& result) {
    const auto file = version.origin("version").file;
    const auto found = std::find_if(opened_.texts.begin(), opened_.texts.end(),
                                    [&](const settings::PolicyText& t) { return t.file == file; });
    auto loaded = settings::load_policy(found->text, file, overlay, read_file);
    for (const auto& complaint : loaded.complaints) {
      result.differences.push_back("policy: " + complaint.key + ": " + complaint.message);
    }
    if (!loaded.value) return nullptr;
    return std::make_shared<const policy::Policy>(std::move(*loaded.value));
  }

  // `version`: what `policy` is, or was before the case's own changes.
  TestResult judge(const settings::PolicyTest& test, base::Instant at, const policy::Policy& policy,
                   Rules& rules, const policy::Policy& version) {
    TestResult result;
    for (const auto& complaint : rules.complaints())
      result.differences.push_back("policy: " + to_text(complaint));
    if (!result.differences.empty()) return result;
    const auto facts = policy::parse_facts(test.facts, at, policy, policy::UnknownNames::in_full);
    if (!facts) {
      result.differences.push_back("facts: " + facts.error().inner);
      return result;
    }
    auto decision = rules.decide(*facts, nullptr, rules_.outlook(base::date_in_japan(at), version, policy));
    if (!decision) {
      result.differences.push_back("no decision: " + base::describe(decision.error()));
      return result;
    }
    coverage_.count(policy, *facts, *decision);
    result.differences = settings::differences(test.expect, to_json(*decision));
    auto codes = rules.codes();
    for (const auto code : policy::core_codes()) codes.emplace_back(code);
    for (auto& line : settings::unknown_codes(test.expect, codes))
      result.differences.push_back(std::move(line));
    result.decision = std::move(*decision);
    return result;
  }

  const Setting& setting_;
  Opened opened_;
  Coverage& coverage_;
  VersionRules rules_;
  std::set<const policy::Policy*> seen_;
};

std::vector<settings::PolicyTest> cases_of(const std::string& file) {
  const auto text = read_file(file);
  if (!text) return {settings::unreadable_tests(file, "cannot be opened")};
  return settings::load_policy_tests(*text, file);
}

}  // namespace

int test(const Setting& setting, const TestOptions& options) {
  TestReport report(setting, options.format);
  Coverage coverage;
  std::map<std::string, std::unique_ptr<Bench>> benches;
  bool policies = true;
  for (const auto& path : options.paths) {
    for (const auto& file : test_files(path)) {
      const auto folder = options.policy.empty() ? policy_around(file) : options.policy;
      if (folder.empty()) setting.err << file << ": no policy around it; name one with --policy\n";
      auto& bench = benches[folder];
      if (!bench && !folder.empty()) {
        if (auto opened = open_valid_policy(setting, folder))
          bench = std::make_unique<Bench>(setting, std::move(*opened), coverage);
      }
      policies = policies && bench;
      for (const auto& one : cases_of(file))
        report.add(file, one,
                   bench ? bench->run(one) : TestResult{{"there is no valid policy to try it with"}, {}});
    }
  }
  if (policies && report.empty()) {
    setting.err << "no cases found\n";
    return unreadable;
  }
  report.finish(options.coverage ? &coverage : nullptr);
  return !policies ? unreadable : report.failed() > 0 ? not_so : good;
}

}  // namespace madoguchi::policy_tools
