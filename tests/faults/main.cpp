// madoguchi-faults: random citizens at a counter where things go wrong, in this process.
//
// Each episode is drawn from a number of its own; what a number draws is always the same, so a violation is
// seen again with --from N --episodes 1.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "clerk.hpp"

namespace {

using namespace madoguchi;

struct Told {
  bool quiet = false;
  bool rounds = false;
  std::map<std::string, int> ends;
  std::map<std::string, int> struck;
  int violations = 0;
};

void play(std::uint64_t seed, Told& told) {
  const auto episode = faults::draw(seed);
  if (told.rounds) std::printf("    %s\n", faults::describe(episode).c_str());
  std::vector<std::string> wrong;
  std::string end = "no case";
  std::string last;
  auto stage = std::make_unique<faults::Stage>(episode);
  faults::Clerk clerk(*stage, told.rounds
                                  ? [](const std::string& line) { std::printf("    %s\n", line.c_str()); }
                                  : std::function<void(const std::string&)>());
  try {
    clerk.serve();
    wrong = clerk.violations();
    last = clerk.last_fault();
    if (clerk.visit()) {
      end = renewal::name(clerk.visit()->state);
      if (clerk.visit()->attention) last = clerk.visit()->attention->look_en;
      const auto more = faults::wrong_afterwards(*stage, *clerk.visit(), clerk.mistyped());
      wrong.insert(wrong.end(), more.begin(), more.end());
    }
  } catch (const std::exception& thrown) {
    wrong.emplace_back(std::string("thrown: ") + thrown.what());
    end = "thrown";
    stage->make_peace();  // its disk lies under the next one's
  }
  for (const auto effect : stage->struck) ++told.struck[std::string(faults::name(effect))];
  if (told.rounds && clerk.visit()) {
    for (const auto& record : *stage->store.journal(clerk.visit()->id)) {
      std::printf("    %s %s\n", record.kind.c_str(), record.body.substr(0, 300).c_str());
    }
  }
  // What still goes on there would outlive what it works with.
  if (end == "thrown") static_cast<void>(stage.release());
  ++told.ends[end];
  const bool unusual = end != "completed" && end != "cancelled";
  if (!told.quiet && (unusual || !wrong.empty())) {
    std::printf("%llu %s: %s\n    %s\n", static_cast<unsigned long long>(seed), end.c_str(),
                faults::describe(episode).c_str(), last.c_str());
  }
  for (const auto& what : wrong) {
    ++told.violations;
    std::printf("%llu VIOLATION %s\n", static_cast<unsigned long long>(seed), what.c_str());
  }
  static_cast<void>(std::fflush(stdout));
}

// How far a run has come, in a file: the next episode's number, and the violations before it.
class Progress {
 public:
  explicit Progress(std::filesystem::path file) : file_(std::move(file)) {}

  // Where to go on, of those from `first` up to `end`.
  std::uint64_t resume(std::uint64_t first, std::uint64_t end, int& violations) const {
    std::ifstream known(file_);
    std::uint64_t next = 0;
    int before = 0;
    if (!(known >> next >> before) || next < first || next > end) return first;
    violations = before;
    return next;
  }
  void keep(std::uint64_t next, int violations) const {
    if (file_.empty()) return;
    auto written = file_;
    written += ".new";
    std::ofstream(written) << next << ' ' << violations << '\n';
    std::filesystem::rename(written, file_);
  }

 private:
  std::filesystem::path file_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Random citizens at a counter where things go wrong.");
  std::uint64_t from = 0;
  std::uint64_t episodes = 100;
  std::string file;
  Told told;
  app.add_option("--from", from, "number of the first episode; without it one is drawn and printed");
  app.add_option("--episodes", episodes, "how many");
  app.add_option("--progress", file, "written after each; where it is found, it is gone on from there");
  app.add_flag("--quiet", told.quiet, "only violations and the sum");
  app.add_flag("--rounds", told.rounds, "each try of the clerk, and the journal");
  CLI11_PARSE(app, argc, argv);
  if (app.count("--from") == 0) from = std::random_device{}() * std::uint64_t{1000};
  std::printf("episodes %llu to %llu\n", static_cast<unsigned long long>(from),
              static_cast<unsigned long long>(from + episodes - 1));
  const Progress progress(file);
  const auto begin = progress.resume(from, from + episodes, told.violations);
  if (begin != from) std::printf("going on with %llu\n", static_cast<unsigned long long>(begin));
  for (std::uint64_t seed = begin; seed < from + episodes; ++seed) {
    play(seed, told);
    progress.keep(seed + 1, told.violations);
  }
  for (const auto& [effect, count] : told.struck) std::printf("%6d times %s\n", count, effect.c_str());
  for (const auto& [end, count] : told.ends) std::printf("%6d ended %s\n", count, end.c_str());
  std::printf("%6d violations\n", told.violations);
  return told.violations == 0 ? 0 : 1;
}
