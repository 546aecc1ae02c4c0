#include "confine.hpp"

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

namespace madoguchi::extension {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// Sanitizers reserve terabytes of addresses and call the system in ways of their own.
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

// Everything that reaches other processes or machines, or would undo these limits.
constexpr std::array forbidden_while_loading{
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(clone),
    SCMP_SYS(clone3),
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(ptrace),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(setrlimit),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
};

// What C++ code needs that computes.
constexpr std::array allowed_in_hooks{
    SCMP_SYS(read),
    SCMP_SYS(recvfrom),
    SCMP_SYS(sendmsg),
    SCMP_SYS(poll),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sched_yield),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(close),
    SCMP_SYS(write),
};

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

template <class Calls>
int add_all(scmp_filter_ctx filter, std::uint32_t action, const Calls& calls) {
  for (const int call : calls) {
    // A call that this architecture does not have needs no rule.
    const int error = seccomp_rule_add(filter, action, call, 0);
    if (error != 0 && error != -EDOM) return error;
  }
  return 0;
}

}  // namespace

std::string confine_for_loading(std::size_t memory_bytes) {
  constexpr rlim_t hour = 3'600;  // of processor time in all; a plugin that needs more is begun anew
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return failed("prctl", errno);
  }
  // When the machine or the service's share of it runs out of memory, this process goes first. Not everybody
  // may say so.
  std::ofstream("/proc/self/oom_score_adj") << 1000;
  struct Limit {
    __rlimit_resource_t what;
    rlim_t value;
  };
  for (const auto& [what, value] :
       {Limit{RLIMIT_CORE, 0}, Limit{RLIMIT_FSIZE, 0}, Limit{RLIMIT_NOFILE, 64}, Limit{RLIMIT_CPU, hour}}) {
    if (auto wrong = limit(what, value); !wrong.empty()) return wrong;
  }
  if (auto wrong = sanitized ? std::string() : limit(RLIMIT_AS, memory_bytes); !wrong.empty()) return wrong;
  const Filter filter(seccomp_init(SCMP_ACT_ALLOW));
  if (!filter) return "seccomp_init failed";
  int error = add_all(filter.get(), SCMP_ACT_KILL_PROCESS, forbidden_while_loading);
  if (error == 0) error = seccomp_load(filter.get());
  return error == 0 ? std::string() : failed("seccomp", -error);
}

std::string confine_for_hooks() {
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) return failed("prctl", errno);
  if (sanitized) return {};
  const Filter filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
  if (!filter) return "seccomp_init failed";
  int error = add_all(filter.get(), SCMP_ACT_ALLOW, allowed_in_hooks);
  if (error == 0) error = add_all(filter.get(), SCMP_ACT_ERRNO(EACCES), opening_a_file);
  // Memory, but never memory that can be run.
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    if (error == 0) {
      error =
          seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    }
  }
  // abort() of its own.
  if (error == 0) {
    error = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                             SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid())));
  }
  if (error == 0) error = seccomp_load(filter.get());
  return error == 0 ? std::string() : failed("seccomp", -error);
}

}  // namespace madoguchi::extension
