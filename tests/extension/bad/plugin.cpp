// A plugin with one fault. BAD_... chooses one in how it is built; the section's "mood" one in how it
// behaves:
// {"mood": "aborts"} and the like; an empty section is a good plugin's.
#include <fcntl.h>
#include <madoguchi/abi.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace {

std::string mood_in(MadoguchiText request) {
  const std::string_view text(request.data_borrowed, request.size);
  constexpr std::string_view key = "\"mood\":\"";
  const auto at = text.find(key);
  if (at == std::string_view::npos) return {};
  return std::string(text.substr(at + key.size(), text.find('"', at + key.size()) - at - key.size()));
}

MadoguchiStatus say(const MadoguchiWriter* writer, std::string_view text) {
  return writer->write(writer->state_host, text.data(), text.size()) == 0 ? MADOGUCHI_OK : MADOGUCHI_FAILED;
}

// Nothing that a compiler could see through.
volatile int never = 0;
volatile int* volatile nowhere = nullptr;

void crash() {
  *nowhere = 1;
}
void loop() {
  while (never == 0) {
  }
}
// 2 GB, in pieces that are used.
void eat() {
  for (int i = 0; i < 2'048; ++i) {
    auto* piece = static_cast<char*>(std::malloc(1 << 20));
    if (piece == nullptr) throw std::bad_alloc();
    std::memset(piece, i, 1 << 20);
  }
}

bool opens(const std::string& path, int how) {
  return ::open(path.c_str(), how, 0600) >= 0;
}

// "<deed>:<of what>": what no plugin may do. Each is harmless, in case that it can be done; then true.
bool done(std::string_view deed) {
  const auto colon = deed.find(':');
  const std::string of(deed.substr(colon + 1));
  const auto pid = static_cast<pid_t>(std::strtol(of.c_str(), nullptr, 10));
  const auto is = [&](std::string_view name) { return deed.substr(0, colon) == name; };
  const rlimit cores{1, 1};
  if (is("connects")) return ::socket(AF_INET, SOCK_STREAM, 0) >= 0;
  if (is("kills")) return ::kill(pid, SIGWINCH) == 0;
  if (is("kills_a_thread")) return ::syscall(SYS_tgkill, pid, pid, SIGWINCH) == 0;
  if (is("signals_through_its_socket")) return ::fcntl(3, F_SETOWN, pid) == 0;
  if (is("traces")) return ::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) == 0;
  if (is("reads_memory")) return opens("/proc/" + of + "/mem", O_RDONLY);
  if (is("reads")) return opens(of, O_RDONLY);
  if (is("writes")) return opens(of, O_WRONLY | O_CREAT);
  if (is("empties")) return opens(of, O_RDONLY | O_TRUNC);
  if (is("removes")) return ::unlink(of.c_str()) == 0;
  if (is("truncates")) return ::ftruncate(4, 0) == 0;
  if (is("limits")) return ::prlimit(pid, RLIMIT_CORE, &cores, nullptr) == 0;
  if (is("forks")) return ::fork() >= 0;
  if (is("runs")) return ::execl("/bin/true", "true", nullptr) == 0;
  if (is("outlives")) return ::prctl(PR_SET_PDEATHSIG, 0) == 0;
  if (is("is_looked_into")) return ::prctl(PR_SET_DUMPABLE, 1) == 0;
  return true;
}

constexpr std::string_view nothing = R"({"findings":[],"missing":[],"pins_required":[],"pin_resets":[]})";

std::string finding(std::string_view code, std::string_view more = "") {
  return R"({"findings":[{"code":")" + std::string(code) +
         R"(","rule":"","params":{},"message":{"ja":"x","en":"x"})" + std::string(more) +
         R"(}],"missing":[],"pins_required":[],"pin_resets":[]})";
}

std::string_view birth_date(MadoguchiText request) {
  const std::string_view text(request.data_borrowed, request.size);
  const auto at = text.find("birth_date");
  return at == std::string_view::npos ? "nobody's" : text.substr(at, 40);
}

// The number of the request that is being answered: a process was asked to load, describe, check and create
// before.
std::uint16_t asked = 4;

