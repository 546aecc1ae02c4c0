// What a monitor reads of a daemon, and that nothing of a person is in it.
#include "monitor.hpp"

#include <gmock/gmock.h>

#include <regex>
#include <sstream>

#include "storage/sqlite.hpp"
#include "support.hpp"
#include "system_clock.hpp"

namespace madoguchi::app {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

class TwoReaders : public smartcard::Readers {
 public:
  [[nodiscard]] std::vector<smartcard::ReaderStatus> list() const override {
    smartcard::ReaderStatus held;
    held.name = "A";
    held.presence = smartcard::Presence::present;
    held.leased = true;
    smartcard::ReaderStatus empty;
    empty.name = "B";
    return {held, empty};
  }
  [[nodiscard]] base::Result<void> health() const override { return {}; }
  base::Result<std::unique_ptr<smartcard::Lease>> lease(const std::string&) override {
    return base::make_fault(base::Code::reader_gone);
  }
};

class Monitored : public testing::Test {
 protected:
  Monitored() : log_(inner_log_), monitor_(watched()) {
    auto store = storage::open_sqlite(file(), a_ring());
    if (!store) throw std::runtime_error(store.error().inner);
    store_ = std::make_unique<CountedStore>(
        std::move(*store), counts_, [this](const audit::Entry& entry) { entered_.push_back(entry.what()); });
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "cases.db"; }
  Watched watched() {
    return {.store = counts_,
            .log = log_,
            .exchanges = exchanges_,
            .overloaded = overloaded_,
            .store_file = file(),
            .clock = clock_,
            .started = clock_.now() - std::chrono::seconds(90),
            .version = "1.2.3",
            .readers = readers_,
            .stuck_calls = [] { return std::size_t{1}; },
            .under_way = [] { return std::size_t{2}; },
            .connections = [] { return std::size_t{3}; },
            .requests = [] { return std::size_t{4}; },
            .plugins =
                [] {
                  return json::array{
                      json::object{{"name", "p"}, {"state", "quarantined"}, {"calls", 9}, {"failures", 5}}};
                },
            .health =
                [] {
                  return json::object{{"audit", {{"state", "ok"}}}, {"authority.a", {{"state", "failed"}}}};
                },
            .certificates =
                [] {
                  return std::vector<std::pair<std::string, base::Instant>>{
                      {"a", base::Instant(std::chrono::seconds(1'893'456'000))}};
                }};
  }
  base::Result<storage::Committed> open_case(const std::string& id) {
    storage::Change change;
    change.record =
        storage::CaseRecord{.id = id, .state = "open", .card = "CARD-1234567890", .body = R"({"n":"山田"})"};
    audit::Entry pin(clock_.now(), audit::Kind::pin, "pin.mismatched");
    change.audit.push_back(pin.put(audit::Field::pin, "signature").put(audit::Field::visit, id));
    change.audit.emplace_back(clock_.now(), audit::Kind::decision, "case.opened");
    return store_->commit(change);
  }

  Folder folder_;
  RememberingLog inner_log_;
  CountedLog log_;
  StoreCounts counts_;
  std::vector<std::string> entered_;
  ExchangeCounts exchanges_;
  OverloadCount overloaded_;
  SystemClock clock_;
  TwoReaders readers_;
  Monitor monitor_;
  std::unique_ptr<storage::CaseStore> store_;
};

TEST_F(Monitored, TellsHowEverythingIs) {
  ASSERT_TRUE(open_case("c-1"));
  ASSERT_TRUE(open_case("c-2"));
  ASSERT_FALSE(open_case("c-2"));
  EXPECT_EQ(entered_,
            (std::vector<std::string>{"pin.mismatched", "case.opened", "pin.mismatched", "case.opened"}))
      << "of what was committed, and of nothing else";
  exchanges_.took.add({"a", "answered"}, std::chrono::milliseconds(30));
  overloaded_.add({"in_flight"});
  log_.write(base::Level::error, "plugin.failed", {{"plugin", "p"}});
  log_.write(base::Level::info, "daemon.ready", {});
  const auto page = monitor_.page();
  for (const auto* line :
       {"madoguchi_build_info{version=\"1.2.3\"} 1\n",
        "madoguchi_uptime_seconds 9",  // and some, however slow the machine
        "madoguchi_cases{state=\"open\"} 2\n",
        "madoguchi_cases_under_way 2\n",
        "madoguchi_connections 3\n",
        "madoguchi_requests_under_way 4\n",
        "madoguchi_readers{state=\"present\"} 1\n",
        "madoguchi_readers{state=\"empty\"} 1\n",
        "madoguchi_readers_held 1\n",
        "madoguchi_reader_calls_stuck 1\n",
        "madoguchi_reader_service_up 1\n",
        "madoguchi_plugin_calls_total{plugin=\"p\"} 9\n",
        "madoguchi_plugin_failures_total{plugin=\"p\"} 5\n",
        "madoguchi_plugin_ready{plugin=\"p\"} 0\n",
        "madoguchi_part_well{part=\"audit\"} 1\n",
        "madoguchi_part_well{part=\"authority.a\"} 0\n",
        "madoguchi_store_commit_seconds_count{outcome=\"ok\"} 2\n",
        "madoguchi_store_commit_seconds_count{outcome=\"conflict\"} 1\n",
        "madoguchi_steps_total{kind=\"decision\",what=\"case.opened\"} 2\n",
        "madoguchi_pins_total{pin=\"signature\",what=\"pin.mismatched\"} 2\n",
        "madoguchi_authority_exchange_seconds_count{authority=\"a\",outcome=\"answered\"} 1\n",
        "madoguchi_overloaded_total{limit=\"in_flight\"} 1\n",
        "madoguchi_ra_certificate_not_after_seconds{authority=\"a\"} 1893456000\n",
        "madoguchi_log_messages_total{level=\"error\",id=\"plugin.failed\"} 1\n"})
    EXPECT_THAT(page, HasSubstr(line));
  EXPECT_EQ(inner_log_.lines.size(), 2U);
}

TEST_F(Monitored, NamesNobody) {
  ASSERT_TRUE(open_case("c-1"));
  const auto page = monitor_.page();
  for (const auto* personal : {"c-1", "CARD-1234567890", "山田"}) EXPECT_THAT(page, Not(HasSubstr(personal)));
}

TEST_F(Monitored, WritesWhatPrometheusReads) {
  ASSERT_TRUE(open_case("c-1"));
  static const std::regex comment(R"(# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram)))");
  static const std::regex sample(R"([a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [-+0-9.eInf]+)");
  std::istringstream lines(monitor_.page());
  for (std::string line; std::getline(lines, line);)
    EXPECT_TRUE(std::regex_match(line, line.starts_with('#') ? comment : sample)) << line;
}

}  // namespace
}  // namespace madoguchi::app
