// Refusals in the log, without letting whoever is refused fill the disk: of a caller and a method the first
// few of a while are written, the others counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace madoguchi::rpc {

class RefusalNotes {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Bounds {
    std::chrono::seconds window = std::chrono::minutes(1);
    std::int64_t written = 10;  // of each kind
    std::size_t kinds = 16;     // told apart within a window
  };
  // Those that were only counted. Without a method: of all kinds beyond the bound.
  struct More {
    std::uint32_t uid = 0;
    std::string method;
    std::int64_t count = 0;
  };

  // Whether it is to be written; otherwise it is counted.
  bool write(Time now, std::uint32_t uid, std::string_view method);
  // What was counted, once its window is over.
  std::vector<More> settle(Time now);
  // The same before that.
  std::vector<More> settle_all();
  [[nodiscard]] bool counting() const { return counting_; }

 private:
  Bounds bounds_{};
  Time since_{};
  std::map<std::pair<std::uint32_t, std::string>, std::int64_t> seen_;
  std::int64_t others_ = 0;
  bool counting_ = false;
};

}  // namespace madoguchi::rpc