// What its own host would send, past it.
void answer_past_the_host(std::uint16_t number) {
  struct {
    std::uint32_t size = static_cast<std::uint32_t>(nothing.size());
    std::uint8_t kind = 128;
    std::uint8_t status = 0;
    std::uint16_t number = 0;
  } header;
  header.number = number;
  iovec parts[]{{&header, sizeof header}, {const_cast<char*>(nothing.data()), nothing.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  static_cast<void>(::sendmsg(3, &message, 0));
}

MadoguchiStatus behave(const std::string& mood, MadoguchiText request, const MadoguchiWriter* answer) {
  if (mood == "throws") throw std::runtime_error("as announced");
  if (mood == "throws_int") throw 7;
  if (mood == "aborts") std::abort();
  if (mood == "crashes") crash();
  if (mood == "exits") std::_Exit(0);
  if (mood == "loops") loop();
  if (mood == "sleeps") std::this_thread::sleep_for(std::chrono::milliseconds(400));
  if (mood == "eats") eat();
  if (mood.find(':') != std::string::npos && done(mood)) std::abort();
  if (mood == "fails") return MADOGUCHI_FAILED;
  if (mood == "refuses") return say(answer, R"({"error":"not today"})"), MADOGUCHI_REFUSED;
  if (mood == "odd_status") return 42;
  if (mood == "silent") return MADOGUCHI_OK;
  if (mood == "no_json") return say(answer, "{\"findings\":");
  if (mood == "a_list") return say(answer, "[]");
  if (mood == "foreign_code") return say(answer, finding("proxy.reply_form_missing"));
  if (mood == "own_severity") return say(answer, finding("bad.note", R"(,"severity":"info")"));
  if (mood == "overturns") return say(answer, R"({"findings":[],"missing":[],"outcome":"complete_today"})");
  if (mood == "half") return say(answer, R"({"findings":[]})");
  if (mood == "no_utf8")
    return say(answer, "{\"findings\":[],\"missing\":[\"\xff\"],\"pins_required\":[],\"pin_resets\":[]}");
  if (mood == "odd_missing") {
    return say(answer, R"({"findings":[],"missing":["../x"],"pins_required":[],"pin_resets":[]})");
  }
  if (mood == "floods") {
    const std::string much(1 << 16, ' ');
    while (say(answer, much) == MADOGUCHI_OK) {
    }
    return MADOGUCHI_OK;
  }
  if (mood == "overflows") {
    static_cast<void>(say(answer, nothing));  // good as far as it goes
    static_cast<void>(say(answer, std::string(std::size_t{1} << 20, ' ')));
    return MADOGUCHI_OK;
  }
  if (mood == "tells") throw std::runtime_error(std::string(birth_date(request)));
  if (mood == "twice") {
    return say(answer, R"({"findings":[],"missing":["x"],"missing":[],"pins_required":[],"pin_resets":[]})");
  }
  if (mood == "answers_ahead") answer_past_the_host(static_cast<std::uint16_t>(asked + 1));
  if (mood == "answers_twice") answer_past_the_host(asked);
  if (mood == "leaks") {
    static char* last = nullptr;
    last = static_cast<char*>(std::malloc(std::size_t{16} << 20));
    if (last == nullptr) return MADOGUCHI_FAILED;
    std::memset(last, 1, std::size_t{16} << 20);
  }
  return say(answer, nothing);
}

MadoguchiStatus describe(const MadoguchiHost*, const MadoguchiWriter* answer) {
#if defined(BAD_foreign_description)
  return say(
      answer,
      R"({"section":{},"codes":[{"code":"window.too_early","severity":"info","ja":"x","en":"x"}],"methods":[]})");
#elif defined(BAD_no_description)
  return say(answer, "I am a plugin");
#elif defined(BAD_schema)
  return say(answer, R"({"section":{"type":"odd"},"codes":[],"methods":[]})");
#elif defined(BAD_endless_schema)
  return say(answer, R"({"section":{"allOf":[{"$ref":"#"}]},"codes":[],"methods":[]})");
#else
  return say(
      answer,
      R"({"section":{"type":"object","additionalProperties":false,"properties":{"mood":{"type":"string"},
          "offices":{"type":"array","minItems":1,"items":{"type":"object","required":["id"]}}}},
          "codes":[{"code":"bad.note","severity":"block","ja":"x","en":"x"}],"methods":[]})");
#endif
}

