// What an administrator does with a policy, without a daemon: check, test, explain, show, compare, replay,
// begin one, and renew the list of national holidays. Each gives the exit status: 0, 1 when what was asked
// about is not as it should be (a fault in the policy, a failing case, a difference), 2 when something cannot
// be read.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace madoguchi::policy_tools {

enum class Language : unsigned char { en, ja };
enum class Format : unsigned char { text, json, junit };

struct Setting {
  std::ostream& out;
  std::ostream& err;
  Language language = Language::en;
  base::Instant now{};
  // Where the plugins are that a policy has sections for; empty: core's rules only.
  std::string plugins{};
  // madoguchi-plugin-host, which plugins run in: one that aborts, loops or listens must not do it here.
  std::string host_program{};
};

// A policy is a file, or a folder with policy*.yaml in it.

struct CheckOptions {
  std::string policy{};
  // A daemon's configuration: the verdict is then that of `madoguchid --check`, with the plugins and the
  // cards of that counter. Empty: with whatever plugins the policy has sections for.
  std::string config{};
  std::string plugins{};  // the folder of that counter's plugins, instead of the configuration's
};
// Every complaint and notice; a line "is valid" when there is no complaint.
int check(const Setting& setting, const CheckOptions& options, Format format);

struct TestOptions {
  std::vector<std::string> paths;  // test files, or folders with test files in them or in their `tests`
  std::string policy;              // empty: the nearest one around each test file
  Format format = Format::text;
  bool coverage = false;  // also which findings no case brought about, and which rules none asked
};
int test(const Setting& setting, const TestOptions& options);

// `facts`: a JSON file, a YAML file (.yaml) as in a case, or a JSON object itself. What every rule, every
// plugin included, read and said and how long it took, then the decision.
int explain(const Setting& setting, const std::string& policy, const std::string& facts, Format format);

// The version in force today, every value with its place.
int show(const Setting& setting, const std::string& policy, Format format);

// Which values differ.
int diff(const Setting& setting, const std::string& older, const std::string& newer, Format format);

// Which of the recorded cases ({facts, decision}, one JSON document a line, or {"cases": [...]}) would be
// decided otherwise.
int replay(const Setting& setting, const std::string& policy, const std::string& cases, Format format);

// A commented policy for a new city. `file` empty: to `out`; an existing file is never overwritten.
int init(const Setting& setting, const std::string& id, const std::string& file);

// From the Cabinet Office's CSV, in Shift_JIS as published or UTF-8.
int import_holidays(const Setting& setting, const std::string& csv, int first_year, int last_year);

}  // namespace madoguchi::policy_tools
