#include "runner.hpp"

#include <signal.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/calendar.hpp"
#include "base/secret.hpp"
#include "simulated_card/trace.hpp"

namespace madoguchi::simulated_card {
namespace json = boost::json;
namespace {

using namespace std::chrono_literals;

// How often a card looks for its reader while pcscd is away.
constexpr auto attempt_interval = 50ms;
constexpr std::size_t max_history = 4096;
// Longer than any answer to reset may be, which pcscd calls an unresponsive card.
constexpr std::size_t unresponsive_atr = 40;

Descriptor watch_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  return Descriptor(::signalfd(-1, &set, SFD_CLOEXEC));
}

std::string hex(std::uint8_t byte) {
  std::string text = base::to_hex(base::ByteView(&byte, 1));
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

json::object failed(std::string_view why) {
  return {{"ok", false}, {"error", why}};
}

std::string text_at(const json::object& request, std::string_view key) {
  const auto* value = request.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

Runner::Runner(RunOptions options, FaultPlan faults, Held held)
    : options_(std::move(options)),
      faults_(std::move(faults)),
      held_(std::move(held)),
      signals_(watch_signals()) {
  if (!options_.log.empty()) log_.open(options_.log, std::ios::app);
  if (!options_.absent) insert();
}

base::Result<Runner::Held> Runner::hold(const std::string& path, const KeySource& keys) {
  auto image = load(path);
  if (!image) return image.error();
  Held held{.path = path, .memory = std::make_unique<FileMemory>(path), .card = nullptr};
  held.card = std::make_unique<Card>(std::move(*image), *held.memory, keys);
  return held;
}

base::Result<std::unique_ptr<Runner>> Runner::start(RunOptions options, FaultPlan faults) {
  auto held = hold(options.state, options.keys);
  if (!held) return held.error();
  std::unique_ptr<Runner> runner(new Runner(std::move(options), std::move(faults), std::move(*held)));
  if (!runner->options_.log.empty() && !runner->log_) {
    return base::make_fault(base::Code::invalid_params, "cannot write " + runner->options_.log);
  }
  if (!runner->options_.control.empty()) {
    auto control = ControlSocket::listen(
        runner->options_.control, [at = runner.get()](const json::object& r) { return at->control(r); });
    if (!control) return control.error();
    runner->control_.emplace(std::move(*control));
  }
  return runner;
}

void Runner::run() {
  for (;;) {
    connect_when_due();
    std::vector<pollfd> waits{
        {.fd = signals_.get(), .events = POLLIN, .revents = 0},
        {.fd = link_.connected() ? link_.descriptor() : -1, .events = POLLIN, .revents = 0}};
    if (control_) control_->add_to(waits);
    if (link_.connected()) link_.acknowledge_at_once();
    if (::poll(waits.data(), waits.size(), patience()) < 0) continue;
    if (waits[0].revents != 0) return;
    if (waits[1].revents != 0) serve_reader();
    send_late();
    if (control_) control_->serve(waits, 2);
  }
}

int Runner::patience() const {
  std::optional<Clock::time_point> due;
  if (inserted_ && !link_.connected()) due = next_attempt_;
  if (late_) due = std::min(due.value_or(late_->due), late_->due);
  if (!due) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - Clock::now());
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 60000));
}

void Runner::insert() {
  inserted_ = true;
  next_attempt_ = Clock::now();
  connect_when_due();
}

void Runner::remove() {
  inserted_ = false;
  late_.reset();
  link_.disconnect();
  held_.card->reset();
}

void Runner::connect_when_due() {
  if (!inserted_ || link_.connected() || Clock::now() < next_attempt_) return;
  held_.card->reset();
  taken_ = false;
  if (link_.connect(options_.host, options_.port)) note("=", "in the reader");
  next_attempt_ = Clock::now() + attempt_interval;
}

void Runner::serve_reader() {
  const bool there = link_.receive();
  while (link_.connected()) {
    auto payload = link_.next();
    if (!payload) break;
    serve_frame(std::move(*payload));
  }
  if (there || !link_.connected()) return;
  // pcscd has gone: the card stays where it is and looks for it.
  note("=", "the reader has gone");
  late_.reset();
  link_.disconnect();
  held_.card->reset();
  next_attempt_ = Clock::now() + attempt_interval;
}