MadoguchiStatus check(const MadoguchiHost* host, MadoguchiText request, const MadoguchiWriter* answer) {
  const auto mood = mood_in(request);
  if (mood == "talks") {
    for (int i = 0; i < 1'000; ++i) host->log(host->state_host, MADOGUCHI_LOG_INFO, "and another thing", 17);
  }
  if (mood == "check_aborts") std::abort();
  if (mood == "check_nonsense") return say(answer, R"({"complaints":"none"})");
  return say(answer, R"({"complaints":[],"notices":[]})");
}

MadoguchiStatus create(const MadoguchiHost*, MadoguchiText request, const MadoguchiWriter* answer,
                       void** instance) {
  const auto mood = mood_in(request);
  if (mood == "create_fails") return MADOGUCHI_FAILED;
  *instance = new std::string(mood);
  return say(answer, "{}");
}

void destroy(void* instance) {
  delete static_cast<std::string*>(instance);
}

MadoguchiStatus decide(void* instance, MadoguchiText request, const MadoguchiWriter* answer) {
  ++asked;
  return behave(*static_cast<std::string*>(instance), request, answer);
}

MadoguchiStatus schedule(void* instance, MadoguchiText, const MadoguchiWriter* answer) {
  ++asked;
  const auto& mood = *static_cast<std::string*>(instance);
  if (mood == "schedules_another_year") {
    return say(answer, R"({"days":[{"day":"1999-01-01","opened":[],"closed":[["00:00","24:00"]]}]})");
  }
  if (mood == "schedules_backwards") {
    return say(answer, R"({"days":[{"day":"2026-02-12","opened":[["16:00","08:30"]],"closed":[]}]})");
  }
  if (mood == "schedule_refuses") return say(answer, R"({"error":"from: no date"})"), MADOGUCHI_REFUSED;
  if (mood == "schedule_throws") throw std::runtime_error("as announced");
  return say(answer, R"({"days":[]})");
}

#if defined(BAD_constructor_aborts)
[[gnu::constructor]] void at_load() {
  std::abort();
}
#elif defined(BAD_constructor)
// Which deed: a test writes it into the library's bytes, since a plugin's process is told nothing before.
volatile char at_load_does[256] = "DEED:";
[[gnu::constructor]] void at_load() {
  std::string deed;
  for (std::size_t i = 5; at_load_does[i] != '\0'; ++i) deed += at_load_does[i];
  if (!deed.empty() && done(deed)) std::abort();
}
#endif

// Two of them say nothing of themselves.
[[maybe_unused]] MadoguchiPlugin descriptor() {
  MadoguchiPlugin plugin{};
  plugin.struct_size = sizeof plugin;
  plugin.abi_major = MADOGUCHI_ABI_MAJOR;
  plugin.abi_minor = MADOGUCHI_ABI_MINOR;
  plugin.name = MADOGUCHI_PLUGIN_NAME;
  plugin.version = MADOGUCHI_PLUGIN_VERSION;
  plugin.vendor = MADOGUCHI_PLUGIN_VENDOR;
  plugin.hooks = MADOGUCHI_HOOK_DECIDE | MADOGUCHI_HOOK_SCHEDULE;
  plugin.describe = describe;
  plugin.check = check;
  plugin.create = create;
  plugin.destroy = destroy;
  plugin.decide = decide;
  plugin.schedule = schedule;
#if defined(BAD_wrong_major)
  plugin.abi_major += 1;
#elif defined(BAD_newer_minor)
  plugin.abi_minor += 1;
#elif defined(BAD_short_struct)
  plugin.struct_size -= sizeof(void*);
#elif defined(BAD_other_name)
  plugin.name = "somebody-else";
#elif defined(BAD_other_version)
  plugin.version = "0.0.9";
#elif defined(BAD_no_name)
  plugin.name = nullptr;
#elif defined(BAD_more_hooks)
  plugin.call = decide;
  plugin.hooks |= MADOGUCHI_HOOK_CALL;
#elif defined(BAD_hook_missing)
  plugin.schedule = nullptr;
#elif defined(BAD_hook_hidden)
  plugin.call = decide;
#elif defined(BAD_no_destroy)
  plugin.destroy = nullptr;
#elif defined(BAD_odd_threads)
  plugin.threads = 9;
#endif
  return plugin;
}

}  // namespace

#if defined(BAD_unique_symbol)
extern "C" {
MADOGUCHI_EXPORT int bad_unique = 0;
}
asm(".type bad_unique, @gnu_unique_object");
#endif

#if defined(BAD_no_symbol)
extern "C" MADOGUCHI_EXPORT const MadoguchiPlugin* madoguchi_plugin_ask(void) {
#else
extern "C" MADOGUCHI_EXPORT const MadoguchiPlugin* madoguchi_plugin_query(void) {
#endif
#if defined(BAD_no_descriptor)
  return nullptr;
#elif defined(BAD_query_throws)
  throw std::runtime_error("as announced");
#else
static const MadoguchiPlugin plugin = descriptor();
return &plugin;
#endif
}
