#include "rpc/dispatcher.hpp"

#include <boost/json/array.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "batch.hpp"
#include "noted.hpp"
#include "refusal_notes.hpp"
#include "rpc/codec.hpp"

namespace madoguchi::rpc {

namespace {

// In place of a method, for a connection that was refused: no method is called so.
constexpr std::string_view connection = "(connection)";

// The one that the details name. A connection that asks too often is told only when it may go on.
std::string_view limit_in(const boost::json::object& details) {
  for (const auto* limit : {"in_flight", "batch_bytes", "subscriptions"}) {
    if (details.contains(limit)) return limit;
  }
  return details.contains("retry_after_ms") ? "requests_per_second" : "other";
}

}  // namespace

// What all conversations share. Kept by each of them, since an answer may come when the dispatcher is gone.
class Dispatcher::Core {
 public:
  Core(const MethodTable& rows, base::Log& to, Limits bounds, Forbidden tell, Overloaded count, Counting how)
      : table(&rows),
        log(&to),
        limits(bounds),
        forbidden(std::move(tell)),
        overloaded(std::move(count)),
        counting(std::move(how)) {}

  // Writes it to the log, and has it counted; what the caller gets to know of it.
  base::Fault note(base::Fault fault, std::uint32_t uid, std::string_view method);
  // Whether it is to be written; otherwise it is counted.
  bool write_refusal(std::uint32_t uid, std::string_view method);
  void tell(const std::vector<RefusalNotes::More>& refusals);

  void ended_one() {
    if (--running == 0 && idle) std::exchange(idle, nullptr)();
  }

  const MethodTable* table;
  base::Log* log;  // null once the dispatcher is gone
  Limits limits;
  // All three are empty once the dispatcher is gone, or nobody wants to know.
  Forbidden forbidden;
  Overloaded overloaded;
  Counting counting;
  RefusalNotes refusals;
  Scratch scratch;
  bool refusing = false;
  bool receiving = false;
  std::size_t running = 0;
  std::function<void()> idle;
};

base::Fault Dispatcher::Core::note(base::Fault fault, std::uint32_t uid, std::string_view method) {
  if (fault.code == base::Code::overloaded && overloaded) overloaded(limit_in(fault.details));
  return noted(log, std::move(fault), method, [&] { return write_refusal(uid, method); });
}

bool Dispatcher::Core::write_refusal(std::uint32_t uid, std::string_view method) {
  if (!counting.now) return true;
  const auto now = counting.now();
  tell(refusals.settle(now));
  const bool before = refusals.counting();
  const bool written = refusals.write(now, uid, method);
  if (refusals.counting() && !before) counting.begun();
  return written;
}

void Dispatcher::Core::tell(const std::vector<RefusalNotes::More>& all) {
  for (const auto& more : all) {
    if (more.method.empty()) {
      log->write(base::Level::info, "rpc.others_refused", {{"count", more.count}});
    } else if (more.method == connection) {
      log->write(base::Level::info, "connection.refused_more",
                 {{"uid", std::int64_t{more.uid}}, {"count", more.count}});
    } else {
      log->write(base::Level::info, "rpc.refused_more",
                 {{"method", more.method}, {"uid", std::int64_t{more.uid}}, {"count", more.count}});
    }
  }
}

base::Fault overloaded(boost::json::object details, std::chrono::milliseconds retry_after) {
  details["retry_after_ms"] = std::int64_t{retry_after.count()};
  return base::make_fault(base::Code::overloaded, {}, std::move(details));
}

namespace {

namespace json = boost::json;
using Core = Dispatcher::Core;

// A request that is under way is done soon, or waits for a person; whoever asks again so often burns nothing.
constexpr std::chrono::milliseconds retry_in_flight{200};

class Talk;

// One request on its way through its method. Kept by its conversation and used again.
class Call final : public Responder::Slot {
 public:
  void answer(base::Result<json::value> result) override;
  void answer_text(std::string_view json) override;
  void drop() noexcept override;

  std::shared_ptr<Talk> talk;  // set while it is open
  Id id;
  std::string_view method;
  std::uint32_t uid = 0;  // who asks
  Roles roles;
  std::shared_ptr<Batch> batch;
  std::size_t index = 0;
};

// Wipes what the message was read into, on every way out.
class Reading {
 public:
  explicit Reading(Core& core) : core_(core) {
    if (core.receiving) throw std::logic_error("a method must not receive messages");
    core.receiving = true;
  }
  ~Reading() {
    core_.scratch.release();
    core_.receiving = false;
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

 private:
  Core& core_;
};

class Talk final : public Conversation, public std::enable_shared_from_this<Talk> {
 public:
  Talk(std::shared_ptr<Core> core, Outlet& outlet) : core_(std::move(core)), outlet_(&outlet) {}

  bool receive(const Caller& caller, std::string_view line) override;
  [[nodiscard]] std::size_t in_flight() const override { return calls_.size() - spare_.size(); }
  void close() override { outlet_ = nullptr; }

  void finish(Call& call, base::Result<json::value>&& result);
  void finish(Call& call, std::string_view json);
  void dropped(Call& call);

