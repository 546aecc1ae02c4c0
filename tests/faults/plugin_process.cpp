#include "plugin_process.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cctype>
#include <filesystem>
#include <fstream>

namespace madoguchi::faults {
namespace {

// As the kernel cuts it.
constexpr auto name_of_host = "madoguchi-plugi";

std::vector<pid_t> hosts() {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto number = entry.path().filename().string();
    if (std::isdigit(static_cast<unsigned char>(number.front())) == 0) continue;
    std::ifstream file(entry.path() / "stat");
    std::string line;
    std::getline(file, line);
    const auto begin = line.find('(');
    const auto end = line.rfind(')');
    if (end == std::string::npos || line.substr(begin + 1, end - begin - 1) != name_of_host) continue;
    // Its state, and who has begun it.
    if (std::stol(line.substr(end + 4)) == ::getpid()) found.push_back(std::stoi(number));
  }
  return found;
}

void leave_no_memory(pid_t pid) {
  rlimit limit{};
  if (::prlimit(pid, RLIMIT_AS, nullptr, &limit) != 0) return;
  limit.rlim_cur = 1;
  ::prlimit(pid, RLIMIT_AS, &limit, nullptr);
}

}  // namespace

void strike_plugins(Effect effect) {
  for (const auto pid : hosts()) {
    if (effect == Effect::plugin_dies) ::kill(pid, SIGKILL);
    if (effect == Effect::plugin_hangs) ::kill(pid, SIGSTOP);
    if (effect == Effect::plugin_without_memory) leave_no_memory(pid);
  }
}

}  // namespace madoguchi::faults
