// Somebody at another window, who asks about the same card and the same case while the first clerk does.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "stage.hpp"

namespace madoguchi::faults {

class AnotherClerk {
 public:
  // `told`: of each case that a reply has told of.
  AnotherClerk(Stage& stage, std::function<void(const renewal::Case&)> told)
      : stage_(stage), told_(std::move(told)) {}

  // As soon as the loop comes to it; without a case only what needs none. `which` chooses among PINs.
  void ask(Other what, const std::string& case_id, int which);
  // Until everything that was asked for is answered.
  void finish();
  // After everything: no number was given out twice.
  void take_last_number();

  [[nodiscard]] int pins_asked() const { return pins_asked_; }
  // Of which so many were for whatever card lay there.
  [[nodiscard]] int looked_up() const { return looked_up_; }
  [[nodiscard]] bool asks() const { return answered_ < asked_; }
  // By PIN; at most so many tries may be gone for it.
  [[nodiscard]] const std::map<mynumber::PinName, int>& mistyped() const { return mistyped_; }
  [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }

 private:
  [[nodiscard]] bool has_pins() const;
  void begin(Other what, const std::string& case_id, int which);
  void enter_pin(const std::string& case_id, mynumber::PinName pin, bool wrong);
  void take_number();
  template <class T>
  void start(counter::Later<T> work, std::function<void(T&)> then);

  Stage& stage_;
  std::function<void(const renewal::Case&)> told_;
  int asked_ = 0;
  int answered_ = 0;
  int pins_asked_ = 0;
  int looked_up_ = 0;
  std::map<mynumber::PinName, int> mistyped_;
  std::set<std::int64_t> numbers_;
  std::vector<std::string> violations_;
};

}  // namespace madoguchi::faults
