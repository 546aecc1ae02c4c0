// A hardware clock that is wrong at each start, and is put right minutes later.
#include <string>

#include "base/calendar.hpp"
#include "support.hpp"

namespace madoguchi::doctor {
namespace {

class Machine {
 public:
  static base::Instant at(const std::string& date, std::chrono::minutes into_day) {
    return base::start_of_day_in_japan(*base::parse_date(date)) + into_day;
  }
  void enter(base::Instant at, bool by_a_person) { recorded_.insert(recorded_.begin(), {at, by_a_person}); }
  // The daemon starts, and enters it.
  std::string start(base::Instant now) {
    auto found = checked(judge_clock({now, recorded_, true}));
    enter(now, false);
    return found;
  }
  void work(const std::string& first, int days) {
    for (int n = 0; n < days; ++n)
      for (const auto hour : {9, 12, 16}) enter(at(first, std::chrono::hours(24 * n + hour)), true);
  }

 private:
  std::vector<storage::Recorded> recorded_;
};

constexpr std::chrono::minutes morning{8 * 60};

// A minute more or less after the same old date, which may lie before all that was recorded, among it, or in
// a closure.
TEST(HardwareClock, ThatFallsBackEachMorningTakesNothingFromARightOne) {
  for (const auto* old : {"2000-01-01", "2026-01-15", "2027-01-20", "2027-02-04"}) {
    SCOPED_TRACE(old);
    Machine machine;
    machine.work("2027-01-04", 31);
    machine.work("2027-03-01", 2);
    for (const auto* today : {"2027-03-03", "2027-03-04", "2027-03-05"}) {
      SCOPED_TRACE(today);
      const auto fallen = machine.start(Machine::at(old, std::chrono::minutes(today[9] % 2)));
      EXPECT_EQ(fallen, old[3] == '0' ? "clock.implausible wrong" : "clock.behind wrong");
      EXPECT_EQ(machine.start(Machine::at(today, morning)), "clock.ok ok");
      machine.work(today, 1);
    }
  }
}

TEST(HardwareClock, ThatHasFallenBackSinceTheFirstStartTakesNothingFromARightOne) {
  Machine machine;
  std::string judged;
  for (const auto* today : {"2027-03-01", "2027-03-02", "2027-03-03", "2027-03-04"}) {
    machine.start(Machine::at("2026-01-15", std::chrono::minutes(today[9] % 2)));
    judged += machine.start(Machine::at(today, morning)) == "clock.ok ok" ? '.' : 'h';
    machine.work(today, 1);
  }
  EXPECT_EQ(judged, "hh..") << "nothing recorded shows the first to be wrong";
}

// By a date that people have worked with it is not known to be a wrong one.
TEST(HardwareClock, ThatPeopleHaveWorkedByCountsAlthoughItHasFallenBack) {
  Machine machine;
  machine.work("2027-01-04", 60);
  machine.start(Machine::at("2026-01-15", morning));
  machine.work("2026-01-15", 1);
  EXPECT_EQ(machine.start(Machine::at("2027-03-05", morning)), "clock.ahead attention");
}

// Each morning somebody works by a clock that is a year ahead; nobody does after it has been put right.
TEST(HardwareClock, ThatIsAheadEachMorningIsNotBelieved) {
  Machine machine;
  machine.work("2026-05-01", 31);
  for (const auto* month_and_day : {"-06-01", "-06-02", "-06-03", "-06-04"}) {
    SCOPED_TRACE(month_and_day);
    const auto ahead = Machine::at(std::string("2027") + month_and_day, morning);
    EXPECT_EQ(machine.start(ahead), "clock.ahead attention");
    machine.enter(ahead + std::chrono::minutes(1), true);
    machine.start(Machine::at(std::string("2026") + month_and_day, morning + std::chrono::minutes(2)));
  }
}

// The year was mistyped after the battery had been empty.
TEST(HardwareClock, ThatHasFallenBackDoesNotVouchForOneThatIsBehind) {
  for (const auto* old : {"2000-01-01", "2026-01-15", "2026-12-14"}) {
    SCOPED_TRACE(old);
    Machine machine;
    machine.work("2027-06-01", 200);
    machine.start(Machine::at(old, std::chrono::minutes(1)));
    // Somebody may have begun by a date that is never right, too.
    if (old[3] == '0') machine.enter(Machine::at(old, std::chrono::minutes(2)), true);
    std::string judged;
    for (const auto* today : {"2026-12-18", "2026-12-19", "2026-12-20", "2026-12-21"}) {
      judged += machine.start(Machine::at(today, morning)) == "clock.behind wrong" ? 'b' : '.';
      machine.work(today, 1);
    }
    EXPECT_EQ(judged, "bbb.") << "it may as well have been put right";
  }
}

}  // namespace
}  // namespace madoguchi::doctor
