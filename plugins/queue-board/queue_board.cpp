// The waiting line: tickets by office and procedure, who is called where, how long it will take, and what a
// city shows of it on its web pages.
#include <madoguchi/plugin.hpp>

#include <algorithm>
#include <array>

#include "kept.hpp"
#include "methods.hpp"
#include "views.hpp"

namespace {

using namespace madoguchi::plugin;
using namespace queue_board;

// The daemon keeps 64 KiB for a plugin; what is left is for those who are called meanwhile.
constexpr std::size_t fullest_board = std::size_t{48} * 1024;

const Refusal no_such_ticket{"その番号の整理券は、ここにはありません。番号をお確かめください。",
                             "There is no such ticket here. Check the number."};

bool was_given_out(const Hall& office, const Line& line, std::string_view number) {
  return std::any_of(line.last.begin(), line.last.end(), [&](const auto& given) {
    const auto& [letter, last] = given;
    int first = last + 1;
    for (const auto& procedure : office.procedures) {
      if (procedure.letter == letter) first = std::min(first, procedure.first_number);
    }
    for (int n = first; n <= last; ++n) {
      if (letter + std::to_string(n) == number) return true;
    }
    return false;
  });
}

// One that is not where the method looks for it. Calling somebody to a window ends whoever stood there, so
// that whoever ends them once more has done nothing wrong.
Refusal not_there(const Hall& office, const Line& line, std::string_view number) {
  const std::string which(number);
  const auto found = find(line, number);
  if (found.place == "waiting")
    return {"整理券" + which + "は、まだ呼び出していません。",
            "Ticket " + which + " has not been called yet."};
  if (found.place == "absent")
    return {"整理券" + which + "は、呼び出しに応答がなかったものです。先にもう一度呼び出してください。",
            "Nobody came for ticket " + which + ". Call it again first."};
  if (!was_given_out(office, line, number)) return no_such_ticket;
  return {"整理券" + which + "は、すでに受付を終えています(対応済み、または取消し)。",
          "Ticket " + which + " has left the line already: served, or gone."};
}

const Refusal no_such_procedure{"その手続きの整理券は、この窓口では発行していません。",
                                "This office gives no tickets for that procedure."};

std::string given(const json::object& params, std::string_view key) {
  const auto* text = params.if_contains(key);
  return text == nullptr ? std::string() : std::string(text->as_string());
}

std::vector<std::string> given_list(const json::object& params, std::string_view key) {
  std::vector<std::string> list;
  if (const auto* items = params.if_contains(key)) {
    for (const auto& item : items->as_array()) list.emplace_back(item.as_string());
  }
  return list;
}

// A call, and the moment at which it is made.
struct Asked {
  const Call& call;
  Moment now = parse_moment(call.at);
  [[nodiscard]] const Reception* reception(const Hall& office) const { return call.office(office.id); }
};

class QueueBoard {
 public:
  static constexpr const char* name = MADOGUCHI_PLUGIN_NAME;
  static constexpr const char* version = MADOGUCHI_PLUGIN_VERSION;
  static constexpr const char* vendor = MADOGUCHI_PLUGIN_VENDOR;
  static constexpr std::array<Code, 0> codes{};
  static constexpr std::string_view section_schema = queue_board::section_schema;
  static constexpr std::string_view methods = queue_board::methods;

  static QueueBoard read(Section& section, const City& city) {
    QueueBoard plugin;
    plugin.offices_ = read_offices(section, city);
    return plugin;
  }

  [[nodiscard]] Step call(const Call& call, json::object state) const {
    const Asked asked{call};
    auto board = read_board(state);
    // The line of an office that keeps none any more takes no room.
    std::erase_if(board, [&](const auto& line) { return !feeds(line.first); });
    for (const Hall& office : offices_) {
      if (office.feeds) begin_day(board[office.id], asked.now);
    }
    // What only reads gives back what it was given, also on the first call of a day.
    if (auto reply = told(asked, board)) return Step(std::move(state)).reply(std::move(*reply));
    return changed(asked, board);
  }

 private:
  [[nodiscard]] bool feeds(std::string_view id) const {
    return std::any_of(offices_.begin(), offices_.end(),
                       [&](const Hall& office) { return office.id == id && office.feeds; });
  }
  [[nodiscard]] const Hall& office_in(const json::object& params) const {
    const auto id = given(params, "office");
    for (const Hall& office : offices_) {
      if (office.id == id) return office;
    }
    throw Refusal{"その窓口はこの市区町村の設定にありません。",
                  "There is no such office in this city's policy."};
  }
  [[nodiscard]] const Hall& feeding(const json::object& params) const {
    const Hall& office = office_in(params);
    if (!office.feeds)
      throw Refusal{"この窓口では整理券を扱っていません。", "This office keeps no waiting line here."};
    return office;
  }

  [[nodiscard]] std::vector<json::object> statuses(const Asked& asked, const Board& board) const {
    std::vector<json::object> all;
    const Hall* only = asked.call.params.contains("office") ? &office_in(asked.call.params) : nullptr;
    for (const Hall& office : offices_) {
      if (only != nullptr && &office != only) continue;
      const auto line = board.find(office.id);
      all.push_back(
          status(office, line == board.end() ? nullptr : &line->second, asked.reception(office), asked.now));
    }
    return all;
  }