void Runner::serve_frame(base::Bytes payload) {
  taken_ = true;
  if (payload.size() > 1) {
    serve_command(payload);
    base::wipe(payload.data(), payload.size());
    return;
  }
  if (payload.empty()) return;
  switch (static_cast<ReaderControl>(payload[0])) {
    case ReaderControl::power_off:
    case ReaderControl::power_on:
    case ReaderControl::reset:
      held_.card->reset();
      return;
    case ReaderControl::get_atr:
      // Asked every 400 ms as a presence check, powered or not: a card that did not answer would block the
      // reader.
      answer(faults_.mute() ? base::Bytes(unresponsive_atr, 0x3B) : held_.card->image().atr);
      return;
  }
}

void Runner::serve_command(base::ByteView command) {
  ++commands_;
  if (command.size() > 1) {
    ++counts_[command[1]];
    history_.push_back(command[1]);
    if (history_.size() > max_history) history_.pop_front();
  }
  note(">", trace_command(command));
  const auto verdict = faults_.next(command);
  if (verdict.vanish_before) {
    note("=", "vanished before it");
    return remove();
  }
  base::Bytes reply;
  if (verdict.status) {
    reply = {static_cast<std::uint8_t>(*verdict.status >> 8),
             static_cast<std::uint8_t>(*verdict.status & 0xFF)};
  } else {
    reply = held_.card->transmit(command, verdict.disturbance);
  }
  if (verdict.vanish_after) {
    note("=", "vanished after it");
    return remove();
  }
  if (verdict.keep) reply.resize(std::min(reply.size(), *verdict.keep));
  note("<", verdict.silent ? "silent" : trace_answer(reply));
  if (verdict.silent) return;
  if (verdict.delay > 0ms) {
    late_ = Late{.answer = std::move(reply), .due = Clock::now() + verdict.delay};
  } else {
    answer(std::move(reply));
  }
}

void Runner::answer(base::Bytes bytes) {
  // A reader that has gone is noticed by the next receive().
  link_.send(bytes);
}

void Runner::send_late() {
  if (!late_ || Clock::now() < late_->due) return;
  answer(std::move(late_->answer));
  late_.reset();
}

void Runner::note(std::string_view direction, std::string_view text) {
  if (!log_.is_open()) return;
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  log_ << base::format_time(now) << ' ' << direction << ' ' << text << '\n' << std::flush;
}

json::object Runner::control(const json::object& request) {
  const std::string command = text_at(request, "command");
  if (command == "status") return status();
  if (command == "insert") {
    if (!inserted_) insert();
    return {{"ok", true}, {"connected", link_.connected()}};
  }
  if (command == "remove") {
    note("=", "removed");
    remove();
    return {{"ok", true}};
  }
  if (command == "swap") {
    auto other = hold(text_at(request, "state"), options_.keys);
    if (!other) return failed(other.error().inner);
    remove();
    held_ = std::move(*other);
    note("=", "another card");
    insert();
    return {{"ok", true}, {"connected", link_.connected()}};
  }
  if (command == "fault") {
    const auto armed = faults_.arm(text_at(request, "fault"));
    return armed ? json::object{{"ok", true}} : failed(armed.error().inner);
  }
  if (command == "clear") {
    faults_.clear();
    return {{"ok", true}};
  }
  return failed("unknown command; insert, remove, swap, fault, clear or status");
}

json::object Runner::status() const {
  json::array instructions;
  for (const auto ins : history_) instructions.emplace_back(hex(ins));
  json::object counts;
  for (const auto& [ins, count] : counts_) counts[hex(ins)] = count;
  json::array armed;
  for (const auto& text : faults_.armed()) armed.emplace_back(text);
  return {{"ok", true},
          {"state", held_.path},
          {"kind", held_.card->image().kind},
          {"inserted", inserted_},
          {"connected", link_.connected()},
          {"taken", taken_ && link_.connected()},
          {"apdus", commands_},
          {"counts", std::move(counts)},
          {"instructions", std::move(instructions)},
          {"faults", std::move(armed)}};
}

}  // namespace madoguchi::simulated_card
