// audit export and audit key: the log for a server that the counter cannot rewrite.
#include <fcntl.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include "commands.hpp"
#include "fail_saying.hpp"
#include "shown.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr int a_page = 500;

// Where lines go: a file that grows, or standard output.
class Sink {
 public:
  explicit Sink(Output& out) : out_(out) {}
  // False: why is in errno.
  bool open(const std::string& file) {
    if (file.empty()) return true;
    // What was done at a counter is for nobody but whoever exports it.
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    ::close(fd);
    file_.emplace(file, std::ios::binary | std::ios::app);
    return file_->good();
  }
  bool write(const json::value& line) {
    const auto text = json::serialize(line) + "\n";
    if (!file_) {
      out_.raw(text);
      return !out_.closed();
    }
    *file_ << text;
    return file_->good();
  }
  bool flush() { return !file_ || file_->flush().good(); }

 private:
  Output& out_;
  std::optional<std::ofstream> file_{};
};

// The number behind which a file goes on; nullopt when it is no export. What a crash has left of a line at
// its end is taken off.
std::optional<std::int64_t> end_of(const std::string& name) {
  std::error_code error;
  if (!fs::exists(name, error)) return 0;
  std::ifstream file(name, std::ios::binary);
  std::string line;
  std::string last;
  std::uintmax_t whole = 0;
  while (std::getline(file, line) && !file.eof()) {
    whole += line.size() + 1;
    last = std::move(line);
  }
  const auto size = fs::file_size(name, error);
  if (size == 0) return 0;
  boost::system::error_code wrong;
  const auto parsed = json::parse(last, wrong);
  const auto seq = !wrong && parsed.is_object() ? number_at(parsed.get_object(), "seq", -1) : -1;
  if (seq < 0) return std::nullopt;
  if (whole < size) fs::resize_file(name, whole, error);
  return error ? std::nullopt : std::optional(seq);
}

struct Exported {
  std::int64_t entries = 0;
  std::int64_t last = 0;
};

// The lines of one page; false when the sink takes no more.
bool write_page(Sink& sink, const json::object& page, Exported& exported) {
  if (const auto* base = page.if_contains("base"); base != nullptr && !sink.write(*base)) return false;
  if (const auto* entries = array_at(page, "entries")) {
    for (const auto& entry : *entries) {
      if (!sink.write(entry)) return false;
      ++exported.entries;
      if (entry.is_object()) exported.last = number_at(entry.get_object(), "seq", exported.last);
    }
  }
  const auto* checkpoint = page.if_contains("checkpoint");
  return checkpoint == nullptr || sink.write(*checkpoint);
}

// An old copy of the store in place of the present one is a whole chain: only what was exported knows of
// more.
bool ends_before(const json::object& page, const Exported& exported) {
  const auto* checkpoint = object_at(page, "checkpoint");
  return checkpoint != nullptr && number_at(*checkpoint, "seq", exported.last) < exported.last;
}

int export_pages(const Context& context, client::Client& client, Sink& sink, Exported& exported) {
  for (;;) {
    const auto page = client.call("audit.query", {{"since", exported.last}, {"limit", a_page}});
    if (!page) return fail(context, page.error());
    if (!page->is_object()) return fail(context, client::make_error(client::reasons::garbled));
    if (ends_before(page->get_object(), exported))
      return fail_saying(context, "audit.ends_before", "audit.ends_before", std::to_string(exported.last));
    if (!write_page(sink, page->get_object(), exported) || !sink.flush()) {
      if (context.out.closed()) return finish(context);
      return fail_saying(context, "audit.not_written", "audit.not_written", std::strerror(errno));
    }
    const auto next = number_at(page->get_object(), "next", -1);
    if (next < 0) return done;
    exported.last = next;
  }
}

}  // namespace

int export_audit(const Context& context, const AuditExportOptions& options) {
  Exported exported;
  if (options.since > 0) exported.last = options.since;
  if (!options.output.empty()) {
    const auto end = end_of(options.output);
    if (!end) return fail_saying(context, "audit.not_an_export", "audit.not_an_export", options.output);
    exported.last = *end;
  }
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  Sink sink(context.out);
  if (!sink.open(options.output)) {
    return fail_saying(context, "audit.not_written", "audit.not_written",
                       options.output + ": " + std::strerror(errno));
  }
  const int code = export_pages(context, *client, sink, exported);
  if (code != done || options.output.empty()) return code == done ? finish(context) : code;
  context.out.document(
      json::object{{"entries", exported.entries}, {"last", exported.last}, {"output", options.output}});
  context.out.say("audit.exported", {std::to_string(exported.entries), std::to_string(exported.last)});
  return finish(context);
}

int show_audit_key(const Context& context) {
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  // Behind the last entry there is nothing but the end.
  const auto page = client->call("audit.query", {{"since", std::int64_t{1} << 53}, {"limit", 1}});
  if (!page) return fail(context, page.error());
  if (!page->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  const auto key = whole_at(page->get_object(), "public_key");
  context.out.document(json::object{{"public_key", key}});
  if (!context.out.json()) context.out.raw(for_people(key));
  return finish(context);
}

}  // namespace madoguchi::cli
