#include "simulated_ca/cmp_server.hpp"

#include <algorithm>

#include "cmp_callbacks.hpp"
#include "cmp_messages.hpp"
#include "journal.hpp"

namespace madoguchi::simulated_ca {
namespace {

const PlannedFault* find_fault(const std::vector<PlannedFault>& faults, FaultKind kind) {
  const auto found =
      std::find_if(faults.begin(), faults.end(), [&](const auto& f) { return f.kind == kind; });
  return found == faults.end() ? nullptr : &*found;
}

base::Bytes spoil(const base::Bytes& answer, GarbageMode mode, EVP_PKEY* key) {
  switch (mode) {
    case GarbageMode::random:
      return base::random_bytes(64);
    case GarbageMode::truncated:
      return {answer.begin(), answer.begin() + static_cast<std::ptrdiff_t>(answer.size() / 2)};
    case GarbageMode::nonce:
      return answer_to_another(answer, key);
    case GarbageMode::protection:
      return with_broken_signature(answer);
  }
  return {};
}

class Server final : public CmpServer {
 public:
  Server(const simulated_issuer::CaFolder& folder, simulated_issuer::Register& issued, Journal journal,
         FaultPlan& faults, const base::Clock& clock)
      : folder_(folder), issued_(issued), journal_(std::move(journal)), faults_(faults), clock_(clock) {}

  CmpAnswer handle(base::ByteView request) override {
    const auto message = simulated_issuer::from_der<MessageHandle>(request, d2i_OSSL_CMP_MSG);
    if (!message) {
      simulated_issuer::openssl_errors();
      return {.status = 400};
    }
    const std::string name(body_name(OSSL_CMP_MSG_get_bodytype(message.get())));
    ++received_[name];
    const auto faults = faults_.take(name);
    if (find_fault(faults, FaultKind::hang) != nullptr) return {.delivery = Delivery::hang};
    if (find_fault(faults, FaultKind::http_500) != nullptr) return {.status = 500};
    auto answer = respond(message.get(), request, faults);
    if (!answer) return {.status = 500, .error = base::describe(answer.error())};
    if (answer->empty()) return {.status = 500, .error = "OpenSSL made no answer"};
    return deliver(*std::move(answer), faults);
  }

  [[nodiscard]] const std::map<std::string, std::uint64_t>& received() const override { return received_; }

 private:
  base::Result<base::Bytes> respond(const OSSL_CMP_MSG* message, base::ByteView request,
                                    const std::vector<PlannedFault>& faults) {
    const auto id = transaction_of(message);
    auto known = journal_.answer(id, request);
    if (!known) return known.error();
    if (*known) return **std::move(known);

    MessageRun run(folder_, issued_, journal_, faults, clock_.now());
    auto answer = run.process(message, request);
    if (!answer || answer->empty() || !run.memorable()) return answer;
    // In this order: a request whose answer is not remembered is answered anew, by the key's own certificate.
    if (auto saved = remember(run, *answer); !saved) return saved.error();
    if (auto saved = journal_.save_answer(id, request, *answer); !saved) return saved.error();
    return answer;
  }

  base::Result<void> remember(const MessageRun& run, const base::Bytes& answer) {
    if (!run.enrolment()) return {};
    auto transaction = *run.transaction();
    transaction.last_nonce = sender_nonce_of(answer);
    return journal_.save(transaction);
  }

  [[nodiscard]] CmpAnswer deliver(base::Bytes answer, const std::vector<PlannedFault>& faults) const {
    CmpAnswer delivered{.body = std::move(answer)};
    for (const auto& fault : faults) {
      if (fault.kind == FaultKind::delay) delivered.delay += fault.delay;
      if (fault.kind == FaultKind::lose_reply) delivered.delivery = Delivery::close;
      if (fault.kind == FaultKind::garbage)
        delivered.body = spoil(delivered.body, fault.mode, folder_.cmp().key.get());
    }
    return delivered;
  }

  const simulated_issuer::CaFolder& folder_;
  simulated_issuer::Register& issued_;
  Journal journal_;
  FaultPlan& faults_;
  const base::Clock& clock_;
  std::map<std::string, std::uint64_t> received_;
};

}  // namespace

base::Result<std::unique_ptr<CmpServer>> CmpServer::open(const simulated_issuer::CaFolder& folder,
                                                         simulated_issuer::Register& issued,
                                                         FaultPlan& faults, const base::Clock& clock) {
  auto journal = Journal::open(folder.database());
  if (!journal) return journal.error();
  return std::unique_ptr<CmpServer>(
      std::make_unique<Server>(folder, issued, *std::move(journal), faults, clock));
}

}  // namespace madoguchi::simulated_ca
