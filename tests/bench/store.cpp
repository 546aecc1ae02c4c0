// A durable transition of a case, and a bare write and fdatasync of the same bytes.
#include <fcntl.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "audit/chain.hpp"
#include "storage/sqlite.hpp"
#include "suites.hpp"

namespace madoguchi::bench {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

// The floor writes over and over what is there already, so that no sync has to make a file longer.
constexpr std::size_t file_size = 16UL * 1024 * 1024;

std::string text_of(const json::object& object, std::string_view key) {
  return std::string(object.at(key).as_string());
}

// The changes of one case from its opening to its end, as often as wanted.
class Script {
 public:
  explicit Script(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto value = json::parse(text);
    const auto& script = value.as_object();
    record_.card = text_of(script, "card");
    for (const auto& body : script.at("bodies").as_array()) {
      Body at{text_of(body.as_object(), "state"), text_of(body.as_object(), "body"), {}, {}, {}};
      for (const auto& [name, part] : body.at("parts").as_object())
        at.parts.emplace(name, std::string(part.as_string()));
      for (const auto& line : body.at("audit").as_array()) {
        at.audit.push_back(audit::read_line(line.as_string()).value().line.entry);
        at.audit_text.append(line.as_string());
      }
      bodies_.push_back(std::move(at));
    }
    for (const auto& line : script.at("journal").as_array()) {
      journal_.push_back({0, {}, text_of(line.as_object(), "kind"), text_of(line.as_object(), "body")});
    }
    for (const auto& told : script.at("events").as_array()) {
      storage::EventRecord event;
      event.topic = "cases";
      event.type = text_of(told.as_object(), "type");
      event.reader = text_of(script, "reader");
      event.data = text_of(told.as_object(), "data");
      events_.push_back(std::move(event));
    }
    if (bodies_.empty() || journal_.empty() || events_.empty())
      throw std::runtime_error("no transitions in " + file);
  }

  // What of the parts differs from the last step's, and the audit's lines.
  [[nodiscard]] std::string new_beside() const {
    const auto step = (done_ + bodies_.size() - 1) % bodies_.size();
    std::string fresh;
    for (const auto& [name, text] : bodies_[step].parts) {
      const auto* before = step == 0 ? nullptr : &bodies_[step - 1].parts;
      if (before == nullptr || before->count(name) == 0 || before->at(name) != text)
        fresh.append(name).append(text);
    }
    fresh.append(bodies_[step].audit_text);
    return fresh;
  }

  // One line of the journal and one event a transition, as the daemon's are.
  storage::Change next() {
    const auto step = done_ % bodies_.size();
    if (step == 0) {
      record_.id = "bench-" + std::to_string(done_);
      record_.revision = 0;
    }
    const base::Instant now(std::chrono::milliseconds(1'700'000'000'000 + static_cast<std::int64_t>(done_)));
    if (step == 0) record_.opened_at = now;
    record_.updated_at = now;
    record_.state = bodies_[step].state;
    record_.body = bodies_[step].text;
    record_.parts = bodies_[step].parts;
    storage::Change change{record_, {journal_[step % journal_.size()]}, {events_[step % events_.size()]}};
    change.journal[0].at = now;
    change.events[0].at = now;
    change.events[0].case_id = record_.id;
    change.audit = bodies_[step].audit;
    for (auto& entry : change.audit) entry.put(audit::Field::visit, record_.id);
    ++record_.revision;
    ++done_;
    return change;
  }

 private:
  struct Body {
    std::string state;
    std::string text;
    std::map<std::string, std::string> parts;
    std::vector<audit::Entry> audit;
    std::string audit_text;
  };
  storage::CaseRecord record_;
  std::vector<Body> bodies_;
  std::vector<storage::JournalRecord> journal_;
  std::vector<storage::EventRecord> events_;
  std::size_t done_ = 0;
};

std::string bytes_of(const storage::Change& change) {
  const auto& line = change.journal[0];
  const auto& event = change.events[0];
  return change.record->id + change.record->state + change.record->card + change.record->body + line.kind +
         line.body + event.topic + event.type + event.case_id + event.reader + event.data;
}

Measured commits(const std::string& folder, const std::string& transitions) {
  storage::Keyring ring;
  ring.keys.push_back(storage::SealingKey::generate());
  auto opened = storage::open_sqlite(fs::path(folder) / "bench.db", ring);
  if (!opened) throw std::runtime_error(base::describe(opened.error()));
  const std::shared_ptr<storage::Store> store = std::move(*opened);
  store->seal_with(std::make_shared<const audit::SigningKey>(audit::SigningKey::generate()), "bench");
  return [store, script = std::make_shared<Script>(transitions)](benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) {
      if (const auto done = store->commit(script->next()); !done)
        throw std::runtime_error(base::describe(done.error()));
    }
  };
}

class File {
 public:
  explicit File(const fs::path& path) : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    write(std::string(file_size, '\0'), 0);
  }
  ~File() { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void append(const std::string& bytes) {
    if (at_ + bytes.size() > file_size) at_ = 0;
    write(bytes, at_);
    at_ += bytes.size();
  }

 private:
  void write(const std::string& bytes, std::size_t at) const {
    if (::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at)) !=
            static_cast<ssize_t>(bytes.size()) ||
        ::fdatasync(fd_) != 0)
      throw std::system_error(errno, std::generic_category(), "a write or fdatasync");
  }

  int fd_;
  std::size_t at_ = 0;
};

Measured syncs(const std::string& folder, const std::string& transitions) {
  const auto file = std::make_shared<File>(fs::path(folder) / "bench.raw");
  return [file, script = std::make_shared<Script>(transitions)](benchmark::State& state) {
    double bytes = 0;
    for ([[maybe_unused]] auto _ : state) {
      auto written = bytes_of(script->next());
      written += script->new_beside();
      file->append(written);
      bytes += static_cast<double>(written.size());
    }
    state.counters["bytes"] = bytes / static_cast<double>(state.iterations());
  };
}

}  // namespace

void add_store(Pairs& pairs, Effort effort, const std::string& folder, const std::string& transitions) {
  // Whole renewals of 39 transitions, few enough that a disk's mood does not change within a pair.
  pairs.add({"transition", effort.of(156), commits(folder, transitions), syncs(folder, transitions)});
}

}  // namespace madoguchi::bench
