#include "test_report.hpp"

#include <boost/json/serialize.hpp>

#include "workbench.hpp"

namespace madoguchi::policy_tools {
namespace {

namespace json = boost::json;

std::string escaped(std::string_view text) {
  std::string all;
  for (const char c : text) {
    switch (c) {
      case '<':
        all += "&lt;";
        break;
      case '>':
        all += "&gt;";
        break;
      case '&':
        all += "&amp;";
        break;
      case '"':
        all += "&quot;";
        break;
      default:
        all.push_back(c);
    }
  }
  return all;
}

// The finding that weighed most; none of those that do not change the outcome.
std::string decided_by(const TestResult& result) {
  if (!result.decision || result.decision->outcome == policy::Outcome::complete_today) return {};
  if (result.decision->findings.empty()) return {};
  const auto& first = result.decision->findings.front();
  return first.code + ", " + place_of(first.rule);
}

std::string why(const TestResult& result) {
  std::string text;
  for (const auto& line : result.differences) text += "  " + line + "\n";
  const auto by = decided_by(result);
  return by.empty() ? text : text + "  decided by " + by + "\n";
}

}  // namespace

void TestReport::add(const std::string& file, const settings::PolicyTest& test, const TestResult& result) {
  const bool passed = result.differences.empty();
  ++count_;
  if (!passed) ++failed_;
  const auto place = file + ":" + std::to_string(test.at.line);
  switch (format_) {
    case Format::text:
      if (!passed) setting_.out << place << ": FAILED: " << test.name << "\n" << why(result);
      break;
    case Format::json: {
      json::array lines;
      for (const auto& line : result.differences) lines.emplace_back(line);
      json::object one{{"file", file}, {"line", test.at.line}, {"name", test.name}, {"passed", passed}};
      if (!passed) one["differences"] = std::move(lines);
      if (!passed) one["decided_by"] = decided_by(result);
      cases_.push_back(std::move(one));
      break;
    }
    case Format::junit:
      xml_ += "    <testcase classname=\"" + escaped(file) + "\" name=\"" + escaped(test.name) + "\"";
      xml_ += passed ? "/>\n"
                     : "><failure message=\"" + escaped(result.differences.front()) + "\">" + escaped(place) +
                           "\n" + escaped(why(result)) + "</failure></testcase>\n";
      break;
  }
}

void TestReport::finish(const Coverage* coverage) {
  if (format_ == Format::junit) {
    setting_.out
        << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"policy\" tests=\""
        << count_ << "\" failures=\"" << failed_ << "\">\n"
        << xml_ << "  </testsuite>\n</testsuites>\n";
  } else if (format_ == Format::json) {
    json::object all{{"cases", count_}, {"failed", failed_}, {"results", std::move(cases_)}};
    if (coverage != nullptr) {
      json::array codes;
      for (const auto& code : coverage->never_said()) codes.emplace_back(code);
      json::array rules;
      for (const auto& rule : coverage->never_asked()) {
        rules.push_back(json::object{{"rule", rule.key},
                                     {"file", rule.origin.file},
                                     {"line", rule.origin.line},
                                     {"column", rule.origin.column}});
      }
      all["never_said"] = std::move(codes);
      all["never_asked"] = std::move(rules);
    }
    setting_.out << json::serialize(all) << "\n";
  } else {
    if (coverage != nullptr) {
      for (const auto& code : coverage->never_said()) setting_.out << "never said: " << code << "\n";
      for (const auto& rule : coverage->never_asked())
        setting_.out << "never asked: " << place_of(rule) << "\n";
    }
    setting_.out << count_ << " cases, " << failed_ << " failed\n";
  }
}

}  // namespace madoguchi::policy_tools
