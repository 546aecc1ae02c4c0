// Whose turn it is: peers one after another, however many connections each has, and the connections of a peer
// one after another, however much each has asked for.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace madoguchi::server {

// `Waiting` is a connection; a peer is the user that it belongs to.
template <class Waiting>
class Ring {
 public:
  void add(std::uint32_t peer, Waiting waiting) {
    auto& line = lines_[peer];
    if (line.empty()) peers_.push_back(peer);
    line.push_back(std::move(waiting));
  }
  std::optional<Waiting> take() {
    if (peers_.empty()) return std::nullopt;
    const auto peer = peers_.front();
    peers_.pop_front();
    const auto line = lines_.find(peer);
    std::optional<Waiting> first(std::move(line->second.front()));
    line->second.pop_front();
    if (line->second.empty()) {
      lines_.erase(line);
    } else {
      peers_.push_back(peer);
    }
    return first;
  }
  [[nodiscard]] bool empty() const { return peers_.empty(); }
  void clear() {
    peers_.clear();
    lines_.clear();
  }

 private:
  std::deque<std::uint32_t> peers_;  // each once, as long as anything of it waits
  std::map<std::uint32_t, std::deque<Waiting>> lines_;
};

// Whoever serves citizens goes before displays, which are not forgotten over it.
template <class Waiting>
class Turns {
 public:
  void add(std::uint32_t peer, bool display, Waiting waiting) {
    (display ? displays_ : others_).add(peer, std::move(waiting));
  }
  std::optional<Waiting> take() {
    const bool displays = !displays_.empty() && (others_.empty() || since_display_ >= others_a_display);
    since_display_ = displays ? 0 : since_display_ + 1;
    return displays ? displays_.take() : others_.take();
  }
  [[nodiscard]] bool empty() const { return others_.empty() && displays_.empty(); }
  void clear() {
    others_.clear();
    displays_.clear();
  }

 private:
  static constexpr int others_a_display = 16;
  Ring<Waiting> others_;
  Ring<Waiting> displays_;
  int since_display_ = 0;  // turns of others
};

}  // namespace madoguchi::server