 private:
  // Both: whether what they were given may have held a secret.
  bool receive_batch(const Caller& caller, const json::array& messages);
  bool receive_one(const Caller& caller, const json::value& message, const std::shared_ptr<Batch>& batch,
                   std::size_t index);
  base::Result<const Method*> permitted(const Caller& caller, const Request& request) const;
  base::Result<const Method*> admit(const Caller& caller, const Request& request, const Batch* batch) const;
  void run(const Method& method, const Caller& caller, Request& request, const std::shared_ptr<Batch>& batch,
           std::size_t index);
  Call& open(Request& request, const Method& method);
  void recycle(Call& call);
  void refuse(const Id& id, std::uint32_t uid, std::string_view method, const std::shared_ptr<Batch>& batch,
              std::size_t index, base::Fault fault);
  // `append(out, id)` writes the response.
  template <class Append>
  void reply(const Id& id, const std::shared_ptr<Batch>& batch, std::size_t index, const Append& append);
  template <class Append>
  void finish_with(Call& call, const Append& append);
  void settle(Batch& batch);

  std::shared_ptr<Core> core_;
  Outlet* outlet_;
  std::vector<std::unique_ptr<Call>> calls_;
  std::vector<Call*> spare_;
  Call* in_method_ = nullptr;  // while its method has not returned
  bool dropped_in_method_ = false;
};

void Call::answer(base::Result<json::value> result) {
  const auto keep = talk;
  keep->finish(*this, std::move(result));
}

void Call::answer_text(std::string_view json) {
  const auto keep = talk;
  keep->finish(*this, json);
}

void Call::drop() noexcept {
  const auto keep = talk;
  keep->dropped(*this);
}

bool Talk::receive(const Caller& caller, std::string_view line) {
  if (outlet_ == nullptr || line.empty() || line == "\r") return false;
  const auto keep = shared_from_this();
  bool secret = true;
  const Reading reading(*core_);
  const auto message = parse(line, core_->scratch);
  if (!message) {
    append_fault(outlet_->output(), nullptr, message.error());
    outlet_->output().push_back('\n');
  } else if ((*message)->is_array()) {
    secret = receive_batch(caller, (*message)->get_array());
  } else {
    secret = receive_one(caller, **message, nullptr, 0);
  }
  if (outlet_ != nullptr) outlet_->advanced();
  return secret;
}

bool Talk::receive_batch(const Caller& caller, const json::array& messages) {
  if (messages.empty() || messages.size() > core_->limits.batch) {
    refuse(nullptr, caller.uid, {}, nullptr, 0,
           base::make_fault(
               base::Code::invalid_request, {},
               {{"pointer", ""},
                {"expected", "1 to " + std::to_string(core_->limits.batch) + " messages in a batch"}}));
    return true;
  }
  const auto batch = std::make_shared<Batch>();
  batch->replies.resize(messages.size());
  bool secret = false;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    secret = receive_one(caller, messages[i], batch, i) || secret;
  }
  settle(*batch);
  return secret;
}

bool Talk::receive_one(const Caller& caller, const json::value& message, const std::shared_ptr<Batch>& batch,
                       std::size_t index) {
  Request request;
  const auto read = read_request(message, request);
  auto method = read ? admit(caller, request, batch.get()) : base::Result<const Method*>(read.error());
  // Whoever may not call a method is told that, and nothing of what is wrong with how it was called.
  if (!read && !request.method.empty()) {
    if (auto may = permitted(caller, request); !may) method = std::move(may);
  }
  if (method) {
    run(**method, caller, request, batch, index);
    return request.more || may_hold_secret(**method);
  }
  if (!absent(request.id)) {
    if (batch) ++batch->open;
    refuse(request.id, caller.uid, request.method, batch, index, method.error());
  }
  return true;
}

base::Result<const Method*> Talk::permitted(const Caller& caller, const Request& request) const {
  if (const auto wait = outlet_->must_wait()) return overloaded({}, *wait);
  const auto* method = core_->table->find(request.method);
  if (method == nullptr) return base::make_fault(base::Code::method_not_found);
  if (!method->roles.any_of(caller.roles)) {
    if (core_->forbidden) core_->forbidden(caller, method->name);
    return base::make_fault(base::Code::forbidden);
  }
  return method;
}

base::Result<const Method*> Talk::admit(const Caller& caller, const Request& request,
                                        const Batch* batch) const {
  const auto may = permitted(caller, request);
  if (!may) return may;
  const auto* method = *may;
  if (core_->refusing && !method->reads) return base::make_fault(base::Code::shutting_down);
  if (in_flight() >= core_->limits.in_flight) {
    return overloaded({{"in_flight", core_->limits.in_flight}}, retry_in_flight);
  }
  if (batch != nullptr && size(*batch) > core_->limits.batch_bytes) {
    return overloaded({{"batch_bytes", core_->limits.batch_bytes}}, retry_in_flight);
  }
  auto valid = validate(*method, *request.params);
  if (!valid) return std::move(valid).error();
  return method;
}

// The barrier: nothing that a method throws gets past here.
void Talk::run(const Method& method, const Caller& caller, Request& request,
               const std::shared_ptr<Batch>& batch, std::size_t index) {
  auto& call = open(request, method);
  call.uid = caller.uid;
  call.roles = caller.roles;
  call.batch = batch;
  call.index = index;
  if (batch) ++batch->open;
  in_method_ = &call;
  dropped_in_method_ = false;
  std::string inner = "the request was dropped without an answer";
  bool threw = true;
  try {
    method.handler(caller, *request.params, Responder(call));
    threw = false;
  } catch (const std::exception& error) {
    inner = error.what();
  } catch (...) {
    inner = "an exception that is none of std's";
  }
  in_method_ = nullptr;
  if (dropped_in_method_) {
    finish(call, base::make_fault(base::Code::internal, std::move(inner)));
  } else if (threw) {
    // It had answered, or given the request away, before.
    core_->log->write(base::Level::error, "rpc.threw",
                      {{"method", std::string(method.name)}, {"inner", std::move(inner)}});
  }
}

Call& Talk::open(Request& request, const Method& method) {
  if (spare_.empty()) {
    spare_.reserve(calls_.size() + 1);
    calls_.push_back(std::make_unique<Call>());
    spare_.push_back(calls_.back().get());
  }
  auto& call = *spare_.back();
  spare_.pop_back();
  call.talk = shared_from_this();
  call.id = std::move(request.id);
  call.method = method.name;
  ++core_->running;
  return call;
}

void Talk::recycle(Call& call) {
  call.talk = nullptr;
  call.batch = nullptr;
  spare_.push_back(&call);
}

void Talk::dropped(Call& call) {
  if (in_method_ == &call) {
    dropped_in_method_ = true;  // run() knows more about why
  } else {
    finish(call, base::make_fault(base::Code::internal, "the request was dropped without an answer"));
  }
}

void Talk::finish(Call& call, base::Result<json::value>&& result) {
  base::Fault fault;
  // What a method itself refuses for want of a role, e.g. a topic, is a refusal like one before it.
  if (!result && result.error().code == base::Code::forbidden && core_->forbidden)
    core_->forbidden({.uid = call.uid, .roles = call.roles, .peer = {}}, call.method);
  if (!result) fault = core_->note(result.error(), call.uid, call.method);
  finish_with(call, [&](std::string& out, const Id& id) {
    if (result) {
      append_result(out, id, *result);
    } else {
      append_fault(out, id, fault);
    }
  });
}

void Talk::finish(Call& call, std::string_view json) {
  finish_with(call, [json](std::string& out, const Id& id) { append_result_text(out, id, json); });
}

template <class Append>
void Talk::finish_with(Call& call, const Append& append) {
  const auto id = std::move(call.id);
  const auto batch = std::move(call.batch);
  const auto index = call.index;
  recycle(call);
  reply(id, batch, index, append);
  if (outlet_ != nullptr) outlet_->advanced();
  core_->ended_one();
}

void Talk::refuse(const Id& id, std::uint32_t uid, std::string_view method,
                  const std::shared_ptr<Batch>& batch, std::size_t index, base::Fault fault) {
  const auto told = core_->note(std::move(fault), uid, method);
  reply(id, batch, index, [&told](std::string& out, const Id& of) { append_fault(out, of, told); });
}

template <class Append>
void Talk::reply(const Id& id, const std::shared_ptr<Batch>& batch, std::size_t index, const Append& append) {
  if (outlet_ == nullptr) return;
  if (!absent(id)) {
    auto& out = batch ? batch->replies[index] : outlet_->output();
    append(out, id);
    if (!batch) out.push_back('\n');
  }
  if (batch) settle(*batch);
}

void Talk::settle(Batch& batch) {
  if (--batch.open == 0 && outlet_ != nullptr) append_replies(outlet_->output(), batch);
}

}  // namespace

Dispatcher::Dispatcher(const MethodTable& table, base::Log& log, Limits limits, Forbidden forbidden,
                       Overloaded overloaded, Counting counting)
    : core_(std::make_shared<Core>(table, log, limits, std::move(forbidden), std::move(overloaded),
                                   std::move(counting))) {}

Dispatcher::~Dispatcher() {
  core_->tell(core_->refusals.settle_all());
  core_->counting = {};
  core_->log = nullptr;
  core_->forbidden = nullptr;
  core_->overloaded = nullptr;
  core_->idle = nullptr;
}

std::shared_ptr<Conversation> Dispatcher::converse(Outlet& outlet) {
  return std::make_shared<Talk>(core_, outlet);
}

bool Dispatcher::note_connection(std::uint32_t uid) {
  return core_->write_refusal(uid, connection);
}

bool Dispatcher::settle_refusals() {
  core_->tell(core_->refusals.settle(core_->counting.now()));
  return core_->refusals.counting();
}

void Dispatcher::refuse_new() {
  core_->refusing = true;
}

std::size_t Dispatcher::running() const {
  return core_->running;
}

void Dispatcher::when_idle(std::function<void()> done) {
  core_->idle = std::move(done);
  if (core_->running == 0 && core_->idle) std::exchange(core_->idle, nullptr)();
}

}  // namespace madoguchi::rpc
