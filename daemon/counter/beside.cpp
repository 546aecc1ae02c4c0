// A card with two cases at work could end with the key of one and the certificate of the other.
#include <algorithm>
#include <array>

#include "card_facts.hpp"
#include "counter/each_case.hpp"
#include "inside.hpp"

namespace madoguchi::counter {

namespace {

// A case that waits is none that is at work, but the same citizen's: its second visit would be done without
// it, and its letter posted for nothing.
std::vector<renewal::State> in_the_way_states() {
  const auto begun = renewal::states_under_way();
  std::vector<renewal::State> states(begun.begin(), begun.end());
  states.push_back(renewal::State::waiting);
  return states;
}

base::Fault no_second_visit(const std::vector<std::string>& unfinished) {
  boost::json::object details{
      {"pointer", "/facts/visit"},
      {"call", "cases.update"},
      {"ja",
       "この受付には1回目の来庁の記録がありません。1回目の受付を更新して、2回目として続けてください。1回目が"
       "別"
       "の窓口だった場合は、カードを読み取り、2回目として新しく受け付けてください。"},
      {"en",
       "This case has no first visit on record. Update the case of the first visit, and go on with it as the "
       "second. If the first was at another counter, read the card and open a new case as the second "
       "visit."}};
  if (!unfinished.empty()) {
    details["case"] = unfinished.front();
    details["unfinished"] = boost::json::array(unfinished.begin(), unfinished.end());
  }
  return base::make_fault(base::Code::conflict, "a second visit goes on with the case of the first",
                          std::move(details));
}

std::string listed(const std::vector<std::string>& ids) {
  std::string list;
  for (const auto& id : ids) list.append(list.empty() ? "" : ", ").append(id);
  return list;
}

void add_words(boost::json::object& details, const std::string& ja, const std::string& en) {
  const auto add = [&](const char* language, std::string_view between, const std::string& more) {
    auto& words = details[language];
    if (!words.is_string()) words = boost::json::string();
    if (!words.get_string().empty()) words.get_string().append(between);
    words.get_string().append(more);
  };
  add("ja", "", ja);
  add("en", " ", en);
}

base::Fault another_waits(const std::vector<std::string>& sound, const std::vector<std::string>& damaged) {
  boost::json::array all(sound.begin(), sound.end());
  all.insert(all.end(), damaged.begin(), damaged.end());
  boost::json::object details{{"case", all.front()}, {"unfinished", std::move(all)}};
  if (!sound.empty()) {
    const auto ids = listed(sound);
    add_words(
        details,
        "このカードには、まだ終わっていない別の受付があります(" + ids +
            ")。その受付を開いて続けるか、不要であれば取り消してください。別の手続きとして並行して進める"
            "場合は、その受付番号を「beside」に指定してください。",
        "This card has another case that is not finished (" + ids +
            "). Go on with that one, or cancel it where it is not needed any more. To go on with this "
            "one beside it, name it in `beside`.");
  }
  if (!damaged.empty()) {
    details["damaged"] = boost::json::array(damaged.begin(), damaged.end());
    const auto ids = listed(damaged);
    add_words(
        details,
        "このカードの終わっていない受付(" + ids +
            ")は、記録が壊れていて読み取れません。続けることも取り消すこともできないため、管理者に知らせて"
            "ください。この受付を進めるには、その受付番号を「beside」に指定してください。壊れた記録はそのまま"
            "残ります。",
        "The record of a case of this card that has not ended (" + ids +
            ") is damaged and cannot be read: it can neither be gone on with nor cancelled. Tell the "
            "administrator. To go on with this one, name it in `beside`; the damaged record is kept.");
  }
  return base::make_fault(base::Code::conflict, "the card has another case that is not finished",
                          std::move(details));
}

bool was_renewed(const renewal::Saga& saga) {
  return saga.phase == renewal::Phase::done && !saga.new_certificate.empty();
}

}  // namespace

bool is_a_second_visit(const boost::json::object& facts) {
  const auto* visit = facts.if_contains("visit");
  return visit != nullptr && *visit == 2;
}

base::Result<Desk::Inside::Others> Desk::Inside::unfinished_with_the_card_of(const renewal::Case& visit) {
  Others others;
  if (visit.card.empty()) return others;
  const auto listed = each_case(parts.store, in_the_way_states(), visit.card, [&](const auto& record) {
    if (record.id == visit.id) return;
    const auto other = read_case(record);
    if (!other) {
      parts.log.write(base::Level::error, "case.unreadable",
                      {{"case", record.id}, {"why", base::describe(other.error())}});
      others.damaged.push_back(record.id);
    } else if (!other->given_up) {
      // One that was given up ends by itself and does not touch the card any more.
      others.sound.push_back(record.id);
    }
  });
  if (!listed) return listed.error();
  return others;
}

base::Result<void> Desk::Inside::refuse_beside_another(renewal::Case& visit,
                                                       const std::vector<std::string>& named) {
  const auto others = unfinished_with_the_card_of(visit);
  if (!others) return others.error();
  const auto among = [](const std::vector<std::string>& ids, const std::string& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  const auto in_the_way = [&](const std::vector<std::string>& ids) {
    std::vector<std::string> left;
    for (const auto& id : ids) {
      if (among(visit.begun_beside, id)) continue;
      // Only what is unfinished now: a name given beforehand must not let pass what begins later.
      if (among(named, id)) {
        visit.begun_beside.push_back(id);
      } else {
        left.push_back(id);
      }
    }
    return left;
  };
  const auto sound = in_the_way(others->sound);
  const auto damaged = in_the_way(others->damaged);
  if (sound.empty() && damaged.empty()) return {};
  return another_waits(sound, damaged);
}

boost::asio::awaitable<void> Desk::Inside::tell_those_that_wait(const renewal::Case& done) {
  constexpr std::array waiting{renewal::State::waiting};
  if (done.card.empty() || std::none_of(done.sagas.begin(), done.sagas.end(), was_renewed)) co_return;
  std::vector<std::string> ids;
  const auto listed = each_case(parts.store, waiting, done.card, [&](const auto& record) {
    if (record.id != done.id) ids.push_back(record.id);
  });
  // Whatever ails the store, the next to write to it says so.
  if (!listed) co_return;
  for (const auto& id : ids) {
    if (!stopping) co_await apart(id, renewed_in_another(id, done));
  }
}

boost::asio::awaitable<void> Desk::Inside::renewed_in_another(std::string id, const renewal::Case& done) {
  const Gate::Pass pass = co_await gate.enter(id);
  auto visit = recorder.load(id);
  if (!visit || visit->state != renewal::State::waiting) co_return;
  const auto before = visit->seen;
  for (const auto& saga : done.sagas) {
    const auto fresh = was_renewed(saga) ? mynumber::parse_certificate(saga.new_certificate)
                                         : base::Result<mynumber::Certificate>(base::Fault{});
    if (fresh) see(visit->seen, saga.certificate, *fresh);
  }
  auto notes = note_what_was_replaced(before, *visit, done.staff);
  overlay(visit->facts, visit->seen);
  base::Result<void> told = decide(*visit);
  if (told) {
    notes.push_back({"case.updated", {{"staff", done.staff}, {"renewed_in", done.id}}});
    boost::json::object data{{"state", renewal::name(visit->state)}};
    told = recorder.record(*visit, std::move(notes), {{"case.updated", std::move(data)}});
  }
  // Who comes for it has its card read, which tells then.
  if (!told) {
    parts.log.write(base::Level::warning, "case.renewal_untold",
                    {{"case", id}, {"renewed_in", done.id}, {"why", base::describe(told.error())}});
  }
}

base::Result<void> Desk::Inside::refuse_second_visit(const renewal::Case& visit) {
  if (!is_a_second_visit(visit.facts)) return {};
  const auto others = unfinished_with_the_card_of(visit);
  if (!others) return others.error();
  // The first may have been at another counter. Where it was here and its record is damaged, no update goes
  // on with it.
  if (!visit.card.empty() && others->sound.empty()) return {};
  return no_second_visit(others->sound);
}

base::Result<void> Desk::Inside::refuse_second_visit(const renewal::Case& as_it_was,
                                                     const renewal::Case& visit) {
  // The rest of a case that has begun does not wait as a case, but may have had its first visit all the same.
  const auto* outcome = as_it_was.decision.if_contains("outcome");
  const bool first = as_it_was.has_waited ||
                     (renewal::under_way(as_it_was.state) && outcome != nullptr && *outcome == "two_visits");
  if (!is_a_second_visit(visit.facts) || is_a_second_visit(as_it_was.facts) || first) return {};
  const auto others = unfinished_with_the_card_of(visit);
  if (!others) return others.error();
  return no_second_visit(others->sound);
}

}  // namespace madoguchi::counter
