#include "confine.hpp"

#include <fcntl.h>
#include <poll.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <memory>

#include "../landlock.hpp"
#include "places.hpp"

namespace madoguchi::extension {
namespace {

#ifdef MADOGUCHI_SANITIZED
// Sanitizers reserve terabytes of addresses and call the system in ways of their own.
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

// Under a sanitizer, whose own calls nobody lists: what must not be done at the least.
constexpr std::array forbidden_at_least{
    SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect),  SCMP_SYS(bind),
    SCMP_SYS(fork),   SCMP_SYS(vfork),      SCMP_SYS(clone),    SCMP_SYS(clone3),
    SCMP_SYS(execve), SCMP_SYS(execveat),   SCMP_SYS(ptrace),   SCMP_SYS(kill),
    SCMP_SYS(tkill),  SCMP_SYS(unlink),     SCMP_SYS(unlinkat), SCMP_SYS(ftruncate)};

// What C++ code needs that computes, and the wire.
constexpr std::array allowed_always{
    SCMP_SYS(read),          SCMP_SYS(write),        SCMP_SYS(close),
    SCMP_SYS(recvfrom),      SCMP_SYS(sendmsg),      SCMP_SYS(poll),
    SCMP_SYS(brk),           SCMP_SYS(munmap),       SCMP_SYS(mremap),
    SCMP_SYS(madvise),       SCMP_SYS(futex),        SCMP_SYS(exit),
    SCMP_SYS(exit_group),    SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),     SCMP_SYS(getrandom),    SCMP_SYS(getpid),
    SCMP_SYS(gettid),        SCMP_SYS(sched_yield),  SCMP_SYS(restart_syscall)};

// What the loader and constructors need on top; and the two calls of which the second filter is made, which
// can only take away more.
constexpr std::array allowed_while_loading{
    SCMP_SYS(pread64),      SCMP_SYS(lseek),       SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),   SCMP_SYS(stat),        SCMP_SYS(lstat),
    SCMP_SYS(statx),        SCMP_SYS(access),      SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),   SCMP_SYS(readlink),    SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd),       SCMP_SYS(getdents64),  SCMP_SYS(getuid),
    SCMP_SYS(geteuid),      SCMP_SYS(getgid),      SCMP_SYS(getegid),
    SCMP_SYS(uname),        SCMP_SYS(sysinfo),     SCMP_SYS(sched_getaffinity),
    SCMP_SYS(rt_sigaction), SCMP_SYS(sigaltstack), SCMP_SYS(seccomp),
    SCMP_SYS(mmap),         SCMP_SYS(mprotect)};

constexpr std::array opening_a_file{SCMP_SYS(open),       SCMP_SYS(openat),     SCMP_SYS(access),
                                    SCMP_SYS(faccessat2), SCMP_SYS(newfstatat), SCMP_SYS(readlink),
                                    SCMP_SYS(readlinkat)};

std::string failed(const char* what, int error) {
  return std::string(what) + ": " + std::strerror(error);
}

std::string limit(__rlimit_resource_t what, rlim_t value) {
  const rlimit both{value, value};
  return ::setrlimit(what, &both) == 0 ? std::string() : failed("setrlimit", errno);
}

// One filter in the making; keeps the first error.
class Rules {
 public:
  explicit Rules(std::uint32_t otherwise) : filter_(seccomp_init(otherwise)) {}

  template <class Calls>
  void all(std::uint32_t action, const Calls& calls) {
    for (const int call : calls) add(seccomp_rule_add(filter_.get(), action, call, 0));
  }
  template <class... Conditions>
  void allow_if(int call, Conditions... conditions) {
    add(seccomp_rule_add(filter_.get(), SCMP_ACT_ALLOW, call, sizeof...(conditions), conditions...));
  }
  void add(int error) {
    // A call that this architecture does not have needs no rule.
    if (error_ == 0 && error != -EDOM) error_ = error;
  }
  // abort() of its own; and is this a terminal? no.
  void allow_itself() {
    allow_if(SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid())));
    add(seccomp_rule_add(filter_.get(), SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 0));
  }

  std::string load() {
    if (!filter_) return "seccomp_init failed";
    if (error_ == 0) error_ = seccomp_load(filter_.get());
    return error_ == 0 ? std::string() : failed("seccomp", -error_);
  }

 private:
  Filter filter_;
  int error_ = 0;
};

std::string filter_for_loading() {
  if (sanitized) {
    Rules rules(SCMP_ACT_ALLOW);
    rules.all(SCMP_ACT_KILL_PROCESS, forbidden_at_least);
    return rules.load();
  }
  Rules rules(SCMP_ACT_KILL_PROCESS);
  rules.all(SCMP_ACT_ALLOW, allowed_always);
  rules.all(SCMP_ACT_ALLOW, allowed_while_loading);
  rules.allow_itself();
  constexpr scmp_datum_t writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
  rules.allow_if(SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, writing, 0));
  rules.allow_if(SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, writing, 0));
  // Asking for a limit of one's own, not setting one.
  rules.allow_if(SCMP_SYS(prlimit64), SCMP_A0(SCMP_CMP_EQ, 0), SCMP_A2(SCMP_CMP_EQ, 0));
  rules.allow_if(SCMP_SYS(prctl), SCMP_A0(SCMP_CMP_EQ, PR_SET_NO_NEW_PRIVS));
  return rules.load();
}

// The daemon may have ended before this process asked to end with it.
bool orphaned() {
  pollfd socket{host_socket, 0, 0};
  return ::poll(&socket, 1, 0) > 0;
}

std::string limits(std::size_t memory_bytes) {
  constexpr rlim_t hour = 3'600;  // of processor time in all; a plugin that needs more is begun anew
  struct Limit {
    __rlimit_resource_t what;
    rlim_t value;
  };
  for (const auto& [what, value] :
       {Limit{RLIMIT_CORE, 0}, Limit{RLIMIT_FSIZE, 0}, Limit{RLIMIT_NOFILE, 64}, Limit{RLIMIT_CPU, hour},
        Limit{RLIMIT_MSGQUEUE, 0}, Limit{RLIMIT_MEMLOCK, 0}}) {
    if (auto wrong = limit(what, value); !wrong.empty()) return wrong;
  }
  if (sanitized) return {};
  if (auto wrong = limit(RLIMIT_NPROC, 0); !wrong.empty()) return wrong;
  return limit(RLIMIT_AS, memory_bytes);
}

}  // namespace

std::string confine_for_loading(std::size_t memory_bytes) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return failed("prctl", errno);
  }
  if (orphaned()) return "the daemon is gone";
  // When the machine or the service's share of it runs out of memory, this process goes first. Not everybody
  // may say so, and nobody may any more once this process is not to be looked into.
  std::ofstream("/proc/self/oom_score_adj") << 1000;
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) return failed("prctl", errno);
  if (auto wrong = limits(memory_bytes); !wrong.empty()) return wrong;
  if (!sanitized && landlock_abi() > 0) {
    if (auto wrong = allow_libraries_only(); !wrong.empty()) return wrong;
  }
  return filter_for_loading();
}

std::string confine_for_hooks() {
  if (sanitized) return {};
  Rules rules(SCMP_ACT_KILL_PROCESS);
  rules.all(SCMP_ACT_ALLOW, allowed_always);
  rules.all(SCMP_ACT_ERRNO(EACCES), opening_a_file);
  rules.allow_itself();
  // Memory, but never memory that can be run.
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
    rules.allow_if(call, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  return rules.load();
}

}  // namespace madoguchi::extension
