// system.info through the daemon's socket, and through an epoll loop that sends the same bytes.
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "connection.hpp"
#include "suites.hpp"

namespace madoguchi::bench {
namespace {

constexpr std::size_t clients = 16;
constexpr std::size_t window = 16;

std::string question() {
  return request("system.info", "{}");
}

// CPU time that the process has used so far, all threads, in nanoseconds.
double cpu_time_of(pid_t pid) {
  clockid_t clock = 0;
  if (const int error = ::clock_getcpuclockid(pid, &clock); error != 0)
    throw std::system_error(error, std::generic_category(), "clock_getcpuclockid");
  timespec used{};
  if (::clock_gettime(clock, &used) != 0)
    throw std::system_error(errno, std::generic_category(), "clock_gettime");
  return static_cast<double>(used.tv_sec) * 1e9 + static_cast<double>(used.tv_nsec);
}

// The server's CPU time a request, as the counter "cpu_ns".
class ServersCpu {
 public:
  ServersCpu(benchmark::State& state, pid_t pid) : state_(state), pid_(pid), before_(cpu_time_of(pid)) {}
  void finish() {
    state_.counters["cpu_ns"] = (cpu_time_of(pid_) - before_) / static_cast<double>(state_.iterations());
  }

 private:
  benchmark::State& state_;
  pid_t pid_;
  double before_;
};

Measured round_trip(const Server& server) {
  return [server](benchmark::State& state) {
    Connection connection(server.socket);
    const auto asked = question();
    connection.send(asked);
    connection.await_lines(1);
    ServersCpu cpu(state, server.pid);
    for ([[maybe_unused]] auto _ : state) {
      connection.send(asked);
      connection.await_lines(1);
    }
    cpu.finish();
  };
}

// Many clients in one thread, each of which keeps `depth` requests in flight.
class Crowd {
 public:
  Crowd(const std::string& path, std::size_t depth) : epoll_(::epoll_create1(EPOLL_CLOEXEC)), depth_(depth) {
    for (std::size_t i = 0; i < depth; ++i) asked_ += question();
    for (std::size_t i = 0; i < clients; ++i) {
      connections_.push_back(std::make_unique<Connection>(path));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i]->descriptor(), &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
  }
  ~Crowd() { ::close(epoll_); }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // Until every client has had its window answered `rounds` times.
  void ask(std::size_t rounds) {
    std::vector<std::size_t> left(clients, rounds);
    for (const auto& connection : connections_) connection->send(asked_);
    std::size_t busy = clients;
    std::array<epoll_event, clients> events;
    while (busy > 0) {
      const int ready = ::epoll_wait(epoll_, events.data(), clients, -1);
      for (int i = 0; i < ready; ++i) {
        const auto which = events[static_cast<std::size_t>(i)].data.u64;
        auto& connection = *connections_[which];
        connection.await_lines(depth_);
        if (--left[which] == 0) {
          --busy;
        } else {
          connection.send(asked_);
        }
      }
    }
  }

 private:
  int epoll_;
  std::size_t depth_;
  std::string asked_;
  std::vector<std::unique_ptr<Connection>> connections_;
};

Measured crowd(const Server& server, std::size_t depth) {
  return [server, depth](benchmark::State& state) {
    Crowd all(server.socket, depth);
    all.ask(1);
    ServersCpu cpu(state, server.pid);
    const auto rounds = static_cast<std::size_t>(state.max_iterations) / (clients * depth);
    while (state.KeepRunningBatch(state.max_iterations)) all.ask(rounds);
    cpu.finish();
  };
}

std::int64_t whole_rounds(std::int64_t requests, std::size_t depth) {
  const auto round = static_cast<std::int64_t>(clients * depth);
  return (requests + round - 1) / round * round;
}

}  // namespace

void add_round_trip(Pairs& pairs, Effort effort, const Server& ours, const Server& floor) {
  pairs.add({"round_trip", effort.of(8000), round_trip(ours), round_trip(floor)});
}

void add_crowd(Pairs& pairs, Effort effort, const Server& ours, const Server& floor) {
  pairs.add({"crowd", whole_rounds(effort.of(32'000), 1), crowd(ours, 1), crowd(floor, 1)});
  pairs.add({"crowd_pipelined", whole_rounds(effort.of(128'000), window), crowd(ours, window),
             crowd(floor, window)});
}

}  // namespace madoguchi::bench