  // The reply of a method that only reads.
  [[nodiscard]] std::optional<json::value> told(const Asked& asked, Board& board) const {
    const auto& call = asked.call;
    if (call.method == "status" || call.method == "snapshot") {
      const auto all = statuses(asked, board);
      json::object reply{{"as_of", format_moment(asked.now)},
                         {"offices", json::array(all.begin(), all.end())}};
      if (call.method == "snapshot") reply["html"] = page(all, asked.now);
      return reply;
    }
    if (call.method == "ticket") {
      const Hall& office = feeding(call.params);
      const auto& line = board[office.id];
      const auto found = find(line, given(call.params, "ticket"));
      if (found.ticket == nullptr) throw not_there(office, line, given(call.params, "ticket"));
      return ticket(office, line, found, asked.now);
    }
    if (call.method == "waits") {
      const Hall& office = feeding(call.params);
      return json::object{{"office", office.id}, {"waits", waits(board[office.id])}};
    }
    if (call.method == "report") {
      json::array all;
      for (const Hall& office : offices_) {
        if (office.feeds) all.push_back(report(office, board[office.id]));
      }
      return json::object{{"as_of", format_moment(asked.now)}, {"offices", std::move(all)}};
    }
    return std::nullopt;
  }

  [[nodiscard]] Step changed(const Asked& asked, Board& board) const {
    const auto& call = asked.call;
    const Hall& office = feeding(call.params);
    auto& line = board[office.id];
    line.touched = asked.now;
    if (call.method == "feed") {
      const bool live = call.params.at("live").as_bool();
      line.feed = live ? Feed::live : Feed::suspended;
      return kept(asked, board, office, live ? "resumed" : "suspended", {});
    }
    if (line.feed == Feed::suspended) {
      throw Refusal{"この窓口の受付番号は休止中です。再開してから操作してください。",
                    "This office's line is suspended. Resume it first."};
    }
    if (call.method == "take") return taken(asked, board, office);
    const auto number = given(call.params, "ticket");
    const auto window = given(call.params, "window");
    if (call.method == "call_next") {
      const auto wanted = given_list(call.params, "procedures");
      for (const auto& procedure : wanted) {
        if (office.procedure(procedure) == nullptr) throw Refusal(no_such_procedure);
      }
      return called(asked, call_next(line, wanted, window, asked.now), board, office);
    }
    std::optional<Ticket> ticket;
    std::string_view happened;
    if (call.method == "recall") {
      ticket = recall(line, number, window, asked.now);
      happened = "called";
    } else if (call.method == "no_show") {
      ticket = no_show(line, number);
      happened = "not_there";
    } else if (call.method == "serve") {
      ticket = serve(line, number);
      happened = "served";
    } else {
      ticket = withdraw(line, number);
      happened = "withdrawn";
    }
    if (!ticket) throw not_there(office, line, number);
    json::object about{{"ticket", ticket->number}};
    if (happened == "called") about["window"] = ticket->window;
    return kept(asked, board, office, happened, std::move(about));
  }

  // What is closed gives no ticket that a case could be judged by, unless whoever asks knows.
  static void refuse_closed(const Asked& asked, const Reception* reception) {
    if (reception == nullptr || reception->in_time) return;
    const auto* accepted = asked.call.params.if_contains("accept_closed");
    if (accepted != nullptr && accepted->as_bool()) return;
    const auto words = closed_notice(*reception, asked.now);
    throw Refusal{words.ja + "整理券は発行していません。", words.en + " No ticket is given out."};
  }

  [[nodiscard]] Step taken(const Asked& asked, Board& board, const Hall& office) const {
    const auto& params = asked.call.params;
    const auto* procedure = office.procedure(given(params, "procedure"));
    if (procedure == nullptr) throw Refusal(no_such_procedure);
    const auto* reception = asked.reception(office);
    refuse_closed(asked, reception);
    if (json::serialize(write_board(board)).size() > fullest_board)
      throw Refusal{"お待ちの方が多いため、現在は整理券を発行できません。係員におたずねください。",
                    "Too many people are waiting to give out another ticket. Ask the staff."};
    const auto* priority = params.if_contains("priority");
    auto& line = board[office.id];
    const auto opening =
        reception == nullptr ? std::optional<Moment>() : opening_today(*reception, asked.now);
    const auto number = take(line,
                             {procedure->letter, procedure->first_number, procedure->id,
                              priority != nullptr && priority->as_bool(), opening},
                             asked.now)
                            .number;
    auto reply = ticket(office, line, find(line, number), asked.now);
    // Whoever takes it keeps it for a case that is opened later.
    if (opening) reply["taken_at"] = format_moment(*opening);
    if (reception != nullptr) tell_reception(*reception, asked.now, reply);
    return kept(asked, board, office, "taken", {{"ticket", number}}).reply(std::move(reply));
  }

  // Nobody may be waiting: the window is free all the same.
  [[nodiscard]] Step called(const Asked& asked, const std::optional<Ticket>& next, const Board& board,
                            const Hall& office) const {
    const auto& line = board.find(office.id)->second;
    if (!next) {
      // Before the day's first ticket too, when others are told that there is no live information.
      auto reply = status(office, &line, asked.reception(office), asked.now);
      reply["waiting"] = line.waiting.size();
      return kept(asked, board, office, "window_free", {}).reply(std::move(reply));
    }
    auto step = kept(asked, board, office, "called", {{"ticket", next->number}, {"window", next->window}});
    auto reply = ticket(office, line, find(line, next->number), asked.now);
    reply["waiting"] = line.waiting.size();
    return step.reply(std::move(reply));
  }

  // What changed, told to whoever shows the board, and how the line stands now as the reply.
  [[nodiscard]] Step kept(const Asked& asked, const Board& board, const Hall& office,
                          std::string_view happened, json::object about) const {
    const auto& line = board.find(office.id)->second;
    about["office"] = office.id;
    about["waiting"] = line.waiting.size();
    return Step(write_board(board))
        .tell("queue", happened, std::move(about))
        .reply(status(office, &line, asked.reception(office), asked.now));
  }

  std::vector<Hall> offices_;
};

}  // namespace

MADOGUCHI_PLUGIN(QueueBoard)
