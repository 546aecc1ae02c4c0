#include <algorithm>
#include <utility>

#include "authority/crl.hpp"
#include "authority/ocsp.hpp"
#include "authority/status_inquiry.hpp"
#include "status/about.hpp"

namespace madoguchi::authority {
namespace {

// One list, as it was fetched last.
struct List {
  Transport* transport = nullptr;
  std::optional<RevocationList> known{};
  base::Instant fetched_at{};
  // Whoever waits for the fetch that is under way; empty: none is.
  std::vector<std::function<void(Doubt)>> waiting{};
};

bool fresh(const List& list, base::Instant now) {
  return list.known && now >= list.fetched_at && now - list.fetched_at < list_kept &&
         now < list.known->next_update();
}

// Of one certificate; shared by whatever it waits for.
struct Question {
  base::Bytes certificate;
  std::chrono::milliseconds budget;
  StatusInquiry::Done done;
  Doubt doubt = Doubt::not_offered;  // the last reason for not knowing
  std::size_t awaited = 0;           // lists that are being fetched

  void answer(const CertificateStatus& status) {
    if (auto tell = std::exchange(done, nullptr)) tell(status);
  }
};
using Asked = std::shared_ptr<Question>;

}  // namespace

std::string_view name(StatusSource source) {
  switch (source) {
    case StatusSource::ocsp:
      return "ocsp";
    case StatusSource::crl:
      return "crl";
    case StatusSource::none:
      break;
  }
  return "none";
}

boost::json::object to_json(const CertificateStatus& status) {
  boost::json::object told{{"status", name(status.standing)}, {"source", name(status.source)}};
  if (status.as_of) told["as_of"] = base::format_time(*status.as_of);
  if (status.standing == Standing::unknown) told["reason"] = name(status.doubt);
  return told;
}

struct StatusInquiry::Inside : std::enable_shared_from_this<StatusInquiry::Inside> {
  Inside(Sources given, const base::Clock& its_clock) : sources(std::move(given)), clock(its_clock) {
    for (auto* transport : sources.lists) lists.push_back({transport});
  }

  [[nodiscard]] StatusOf about(const Asked& asked) const { return {asked->certificate, sources.issuers}; }
  void ask_responder(const Asked& asked);
  void ask_lists(const Asked& asked, std::chrono::milliseconds budget);
  void fetch(std::size_t index, std::chrono::milliseconds budget, std::function<void(Doubt)> then);
  void took(List& list, const base::Result<base::Bytes>& answer);
  void look_up(const Asked& asked);

  Sources sources;
  const base::Clock& clock;
  std::vector<List> lists;
};

void StatusInquiry::Inside::ask_responder(const Asked& asked) {
  auto request = make_status_request(about(asked), base::random_bytes(16));
  if (!request) return asked->answer({Standing::unknown, doubt_of(request.error()), StatusSource::none, {}});
  // A silent responder must leave the lists their time.
  const auto patience = lists.empty() ? asked->budget : asked->budget / 2;
  auto sent = *request;
  sources.ocsp->post(std::move(sent), patience,
                     [weak = weak_from_this(), asked, request = std::move(*request),
                      rest = asked->budget - patience](const base::Result<base::Bytes>& answer) {
                       const auto self = weak.lock();
                       if (!self) return;
                       const auto said =
                           answer ? read_status(self->about(asked), request, *answer, self->clock.now())
                                  : base::Result<Statement>(answer.error());
                       if (said) {
                         return asked->answer({said->standing, said->doubt, StatusSource::ocsp, said->as_of});
                       }
                       asked->doubt = doubt_of(said.error());
                       self->ask_lists(asked, rest);
                     });
}

void StatusInquiry::Inside::ask_lists(const Asked& asked, std::chrono::milliseconds budget) {
  const auto now = clock.now();
  std::vector<std::size_t> stale;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (!fresh(lists[i], now)) stale.push_back(i);
  }
  asked->awaited = stale.size();
  if (stale.empty()) return look_up(asked);
  for (const auto index : stale) {
    fetch(index, budget, [weak = weak_from_this(), asked](Doubt doubt) {
      if (doubt != Doubt::none) asked->doubt = doubt;
      const auto self = weak.lock();
      if (--asked->awaited == 0 && self) self->look_up(asked);
    });
  }
}

// Whoever asks while a list is on its way waits for that one.
void StatusInquiry::Inside::fetch(std::size_t index, std::chrono::milliseconds budget,
                                  std::function<void(Doubt)> then) {
  auto& list = lists[index];
  list.waiting.push_back(std::move(then));
  if (list.waiting.size() > 1) return;
  list.transport->post({}, budget, [weak = weak_from_this(), index](const base::Result<base::Bytes>& answer) {
    const auto self = weak.lock();
    if (self) self->took(self->lists[index], answer);
  });
}

void StatusInquiry::Inside::took(List& list, const base::Result<base::Bytes>& answer) {
  auto doubt = Doubt::none;
  if (answer) {
    auto read = RevocationList::read(*answer, sources.issuers, clock.now());
    // Somebody in between may repeat an old one.
    const bool older = read && list.known && read->this_update() < list.known->this_update();
    if (!read) doubt = doubt_of(read.error());
    if (read && !older) {
      list.known = std::move(*read);
      list.fetched_at = clock.now();
    }
  } else {
    doubt = doubt_of(answer.error());
  }
  for (const auto& then : std::exchange(list.waiting, {})) then(doubt);
}

// A list that could not be had again is used to its end.
void StatusInquiry::Inside::look_up(const Asked& asked) {
  const auto now = clock.now();
  for (const auto& list : lists) {
    if (!list.known) continue;
    const auto said = list.known->says_of(about(asked), now);
    if (said) return asked->answer({said->standing, said->doubt, StatusSource::crl, said->as_of});
    const auto doubt = doubt_of(said.error());
    if (doubt != Doubt::other_issuer || asked->doubt == Doubt::not_offered) asked->doubt = doubt;
  }
  asked->answer({Standing::unknown, asked->doubt, StatusSource::none, {}});
}

StatusInquiry::StatusInquiry(Sources sources, const base::Clock& clock)
    : inside_(std::make_shared<Inside>(std::move(sources), clock)) {}
StatusInquiry::~StatusInquiry() = default;

void StatusInquiry::ask(base::Bytes certificate, std::chrono::milliseconds budget, Done done) {
  const auto asked = std::make_shared<Question>(Question{std::move(certificate), budget, std::move(done)});
  if (inside_->sources.ocsp != nullptr) {
    inside_->ask_responder(asked);
  } else {
    inside_->ask_lists(asked, budget);
  }
}

}  // namespace madoguchi::authority
