// madoguchi-confined FILTER USER SOCKET PROGRAM...: runs PROGRAM as that user, who has no rights beyond, with
// the listening socket passed in, and with the system calls that FILTER names (fixture/confined.py makes it
// from the unit's lines).
#include <grp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr int first_passed_socket = 3;  // sd_listen_fds(3)
constexpr scmp_datum_t new_namespaces =
    CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP;

void must(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

struct Lines {
  std::set<std::string> calls;
  std::set<std::string> denied;  // words of the unit that look at a call's arguments
  std::vector<int> families;
};

Lines read(const char* path) {
  Lines lines;
  std::ifstream file(path);
  std::string kind;
  std::string word;
  while (file >> kind >> word) {
    if (kind == "call") lines.calls.insert(word);
    if (kind == "deny") lines.denied.insert(word);
    if (kind == "family") lines.families.push_back(std::stoi(word));
  }
  must(!lines.calls.empty(), path);
  return lines;
}

// What a call is allowed with; nothing named: with anything.
using Arguments = std::vector<scmp_arg_cmp>;
scmp_arg_cmp without(unsigned argument, scmp_datum_t bits) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, 0};
}
scmp_arg_cmp exactly(unsigned argument, scmp_datum_t bits, scmp_datum_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, value};
}

// As systemd's directives of these names look at them (systemd.exec(5)); one entry a way that is allowed.
std::map<std::string, Arguments> looked_at(const Lines& lines) {
  std::map<std::string, Arguments> calls;
  for (const auto family : lines.families) {
    calls["socket"].push_back({0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(family), 0});
  }
  if (lines.denied.contains("MemoryDenyWriteExecute")) {
    constexpr scmp_datum_t both = PROT_WRITE | PROT_EXEC;
    calls["mmap"] = {exactly(2, both, 0), exactly(2, both, PROT_WRITE), exactly(2, both, PROT_EXEC)};
    calls["mprotect"] = calls["pkey_mprotect"] = {without(2, PROT_EXEC)};
    calls["shmat"] = {without(2, SHM_EXEC)};
  }
  if (lines.denied.contains("RestrictNamespaces"))
    calls["clone"] = calls["unshare"] = {without(0, new_namespaces)};
  if (lines.denied.contains("RestrictSUIDSGID")) {
    calls["chmod"] = calls["fchmod"] = {without(1, S_ISUID | S_ISGID)};
    calls["fchmodat"] = {without(2, S_ISUID | S_ISGID)};
  }
  if (lines.denied.contains("RestrictRealtime")) {
    for (const auto policy : {SCHED_OTHER, SCHED_BATCH, SCHED_IDLE}) {
      calls["sched_setscheduler"].push_back({1, SCMP_CMP_EQ, static_cast<scmp_datum_t>(policy), 0});
    }
  }
  return calls;
}

void confine(const Lines& lines) {
  const auto filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  must(filter != nullptr, "seccomp_init");
  const auto arguments = looked_at(lines);
  for (const auto& name : lines.calls) {
    const int call = seccomp_syscall_resolve_name(name.c_str());
    if (call == __NR_SCMP_ERROR) continue;  // of a newer kernel
    const auto found = arguments.find(name);
    int failed = 0;
    // Its arguments are in memory, which a filter cannot see: programs do without it.
    if (name == "clone3" || name == "setns") {
      failed = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), call, 0, nullptr);
    } else if (found == arguments.end()) {
      failed = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, nullptr);
    } else {
      for (const auto& one : found->second) {
        failed = failed != 0 ? failed : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &one);
      }
    }
    if (failed != 0 && failed != -EDOM) throw std::runtime_error(name + ": " + std::strerror(-failed));
  }
  const int failed = seccomp_load(filter);
  if (failed != 0) throw std::runtime_error(std::string("seccomp_load: ") + std::strerror(-failed));
  seccomp_release(filter);
}

}  // namespace

int main(int count, char** words) try {
  if (count < 5) return 2;
  const auto lines = read(words[1]);
  const auto user = static_cast<uid_t>(std::stoul(words[2]));
  const int socket = std::stoi(words[3]);
  if (socket != first_passed_socket) must(::dup2(socket, first_passed_socket) >= 0, "dup2");
  ::setenv("LISTEN_FDS", "1", 1);
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  must(::setgroups(0, nullptr) == 0 && ::setresgid(user, user, user) == 0 &&
           ::setresuid(user, user, user) == 0,
       "another user");
  // A change of user forgets it.
  must(::prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "prctl");
  confine(lines);
  ::execv(words[4], words + 4);
  must(false, words[4]);
} catch (const std::exception& error) {
  static_cast<void>(std::fprintf(stderr, "madoguchi-confined: %s\n", error.what()));
  return 126;
}
